#include <chrono>
#include <string>

#include "base/text.h"
#include "clean/metadata.h"
#include "clean/metadata_relative.h"

namespace newswire::clean {
namespace {

// Reads numbers and single characters off the front of a date.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_any(std::string_view chars) {
    if (rest_.empty() || chars.find(rest_.front()) == chars.npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// At least `min`, at most `max` digits.
  std::optional<int> number(std::size_t min, std::size_t max) {
    int value = 0;
    std::size_t digits = 0;
    while (digits < max && digits < rest_.size() && is_digit(rest_[digits])) {
      value = value * 10 + (rest_[digits] - '0');
      ++digits;
    }
    if (digits < min) return std::nullopt;
    rest_.remove_prefix(digits);
    return value;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::minutes> zone_of(std::string_view text) {
  text = trim(text);
  if (text.empty() || text == "Z" || text == "z" || iequals(text, "UTC") || iequals(text, "GMT"))
    return std::chrono::minutes{0};
  Scanner scan(text);
  if (istarts_with(text, "UTC") || istarts_with(text, "GMT")) scan = Scanner(trim(text.substr(3)));
  const bool minus = scan.peek() == '-';
  if (!scan.take_any("+-")) return std::nullopt;
  const auto hours = scan.number(1, 2);
  if (!hours || *hours > 15) return std::nullopt;
  scan.take(':');
  const auto minutes = scan.at_end() ? std::optional<int>{0} : scan.number(2, 2);
  if (!minutes || *minutes > 59 || !scan.at_end()) return std::nullopt;
  const std::chrono::minutes offset{*hours * 60 + *minutes};
  return minus ? -offset : offset;
}

// Year first, as machines write it: 2026-11-24, 2026/11/24 8:02, 20261124T080200Z, 2026-11-24 08:02:00.123 +0100.
std::optional<ZonedTime> parse_year_first(std::string_view text) {
  Scanner scan(text);
  const auto year = scan.number(4, 4);
  if (!year || *year < 1970 || *year > 2200) return std::nullopt;
  const bool compact = is_digit(scan.peek());
  if (!compact && !scan.take_any("-/.")) return std::nullopt;
  const auto month = scan.number(compact ? 2 : 1, 2);
  if (!compact && !scan.take_any("-/.")) return std::nullopt;
  const auto day = scan.number(compact ? 2 : 1, 2);
  if (!month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  ZonedTime out{std::chrono::sys_days{date}, std::chrono::minutes{0}};
  while (scan.take_any(" ,")) {
  }
  scan.take_any("Tt");
  if (scan.at_end()) return out;
  const auto hour = scan.number(1, 2);
  if (!hour || *hour > 23) return std::nullopt;
  const bool colon = scan.take(':');
  const auto minute = scan.number(2, 2);
  if (!minute || *minute > 59 || (!colon && !compact)) return std::nullopt;
  int second = 0;
  if (scan.take(':') || (compact && is_digit(scan.peek()))) {
    const auto value = scan.number(1, 2);
    if (!value || *value > 60) return std::nullopt;
    second = *value;
  }
  if (scan.take_any(".,"))
    while (scan.number(1, 9)) {
    }
  out.utc += std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{second};
  const auto zone = zone_of(scan.rest());
  if (!zone) return std::nullopt;
  out.offset = *zone;
  out.utc -= *zone;
  return out;
}

}  // namespace

std::optional<ZonedTime> parse_page_date(std::string_view raw, Time fetched_at) {
  const auto text = fold_space(raw.substr(0, 256));
  if (text.empty()) return std::nullopt;
  if (const auto strict = parse_rfc3339(text)) return strict;
  if (const auto date = parse_year_first(text)) return date;
  if (fetched_at != Time{})
    if (const auto relative = parse_relative_date(text, fetched_at)) return relative;
  return std::nullopt;
}

}  // namespace newswire::clean
