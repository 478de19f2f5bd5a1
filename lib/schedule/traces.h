#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace newswire::schedule {

/// What a synthetic feed is like (POLLING.md section 4), or that it was recorded.
enum class Habit : std::uint8_t { poisson, daily_rhythm, bursts, fixed_time, recorded };
std::string_view to_string(Habit habit) noexcept;

/// When the items of one feed became visible, in seconds since 1970, ascending: the ground truth of a simulation.
struct Trace {
  std::string name;
  Habit habit = Habit::poisson;
  unsigned window = 30;  ///< items that the document shows
  double true_rate = 0;  ///< items a day; for a recorded trace, the mean over it
  std::vector<double> items;
};

struct Mix {
  unsigned feeds = 1000;
  std::uint64_t seed = 1;
  bool poisson_only = false;  ///< every feed a homogeneous Poisson process
  double median_per_day = 2;  ///< of the lognormal rates
  double sigma = 1.6;
  double cap_per_day = 500;
};

/// The synthetic mix: 40 % homogeneous Poisson, 35 % day and night and weekend, 15 % bursts (mean 5 within ten
/// minutes), 10 % once a day at a fixed time. Items from 60 days before `begin` (what a first document shows) to `end`;
/// the same seed gives the same items.
std::vector<Trace> synthetic_traces(const Mix& mix, double begin, double end);

/// Recorded publication times: a line an item, "FEED TIME", TIME in RFC 3339 or seconds since 1970, `#` starts a
/// comment, any order. Errc::invalid with the line for anything else. Bounded by the text's own size.
Result<std::vector<Trace>> parse_traces(std::string_view text, std::string_view file);

}  // namespace newswire::schedule
