#include "fetch/discovery.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/url.h"

namespace newswire::fetch {
namespace {

struct Row {
  std::string_view host;
  std::string_view path;
  std::string_view feed;
  std::string_view title;
};

constexpr Row kRows[] = {
#include "fetch/known_sites.inc"
};

using Captures = std::vector<std::pair<std::string_view, std::string_view>>;

std::string_view bare(std::string_view host) {
  for (const std::string_view prefix : {"www.", "m.", "old.", "np."}) {
    if (host.starts_with(prefix)) return host.substr(prefix.size());
  }
  return host;
}

bool host_matches(std::string_view pattern, std::string_view host, Captures& captures) {
  if (pattern.empty()) {
    captures.emplace_back("host", host);
    return true;
  }
  if (!pattern.starts_with("*.")) return bare(host) == pattern;
  const auto domain = pattern.substr(1);  // ".substack.com"
  if (host.size() <= domain.size() || !host.ends_with(domain)) return false;
  const auto sub = host.substr(0, host.size() - domain.size());
  if (sub == "www" || sub.find('.') != std::string_view::npos) return false;
  captures.emplace_back("sub", sub);
  return true;
}

// Splits "@{user}" into its fixed text and its name; nothing if there is no name.
std::optional<std::pair<std::string_view, std::string_view>> placeholder(std::string_view segment) {
  const auto open = segment.find('{');
  if (open == std::string_view::npos || !segment.ends_with('}')) return std::nullopt;
  return std::pair{segment.substr(0, open), segment.substr(open + 1, segment.size() - open - 2)};
}

bool segment_matches(std::string_view pattern, std::string_view segment, Captures& captures) {
  const auto named = placeholder(pattern);
  if (!named) return pattern == segment;
  if (!segment.starts_with(named->first) || segment.size() == named->first.size()) return false;
  captures.emplace_back(named->second, segment.substr(named->first.size()));
  return true;
}

std::vector<std::string_view> segments(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.empty() ? std::vector<std::string_view>{} : split(path, '/');
}

bool path_matches(std::string_view pattern, const UrlParts& url, Captures& captures) {
  const auto mark = pattern.find('?');
  if (mark != std::string_view::npos) {
    const auto wanted = pattern.substr(mark + 1);
    const auto parameters = split(url.query, '&');
    const bool found = std::any_of(parameters.begin(), parameters.end(), [&](std::string_view parameter) {
      return segment_matches(wanted, parameter, captures);
    });
    if (!found) return false;
    pattern = pattern.substr(0, mark);
  }
  auto wanted = segments(pattern);
  const auto given = segments(url.path);
  const bool open = !wanted.empty() && wanted.back() == "**";
  if (open) wanted.pop_back();
  if (given.size() < wanted.size() || (!open && given.size() != wanted.size())) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!segment_matches(wanted[i], given[i], captures)) return false;
  }
  return true;
}

// "@name@elsewhere": a server's page of somebody who lives on another one, which has the feed.
void follow_home(Captures& captures) {
  const auto named = [&captures](std::string_view name) {
    return std::find_if(captures.begin(), captures.end(), [name](const auto& capture) { return capture.first == name; });
  };
  const auto host = named("host");
  const auto user = named("user");
  if (host == captures.end() || user == captures.end()) return;
  const auto at = user->second.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == user->second.size()) return;
  host->second = user->second.substr(at + 1);
  user->second = user->second.substr(0, at);
}

std::string fill(std::string_view pattern, const Captures& captures) {
  std::string out;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    out += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = pattern.find('}', open);
    const auto name = pattern.substr(open + 1, close - open - 1);
    const auto at =
        std::find_if(captures.begin(), captures.end(), [name](const auto& capture) { return capture.first == name; });
    if (at != captures.end()) out += at->second;
    pattern.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace

std::vector<KnownFeed> known_feeds(std::string_view page_url) {
  std::vector<KnownFeed> feeds;
  if (!is_http_url(page_url)) return feeds;
  const auto host = host_of(page_url);
  const auto parts = split_url(page_url);
  const Row* first = nullptr;
  for (const auto& row : kRows) {
    Captures captures;
    if (first != nullptr && (row.host != first->host || row.path != first->path)) continue;
    if (!host_matches(row.host, host, captures) || !path_matches(row.path, parts, captures)) continue;
    first = &row;
    if (row.feed.empty()) break;
    if (row.host.empty()) follow_home(captures);
    auto feed = KnownFeed{fill(row.feed, captures), std::string(row.title)};
    if (feed.url != page_url) feeds.push_back(std::move(feed));
  }
  return feeds;
}

std::vector<std::string> likely_feeds(std::string_view page_url) {
  static constexpr std::array<std::string_view, 10> kPaths = {"/feed",      "/feed.xml",  "/rss.xml", "/atom.xml",
                                                              "/rss",       "/index.xml", "/feed/",   "/feeds/all.xml",
                                                              "/feed.json", "/blog/feed"};
  std::vector<std::string> urls;
  const auto origin = is_http_url(page_url) ? origin_of(page_url) : std::string{};
  if (origin.empty()) return urls;
  for (const auto path : kPaths) urls.push_back(origin + std::string(path));
  return urls;
}

}  // namespace newswire::fetch
