#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace newswire::config {

/// An amount of memory or disk. In the file: `10MiB`, `512KiB`, `1.5GiB`, `64k` (binary: k = KiB), `4MB` (decimal),
/// `4096`.
struct Bytes {
  std::uint64_t count = 0;
  friend constexpr auto operator<=>(const Bytes&, const Bytes&) = default;
};
constexpr Bytes kibibytes(std::uint64_t n) { return {n << 10U}; }
constexpr Bytes mebibytes(std::uint64_t n) { return {n << 20U}; }
constexpr Bytes gibibytes(std::uint64_t n) { return {n << 30U}; }

/// `10MiB`, `4 kB`, `4096`, `1.5G`. Errc::invalid with a sentence that names the units; Errc::too_large past 2^63.
Result<Bytes> parse_bytes(std::string_view text);

/// `250ms`, `10s`, `15m`, `1h30m`, `7d`, `2w`, `1h 30m`, `0`. A number without a unit is refused (Errc::invalid):
/// seconds or minutes? Errc::too_large over 100 years.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest exact spelling that the parsers read back: "64MiB", "1h30m".
std::string to_string(Bytes bytes);
std::string to_string(std::chrono::milliseconds duration);

}  // namespace newswire::config
