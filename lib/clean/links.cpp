#include "clean/links.h"

#include <algorithm>

#include "base/text.h"
#include "base/url.h"
#include "clean/detail/compiled_rules.h"

namespace newswire::clean {
namespace {

constexpr int kMaxWrappers = 4;  // redirects in redirects

bool is_on(std::string_view host, std::string_view wanted) {
  if (host.size() < wanted.size() || host.substr(host.size() - wanted.size()) != wanted) return false;
  return host.size() == wanted.size() || host[host.size() - wanted.size() - 1] == '.';
}

bool applies(const ParameterRule& rule, std::string_view host) {
  return rule.hosts.empty() || std::any_of(rule.hosts.begin(), rule.hosts.end(), [host](const std::string& h) { return is_on(host, h); });
}

bool is_tracking(std::string_view name, std::string_view host, const Rules::Compiled& rules) {
  const auto low = lower(name);
  if (const auto found = rules.parameter_names.find(low); found != rules.parameter_names.end()) {
    for (const auto index : found->second) {
      if (applies(rules.parameters[index], host)) return true;
    }
  }
  return std::any_of(rules.parameter_prefixes.begin(), rules.parameter_prefixes.end(), [&](std::uint32_t index) {
    const auto& rule = rules.parameters[index];
    return low.starts_with(rule.name) && applies(rule, host);
  });
}

// The pairs of a query or fragment without the tracking ones; nothing if none of them is.
bool without_tracking(std::string_view query, std::string_view host, const Rules::Compiled& rules, std::string& out) {
  bool changed = false;
  std::size_t at = 0;
  while (at <= query.size()) {
    auto end = query.find_first_of("&;", at);
    const bool entity = end != std::string_view::npos && query[end] == '&' && query.substr(end).starts_with("&amp;");
    if (end == std::string_view::npos) end = query.size();
    const auto pair = query.substr(at, end - at);
    const auto name = pair.substr(0, pair.find('='));
    if (!name.empty() && is_tracking(name, host, rules)) {
      changed = true;
    } else if (!pair.empty()) {
      if (!out.empty()) out += '&';
      out += pair;
    }
    at = end + (entity ? 5 : 1);
  }
  return changed;
}

std::string query_value(std::string_view query, std::string_view name) {
  for (const auto pair : split(query, '&')) {
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && iequals(pair.substr(0, equals), name)) {
      std::string value(pair.substr(equals + 1));
      std::replace(value.begin(), value.end(), '+', ' ');
      return percent_decode(value);
    }
  }
  return {};
}

// The target of a redirect wrapper, empty if `url` is none or its target is no web address.
std::string unwrapped(std::string_view url, const Rules::Compiled& rules) {
  const auto parts = split_url(url);
  const auto host = lower(parts.host);
  const auto rest = parts.path.data() == nullptr ? std::string_view{} : url.substr(static_cast<std::size_t>(parts.path.data() - url.data()));
  for (const auto& wrapper : rules.wrappers) {
    if (!is_on(host, wrapper.host) || !rest.starts_with(wrapper.path)) continue;
    std::string target;
    if (wrapper.parameter.empty()) {
      // The rest of the path, with the query that belongs to the target then.
      target = percent_decode(rest.substr(wrapper.path.size()));
      while (target.starts_with('/') || target.starts_with('*')) target.erase(0, 1);
    } else {
      target = query_value(parts.query, wrapper.parameter);
    }
    if (is_http_url(target) && host_of(target).find('.') != std::string::npos) return target;
  }
  return {};
}

}  // namespace

std::string clean_link(std::string_view url, const Rules& rules) {
  std::string current(url);
  if (!is_http_url(current)) return current;
  const auto& compiled = rules.compiled();
  for (int i = 0; i < kMaxWrappers; ++i) {
    auto target = unwrapped(current, compiled);
    if (target.empty()) break;
    current = std::move(target);
  }
  const auto parts = split_url(current);
  const auto host = host_of(current);
  std::string query;
  std::string fragment;
  const bool query_changed = parts.has_query && without_tracking(parts.query, host, compiled, query);
  // "#utm_source=…", "#xtor=…": analytics that read the fragment.
  const bool fragment_changed = parts.has_fragment && parts.fragment.find('=') != std::string_view::npos && !parts.fragment.starts_with('!') &&
                                !parts.fragment.starts_with('/') && !parts.fragment.starts_with(':') && without_tracking(parts.fragment, host, compiled, fragment);
  if (!query_changed && !fragment_changed) return current;
  const auto query_at = parts.has_query ? static_cast<std::size_t>(parts.query.data() - current.data()) - 1 : std::string::npos;
  const auto fragment_at = parts.has_fragment ? static_cast<std::size_t>(parts.fragment.data() - current.data()) - 1 : std::string::npos;
  auto out = current.substr(0, std::min(query_at, fragment_at));
  if (parts.has_query) {
    if (!query_changed) query = std::string(parts.query);
    if (!query.empty() || !query_changed) out += "?" + query;
  }
  if (parts.has_fragment) {
    if (!fragment_changed) fragment = std::string(parts.fragment);
    if (!fragment.empty() || !fragment_changed) out += "#" + fragment;
  }
  return out;
}

std::string clean_link(std::string_view url) { return clean_link(url, *Rules::built_in()); }

}  // namespace newswire::clean
