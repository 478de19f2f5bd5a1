#pragma once

#include <array>
#include <cstdint>

namespace newswire::schedule {

/// The delay-area rule (POLLING.md section 4): seconds from `from` (a Stamp) until the expected waiting time of the
/// unseen items, the integral of rate(s) (t - s) ds, reaches `target` item-seconds; `limit` if it does not until then.
/// `rates`: items a second in each hour of the day, UTC, none negative. O(24 + days).
double area_seconds(const std::array<float, 24>& rates, std::uint32_t from, double target, double limit) noexcept;

}  // namespace newswire::schedule
