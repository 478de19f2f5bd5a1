#pragma once

#include <cstdint>

#include "schedule/stamp.h"

namespace newswire::schedule {

/// skipHours and skipDays as FeedSchedule::skip has them (W6): GMT, never all hours and never all days.

constexpr std::uint32_t kAllHours = 0x00FFFFFF;
constexpr std::uint32_t kAllDays = 0x7F;
constexpr unsigned kDaysShift = 24;

constexpr bool in_skipped_day(Stamp at, std::uint32_t skip) noexcept {
  return (skip >> (kDaysShift + (at / 86400 + 4) % 7) & 1) != 0;  // 1970-01-01 was a Thursday
}
constexpr bool in_skipped_hour(Stamp at, std::uint32_t skip) noexcept { return (skip >> (at / 3600 % 24) & 1) != 0; }
constexpr bool is_skipped(Stamp at, std::uint32_t skip) noexcept {
  return skip != 0 && (in_skipped_day(at, skip) || in_skipped_hour(at, skip));
}

/// The first second at or after `at` that is not skipped. At most 8 days' worth of steps.
constexpr Stamp after_skip(Stamp at, std::uint32_t skip) noexcept {
  for (int steps = 0; steps < 256 && is_skipped(at, skip); ++steps) {
    at = in_skipped_day(at, skip) ? (at / 86400 + 1) * 86400 : (at / 3600 + 1) * 3600;
  }
  return at;
}

/// The last second before the skipped span around `at`.
constexpr Stamp before_skip(Stamp at, std::uint32_t skip) noexcept {
  for (int steps = 0; steps < 256 && at >= 86400 && is_skipped(at, skip); ++steps) {
    at = in_skipped_day(at, skip) ? at / 86400 * 86400 - 1 : at / 3600 * 3600 - 1;
  }
  return at;
}

}  // namespace newswire::schedule
