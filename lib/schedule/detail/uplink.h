#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "schedule/detail/hosts.h"
#include "schedule/poll_result.h"
#include "schedule/stamp.h"

namespace newswire::schedule {

/// Whether our own network is down: five feeds that were well, on five hosts, fail to connect with no answer of any
/// kind in between. From then on one feed a minute probes, and failures to connect are nobody's fault; any answer ends
/// it.
class Uplink {
 public:
  enum class Change { none, lost, found };

  /// `feed` as it was before the poll.
  Change report(HostKey host, const FeedSchedule& feed, const PollResult& result, Stamp end) {
    if (!is_network(result)) {
      if (result.outcome == Outcome::failed && is_silent(result.failure)) return Change::none;
      count_ = 0;
      const bool was_lost = lost_;
      lost_ = false;
      return was_lost ? Change::found : Change::none;
    }
    if (lost_) {
      probe_at_ = later(end, kProbeEvery);
      return Change::none;
    }
    const auto known = hosts_.begin() + static_cast<std::ptrdiff_t>(count_);
    if (feed.failures > 0 || feed.last_good == kUnset || std::find(hosts_.begin(), known, host) != known) {
      return Change::none;
    }
    hosts_[count_++] = host;
    if (count_ < hosts_.size()) return Change::none;
    count_ = 0;
    lost_ = true;
    probe_at_ = later(end, kProbeEvery);
    return Change::lost;
  }

  /// The failure is the network's, if it is one of those that an absent network gives.
  bool excuses(const PollResult& result) const noexcept { return lost_ && is_network(result); }
  bool is_lost() const noexcept { return lost_; }
  Stamp probe_at() const noexcept { return probe_at_; }

 private:
  static constexpr Stamp kProbeEvery = 60;

  static bool is_network(const PollResult& result) noexcept {
    return result.outcome == Outcome::failed &&
           (result.failure == Failure::dns || result.failure == Failure::connect || result.failure == Failure::timeout);
  }
  // Failures that say nothing about the network: nothing was asked.
  static bool is_silent(Failure failure) noexcept { return failure == Failure::refused || failure == Failure::other; }

  std::array<HostKey, 5> hosts_{};
  std::size_t count_ = 0;
  bool lost_ = false;
  Stamp probe_at_ = kUnset;
};

}  // namespace newswire::schedule
