#include "feed/dates.h"

#include "base/text.h"
#include "feed/detail/date_parts.h"
#include "feed/detail/date_words.h"

namespace newswire::feed {
namespace detail {

int full_year(std::int64_t value, std::size_t digits) noexcept {
  if (digits >= 4) return static_cast<int>(value);
  if (digits == 3) return static_cast<int>(value + 1900);
  return static_cast<int>(value < 50 ? value + 2000 : value + 1900);
}

std::optional<std::chrono::year_month_day> week_date(int year, int week, int weekday) {
  using namespace std::chrono;
  if (week < 1 || week > 53 || weekday < 1 || weekday > 7) return std::nullopt;
  const sys_days fourth = sys_days{std::chrono::year{year} / January / 4};  // always in week 1
  const auto from_monday = std::chrono::weekday{fourth}.iso_encoding() - 1;
  return year_month_day{fourth - days{from_monday} + days{7 * (week - 1) + weekday - 1}};
}

// Checks the ranges and computes; nothing if there is no such moment.
std::optional<ZonedTime> moment(const Parts& parts) {
  using namespace std::chrono;
  if (parts.year < 0 || parts.year > 9999) return std::nullopt;
  sys_days date;
  if (parts.ordinal >= 0) {
    if (parts.ordinal < 1 || parts.ordinal > (year{parts.year}.is_leap() ? 366 : 365)) return std::nullopt;
    date = sys_days{year{parts.year} / January / 1} + days{parts.ordinal - 1};
  } else {
    const int month_number = parts.month < 0 ? 1 : parts.month;
    const int day_number = parts.day < 0 ? 1 : parts.day;
    if (month_number < 1 || month_number > 12 || day_number < 1 || day_number > 31) return std::nullopt;
    const year_month_day ymd{year{parts.year}, month{static_cast<unsigned>(month_number)},
                             day{static_cast<unsigned>(day_number)}};
    if (!ymd.ok()) return std::nullopt;
    date = ymd;
  }
  const int hour = parts.hour < 0 ? 0 : parts.hour;
  const bool midnight = hour == 24 && parts.minute == 0 && parts.second == 0 && parts.millis == 0;
  if ((hour > 23 && !midnight) || parts.minute > 59 || parts.second > 60) return std::nullopt;
  const Time local = date + hours{hour} + minutes{parts.minute} + seconds{parts.second} + milliseconds{parts.millis};
  const int away = parts.city.minutes + (is_ahead(parts.city, local) ? 60 : 0);
  const minutes offset{parts.offset.value_or(away)};
  if (abs(offset) >= hours{24}) return std::nullopt;
  return ZonedTime{local - offset, offset};
}

}  // namespace detail

namespace {

using detail::find_zone;
using detail::moment;
using detail::Parts;

constexpr std::size_t kLongestDate = 200;

int two_digits(const char* at) noexcept {
  return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

int english_month(const char* at) noexcept {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (std::size_t i = 0; i < kMonths.size(); i += 3) {
    if (at[0] == kMonths[i] && at[1] == kMonths[i + 1] && at[2] == kMonths[i + 2]) return static_cast<int>(i / 3 + 1);
  }
  return -1;
}

// RFC 822 in English as it should be ("Thu, 1 Jan 2004 19:48:21 GMT", day of the week and seconds optional, offset or a
// zone's name): nearly all dates of RSS. Nothing for anything else, which says nothing about it.
std::optional<ZonedTime> rfc822(std::string_view text) {
  if (text.size() < 17 || text.size() > 48) return std::nullopt;
  if (text[3] == ',' && text[4] == ' ') text.remove_prefix(5);
  const auto take = [&text](std::size_t least, std::size_t most) -> int {
    int value = 0;
    std::size_t size = 0;
    while (size < most && size < text.size() && is_digit(text[size])) value = value * 10 + (text[size++] - '0');
    text.remove_prefix(size);
    return size >= least ? value : -1;
  };
  const auto skip = [&text](char wanted) {
    if (!text.starts_with(wanted)) return false;
    text.remove_prefix(1);
    return true;
  };
  Parts parts;
  parts.day = take(1, 2);
  if (parts.day < 0 || !skip(' ') || text.size() < 4) return std::nullopt;
  parts.month = english_month(text.data());
  text.remove_prefix(3);
  if (parts.month < 0 || !skip(' ')) return std::nullopt;
  parts.year = take(4, 4);
  if (parts.year < 0 || !skip(' ')) return std::nullopt;
  parts.hour = take(2, 2);
  if (parts.hour < 0 || !skip(':')) return std::nullopt;
  parts.minute = take(2, 2);
  if (parts.minute < 0) return std::nullopt;
  if (skip(':')) parts.second = take(2, 2);
  if (parts.second < 0 || !skip(' ')) return std::nullopt;
  if (text == "GMT" || text == "UTC" || text == "Z" || text == "+0000") return moment(parts);
  if (text.size() == 5 && (text[0] == '+' || text[0] == '-')) {
    const int hours = two_digits(text.data() + 1);
    const int minutes = two_digits(text.data() + 3);
    if (hours < 0 || minutes < 0 || minutes > 59) return std::nullopt;
    parts.offset = (hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
    return moment(parts);
  }
  if (text.size() < 2 || text.size() > 4) return std::nullopt;
  const auto zone = find_zone(lower(text));
  if (!zone) return std::nullopt;
  parts.offset = *zone;
  return moment(parts);
}

// "2016-12-17 00:00:00", "2017-11-29T17:04:00": what databases print.
std::optional<ZonedTime> zoneless_iso(std::string_view text) {
  if (text.size() != 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':' ||
      (text[10] != ' ' && text[10] != 'T')) {
    return std::nullopt;
  }
  const int century = two_digits(text.data());
  const int short_year = two_digits(text.data() + 2);
  Parts parts;
  parts.month = two_digits(text.data() + 5);
  parts.day = two_digits(text.data() + 8);
  parts.hour = two_digits(text.data() + 11);
  parts.minute = two_digits(text.data() + 14);
  parts.second = two_digits(text.data() + 17);
  if (century < 0 || short_year < 0 || parts.month < 1 || parts.day < 1 || parts.hour < 0 || parts.minute < 0 ||
      parts.second < 0) {
    return std::nullopt;
  }
  parts.year = century * 100 + short_year;
  return moment(parts);
}

// ISO 8601:1988 without the century: "-0312", "-03-12", "-03-12-31", "031231", "03-335", "03335".
std::optional<ZonedTime> truncated_iso(std::string_view text) {
  Parts parts;
  const auto digits_at = [text](std::size_t from, std::size_t count) -> int {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
      if (i >= text.size() || !is_digit(text[i])) return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  int short_year = -1;
  if (text.size() == 5 && text[0] == '-') {
    short_year = digits_at(1, 2);
    parts.month = digits_at(3, 2);
  } else if (text.size() == 6 && text[0] == '-' && text[3] == '-') {
    short_year = digits_at(1, 2);
    parts.month = digits_at(4, 2);
  } else if (text.size() == 9 && text[0] == '-' && text[3] == '-' && text[6] == '-') {
    short_year = digits_at(1, 2);
    parts.month = digits_at(4, 2);
    parts.day = digits_at(7, 2);
    if (parts.day < 0) return std::nullopt;
  } else if (text.size() == 5) {
    short_year = digits_at(0, 2);
    parts.ordinal = digits_at(2, 3);
  } else if (text.size() == 6 && text[2] == '-') {
    short_year = digits_at(0, 2);
    parts.ordinal = digits_at(3, 3);
  } else if (text.size() == 6) {
    short_year = digits_at(0, 2);
    parts.month = digits_at(2, 2);
    parts.day = digits_at(4, 2);
    if (parts.day < 0) return std::nullopt;
  }
  if (short_year < 0 || (parts.month < 0 && parts.ordinal < 0)) return std::nullopt;
  parts.year = short_year < 50 ? short_year + 2000 : short_year + 1900;
  return moment(parts);
}

}  // namespace

std::optional<ZonedTime> parse_date(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > kLongestDate) return std::nullopt;
  if (auto quick = rfc822(text)) return quick;
  if (auto strict = parse_rfc3339(text)) return strict;
  if (auto zoneless = zoneless_iso(text)) return zoneless;
  const auto folded = detail::fold_date_text(text);
  if (auto truncated = truncated_iso(folded)) return truncated;
  const bool negative = folded.starts_with('-');
  if (negative) return std::nullopt;
  return detail::read_date(folded);
}

Date make_date(std::string_view text) {
  Date date;
  date.raw = fold_space(text);
  if (!date.raw.empty()) date.time = parse_date(date.raw);
  return date;
}

}  // namespace newswire::feed
