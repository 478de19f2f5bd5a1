#pragma once

#include <array>
#include <span>

#include "schedule/feed_schedule.h"

namespace newswire::schedule {

/// The rate of a feed and its shape over the day (POLLING.md section 4, policy 1 and 2). Pure functions on a
/// FeedSchedule; rates are items a second.

/// Half-life of counts and exposure.
inline constexpr double kHalfLifeDays = 14;
/// What an unknown feed is thought to do: a quarter of an item in a quarter of a day, that is one a day.
inline constexpr double kPriorCount = 0.25;
inline constexpr double kPriorDays = 0.25;

/// Items a second, all hours together; always above zero.
double rate(const FeedSchedule& feed) noexcept;

/// The rate in each hour of the day, UTC; its mean is rate(feed). Shrunk to flat as long as few items are known, and
/// smoothed over the neighbouring hours.
std::array<float, 24> hourly_rates(const FeedSchedule& feed) noexcept;

/// The first document: takes the rate and the hours from the entries' dates, if they are plausible (in the past, not
/// all the same; a date in the future or long before the others is left out). Unplausible dates leave the prior. O(n
/// log n) in the number of dates.
void seed(FeedSchedule& feed, std::span<const Time> dates, Stamp now);

/// A later look at the feed at `now` (the last one was feed.last_good): `items` are the dates of what is new. A date
/// outside of the span counts at its middle. `lost`: the document was full of new items, so there were probably more;
/// the count is extrapolated from the oldest date. Sets last_good and last_item.
void observe(FeedSchedule& feed, std::span<const Time> items, bool lost, Stamp now);

/// Items of the last silence-free time a second: what the rate was when the last item came, for "stale".
double rate_at_last_item(const FeedSchedule& feed) noexcept;

}  // namespace newswire::schedule
