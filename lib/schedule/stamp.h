#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace newswire::schedule {

/// A point in time as the schedule keeps it: whole seconds since 1970, four bytes, good until 2106. 0 means "not yet".
using Stamp = std::uint32_t;

inline constexpr Stamp kUnset = 0;
/// Later than everything: a feed that is not polled (paused, gone).
inline constexpr Stamp kNever = 0xFFFFFFFF;

/// Rounded up, so that a stored bound is never sooner than the one asked for; outside of 1970…2106 the nearest end.
constexpr Stamp to_stamp(Time time) noexcept {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).time_since_epoch().count();
  if (time == Time::max() || seconds >= kNever) return kNever;
  return seconds < 1 ? 1 : static_cast<Stamp>(seconds);
}

/// Time::max() for kNever.
constexpr Time to_time(Stamp stamp) noexcept {
  return stamp == kNever ? Time::max() : Time{std::chrono::seconds{stamp}};
}

/// `stamp` + `wait`, never wrapping; kNever stays.
constexpr Stamp later(Stamp stamp, std::int64_t wait_seconds) noexcept {
  if (stamp == kNever) return kNever;
  const auto sum = static_cast<std::int64_t>(stamp) + wait_seconds;
  return sum < 1 ? 1 : sum >= kNever ? kNever - 1 : static_cast<Stamp>(sum);
}

}  // namespace newswire::schedule
