#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "schedule/feed_schedule.h"
#include "schedule/poll_result.h"

namespace newswire::schedule {

/// What decided a due time. Spelled the same in `feeds --why`, logs and JSON (to_string).
enum class Reason : std::uint8_t {
  first,           ///< never polled yet
  adaptive,        ///< the area rule (section 4)
  minimum,         ///< the configured minimum (W1)
  maximum,         ///< the configured maximum, or a dormant feed's
  max_age,         ///< W2
  expires,         ///< W2
  ttl,             ///< W5
  update_period,   ///< W7
  skip_hours,      ///< W6
  skip_days,       ///< W6
  retry_after,     ///< E1, A10
  backoff,         ///< A1, A2, A7-A12
  overflow_guard,  ///< N5, policy 5
  no_validators,   ///< W14: at most hourly
  expired,         ///< W13
  push,            ///< W10
  host_pause,      ///< H3: the host asked for a pause
  host_down,       ///< H4: the host is down, another feed probes
  spread,          ///< H2: overdue or new, waiting for its turn
  manual,          ///< asked for by a person, or a ping of a hub
  paused,          ///< by the user: not polled
  gone,            ///< A6: not polled
  archive,         ///< W13: not polled
  offline,         ///< our own network is down; one feed probes
  rate_limit,      ///< A10: X-RateLimit-Reset or RateLimit, where Retry-After is absent
};
std::string_view to_string(Reason reason) noexcept;

/// What the whole schedule believes in. Defaults are those of POLLING.md.
struct Rules {
  std::chrono::seconds max_hint = std::chrono::hours{24};            ///< W9: cap for all publisher's hints together
  std::chrono::seconds max_retry_after = std::chrono::hours{168};    ///< E2
  std::chrono::seconds push_poll = std::chrono::hours{12};           ///< W10
  std::chrono::seconds silent_after = std::chrono::hours{24 * 365};  ///< silence that makes a feed dormant (policy 6)
  std::chrono::seconds silent_interval = std::chrono::hours{168};    ///< maximum of a dormant feed
  std::chrono::seconds no_validators_interval = std::chrono::hours{1};  ///< W14
  std::chrono::seconds backoff_first = std::chrono::hours{1};           ///< A7, A10
  std::chrono::seconds backoff_cap = std::chrono::hours{24};            ///< A7, A8, A9 after a day, A10
  std::chrono::seconds backoff_cap_first_day = std::chrono::hours{6};   ///< A9
  std::chrono::seconds dead_after = std::chrono::hours{24 * 30};        ///< A7: 404 only
  std::chrono::seconds dead_interval = std::chrono::hours{168};         ///< A7
  double jitter = 0.1;                                                  ///< W11: share of the interval
  std::chrono::seconds max_jitter = std::chrono::minutes{30};           ///< W11
  double alpha = 0.4;  ///< how much more the busy feeds get: 0 uniform, 0.5 least mean delay, 1 proportional
  bool hourly = true;  ///< use the learned hours of the day; false is the plain square-root rule
};

/// What the user says about one feed or one group of feeds. Many feeds share one.
struct FeedOptions {
  std::chrono::seconds min_interval = std::chrono::minutes{15};  ///< W1; at least a second
  std::chrono::seconds max_interval = std::chrono::hours{24};    ///< not below min_interval
  std::uint8_t priority = 5;  ///< 1 to 10: the adaptive interval is inversely proportional to it
  bool obey_hints = true;     ///< W2, W5-W7 and W13; Retry-After is always obeyed
  friend bool operator==(const FeedOptions&, const FeedOptions&) = default;
};

/// When a feed is polled next, and why.
struct Decision {
  Time due = Time::max();  ///< Time::max(): never
  Reason reason = Reason::first;
  friend bool operator==(const Decision&, const Decision&) = default;
};

/// A decision before jitter: the poll may lie anywhere from `earliest` to `earliest` + `slack`, skipped hours excepted.
struct Plan {
  Stamp earliest = kNever;
  std::uint32_t slack_seconds = 0;
  Reason reason = Reason::first;
};

/// One of the rules that took part, for explanations.
struct Bound {
  Reason reason;
  Stamp at;    ///< as the rule alone would have it
  bool upper;  ///< an upper bound (maximum, overflow guard), else a lower one
};

/// Takes in what a poll told: rate, hints, failures, holds. After it `plan` gives the next poll. Says what the caller
/// should tell the world about.
struct Absorbed {
  bool overflow = false;                    ///< N5: every entry of the document was new; items may have been missed
  bool began_failing = false;               ///< the first failure of a series
  bool went_gone = false;                   ///< A6
  bool went_dead = false;                   ///< A7
  bool went_stale = false;                  ///< answers, but nothing new for eight times its usual gap
  bool skips_everything = false;            ///< W6: all hours or all days are listed; ignored
  std::chrono::seconds recovered_after{0};  ///< A13: length of the outage that just ended, else zero
};
Absorbed absorb(FeedSchedule& feed, const PollResult& result, const FeedOptions& options, const Rules& rules);

/// The next poll of a feed that was polled at feed.last_poll, by all rules but those of its host. `price`: the global
/// theta, in item-seconds. `bounds`: if given, every rule that took part is added. O(1), no allocation without
/// `bounds`.
Plan plan(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules, double price,
          std::vector<Bound>* bounds = nullptr);

/// A point of the plan: `jitter` from 0 to 1 (W11). Never inside a skipped hour if the plan is not.
Decision place(const Plan& plan, const FeedSchedule& feed, const FeedOptions& options, const Rules& rules,
               double jitter);

/// Whether one more empty answer makes a feed fail (A1: the third in a row, or any in a series of failures).
bool empty_answer_fails(const FeedSchedule& feed) noexcept;

/// Whether the next poll should ask for the whole document although validators are known: the server has answered 304
/// to a feed for thirty times its usual gap (a week at least), which some do for ever. Once a week. `last_whole`: when
/// the last whole document came, Time{} if unknown.
bool doubts_not_modified(const FeedSchedule& feed, Time last_whole, Time now) noexcept;

/// How urgent a feed is: with price p its mean adaptive interval is sqrt(2 p / urgency) seconds.
double urgency(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules) noexcept;

/// The limits between which the adaptive interval moves, the publisher's hints included, in seconds.
struct Limits {
  double low;
  double high;
};
Limits limits(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules) noexcept;

}  // namespace newswire::schedule
