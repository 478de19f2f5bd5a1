#include "schedule/policy.h"

#include <algorithm>
#include <cmath>

#include "schedule/detail/area.h"
#include "schedule/detail/calendar.h"
#include "schedule/learn.h"

namespace newswire::schedule {
namespace {

constexpr double kDay = 86400;

double weight(const FeedOptions& options) noexcept {
  const double p = options.priority / 5.0;
  return p * p;
}

double cost(const FeedSchedule& feed) noexcept { return static_cast<double>(feed.cost) / FeedSchedule::kCostUnit; }

// What the price is multiplied with to give the feed's own area (alpha = 0.5: not by its rate).
double area_factor(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules, double items_per_day) {
  const auto power = static_cast<float>(1 - 2 * rules.alpha);
  const double tilt = std::exp2(std::log2(static_cast<float>(items_per_day)) * power);
  return cost(feed) / weight(options) * tilt;
}

struct Hint {
  Reason reason;
  double seconds;
};

// The publisher's wishes that hold after every poll (W5, W7), uncapped.
std::array<Hint, 2> lasting_hints(const FeedSchedule& feed) noexcept {
  return {Hint{Reason::ttl, feed.ttl_minutes * 60.0}, Hint{Reason::update_period, feed.period_minutes * 60.0}};
}

double highest(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules) noexcept {
  const auto most = static_cast<double>(std::max(options.max_interval, options.min_interval).count());
  const bool silent = feed.last_item != kUnset && feed.last_good > feed.last_item &&
                      feed.last_good - feed.last_item > rules.silent_after.count();
  return silent && most >= kDay ? std::max(most, static_cast<double>(rules.silent_interval.count())) : most;
}

// How long a feed in its present series of failures stays away (A1, A2, A7-A12).
double backoff(const FeedSchedule& feed, const Rules& rules, double own, double low) noexcept {
  const auto kind = static_cast<Failure>(feed.failure);
  const auto first = static_cast<double>(rules.backoff_first.count());
  const auto cap = static_cast<double>(rules.backoff_cap.count());
  const auto doubled = [](double base, int times) { return std::ldexp(base, std::clamp(times, 0, 40)); };
  switch (kind) {
    case Failure::rate_limited: return std::min(doubled(first, feed.streak - 1), cap);
    case Failure::not_found:
      if (feed.is(FeedSchedule::dead)) return static_cast<double>(rules.dead_interval.count());
      [[fallthrough]];
    case Failure::client_error:
    case Failure::unauthorized:
    case Failure::forbidden:
    case Failure::blocked:
    case Failure::html_page:
    case Failure::refused: return std::min(doubled(first, feed.failures - 1), cap);
    case Failure::unexpected_304:
    case Failure::too_early:
      if (feed.failures <= 1) return low;
      break;
    default: break;
  }
  const bool first_day = feed.last_poll - std::min(feed.failing_since, feed.last_poll) < kDay;
  const auto limit = first_day ? static_cast<double>(rules.backoff_cap_first_day.count()) : cap;
  return std::min(doubled(own, feed.failures - 1), limit);
}

bool backs_off(const FeedSchedule& feed) noexcept {
  const auto kind = static_cast<Failure>(feed.failure);
  if (kind == Failure::rate_limited) return feed.streak > 0 && !feed.is(FeedSchedule::hold_retry_after);
  return feed.failures > 0;
}

}  // namespace

bool doubts_not_modified(const FeedSchedule& feed, Time last_whole, Time now) noexcept {
  constexpr double kGaps = 30;
  constexpr double kWeek = 7 * kDay;
  constexpr double kMost = 365 * kDay;
  if (feed.last_item == kUnset || feed.last_good <= feed.last_item) return false;
  const auto silent = static_cast<double>(feed.last_good - feed.last_item);
  if (silent < std::clamp(kGaps / rate_at_last_item(feed), kWeek, kMost)) return false;
  return now - last_whole >= std::chrono::seconds{static_cast<std::int64_t>(kWeek)};
}

double urgency(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules) noexcept {
  const double items = rate(feed);
  return items / area_factor(feed, options, rules, items * kDay);
}

Limits limits(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules) noexcept {
  const double high = highest(feed, options, rules);
  auto low = static_cast<double>(options.min_interval.count());
  if (options.obey_hints) {
    const double cap = std::min(high, static_cast<double>(rules.max_hint.count()));
    for (const auto& hint : lasting_hints(feed)) low = std::max(low, std::min(hint.seconds, cap));
    if (feed.is(FeedSchedule::expired)) low = high;
  }
  if (feed.is(FeedSchedule::push)) low = std::max(low, std::min(high, static_cast<double>(rules.push_poll.count())));
  const auto hourly = static_cast<double>(rules.no_validators_interval.count());
  if (feed.is(FeedSchedule::no_validators) && rate(feed) * hourly < 1) low = std::max(low, std::min(hourly, high));
  return {low, high};
}

Plan plan(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules, double price,
          std::vector<Bound>* bounds) {
  if (feed.is(FeedSchedule::archive)) return {kNever, 0, Reason::archive};
  if (feed.is(FeedSchedule::gone)) return {kNever, 0, Reason::gone};
  if (feed.is(FeedSchedule::paused)) return {kNever, 0, Reason::paused};
  if (feed.last_poll == kUnset) return {kUnset, 0, Reason::first};

  const Stamp base = feed.last_poll;
  const auto at = [&](double seconds) { return later(base, static_cast<std::int64_t>(std::ceil(seconds))); };
  const auto note = [&](Reason reason, Stamp when, bool upper) {
    if (bounds != nullptr) bounds->push_back({reason, when, upper});
  };
  const auto least = static_cast<double>(options.min_interval.count());
  const double high = highest(feed, options, rules);
  const double hint_cap = std::min(high, static_cast<double>(rules.max_hint.count()));

  // 1. What the feed needs, or what its failures allow.
  double wanted = 0;
  Reason reason = Reason::adaptive;
  if (backs_off(feed)) {
    const auto [low, high_now] = limits(feed, options, rules);
    const double own = std::clamp(std::sqrt(2 * price / urgency(feed, options, rules)), low, high_now);
    wanted = backoff(feed, rules, own, low);
    reason = Reason::backoff;
    note(reason, at(wanted), false);
  } else {
    const double items = rate(feed);
    std::array<float, 24> rates;
    if (rules.hourly)
      rates = hourly_rates(feed);
    else
      rates.fill(static_cast<float>(items));
    const double target = price * area_factor(feed, options, rules, items * kDay);
    const Stamp from = feed.last_good == kUnset ? base : std::min(feed.last_good, base);
    const double past = base - from;  // an answer in between (429, empty) that showed nothing
    const double area = area_seconds(rates, from, target, past + high) - past;
    wanted = std::clamp(area, 0.0, high);
    note(Reason::adaptive, at(wanted), false);
    if (area >= high) reason = Reason::maximum;
    note(Reason::maximum, at(high), true);
    if (feed.window > 0) {
      const float peak = *std::max_element(rates.begin(), rates.end());
      const double guard = (feed.overflow_until > base ? 0.25 : 0.5) * feed.window / static_cast<double>(peak);
      if (guard < high) note(Reason::overflow_guard, at(guard), true);
      if (guard < wanted) wanted = guard, reason = Reason::overflow_guard;
    }
    if (options.obey_hints && feed.is(FeedSchedule::expired)) wanted = high, reason = Reason::expired;
    if (feed.is(FeedSchedule::push)) {
      const double push = std::min(high, static_cast<double>(rules.push_poll.count()));
      note(Reason::push, at(push), false);
      if (push > wanted) wanted = push, reason = Reason::push;
    }
    const auto hourly = static_cast<double>(rules.no_validators_interval.count());
    if (feed.is(FeedSchedule::no_validators) && items * hourly < 1 && reason != Reason::overflow_guard) {
      note(Reason::no_validators, at(std::min(hourly, high)), false);
      if (std::min(hourly, high) > wanted) wanted = std::min(hourly, high), reason = Reason::no_validators;
    }
  }

  // 2. Lower bounds: the largest wins.
  double lower = least;
  note(Reason::minimum, at(least), false);
  if (least > wanted) wanted = least, reason = Reason::minimum;
  const auto bound = [&](Reason why, double seconds) {
    if (!(seconds > 0)) return;
    note(why, at(seconds), false);
    lower = std::max(lower, seconds);
    if (seconds > wanted) wanted = seconds, reason = why;
  };
  const double hold = feed.hold_until > base ? feed.hold_until - base : 0;
  if (options.obey_hints) {
    for (const auto& hint : lasting_hints(feed)) bound(hint.reason, std::min(hint.seconds, hint_cap));
    if (feed.is(FeedSchedule::hold_max_age)) bound(Reason::max_age, std::min(hold, hint_cap));
    if (feed.is(FeedSchedule::hold_expires)) bound(Reason::expires, std::min(hold, hint_cap));
  }
  if (feed.is(FeedSchedule::hold_retry_after)) {
    const auto why = feed.is(FeedSchedule::hold_rate_limit) ? Reason::rate_limit : Reason::retry_after;
    bound(why, std::min(hold, static_cast<double>(rules.max_retry_after.count())));
  }

  // 3. The publisher's calendar: later if the cap for hints allows it, else just before the span.
  Stamp due = at(wanted);
  if (options.obey_hints && is_skipped(due, feed.skip)) {
    const Reason why = in_skipped_day(due, feed.skip) ? Reason::skip_days : Reason::skip_hours;
    const Stamp limit = std::max(due, at(static_cast<double>(rules.max_hint.count())));
    const Stamp after = after_skip(due, feed.skip);
    const Stamp before = before_skip(due, feed.skip);
    note(why, after, false);
    if (after <= limit)
      due = after, reason = why;
    else if (before >= at(lower))
      due = before, reason = why;
    else if (limit > due)
      due = limit, reason = why;
  }
  const double slack = std::min(rules.jitter * (due - base), static_cast<double>(rules.max_jitter.count()));
  return {due, static_cast<std::uint32_t>(std::max(slack, 0.0)), reason};
}

Decision place(const Plan& plan, const FeedSchedule& feed, const FeedOptions& options, const Rules& /*rules*/,
               double jitter) {
  if (plan.earliest == kNever) return {Time::max(), plan.reason};
  Stamp due = later(plan.earliest, static_cast<std::int64_t>(plan.slack_seconds * jitter));
  if (options.obey_hints && is_skipped(due, feed.skip) && !is_skipped(plan.earliest, feed.skip)) {
    // Jitter would end in a skipped hour: it gets what is left before the span.
    const Stamp last = before_skip(due, feed.skip);
    due = last < plan.earliest ? plan.earliest
                               : later(plan.earliest, static_cast<std::int64_t>((last - plan.earliest) * jitter));
    if (is_skipped(due, feed.skip)) due = plan.earliest;
  }
  return {to_time(due), plan.reason};
}

}  // namespace newswire::schedule
