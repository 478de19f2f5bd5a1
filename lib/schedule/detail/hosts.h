#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schedule/detail/slots.h"
#include "schedule/scheduler.h"

namespace newswire::schedule {

/// Only the low bits that a Slot has room for.
constexpr HostKey kHostMask = (HostKey{1} << 45) - 1;

/// A host in trouble. Hosts without trouble have no record.
struct Host {
  Stamp paused_until = kUnset;                      ///< H3
  Stamp down_since = kUnset;                        ///< H4
  Stamp probe_at = kUnset;                          ///< while down and no probe is in flight
  Stamp wake = kUnset;                              ///< as it stands in Hosts' queue; kUnset: not there
  Failure failure = Failure::none;                  ///< of the streak, or of being down
  std::uint8_t limited = 0;                         ///< 429s in a row without a time (A10)
  std::uint32_t probes = 0;                         ///< failed ones
  std::uint32_t probe = kNil;                       ///< the feed that probes at the moment
  std::array<std::uint32_t, 2> failed{kNil, kNil};  ///< the last feeds of the streak, all different
  std::uint8_t streak = 0;
  std::uint32_t first = kNil;  ///< parked feeds, the longest parked first
  std::uint32_t last = kNil;
  std::uint32_t parked = 0;

  bool is_down() const noexcept { return down_since != kUnset; }
};

/// The hosts in trouble and the feeds that wait for them. Knows nothing of the wheel: what is let go is given back.
class Hosts {
 public:
  Hosts(Slots& slots, const Settings& settings) : slots_(slots), settings_(settings) {}

  Host* find(HostKey key) noexcept;
  const Host* find(HostKey key) const noexcept;
  bool empty() const noexcept { return hosts_.empty(); }

  /// Whether the feed may be polled at `now`; if its host is down and wants a probe, this is the probe.
  enum class Verdict : std::uint8_t { poll, park };
  Verdict admit(std::uint32_t i, Stamp now, bool by_hand);

  void park(std::uint32_t i);
  void unpark(std::uint32_t i);  ///< out of its host's list (removed, paused, moved)

  struct Change {
    bool changed = false;
    bool went_down = false;
    bool came_back = false;
    bool blamed = false;  ///< the failure is the host's, not the feed's
    Stamp paused_until = kUnset;
  };
  /// The outcome of a poll of `i`, before the feed itself takes it in.
  Change report(std::uint32_t i, const PollResult& result);
  /// The poll of `i` was not made.
  void cancelled(std::uint32_t i, Stamp now);

  void pause(HostKey key, Stamp until);
  void restore(const HostRecord& record);
  std::vector<HostRecord> records() const;

  /// When release() may have something to do; kNever if not.
  Stamp next() const noexcept { return wakes_.empty() ? kNever : wakes_.begin()->first; }
  /// Feeds that may go on at `now`, appended to `freed`, and feeds that are to probe now, to `probes` (at most `max`).
  void release(Stamp now, std::size_t max, std::vector<std::uint32_t>& freed, std::vector<std::uint32_t>& probes);

  std::size_t parked() const noexcept { return parked_; }
  std::size_t paused_count(Stamp now) const noexcept;
  std::size_t down_count() const noexcept;
  std::size_t bytes() const noexcept;

 private:
  using Table = std::unordered_map<HostKey, Host>;
  Host& at(HostKey key) { return hosts_[key & kHostMask]; }
  void set_wake(HostKey key, Host& host, Stamp when);
  void update_wake(HostKey key, Host& host);
  void forget_if_well(HostKey key, Stamp now);
  std::uint32_t pop_parked(Host& host);
  void let_all_go(Host& host, std::vector<std::uint32_t>& freed);
  std::uint32_t choose_probe(Host& host, Stamp now);
  std::chrono::seconds probe_wait(const Host& host) const noexcept;

  Slots& slots_;
  const Settings& settings_;
  Table hosts_;
  std::set<std::pair<Stamp, HostKey>> wakes_;
  std::size_t parked_ = 0;
};

}  // namespace newswire::schedule
