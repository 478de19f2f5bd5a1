#include "fetch/cache_headers.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "fetch/retry_after.h"

namespace newswire::fetch {
namespace {

using std::chrono::seconds;

// delta-seconds of RFC 9111, 1.2.2: digits, a number too large is a very long time; anything else says nothing.
std::optional<seconds> delta_seconds(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto wait = parse_retry_after(text, {});
  if (!wait) return std::nullopt;
  return *wait;
}

// The next directive of a Cache-Control field, a comma inside a quoted string being no border; `rest` moves on.
std::string_view next_directive(std::string_view& rest) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    if (rest[at] == '"') quoted = !quoted;
    if (quoted && rest[at] == '\\') ++at;
    if (!quoted && at < rest.size() && rest[at] == ',') break;
  }
  at = std::min(at, rest.size());
  const auto directive = trim(rest.substr(0, at));
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return directive;
}

void read_cache_control(std::string_view field, CacheHints& hints) {
  while (!field.empty()) {
    const auto directive = next_directive(field);
    const auto equals = directive.find('=');
    const auto name = trim(directive.substr(0, equals));
    auto argument = equals == std::string_view::npos ? std::string_view{} : trim(directive.substr(equals + 1));
    if (argument.size() >= 2 && argument.front() == '"' && argument.back() == '"') {
      argument = argument.substr(1, argument.size() - 2);
    }
    if (iequals(name, "max-age")) {
      if (!hints.max_age) hints.max_age = delta_seconds(argument);
    } else if (iequals(name, "no-cache")) {
      hints.no_cache = hints.no_cache || argument.empty();  // no-cache="set-cookie" concerns single fields only
    } else if (iequals(name, "no-store")) {
      hints.no_store = true;
    }
  }
}

}  // namespace

CacheHints read_cache_headers(std::span<const Header> headers) {
  CacheHints hints;
  std::optional<std::chrono::sys_seconds> expires;
  std::optional<std::chrono::sys_seconds> date;
  for (const auto& field : headers) {
    if (iequals(field.name, "cache-control")) {
      read_cache_control(field.value, hints);
    } else if (iequals(field.name, "age")) {
      hints.age = delta_seconds(trim(field.value)).value_or(seconds{0});
    } else if (iequals(field.name, "expires")) {
      if (const auto when = parse_http_date(field.value)) expires = *when;
    } else if (iequals(field.name, "date")) {
      if (const auto when = parse_http_date(field.value)) date = *when;
    }
  }
  if (expires && date && *expires > *date) hints.expires_after = *expires - *date;
  return hints;
}

std::optional<seconds> fresh_for(const CacheHints& hints) {
  if (hints.no_cache) return std::nullopt;
  const auto lifetime = hints.max_age ? hints.max_age : hints.expires_after;
  if (!lifetime) return std::nullopt;
  const auto left = *lifetime - (hints.max_age ? hints.age : seconds{0});
  if (left <= seconds{0}) return std::nullopt;
  return left;
}

}  // namespace newswire::fetch
