#include "base/time.h"

#include <cstdlib>

#include "base/text.h"

namespace newswire {
namespace {

// `width` digits of a number that is not negative.
void put(std::string& out, int value, int width) {
  char digits[16];
  for (int i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, static_cast<std::size_t>(width));
}

std::string render(Time local, bool millis) {
  using namespace std::chrono;
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss clock{local - day};
  std::string out;
  out.reserve(32);
  const int year = static_cast<int>(date.year());
  if (year < 0) out += '-';
  put(out, std::abs(year), std::abs(year) > 9999 ? 5 : 4);
  out += '-';
  put(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out += '-';
  put(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  out += 'T';
  put(out, static_cast<int>(clock.hours().count()), 2);
  out += ':';
  put(out, static_cast<int>(clock.minutes().count()), 2);
  out += ':';
  put(out, static_cast<int>(clock.seconds().count()), 2);
  if (millis || clock.subseconds().count() != 0) {
    out += '.';
    put(out, static_cast<int>(clock.subseconds().count()), 3);
  }
  return out;
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

std::string to_rfc3339(Time time, bool always_millis) { return render(time, always_millis) + "Z"; }

std::string to_rfc3339(const ZonedTime& time) {
  auto out = render(time.utc + time.offset, false);
  const auto minutes = static_cast<int>(time.offset.count());
  if (minutes == 0) return out + "Z";
  out += minutes < 0 ? '-' : '+';
  put(out, std::abs(minutes) / 60 % 100, 2);
  out += ':';
  put(out, std::abs(minutes) % 60, 2);
  return out;
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
