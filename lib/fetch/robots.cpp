#include "fetch/robots.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "base/url.h"

namespace newswire::fetch {
namespace {

constexpr std::size_t kMostBytes = 500u << 10;  // RFC 9309, 2.5
constexpr std::size_t kMostRules = 10'000;
constexpr std::size_t kLongestPattern = 2048;
constexpr std::size_t kMostSteps = 4'000'000;  // of matching one path: some 10 ms, past any honest file
constexpr std::chrono::milliseconds kLongestDelay = std::chrono::hours{1};

struct Line {
  std::string_view key;
  std::string_view value;
};

// "Key: value # comment"; an empty key for anything else.
Line split_line(std::string_view line) {
  line = trim(line.substr(0, line.find('#')));
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  return {trim(line.substr(0, colon)), trim(line.substr(colon + 1))};
}

// "newswire/1.0 (…)" names newswire.
std::string_view product_of(std::string_view agent) {
  std::size_t end = 0;
  while (end < agent.size() && (is_alpha(agent[end]) || agent[end] == '-' || agent[end] == '_')) ++end;
  return agent.substr(0, end);
}

// Percent-escapes in one spelling (RFC 9309, 2.2.2): unreserved characters decoded, the rest in capitals, bytes outside
// ASCII escaped.
std::string normal(std::string_view path) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto digit = [](char c) -> int {
    c = to_lower(c);
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string out;
  out.reserve(path.size());
  const auto escape = [&out](unsigned byte) {
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  };
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '%' && i + 2 < path.size() && digit(path[i + 1]) >= 0 && digit(path[i + 2]) >= 0) {
      const auto byte = static_cast<unsigned>(digit(path[i + 1]) * 16 + digit(path[i + 2]));
      const char plain = static_cast<char>(byte);
      if (byte < 0x80 && (is_alnum(plain) || plain == '-' || plain == '.' || plain == '_' || plain == '~')) {
        out += plain;
      } else {
        escape(byte);
      }
      i += 2;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      escape(static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

// `pattern` with * and a final $ against the start of `path`. The last * is the only one ever gone back to, so the work
// is at most pattern × path; `budget` counts it down over all the rules of a file, and at its end everything matches.
bool matches(std::string_view pattern, std::string_view path, std::size_t& budget) {
  const bool whole = pattern.ends_with('$');
  if (whole) pattern.remove_suffix(1);
  std::size_t p = 0;
  std::size_t s = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (true) {
    if (budget == 0) return true;
    --budget;
    if (p == pattern.size() && (!whole || s == path.size())) return true;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = s;
    } else if (p < pattern.size() && s < path.size() && pattern[p] == path[s]) {
      ++p;
      ++s;
    } else if (star != std::string_view::npos && resume < path.size()) {
      s = ++resume;
      p = star + 1;
    } else {
      return false;
    }
  }
}

std::optional<std::chrono::milliseconds> read_delay(std::string_view value) {
  unsigned seconds = 0;
  const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (ec == std::errc::result_out_of_range) return kLongestDelay;
  if (ec != std::errc{}) return std::nullopt;
  std::chrono::milliseconds delay = std::chrono::seconds{seconds};
  auto rest = value.substr(static_cast<std::size_t>(end - value.data()));
  if (rest.starts_with('.')) {
    int scale = 100;
    for (rest.remove_prefix(1); !rest.empty() && is_digit(rest.front()) && scale > 0;
         rest.remove_prefix(1), scale /= 10) {
      delay += std::chrono::milliseconds{(rest.front() - '0') * scale};
    }
  }
  return std::min(delay, kLongestDelay);
}

}  // namespace

Robots Robots::parse(std::string_view text, std::string_view product) {
  text = text.substr(0, kMostBytes);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Robots ours;
  Robots everybody;
  bool named = false;    // some group names us
  bool in_ours = false;  // the group at hand
  bool in_all = false;
  bool in_agents = false;  // still among its User-agent lines
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    const auto line = split_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.key.empty()) continue;
    if (iequals(line.key, "user-agent") || iequals(line.key, "useragent")) {
      if (!in_agents) in_ours = in_all = false;
      in_agents = true;
      if (line.value == "*") in_all = true;
      if (iequals(product_of(line.value), product)) in_ours = named = true;
      continue;
    }
    const bool allow = iequals(line.key, "allow");
    const bool rule = allow || iequals(line.key, "disallow");
    const bool delay = iequals(line.key, "crawl-delay");
    if (!rule && !delay) continue;  // Sitemap and the like belong to no group
    in_agents = false;
    for (Robots* group : {in_ours ? &ours : nullptr, in_all ? &everybody : nullptr}) {
      if (group == nullptr) continue;
      if (delay) {
        group->crawl_delay_ = read_delay(line.value);
      } else if (!line.value.empty() && line.value.size() <= kLongestPattern && group->rules_.size() < kMostRules) {
        group->rules_.push_back({normal(line.value), allow});
      }
    }
  }
  return named ? ours : everybody;
}

Robots Robots::unreachable() {
  Robots robots;
  robots.nothing_ = true;
  return robots;
}

bool Robots::allows(std::string_view path) const {
  if (nothing_) return false;
  const auto wanted = normal(path.substr(0, kLongestPattern));
  if (wanted == "/robots.txt") return true;
  const Rule* best = nullptr;
  std::size_t budget = kMostSteps;
  for (const auto& rule : rules_) {
    const bool better = best == nullptr || rule.pattern.size() > best->pattern.size() ||
                        (rule.pattern.size() == best->pattern.size() && rule.allow && !best->allow);
    if (better && matches(rule.pattern, wanted, budget)) best = &rule;
    if (budget == 0) return false;  // nobody writes such a file but to burn our time
  }
  return best == nullptr || best->allow;
}

std::string robots_url(std::string_view page_url) {
  if (!is_http_url(page_url)) return {};
  const auto parts = split_url(page_url);
  std::string url = lower(parts.scheme);
  url += "://";
  url += parts.host;
  if (!parts.port.empty()) {
    url += ':';
    url += parts.port;
  }
  return url + "/robots.txt";
}

}  // namespace newswire::fetch
