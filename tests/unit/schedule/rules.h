#pragma once

#include <initializer_list>
#include <vector>

#include "schedule/policy.h"

namespace newswire::schedule {

// 2026-11-24 08:00:00 UTC, a Tuesday.
inline const Time kNow{std::chrono::seconds{1'795'507'200}};
inline constexpr double kPrice = 100;

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// One feed, told results one after the other; the plan before jitter is what the tests look at.
struct Told {
  FeedSchedule feed;
  FeedOptions options;
  Rules rules;
  Time now = kNow;
  Absorbed last;

  Plan tell(PollResult result) {
    result.started = result.finished = now;
    last = absorb(feed, result, options, rules);
    return plan_now();
  }
  Plan plan_now(double price = kPrice) const { return plan(feed, options, rules, price); }
  seconds wait(const Plan& p) const { return std::chrono::duration_cast<seconds>(to_time(p.earliest) - now); }
};

inline PollResult answer(Outcome outcome) {
  PollResult result;
  result.outcome = outcome;
  return result;
}
inline PollResult failure(Failure kind) {
  PollResult result;
  result.outcome = Outcome::failed;
  result.failure = kind;
  return result;
}
inline PollResult document(std::vector<Time> dates, std::size_t items) {
  PollResult result;
  result.outcome = dates.empty() ? Outcome::unchanged : Outcome::fresh;
  result.new_items = std::move(dates);
  result.items_in_document = items;
  result.body_bytes = 20'000;
  return result;
}
/// `count` dates, `apart`, the newest `apart` before `now`.
inline std::vector<Time> dates(Time now, int count, seconds apart) {
  std::vector<Time> out;
  for (int i = 1; i <= count; ++i) out.push_back(now - i * apart);
  return out;
}

}  // namespace newswire::schedule
