#include <algorithm>

#include "schedule/detail/scheduler_impl.h"

/// Steps of the wall clock, and schedules that a wrong clock made.
namespace newswire::schedule {
namespace {

constexpr Stamp kStepBack = 60;  // a smaller step back of the clock is waited out

}  // namespace

void Scheduler::Impl::note_time(Time time) {
  const auto at = passed(time);
  if (now == kUnset)
    wheel.reset(at);
  else if (at + kStepBack < now)
    step_back(at);
  if (at > now || at + kStepBack < now) now = at;
}

// A poll that lies in the future was made by a clock that was wrong: the feed keeps its interval, from now.
void Scheduler::Impl::mend_future(std::uint32_t i, Stamp at) {
  auto& s = slots[i].state;
  if (s.last_poll <= at + kStepBack) return;
  const auto off = s.last_poll - at;
  const auto shift = [&](Stamp& stamp) {
    if (stamp != kUnset && stamp != kNever) stamp = stamp > off ? stamp - off : 1;
  };
  s.last_poll = at;
  shift(s.due);
  shift(s.hold_until);
  shift(s.overflow_until);
  s.last_good = std::min(s.last_good, at);
  s.last_item = std::min(s.last_item, at);
  s.failing_since = std::min(s.failing_since, at);
}

void Scheduler::Impl::step_back(Stamp at) {
  crowd.clear();
  std::fill(lane_hosts.begin(), lane_hosts.end(), std::uint16_t{0});
  std::fill(lane_hosts_next.begin(), lane_hosts_next.end(), kUnset);
  in_lane = 0;
  lane_next = 0;
  wheel.reset(at);
  for (std::uint32_t i = 0; i < slots.end(); ++i) {
    const auto where = slots[i].where();
    if (where == Place::free || where == Place::removed) continue;
    recount(i, [&] { mend_future(i, at); });
    if (where == Place::waiting)
      insert(i, where);
    else if (slots[i].is_catching_up())
      enter_lane(i, at, static_cast<Reason>(slots[i].state.reason));
  }
}

}  // namespace newswire::schedule
