#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "schedule/feed_schedule.h"
#include "schedule/policy.h"
#include "schedule/scheduler.h"

namespace newswire::schedule {

/// The global price theta (POLLING.md section 4, policy 4). Feeds are counted in classes of like urgency and limits;
/// the price at which all classes together meet the budget is then found by bisection, so that a new budget or a
/// thousand new feeds are answered at once and not by trial. What the model does not know (failures, the course of the
/// day, jitter) is made up for by a slow correction from the polls really made.
class Price {
 public:
  explicit Price(const Budget& budget) : budget_(budget) {}

  void set_budget(const Budget& budget) noexcept;

  /// Counts a feed, or takes it out as it was counted; `options` and `rules` must be the same both times.
  void add(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules) { count(feed, options, rules, 1); }
  void remove(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules) {
    count(feed, options, rules, -1);
  }
  void clear() noexcept;

  void polled(std::size_t polls, Stamp now) noexcept;  ///< so many were started
  void transferred(std::size_t bytes) noexcept;        ///< by one poll

  /// Brings the price up to date, at most once a minute unless the number of feeds changed. Cheap otherwise.
  void update(Stamp now, bool steady);

  double theta() const noexcept { return theta_; }
  double planned_per_second() const noexcept { return planned_; }
  /// For the feeds counted, or `expected` if that is more.
  double budget_per_second(std::size_t expected = 0) const noexcept;
  std::size_t bytes() const noexcept;

 private:
  /// Sums of integers, so that taking out is exact.
  struct Class {
    std::int64_t feeds = 0;
    std::int64_t log_urgency = 0;
    std::int64_t log_low = 0;
    std::int64_t log_high = 0;
  };
  void count(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules, int sign);
  void correct(Stamp now, bool steady) noexcept;
  void solve();

  Budget budget_;
  std::unordered_map<std::uint32_t, Class> classes_;
  std::int64_t feeds_ = 0;
  std::int64_t solved_for_ = -1;
  Stamp solved_at_ = kUnset;
  Stamp since_ = kUnset;
  double theta_ = 1000;
  double planned_ = 0;
  double correction_ = 1;
  double made_ = 0;     // polls, decayed with a time constant of a day
  double watched_ = 0;  // seconds, likewise
  double bytes_per_poll_ = 2000;
  bool bound_ = false;  // the limits, not the price, decide
};

}  // namespace newswire::schedule
