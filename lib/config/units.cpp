#include "config/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace newswire::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array kByteUnits = {
    Unit{"b", 1},
    Unit{"k", 1ULL << 10U},
    Unit{"kib", 1ULL << 10U},
    Unit{"kb", 1'000},
    Unit{"m", 1ULL << 20U},
    Unit{"mib", 1ULL << 20U},
    Unit{"mb", 1'000'000},
    Unit{"g", 1ULL << 30U},
    Unit{"gib", 1ULL << 30U},
    Unit{"gb", 1'000'000'000},
    Unit{"t", 1ULL << 40U},
    Unit{"tib", 1ULL << 40U},
    Unit{"tb", 1'000'000'000'000},
};

constexpr std::array kTimeUnits = {
    Unit{"ms", 1},       Unit{"s", 1'000},     Unit{"sec", 1'000},    Unit{"m", 60'000},
    Unit{"min", 60'000}, Unit{"h", 3'600'000}, Unit{"d", 86'400'000}, Unit{"w", 604'800'000},
};

constexpr std::uint64_t kMaxMilliseconds = 100ULL * 36525 * 864'000;  // 100 years

/// Takes a decimal number ("12", "1.5") off the front of `text`; negative when there is none.
double take_number(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
  double value = -1;
  const auto [stop, ec] = std::from_chars(text.data(), text.data() + end, value, std::chars_format::fixed);
  if (ec != std::errc{} || stop != text.data() + end) return -1;
  text.remove_prefix(end);
  return value;
}

std::string_view take_letters(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_alpha(text[end])) ++end;
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

std::string_view skip_space(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view name) {
  for (const auto& unit : units) {
    if (iequals(unit.name, name)) return &unit;
  }
  return nullptr;
}

std::string quoted(std::string_view text) { return '"' + std::string(cut_utf8(text, 60)) + '"'; }

}  // namespace

Result<Bytes> parse_bytes(std::string_view text) {
  const auto whole = trim(text);
  const auto bad =
      Error{Errc::invalid, quoted(whole) + " is not a size; write a number and a unit: 512KiB, 32MiB, 10GiB"};
  auto rest = whole;
  const auto number = take_number(rest);
  if (number < 0) return bad;
  rest = skip_space(rest);
  std::uint64_t factor = 1;
  if (!rest.empty()) {
    const auto* unit = find_unit(kByteUnits, take_letters(rest));
    if (unit == nullptr || !rest.empty()) return bad;
    factor = unit->factor;
  }
  const auto product = number * static_cast<double>(factor);
  if (product > static_cast<double>(std::numeric_limits<std::int64_t>::max()) / 2) {
    return Error{Errc::too_large, quoted(whole) + " is more than any disk holds"};
  }
  if (product != std::floor(product)) return Error{Errc::invalid, quoted(whole) + " is not a whole number of bytes"};
  return Bytes{static_cast<std::uint64_t>(product)};
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto whole = trim(text);
  if (whole == "0") return std::chrono::milliseconds{0};
  const auto bad = Error{
      Errc::invalid, quoted(whole) + " is not a duration; write numbers with units: 500ms, 30s, 15m, 1h30m, 7d, 2w"};
  auto rest = whole;
  if (rest.empty()) return bad;
  double total = 0;
  while (!rest.empty()) {
    const auto number = take_number(rest);
    if (number < 0) return bad;
    rest = skip_space(rest);
    const auto* unit = find_unit(kTimeUnits, take_letters(rest));
    if (unit == nullptr) return bad;
    total += number * static_cast<double>(unit->factor);
    if (total > static_cast<double>(kMaxMilliseconds)) {
      return Error{Errc::too_large, quoted(whole) + " is longer than 100 years"};
    }
    rest = skip_space(rest);
  }
  if (total != std::floor(total)) return Error{Errc::invalid, quoted(whole) + " is finer than a millisecond"};
  return std::chrono::milliseconds{static_cast<std::int64_t>(total)};
}

std::string to_string(Bytes bytes) {
  constexpr std::array kUnits = {Unit{"TiB", 1ULL << 40U}, Unit{"GiB", 1ULL << 30U}, Unit{"MiB", 1ULL << 20U},
                                 Unit{"KiB", 1ULL << 10U}};
  for (const auto& unit : kUnits) {
    if (bytes.count >= unit.factor && bytes.count % unit.factor == 0) {
      return std::to_string(bytes.count / unit.factor) + std::string(unit.name);
    }
  }
  return std::to_string(bytes.count);
}

std::string to_string(std::chrono::milliseconds duration) {
  auto rest = static_cast<std::uint64_t>(duration.count());
  if (rest == 0) return "0s";
  constexpr std::array kUnits = {Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000},
                                 Unit{"ms", 1}};
  std::string out;
  for (const auto& unit : kUnits) {
    if (rest < unit.factor) continue;
    out += std::to_string(rest / unit.factor);
    out += unit.name;
    rest %= unit.factor;
  }
  return out;
}

}  // namespace newswire::config
