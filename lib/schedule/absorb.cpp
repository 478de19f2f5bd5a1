#include <algorithm>
#include <limits>

#include "schedule/detail/calendar.h"
#include "schedule/learn.h"
#include "schedule/policy.h"

namespace newswire::schedule {
namespace {

using std::chrono::seconds;

constexpr std::size_t kCostBody = 100'000;  // bytes of body that cost as much as a conditional poll (W14)
constexpr Stamp kWeek = 7 * 86400;
constexpr double kStaleGaps = 8;
constexpr double kStaleAtLeast = 2 * 86400;
constexpr double kStaleAtMost = 365 * 86400;
constexpr std::int64_t kLongestHold = 365 * 86400;  // what we store; the rules cap further

template <class N>
void count_up(N& number) noexcept {
  if (number < std::numeric_limits<N>::max()) ++number;
}

std::uint16_t minutes_up(seconds span) noexcept {
  if (span.count() <= 0) return 0;
  return static_cast<std::uint16_t>(std::min<std::int64_t>((span.count() - 1) / 60 + 1, 0xFFFF));
}

void set_hold(FeedSchedule& feed, Stamp until, unsigned kind) noexcept {
  constexpr unsigned kKinds = FeedSchedule::hold_max_age | FeedSchedule::hold_expires | FeedSchedule::hold_retry_after |
                              FeedSchedule::hold_rate_limit;
  feed.hold_until = until;
  feed.flags = static_cast<std::uint16_t>((feed.flags & ~kKinds) | kind);
}

// W2, W3: freshness replaces whatever held before.
void take_freshness(FeedSchedule& feed, const HttpHints& http, Time finished, Stamp end) noexcept {
  set_hold(feed, kUnset, 0);
  if (http.no_cache) return;
  if (http.max_age) {
    const auto left = std::min(*http.max_age, seconds{kLongestHold}) - std::max(http.age, seconds{0});
    if (left.count() > 0) set_hold(feed, later(end, left.count()), FeedSchedule::hold_max_age);
  } else if (http.expires) {
    const auto from = http.date.value_or(finished);
    if (*http.expires <= from) return;
    // Through stamps, since the difference of two hostile dates may not fit.
    const Stamp a = to_stamp(from);
    const Stamp b = to_stamp(*http.expires);
    if (b > a) set_hold(feed, later(end, b == kNever ? kLongestHold : b - a), FeedSchedule::hold_expires);
  }
}

// E1, E2, A10.
void take_retry_after(FeedSchedule& feed, const PollResult& result, const Rules& rules, Stamp end) noexcept {
  auto wait = result.http.retry_after.value_or(seconds{0});
  const bool limited = result.outcome == Outcome::rate_limited ||
                       (result.outcome == Outcome::failed && result.failure == Failure::forbidden);
  unsigned kind = FeedSchedule::hold_retry_after;
  if (wait.count() <= 0 && limited) {
    wait = result.http.rate_limit_reset.value_or(seconds{0});
    kind |= FeedSchedule::hold_rate_limit;
  }
  if (wait.count() <= 0) return;
  const Stamp until = later(end, std::min(wait, rules.max_retry_after).count());
  if (until > feed.hold_until || feed.hold_until == kUnset) set_hold(feed, until, kind);
}

void take_body_hints(FeedSchedule& feed, const BodyHints& body, Absorbed& out) noexcept {
  feed.ttl_minutes = static_cast<std::uint16_t>(std::clamp<std::int64_t>(body.ttl.count(), 0, 0xFFFF));
  feed.period_minutes = minutes_up(body.update_interval);
  auto hours = body.skip_hours & kAllHours;
  auto days = body.skip_days & kAllDays;
  if (hours == kAllHours) hours = 0, out.skips_everything = true;
  if (days == kAllDays) days = 0, out.skips_everything = true;
  feed.skip = hours | days << kDaysShift;
  feed.set(FeedSchedule::expired, body.expired);
}

// W14, and R10: a server that sends the same body again and again costs its body, validators or not.
void take_cost(FeedSchedule& feed, const PollResult& result) noexcept {
  if (result.outcome == Outcome::not_modified) {
    feed.set(FeedSchedule::no_validators, false);
    feed.set(FeedSchedule::answers_same, false);
    feed.cost = FeedSchedule::kCostUnit;
    return;
  }
  if (result.outcome == Outcome::unchanged && result.has_validators && !result.delta && result.body_bytes > 0) {
    feed.set(FeedSchedule::answers_same, true);
  }
  feed.set(FeedSchedule::no_validators, !result.has_validators);
  if (result.has_validators && !feed.is(FeedSchedule::answers_same)) {
    feed.cost = FeedSchedule::kCostUnit;
  } else {
    const auto body = std::min<std::size_t>(result.body_bytes, 1'000 * kCostBody);
    feed.cost = static_cast<std::uint16_t>(FeedSchedule::kCostUnit + body * FeedSchedule::kCostUnit / kCostBody);
  }
}

void fail(FeedSchedule& feed, Failure failure, const Rules& rules, Stamp end, Absorbed& out) noexcept {
  const bool starts = feed.failures == 0;
  out.began_failing = starts;
  if (starts) {
    feed.failing_since = end;
    feed.set(FeedSchedule::mixed_failures, false);
  } else if (feed.failure != static_cast<std::uint8_t>(failure)) {
    feed.set(FeedSchedule::mixed_failures, true);
    feed.set(FeedSchedule::dead, false);
  }
  count_up(feed.failures);
  feed.failure = static_cast<std::uint8_t>(failure);
  if (failure != Failure::empty) feed.streak = 0;
  const auto since = end > feed.failing_since ? end - feed.failing_since : 0;
  if (failure == Failure::not_found && !feed.is(FeedSchedule::mixed_failures) && since >= rules.dead_after.count() &&
      !feed.is(FeedSchedule::dead)) {
    feed.set(FeedSchedule::dead, true);
    out.went_dead = true;
  }
}

void succeed(FeedSchedule& feed, Stamp end, Absorbed& out) noexcept {
  if (feed.failures > 0) out.recovered_after = seconds{end > feed.failing_since ? end - feed.failing_since : 1};
  feed.failures = 0;
  feed.streak = 0;
  feed.failure = 0;
  feed.failing_since = kUnset;
  feed.set(FeedSchedule::dead, false);
  feed.set(FeedSchedule::mixed_failures, false);
  feed.set(FeedSchedule::gone, false);
}

bool is_stale(const FeedSchedule& feed) noexcept {
  if (feed.last_item == kUnset || feed.last_good <= feed.last_item) return false;
  const double gap = 1 / rate_at_last_item(feed);
  return feed.last_good - feed.last_item > std::clamp(kStaleGaps * gap, kStaleAtLeast, kStaleAtMost);
}

void look(FeedSchedule& feed, const PollResult& result, Stamp end, Absorbed& out) {
  const bool first = feed.last_good == kUnset;
  if (first) {
    seed(feed, result.new_items, end);
  } else {
    out.overflow = result.outcome == Outcome::fresh && !result.delta && result.items_in_document > 1 &&
                   result.new_items.size() >= result.items_in_document;
    if (out.overflow) feed.overflow_until = later(end, kWeek);
    observe(feed, result.new_items, out.overflow, end);
  }
  if (result.outcome != Outcome::not_modified && !result.delta && result.items_in_document > 0) {
    feed.window = static_cast<std::uint16_t>(std::min<std::size_t>(result.items_in_document, 0xFFFF));
  }
  const bool stale = is_stale(feed);
  out.went_stale = stale && !first && !feed.is(FeedSchedule::stale);
  feed.set(FeedSchedule::stale, stale);
}

}  // namespace

bool empty_answer_fails(const FeedSchedule& feed) noexcept {
  constexpr unsigned kEmptyAnswers = 3;
  const bool in_a_row = feed.failure == static_cast<std::uint8_t>(Failure::empty);
  return feed.failures > 0 || (in_a_row && feed.streak + 1U >= kEmptyAnswers);
}

Absorbed absorb(FeedSchedule& feed, const PollResult& result, const FeedOptions& /*options*/, const Rules& rules) {
  Absorbed out;
  const Stamp end = to_stamp(result.finished);
  feed.last_poll = end;
  ++feed.polls;  // modulo 256
  if (feed.hold_until <= end) set_hold(feed, kUnset, 0);
  switch (result.outcome) {
    case Outcome::fresh:
    case Outcome::unchanged:
    case Outcome::not_modified:
      succeed(feed, end, out);
      take_freshness(feed, result.http, result.finished, end);
      take_cost(feed, result);
      if (result.body) take_body_hints(feed, *result.body, out);
      if (result.push_missed) feed.set(FeedSchedule::push, false);
      look(feed, result, end, out);
      break;
    case Outcome::empty:
      if (empty_answer_fails(feed)) {
        count_up(feed.streak);
        fail(feed, Failure::empty, rules, end, out);
        break;
      }
      if (feed.failure != static_cast<std::uint8_t>(Failure::empty)) feed.streak = 0;
      feed.failure = static_cast<std::uint8_t>(Failure::empty);
      count_up(feed.streak);
      break;
    case Outcome::failed: fail(feed, result.failure, rules, end, out); break;
    case Outcome::rate_limited:
      if (feed.failure != static_cast<std::uint8_t>(Failure::rate_limited)) feed.streak = 0;
      count_up(feed.streak);
      feed.failure = static_cast<std::uint8_t>(Failure::rate_limited);
      break;
    case Outcome::gone:
      out.went_gone = !feed.is(FeedSchedule::gone);
      feed.set(FeedSchedule::gone, true);
      break;
    case Outcome::archive: feed.set(FeedSchedule::archive, true); break;
  }
  take_retry_after(feed, result, rules, end);
  return out;
}

}  // namespace newswire::schedule
