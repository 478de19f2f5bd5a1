#include "base/time.h"

#include <cstdlib>

#include "base/text.h"

namespace newswire {
namespace {

// `width` digits of a number that is not negative.
char* put(char* to, int value, int width) noexcept {
  for (int i = width; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + width;
}

constexpr std::size_t kLongest = 40;

char* render(char* to, Time local, bool millis) noexcept {
  using namespace std::chrono;
  const auto day = floor<days>(local);
  const year_month_day date{day};
  auto rest = static_cast<int>((local - day).count());  // milliseconds of the day
  const int year = static_cast<int>(date.year());
  if (year < 0) *to++ = '-';
  to = put(to, std::abs(year), std::abs(year) > 9999 ? 5 : 4);
  *to++ = '-';
  to = put(to, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  *to++ = '-';
  to = put(to, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  *to++ = 'T';
  to = put(to, rest / 3'600'000, 2);
  *to++ = ':';
  to = put(to, rest / 60'000 % 60, 2);
  *to++ = ':';
  to = put(to, rest / 1000 % 60, 2);
  if (millis || rest % 1000 != 0) {
    *to++ = '.';
    to = put(to, rest % 1000, 3);
  }
  return to;
}

// `count` digits at `at`, which moves on; -1 if they are not there.
int digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i, ++at) {
    if (!is_digit(text[at])) return -1;
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

bool take(std::string_view text, std::size_t& at, char wanted) {
  if (at >= text.size() || to_lower(text[at]) != wanted) return false;
  ++at;
  return true;
}

}  // namespace

std::string to_rfc3339(Time time, bool always_millis) {
  char text[kLongest];
  char* to = render(text, time, always_millis);
  *to++ = 'Z';
  return {text, to};
}

std::string to_rfc3339(const ZonedTime& time) {
  char text[kLongest];
  char* to = render(text, time.utc + time.offset, false);
  const auto minutes = static_cast<int>(time.offset.count());
  if (minutes == 0) {
    *to++ = 'Z';
    return {text, to};
  }
  *to++ = minutes < 0 ? '-' : '+';
  to = put(to, std::abs(minutes) / 60 % 100, 2);
  *to++ = ':';
  to = put(to, std::abs(minutes) % 60, 2);
  return {text, to};
}

std::optional<ZonedTime> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  std::size_t at = 0;
  const int y = digits(text, at, 4);
  if (y < 0 || !take(text, at, '-')) return std::nullopt;
  const int mo = digits(text, at, 2);
  if (mo < 0 || !take(text, at, '-')) return std::nullopt;
  const int d = digits(text, at, 2);
  if (d < 0 || !(take(text, at, 't') || take(text, at, ' '))) return std::nullopt;
  const int h = digits(text, at, 2);
  if (h < 0 || h > 23 || !take(text, at, ':')) return std::nullopt;
  const int mi = digits(text, at, 2);
  if (mi < 0 || mi > 59 || !take(text, at, ':')) return std::nullopt;
  const int s = digits(text, at, 2);
  if (s < 0 || s > 60) return std::nullopt;
  int millis = 0;
  if (take(text, at, '.')) {
    const auto first = at;
    for (int scale = 100; at < text.size() && is_digit(text[at]); ++at, scale /= 10) millis += (text[at] - '0') * scale;
    if (at == first) return std::nullopt;
  }
  minutes offset{0};
  if (!take(text, at, 'z')) {
    const bool west = at < text.size() && text[at] == '-';
    if (!west && !(at < text.size() && text[at] == '+')) return std::nullopt;
    ++at;
    const int oh = digits(text, at, 2);
    if (oh < 0 || oh > 23 || !take(text, at, ':')) return std::nullopt;
    const int om = digits(text, at, 2);
    if (om < 0 || om > 59) return std::nullopt;
    offset = minutes{(west ? -1 : 1) * (oh * 60 + om)};
  }
  if (at != text.size()) return std::nullopt;
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!date.ok()) return std::nullopt;
  const Time local = sys_days{date} + hours{h} + minutes{mi} + seconds{s} + milliseconds{millis};
  return ZonedTime{local - offset, offset};
}

}  // namespace newswire
