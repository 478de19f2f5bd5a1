#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "schedule/detail/hosts.h"
#include "schedule/detail/price.h"
#include "schedule/detail/slots.h"
#include "schedule/detail/uplink.h"
#include "schedule/detail/wheel.h"
#include "schedule/scheduler.h"

namespace newswire::schedule {

/// FeedOptions are shared by many feeds: kept once, named by 16 bits. More different ones than that are kept a feed.
class OptionsTable {
 public:
  std::uint16_t intern(const FeedOptions& options, std::uint32_t feed);
  const FeedOptions& get(std::uint16_t number, std::uint32_t feed) const {
    return number == kOwn ? own_.find(feed)->second : shared_[number];
  }
  void forget(std::uint16_t number, std::uint32_t feed) {
    if (number == kOwn) own_.erase(feed);
  }

 private:
  static constexpr std::uint16_t kOwn = 0xFFFF;
  struct HashOptions {
    std::size_t operator()(const FeedOptions& options) const noexcept;
  };
  std::vector<FeedOptions> shared_;
  std::unordered_map<FeedOptions, std::uint16_t, HashOptions> numbers_;
  std::unordered_map<std::uint32_t, FeedOptions> own_;
};

/// How many feeds of each host are due in each minute, in a table of hashed counters: jitter takes the emptiest of a
/// few places, which keeps the feeds of one host apart (H2). Collisions only make the choice a little worse.
class Crowd {
 public:
  Crowd() : counts_(4096) {}
  std::uint16_t& at(HostKey host, Stamp when) noexcept {
    auto mixed = (host + when / 60) * 0x9E3779B97F4A7C15ULL;
    mixed ^= mixed >> 29;
    return counts_[mixed & (counts_.size() - 1)];
  }
  bool is_small_for(std::size_t feeds) const noexcept { return feeds > counts_.size() && counts_.size() < (1U << 20); }
  void grow(std::size_t feeds);
  void clear() { counts_.assign(counts_.size(), 0); }
  std::size_t bytes() const noexcept { return counts_.size() * sizeof counts_[0]; }

 private:
  std::vector<std::uint16_t> counts_;  // wraps around, which is exact as long as what goes in comes out
};

/// How many feeds are in which trouble.
struct Health {
  std::size_t failing = 0;
  std::size_t stale = 0;
  std::size_t gone = 0;

  void add(const FeedSchedule& feed) noexcept { count(feed, 1); }
  void remove(const FeedSchedule& feed) noexcept { count(feed, static_cast<std::size_t>(-1)); }

 private:
  void count(const FeedSchedule& feed, std::size_t one) noexcept {  // wraps around, as Crowd does
    if (feed.failures > 0) failing += one;
    if (feed.is(FeedSchedule::stale)) stale += one;
    if (feed.is(FeedSchedule::gone)) gone += one;
  }
};

struct Scheduler::Impl {
  explicit Impl(const Settings& given);

  const FeedOptions& options_of(std::uint32_t i) const { return options.get(slots[i].options, i); }
  Slot& slot(FeedHandle feed) { return slots[index(feed)]; }

  void note_time(Time now);  ///< answers steps of the clock
  void step_back(Stamp now);
  void mend_future(std::uint32_t i, Stamp now);
  void insert(std::uint32_t i, Place place);  ///< by state.due
  void take_out(std::uint32_t i);             ///< from wherever it waits
  void enter_lane(std::uint32_t i, Stamp now, Reason reason);
  void leave_lane(std::uint32_t i);
  bool must_space(std::uint32_t i);  ///< puts it back into the wheel if another feed of its host has just gone
  void settle(std::uint32_t i, Decision next, Stamp now);  ///< to where a decision puts it
  Decision decide(std::uint32_t i);
  void put_back(std::uint32_t i, Decision next);  ///< a poll that was taken, but not made
  void grow_crowd();
  double lane_rate() const;

  template <class Change>
  void recount(std::uint32_t i, Change&& change) {  ///< changes state or options while the price knows the feed
    price.remove(slots[i].state, options_of(i), settings.rules);
    health.remove(slots[i].state);
    change();
    health.add(slots[i].state);
    price.add(slots[i].state, options_of(i), settings.rules);
  }

  Settings settings;
  Slots slots;
  Wheel wheel;
  Hosts hosts;
  Price price;
  Health health;
  Uplink uplink;
  OptionsTable options;
  Crowd crowd;
  std::vector<std::uint16_t> lane_hosts;  // feeds in the lane by hashed host; wraps as Crowd does
  std::vector<Stamp> lane_hosts_next;     // … and when the next of them may go
  double lane_next = 0;                   // the lane's next free place, seconds since 1970
  Stamp now = kUnset;                     // the latest time seen
  std::size_t feeds = 0;
  std::size_t expected = 0;  // reserve()
  std::size_t in_flight = 0;
  std::size_t in_lane = 0;
  std::size_t idle = 0;
  std::vector<std::uint32_t> freed;   // scratch
  std::vector<std::uint32_t> probes;  // scratch
};

/// Full seconds that have passed at `time`: what is due by then may go.
constexpr Stamp passed(Time time) noexcept {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return seconds < 1 ? 1 : seconds >= kNever ? kNever - 1 : static_cast<Stamp>(seconds);
}

}  // namespace newswire::schedule
