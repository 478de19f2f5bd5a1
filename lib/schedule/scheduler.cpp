#include "schedule/scheduler.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "schedule/detail/scheduler_impl.h"
#include "schedule/learn.h"

namespace newswire::schedule {
namespace {

constexpr Stamp kLate = 120;        // seconds after which a feed counts as overdue: a suspend or a step of the clock
constexpr Stamp kManualGap = 60;    // R16
constexpr Stamp kRetryTaking = 10;  // a cancelled poll
constexpr std::int64_t kYear = 365 * 86400;
constexpr std::size_t kLaneCells = 65'536;
constexpr Stamp kProbeWait = 5;  // for a probe of the network in flight
constexpr Stamp kStart = 1;
constexpr double kLeastLaneRate = 25;  // a second
constexpr int kFewFeeds = 30;          // of one host: taken up ten times closer than a crowd is

FeedOptions sane(FeedOptions o) {
  using std::chrono::seconds;
  o.min_interval = std::clamp(o.min_interval, seconds{1}, seconds{kYear});
  o.max_interval = std::clamp(o.max_interval, o.min_interval, seconds{kYear});
  o.priority = std::clamp<std::uint8_t>(o.priority, 1, 10);
  return o;
}

std::uint64_t mix(std::uint64_t x) noexcept {  // splitmix64
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

}  // namespace

std::size_t OptionsTable::HashOptions::operator()(const FeedOptions& o) const noexcept {
  const auto low = static_cast<std::uint64_t>(o.min_interval.count());
  const auto high = static_cast<std::uint64_t>(o.max_interval.count());
  return mix(low << 32 ^ high) ^ mix(std::uint64_t{o.priority} << 1 | (o.obey_hints ? 1U : 0U));
}

std::uint16_t OptionsTable::intern(const FeedOptions& options, std::uint32_t feed) {
  if (const auto found = numbers_.find(options); found != numbers_.end()) return found->second;
  if (shared_.size() >= kOwn) {
    own_[feed] = options;
    return kOwn;
  }
  const auto number = static_cast<std::uint16_t>(shared_.size());
  shared_.push_back(options);
  numbers_.emplace(options, number);
  return number;
}

void Crowd::grow(std::size_t feeds) {
  auto size = counts_.size();
  while (size < feeds && size < (1U << 20)) size *= 4;
  counts_.assign(size, 0);
}

Scheduler::Impl::Impl(const Settings& given)
    : settings(given),
      wheel(slots, kStart),
      hosts(slots, settings),
      price(given.budget),
      lane_hosts(kLaneCells),
      lane_hosts_next(kLaneCells) {}

// --- places ---------------------------------------------------------------------------------------------------------

void Scheduler::Impl::insert(std::uint32_t i, Place place) {
  auto& s = slots[i];
  s.move_to(place);
  ++crowd.at(s.host, s.state.due);
  wheel.insert(i);
}

void Scheduler::Impl::leave_lane(std::uint32_t i) {
  --lane_hosts[slots[i].host % kLaneCells];
  --in_lane;
}

void Scheduler::Impl::take_out(std::uint32_t i) {
  auto& s = slots[i];
  switch (s.where()) {
    case Place::in_lane:
    case Place::spaced: leave_lane(i); [[fallthrough]];
    case Place::waiting:
      --crowd.at(s.host, s.state.due);
      wheel.erase(i);
      break;
    case Place::parked: hosts.unpark(i); break;
    case Place::idle: --idle; break;
    default: break;
  }
}

double Scheduler::Impl::lane_rate() const {
  return settings.catch_up_per_second > 0 ? settings.catch_up_per_second
                                          : std::max(2 * price.budget_per_second(expected), kLeastLaneRate);
}

// New and overdue feeds queue up in time, one after the other at a bounded rate.
void Scheduler::Impl::enter_lane(std::uint32_t i, Stamp at, Reason reason) {
  auto& s = slots[i];
  lane_next = std::max(lane_next, static_cast<double>(at));
  s.state.due = static_cast<Stamp>(std::min(lane_next, static_cast<double>(kNever - 1)));
  s.state.reason = static_cast<std::uint8_t>(reason);
  lane_next += 1 / lane_rate();
  ++lane_hosts[s.host % kLaneCells];
  ++in_lane;
  insert(i, Place::in_lane);
}

// Those of one host are kept apart once it is known how many they are: a handful goes quickly, a crowd is spread over
// its interval (H2).
bool Scheduler::Impl::must_space(std::uint32_t i) {
  auto& s = slots[i];
  const auto cell = s.host % kLaneCells;
  const auto waiting = lane_hosts[cell];
  const auto apart = static_cast<double>(settings.host_catch_up_spacing.count());
  const auto interval = static_cast<double>(options_of(i).min_interval.count());
  const double step = waiting <= kFewFeeds ? apart / 10 : std::min(apart, interval / waiting);
  auto& next = lane_hosts_next[cell];
  const Stamp turn = std::max(next, now);
  next = later(turn, std::max<std::int64_t>(std::llround(step), step > 0 ? 1 : 0));
  if (turn <= now) return false;
  s.state.due = turn;
  insert(i, Place::spaced);
  return true;
}

void Scheduler::Impl::settle(std::uint32_t i, Decision next, Stamp at) {
  auto& s = slots[i];
  s.state.due = next.due == Time::max() ? kNever : to_stamp(next.due);
  s.state.reason = static_cast<std::uint8_t>(next.reason);
  if (s.state.due == kNever) {
    s.move_to(Place::idle);
    ++idle;
  } else if (s.state.due <= at && s.state.due + kLate < at) {
    enter_lane(i, at, s.state.last_poll == kUnset ? Reason::first : Reason::spread);
  } else {
    insert(i, Place::waiting);
  }
}

Decision Scheduler::Impl::decide(std::uint32_t i) {
  auto& s = slots[i];
  const auto& own = options_of(i);
  const auto planned = plan(s.state, own, settings.rules, price.theta());
  const auto random = mix(settings.seed ^ (std::uint64_t{i} << 8 | s.state.polls));
  const double first = static_cast<double>(random >> 11) * 0x1p-53;
  auto best = place(planned, s.state, own, settings.rules, first);
  if (planned.slack_seconds < 120 || best.due == Time::max()) return best;
  if (crowd.at(s.host, to_stamp(best.due)) == 0) return best;
  // A minute at the end of the window has had less time to fill than one at its start, so the emptiest is no good
  // choice: what counts is how many are there and still to come, if the host's other minutes are any measure.
  const Stamp wait = planned.earliest > now ? planned.earliest - now : 0;
  double usual = 0;
  for (Stamp sample = 1; sample <= 4; ++sample) usual += crowd.at(s.host, now + wait / 5 * sample) / 4.0;
  double least = 1e9;
  constexpr int kChoices = 8;
  for (int choice = 0; choice < kChoices; ++choice) {
    double jitter = first + choice / static_cast<double>(kChoices);
    if (jitter >= 1) jitter -= 1;
    const auto other = place(planned, s.state, own, settings.rules, jitter);
    const double crowded = crowd.at(s.host, to_stamp(other.due)) + usual * jitter;
    if (crowded < least) best = other, least = crowded;
  }
  return best;
}

void Scheduler::Impl::grow_crowd() {
  const auto wanted = std::max(feeds, expected);
  if (!crowd.is_small_for(wanted)) return;
  crowd.grow(wanted);
  for (std::uint32_t i = 0; i < slots.end(); ++i) {
    const auto where = slots[i].where();
    if (where == Place::waiting || slots[i].is_catching_up()) ++crowd.at(slots[i].host, slots[i].state.due);
  }
}

// --- the interface --------------------------------------------------------------------------------------------------

Scheduler::Scheduler(const Settings& settings) : impl_(std::make_unique<Impl>(settings)) {}
Scheduler::~Scheduler() = default;

void Scheduler::reserve(std::size_t feeds) {
  impl_->expected = feeds;
  impl_->grow_crowd();
}

FeedHandle Scheduler::add(HostKey host, const FeedOptions& options, Time now) {
  return restore(FeedSchedule{}, host, options, now);
}

FeedHandle Scheduler::restore(const FeedSchedule& state, HostKey host, const FeedOptions& options, Time now) {
  auto& m = *impl_;
  m.note_time(now);
  const auto i = m.slots.take();
  auto& s = m.slots[i];
  s.state = state;
  s.host = host & kHostMask;
  s.options = m.options.intern(sane(options), i);
  ++m.feeds;
  m.mend_future(i, m.now);
  m.price.add(s.state, m.options_of(i), m.settings.rules);
  m.health.add(s.state);
  m.grow_crowd();

  const auto& own = m.options_of(i);
  const auto longest = std::max({own.max_interval, m.settings.rules.max_retry_after, m.settings.rules.silent_interval,
                                 m.settings.rules.dead_interval, m.settings.rules.max_hint});
  const auto latest = later(std::max(s.state.last_poll, m.now), longest.count() + m.settings.rules.max_jitter.count());
  if (const auto planned = plan(s.state, own, m.settings.rules, 1); planned.earliest == kNever) {
    s.state.reason = static_cast<std::uint8_t>(planned.reason);
    s.move_to(Place::idle);
    ++m.idle;
  } else if (s.state.due <= m.now) {
    m.enter_lane(i, m.now, s.state.last_poll == kUnset ? Reason::first : Reason::spread);
  } else if (s.state.due > latest) {  // kNever of a feed that was resumed meanwhile, or a damaged row
    m.settle(i, m.decide(i), m.now);
  } else {
    m.insert(i, Place::waiting);
  }
  return FeedHandle{i};
}

void Scheduler::remove(FeedHandle feed) {
  auto& m = *impl_;
  const auto i = index(feed);
  assert(m.slots[i].where() != Place::free && m.slots[i].where() != Place::removed);
  m.price.remove(m.slots[i].state, m.options_of(i), m.settings.rules);
  m.health.remove(m.slots[i].state);
  --m.feeds;
  if (m.slots[i].where() == Place::in_flight) {
    m.slots[i].move_to(Place::removed);
    return;
  }
  m.take_out(i);
  m.options.forget(m.slots[i].options, i);
  m.slots.give_back(i);
}

void Scheduler::pause(FeedHandle feed) {
  auto& m = *impl_;
  const auto i = index(feed);
  auto& s = m.slots[i];
  if (s.state.is(FeedSchedule::paused)) return;
  m.recount(i, [&] { s.state.set(FeedSchedule::paused, true); });
  if (s.where() == Place::in_flight) return;
  m.take_out(i);
  // The due time stays, so that resume() finds it.
  s.state.reason = static_cast<std::uint8_t>(Reason::paused);
  s.move_to(Place::idle);
  ++m.idle;
}

void Scheduler::resume(FeedHandle feed, Time now) {
  auto& m = *impl_;
  m.note_time(now);
  const auto i = index(feed);
  auto& s = m.slots[i];
  const bool was_gone = s.state.is(FeedSchedule::gone) || s.state.is(FeedSchedule::archive);
  m.recount(i, [&] {
    s.state.set(FeedSchedule::paused, false);
    s.state.set(FeedSchedule::gone, false);
    s.state.set(FeedSchedule::archive, false);
  });
  if (s.where() != Place::idle) return;
  m.take_out(i);
  auto next = was_gone || s.state.last_poll == kUnset ? Decision{to_time(m.now), Reason::manual} : m.decide(i);
  if (to_stamp(next.due) <= m.now) next = {to_time(m.now), Reason::manual};
  m.settle(i, next, m.now);
}

void Scheduler::set_options(FeedHandle feed, const FeedOptions& options, Time now) {
  auto& m = *impl_;
  m.note_time(now);
  const auto i = index(feed);
  auto& s = m.slots[i];
  const auto wanted = sane(options);
  if (wanted == m.options_of(i)) return;
  m.price.remove(s.state, m.options_of(i), m.settings.rules);
  m.options.forget(s.options, i);
  s.options = m.options.intern(wanted, i);
  m.price.add(s.state, wanted, m.settings.rules);
  if (s.where() != Place::waiting) return;
  m.take_out(i);
  m.settle(i, m.decide(i), m.now);
}

void Scheduler::set_host(FeedHandle feed, HostKey host) {
  auto& m = *impl_;
  const auto i = index(feed);
  auto& s = m.slots[i];
  if (s.host == (host & kHostMask)) return;
  const auto where = s.where();
  if (where == Place::in_flight) m.hosts.cancelled(i, m.now);
  if (where != Place::waiting && !s.is_catching_up() && where != Place::parked) {
    s.host = host & kHostMask;
    return;
  }
  m.take_out(i);
  s.host = host & kHostMask;
  if (where == Place::waiting)
    m.insert(i, where);
  else
    m.enter_lane(i, m.now, static_cast<Reason>(s.state.reason));
}

void Scheduler::set_push(FeedHandle feed, bool verified, Time now) {
  auto& m = *impl_;
  m.note_time(now);
  const auto i = index(feed);
  auto& s = m.slots[i];
  if (s.state.is(FeedSchedule::push) == verified) return;
  m.recount(i, [&] { s.state.set(FeedSchedule::push, verified); });
  if (s.where() != Place::waiting) return;
  m.take_out(i);
  m.settle(i, m.decide(i), m.now);
}

void Scheduler::report_push(FeedHandle feed, const std::vector<Time>& items, Time now) {
  auto& m = *impl_;
  m.note_time(now);
  const auto i = index(feed);
  auto& state = m.slots[i].state;
  if (state.last_good == kUnset) return;
  m.recount(i, [&] { observe(state, items, false, m.now); });
}

Time Scheduler::poll_soon(FeedHandle feed, Time now) {
  auto& m = *impl_;
  m.note_time(now);
  const auto i = index(feed);
  auto& s = m.slots[i];
  if (s.where() == Place::in_flight || s.where() == Place::removed) return now;
  Stamp when = m.now;
  if (s.state.last_poll != kUnset) when = std::max(when, later(s.state.last_poll, kManualGap));
  if (s.state.is(FeedSchedule::hold_retry_after)) when = std::max(when, s.state.hold_until);
  if (const auto* host = m.hosts.find(s.host); host != nullptr) when = std::max(when, host->paused_until);
  m.take_out(i);
  s.state.due = when;
  s.state.reason = static_cast<std::uint8_t>(Reason::manual);
  m.insert(i, Place::waiting);
  return std::max(to_time(when), now);
}

Time Scheduler::next_due() const {
  const auto& m = *impl_;
  auto next = std::min(m.wheel.next(), m.hosts.next());
  if (m.uplink.is_lost() && next != kNever) {
    next = std::max({next, m.uplink.probe_at(), m.in_flight > 0 ? later(m.now, kProbeWait) : next});
  }
  return to_time(next);
}

std::vector<FeedHandle> Scheduler::take_due(Time now, std::size_t max) {
  auto& m = *impl_;
  m.note_time(now);
  std::vector<FeedHandle> out;
  if (m.uplink.is_lost()) {
    if (m.in_flight > 0 || m.uplink.probe_at() > m.now) return out;
    max = std::min<std::size_t>(max, 1);
  }
  const auto fly = [&](std::uint32_t i) {
    m.slots[i].move_to(Place::in_flight);
    ++m.in_flight;
    out.push_back(FeedHandle{i});
  };
  m.freed.clear();
  m.probes.clear();
  if (m.hosts.next() <= m.now) m.hosts.release(m.now, max, m.freed, m.probes);
  for (const auto i : m.probes) fly(i);
  for (const auto i : m.freed) m.enter_lane(i, m.now, Reason::spread);
  while (out.size() < max) {
    const auto i = m.wheel.pop(m.now);
    if (i == kNil) break;
    auto& s = m.slots[i];
    --m.crowd.at(s.host, s.state.due);
    const bool by_hand = s.state.reason == static_cast<std::uint8_t>(Reason::manual);
    if (s.is_catching_up()) {
      if (s.where() == Place::in_lane && m.must_space(i)) continue;
      m.leave_lane(i);
    } else if (m.now - s.state.due > kLate && !by_hand) {
      m.enter_lane(i, m.now, Reason::spread);
      continue;
    }
    if (m.hosts.admit(i, m.now, by_hand) == Hosts::Verdict::park)
      m.hosts.park(i);
    else
      fly(i);
  }
  m.price.polled(out.size(), m.now);
  m.price.update(m.now, m.in_lane * 20 < m.feeds);
  return out;
}

Reported Scheduler::report(FeedHandle feed, const PollResult& result) {
  auto& m = *impl_;
  const auto i = index(feed);
  auto& s = m.slots[i];
  Reported out;
  assert(s.where() == Place::in_flight || s.where() == Place::removed);
  // Not note_time(): a poll may have ended long before it is reported, and that is no step of the clock.
  m.now = std::max(m.now, passed(result.finished));
  --m.in_flight;
  const auto uplink = m.uplink.report(s.host, s.state, result, to_stamp(result.finished));
  out.network_lost = uplink == Uplink::Change::lost;
  out.network_found = uplink == Uplink::Change::found;
  Hosts::Change host;
  if (m.uplink.excuses(result)) {
    host.blamed = true;
    m.hosts.cancelled(i, m.now);
  } else {
    host = m.hosts.report(i, result);
  }
  out.host_changed = host.changed;
  out.host_went_down = host.went_down;
  out.host_came_back = host.came_back;
  if (host.paused_until != kUnset) out.host_paused_until = to_time(host.paused_until);
  out.blamed_on_host = host.blamed;
  m.price.transferred(result.body_bytes);
  if (s.where() == Place::removed) {
    m.options.forget(s.options, i);
    m.slots.give_back(i);
    return out;
  }
  if (host.blamed) {
    // Not the feed's fault (H4): it waits for its host, or for the network, at least its own minimum.
    s.state.last_poll = to_stamp(result.finished);
    ++s.state.polls;
    const auto due = to_time(later(s.state.last_poll, m.options_of(i).min_interval.count()));
    if (s.state.is(FeedSchedule::paused)) {
      m.settle(i, {Time::max(), Reason::paused}, m.now);
    } else if (const auto* down = m.hosts.find(s.host); down != nullptr && down->is_down()) {
      s.state.due = to_stamp(due);
      s.state.reason = static_cast<std::uint8_t>(Reason::host_down);
      m.hosts.park(i);
    } else {
      m.settle(i, {due, Reason::offline}, m.now);
    }
    out.next = next(feed);
    return out;
  }
  m.recount(i, [&] { out.feed = absorb(s.state, result, m.options_of(i), m.settings.rules); });
  m.price.update(m.now, m.in_lane * 20 < m.feeds);
  m.settle(i, m.decide(i), m.now);
  out.next = next(feed);
  return out;
}

void Scheduler::Impl::put_back(std::uint32_t i, Decision next) {
  auto& s = slots[i];
  assert(s.where() == Place::in_flight || s.where() == Place::removed);
  --in_flight;
  hosts.cancelled(i, now);
  if (s.where() == Place::removed) {
    options.forget(s.options, i);
    slots.give_back(i);
  } else if (s.state.is(FeedSchedule::paused)) {
    settle(i, {Time::max(), Reason::paused}, now);
  } else {
    settle(i, next, now);
  }
}

void Scheduler::cancel(FeedHandle feed, Time now) {
  auto& m = *impl_;
  m.note_time(now);
  const auto i = index(feed);
  m.put_back(i, {to_time(later(m.now, kRetryTaking)), static_cast<Reason>(m.slots[i].state.reason)});
}

void Scheduler::postpone(FeedHandle feed, Time until, Time now) {
  auto& m = *impl_;
  m.note_time(now);
  const auto i = index(feed);
  const bool by_hand = m.slots[i].state.reason == static_cast<std::uint8_t>(Reason::manual);
  const auto turn = to_time(std::max(to_stamp(until), later(m.now, 1)));
  m.put_back(i, {turn, by_hand ? Reason::manual : Reason::spread});
}

bool Scheduler::is_held_back(FeedHandle feed, Time now) const {
  const auto& m = *impl_;
  const auto i = index(feed);
  const auto* host = m.hosts.find(m.slots[i].host);
  if (host == nullptr) return false;
  if (host->paused_until > passed(now)) return true;
  const bool by_hand = m.slots[i].state.reason == static_cast<std::uint8_t>(Reason::manual);
  return host->is_down() && host->probe != i && !by_hand;
}

void Scheduler::pause_host(HostKey host, Time until) { impl_->hosts.pause(host, to_stamp(until)); }

bool Scheduler::is_host_held(HostKey host, Time now) const {
  const auto* found = impl_->hosts.find(host);
  return found != nullptr && (found->paused_until > passed(now) || found->is_down());
}

std::vector<HostRecord> Scheduler::hosts() const { return impl_->hosts.records(); }
void Scheduler::restore_host(const HostRecord& record) { impl_->hosts.restore(record); }

void Scheduler::set_settings(const Settings& settings) {
  auto& m = *impl_;
  m.settings = settings;
  m.price.set_budget(settings.budget);
  m.price.clear();
  for (std::uint32_t i = 0; i < m.slots.end(); ++i) {
    const auto where = m.slots[i].where();
    if (where == Place::free || where == Place::removed) continue;
    m.price.add(m.slots[i].state, m.options_of(i), settings.rules);
  }
  if (m.now != kUnset) m.price.update(m.now, false);
}

const FeedSchedule& Scheduler::state(FeedHandle feed) const { return impl_->slots[index(feed)].state; }
const FeedOptions& Scheduler::options(FeedHandle feed) const { return impl_->options_of(index(feed)); }
bool Scheduler::is_in_flight(FeedHandle feed) const {
  const auto where = impl_->slots[index(feed)].where();
  return where == Place::in_flight || where == Place::removed;
}

Decision Scheduler::next(FeedHandle feed) const {
  const auto& s = impl_->slots[index(feed)];
  if (s.where() == Place::idle) return {Time::max(), static_cast<Reason>(s.state.reason)};
  const Decision own{to_time(s.state.due), static_cast<Reason>(s.state.reason)};
  const auto* host = impl_->hosts.find(s.host);
  if (host == nullptr || s.where() == Place::in_flight) return own;
  if (host->paused_until >= s.state.due) return {to_time(host->paused_until), Reason::host_pause};
  if (host->is_down() && host->probe_at > s.state.due) return {to_time(host->probe_at), Reason::host_down};
  return own;
}

Stats Scheduler::stats() const {
  const auto& m = *impl_;
  Stats out;
  out.feeds = m.feeds;
  out.in_flight = m.in_flight;
  out.waiting_for_host = m.hosts.parked();
  out.catching_up = m.in_lane;
  out.idle = m.idle;
  out.hosts_paused = m.hosts.paused_count(m.now);
  out.hosts_down = m.hosts.down_count();
  out.failing = m.health.failing;
  out.stale = m.health.stale;
  out.gone = m.health.gone;
  out.offline = m.uplink.is_lost();
  out.price = m.price.theta();
  out.planned_per_second = m.price.planned_per_second();
  out.budget_per_second = m.price.budget_per_second();
  out.bytes = sizeof(Impl) + m.slots.bytes() + m.wheel.bytes() + m.hosts.bytes() + m.price.bytes() + m.crowd.bytes() +
              m.lane_hosts.capacity() * sizeof m.lane_hosts[0] +
              m.lane_hosts_next.capacity() * sizeof m.lane_hosts_next[0];
  return out;
}

}  // namespace newswire::schedule
