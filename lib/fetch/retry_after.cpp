#include "fetch/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "base/text.h"

namespace newswire::fetch {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

std::optional<unsigned> number(std::string_view text, std::size_t most_digits) {
  if (text.empty() || text.size() > most_digits) return std::nullopt;
  unsigned value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<unsigned> month_number(std::string_view text) {
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (iequals(text, kMonths[i])) return i + 1;
  }
  return std::nullopt;
}

std::optional<seconds> clock(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto h = number(text.substr(0, 2), 2);
  const auto m = number(text.substr(3, 2), 2);
  const auto s = number(text.substr(6, 2), 2);
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
  return std::chrono::hours{*h} + std::chrono::minutes{*m} + seconds{*s};
}

// RFC 9110, 5.6.7: a two-digit year that looks more than 50 years ahead is in the past. Without a clock here, 70 is the
// border that all deployed software uses.
int full_year(unsigned year, std::size_t digits) {
  if (digits > 2) return static_cast<int>(year);
  return static_cast<int>(year) + (year < 70 ? 2000 : 1900);
}

// Digits only: seconds, saturating.
std::optional<seconds> whole_seconds(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::uint64_t value = 0;
  const auto ec = std::from_chars(text.data(), text.data() + text.size(), value).ec;
  if (ec != std::errc{} || value > static_cast<std::uint64_t>(kForever.count())) return kForever;
  return seconds{static_cast<std::int64_t>(value)};
}

// A parameter of a RateLimit field: "reset=30" of the early drafts, "t=30" of the structured ones.
std::optional<seconds> parameter(std::string_view field, std::string_view name) {
  std::size_t at = 0;
  while (at < field.size()) {
    const auto end = std::min(field.find_first_of(",;", at), field.size());
    const auto item = trim(field.substr(at, end - at));
    const auto equals = item.find('=');
    if (equals != std::string_view::npos && iequals(trim(item.substr(0, equals)), name)) {
      return whole_seconds(trim(item.substr(equals + 1)));
    }
    at = end + 1;
  }
  return std::nullopt;
}

const std::string* find(std::span<const Header> headers, std::string_view name) {
  const auto at =
      std::find_if(headers.begin(), headers.end(), [name](const Header& field) { return iequals(field.name, name); });
  return at == headers.end() ? nullptr : &at->value;
}

// "0", "0.0" (Reddit writes fractions); the first member of a list ("0, 100;w=60").
std::optional<seconds> leading_seconds(std::string_view text) {
  text = trim(text);
  const auto digits = text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
  const auto rest = text.substr(digits.size());
  if (!rest.empty() && rest.front() != '.' && rest.front() != ',' && rest.front() != ';' && !is_space(rest.front())) {
    return std::nullopt;
  }
  return whole_seconds(digits);
}

}  // namespace

Result<sys_seconds> parse_http_date(std::string_view value) {
  std::array<std::string_view, 8> words;
  std::size_t count = 0;
  const auto text = trim(value);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" ,-\t", at), text.size());
    if (end > at) {
      if (count == words.size())
        return Error{Errc::invalid, "no HTTP date: too many words", std::string(text.substr(0, 64))};
      words[count++] = text.substr(at, end - at);
    }
    at = end + 1;
  }
  const auto failure = [text] { return Error{Errc::invalid, "no HTTP date", std::string(text.substr(0, 64))}; };
  std::size_t first = count > 0 && is_alpha(words[0].front()) ? 1 : 0;  // the day's name says nothing new
  std::optional<unsigned> day;
  std::optional<unsigned> month;
  std::optional<unsigned> year;
  std::optional<seconds> time;
  std::size_t year_digits = 4;
  if (count < first + 4) return failure();
  month = month_number(words[first]);
  if (month) {  // asctime: Nov 24 08:02:00 2026
    day = number(words[first + 1], 2);
    time = clock(words[first + 2]);
    year = number(words[first + 3], 4);
  } else {  // 24 Nov 2026 08:02:00 GMT
    day = number(words[first], 2);
    month = month_number(words[first + 1]);
    year = number(words[first + 2], 4);
    year_digits = words[first + 2].size();
    time = clock(words[first + 3]);
  }
  first += 4;
  if (first < count) {
    const auto zone = words[first];
    const bool utc = iequals(zone, "GMT") || iequals(zone, "UTC") || iequals(zone, "UT") || iequals(zone, "Z") ||
                     zone == "+0000" || zone == "0000";
    if (!utc || first + 1 != count) return failure();
  }
  if (!day || !month || !year || !time || year_digits == 1 || year_digits == 3) return failure();
  const std::chrono::year_month_day date{std::chrono::year{full_year(*year, year_digits)}, std::chrono::month{*month},
                                         std::chrono::day{*day}};
  if (!date.ok()) return failure();
  return sys_seconds{std::chrono::sys_days{date}} + *time;
}

Result<seconds> parse_retry_after(std::string_view value, sys_seconds now) {
  const auto text = trim(value);
  if (const auto wait = whole_seconds(text)) return *wait;
  const auto when = parse_http_date(text);
  if (!when) {
    return Error{Errc::invalid, "Retry-After is neither seconds nor a date", std::string(text.substr(0, 64))};
  }
  return std::max(*when - now, seconds{0});
}

std::optional<seconds> rate_limit_reset(std::span<const Header> headers, sys_seconds now) {
  const auto relative = [now](seconds wait) {
    if (wait <= std::chrono::years{1}) return wait;
    return std::max(wait - now.time_since_epoch(), seconds{0});
  };
  if (const auto* field = find(headers, "ratelimit")) {
    auto remaining = parameter(*field, "remaining");
    if (!remaining) remaining = parameter(*field, "r");
    auto reset = parameter(*field, "reset");
    if (!reset) reset = parameter(*field, "t");
    if (reset) {
      if (remaining && remaining->count() > 0) return std::nullopt;
      return relative(*reset);
    }
  }
  static constexpr std::array<std::string_view, 3> kFamilies = {"ratelimit-", "x-ratelimit-", "x-rate-limit-"};
  for (const auto family : kFamilies) {
    const auto* reset_field = find(headers, std::string(family) + "reset");
    if (reset_field == nullptr) continue;
    const auto reset = leading_seconds(*reset_field);
    if (!reset) continue;
    const auto* remaining_field = find(headers, std::string(family) + "remaining");
    const auto remaining = remaining_field == nullptr ? std::optional<seconds>{} : leading_seconds(*remaining_field);
    if (remaining && remaining->count() > 0) return std::nullopt;
    return relative(*reset);
  }
  return std::nullopt;
}

}  // namespace newswire::fetch
