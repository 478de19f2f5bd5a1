#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schedule/feed_schedule.h"
#include "schedule/policy.h"
#include "schedule/poll_result.h"

namespace newswire::schedule {

/// A feed within one Scheduler: a small dense number, so that callers can keep their own data in a vector beside it. It
/// is used again after remove().
enum class FeedHandle : std::uint32_t {};
constexpr std::uint32_t index(FeedHandle feed) noexcept { return static_cast<std::uint32_t>(feed); }

/// Names a host (with the proxy in front of it, if any): host_key() of it. Only equality matters.
using HostKey = std::uint64_t;
/// `host` in lower case, without port; `proxy` as configured, empty without one.
HostKey host_key(std::string_view host, std::string_view proxy = {}) noexcept;

/// How many polls we may make. The smallest of those that are set (not zero) counts.
struct Budget {
  double polls_per_feed_per_day = 24;
  double requests_per_second = 0;
  double bytes_per_second = 0;
  double fixed_price = 0;  ///< not zero: no controller, this price (simulation and tests)
};

struct Settings {
  Rules rules;
  Budget budget;
  /// New and overdue feeds (start, import, a clock that jumped, a machine that slept) are taken up at no more than this
  /// rate; 0: twice the budget, at least 25 a second (H2).
  double catch_up_per_second = 0;
  /// … and those of one host this far apart, if they are more than thirty; a handful goes ten times faster (H2).
  std::chrono::seconds host_catch_up_spacing{10};
  std::chrono::seconds probe_first = std::chrono::minutes{15};  ///< H4: a host that is down is probed after this, × 2 …
  std::chrono::seconds probe_cap = std::chrono::hours{1};       ///< … at most
  std::uint64_t seed = 0;                                       ///< of the jitter
};

/// What the caller should store, tell or log after report().
struct Reported {
  Decision next;
  Absorbed feed;
  bool host_changed = false;  ///< the host was paused, went down or came back: store hosts()
  bool host_went_down = false;
  bool host_came_back = false;
  bool network_lost = false;   ///< from now on failures to connect are put down to our own network
  bool network_found = false;  ///< it is back
  Time host_paused_until{};    ///< when this report paused the host (H3), else Time{}
  /// The failure was put down to the host (H4) or to our own network: no failing event for the feed.
  bool blamed_on_host = false;
};

/// What is kept about a host in trouble, for the store (H3 "survives restart").
struct HostRecord {
  HostKey host = 0;
  Time paused_until{};  ///< Time{}: not paused
  Time down_since{};    ///< Time{}: not down
  Failure failure = Failure::none;
  std::uint32_t probes = 0;
  Time next_probe{};
};

/// Figures for metrics and the status page.
struct Stats {
  std::size_t feeds = 0;
  std::size_t in_flight = 0;
  std::size_t waiting_for_host = 0;  ///< parked while their host is paused or down
  std::size_t catching_up = 0;       ///< new or overdue, waiting for their turn
  std::size_t idle = 0;              ///< paused, gone, archive: not polled
  std::size_t hosts_paused = 0;
  std::size_t hosts_down = 0;
  std::size_t failing = 0;        ///< feeds in a series of failures (paused ones included)
  std::size_t stale = 0;          ///< feeds that answer, but have shown nothing new for many times their usual gap
  std::size_t gone = 0;           ///< feeds whose server said 410
  bool offline = false;           ///< our own network is down
  double price = 0;               ///< theta, item-seconds
  double planned_per_second = 0;  ///< polls a second that the present price plans for
  double budget_per_second = 0;
  std::size_t bytes = 0;  ///< memory of the scheduler's own structures
};

/// One line of `feeds --why`, and the whole of `newswirectl explain FEED`.
struct Explanation {
  Time due = Time::max();
  Reason reason = Reason::first;
  double items_per_day = 0;
  std::vector<double> items_per_hour;  ///< 24, UTC
  double price = 0;
  double cost = 1;    ///< of a poll, in conditional polls
  double weight = 1;  ///< from the priority
  std::vector<Bound> bounds;
  std::string why;   ///< one sentence: "adaptive rate: 12.3 items/day"
  std::string text;  ///< several lines for a person: rate, hours, every bound and which one won
};

/// When each of up to a million feeds is due. Feeds lie in a timing wheel of one-second slots (O(1) to insert, move and
/// take); each has 96 bytes here, everything else about it is its owner's. A feed is in exactly one place: waiting in
/// the wheel, parked at a host in trouble, in flight (taken, not reported), or idle.
///
/// Time only comes in as an argument, and need not be monotone: after a step back of more than a minute no feed waits
/// longer than its own interval; after a step forward, a suspend or an outage what is overdue is taken up slowly, never
/// at once. Loop thread only; no I/O, no clock, no logging. Not copyable.
class Scheduler {
 public:
  explicit Scheduler(const Settings& settings);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Memory for this many feeds at once; saves the growing steps of a big start.
  void reserve(std::size_t feeds);

  /// A feed that was never polled: due at once if it is alone, else in its turn (H2).
  FeedHandle add(HostKey host, const FeedOptions& options, Time now);

  /// A feed with a history. Polled when its stored due time says, not sooner (R17); what is overdue takes its turn.
  FeedHandle restore(const FeedSchedule& state, HostKey host, const FeedOptions& options, Time now);

  /// Forgets it. A feed in flight keeps its handle until report() or cancel(), both of which then do nothing else.
  void remove(FeedHandle feed);

  /// Not polled until resume(). A poll in flight goes on, its report counts.
  void pause(FeedHandle feed);
  /// Ends pause, and "gone" (A6): due as planned, or now if that is past.
  void resume(FeedHandle feed, Time now);

  /// New options (reload): the next poll is planned again from the last one. Equal options change nothing.
  void set_options(FeedHandle feed, const FeedOptions& options, Time now);
  /// A feed whose stored URL moved to another host.
  void set_host(FeedHandle feed, HostKey host);
  /// W10: a hub's subscription was verified, or lapsed.
  void set_push(FeedHandle feed, bool verified, Time now);
  /// Entries that a hub delivered: counts for the rate.
  void report_push(FeedHandle feed, const std::vector<Time>& items, Time now);

  /// A person, or a hub's ping, wants it now. Gives the time at which it will be polled: now, or later if it was polled
  /// in the last 60 s (R16), or it or its host was asked to stay away (E1, H3).
  Time poll_soon(FeedHandle feed, Time now);

  /// When take_due may have something: never later than that, perhaps sooner. Time::max() if nothing waits.
  Time next_due() const;

  /// Up to `max` feeds that are due at `now`, the longest due first. They are in flight until report() or cancel().
  std::vector<FeedHandle> take_due(Time now, std::size_t max);

  /// The outcome of a poll of a feed that take_due gave: learns, plans the next poll, and keeps the host's state.
  Reported report(FeedHandle feed, const PollResult& result);

  /// The poll was not made after all (shutdown, no room): as if it had not been taken.
  void cancel(FeedHandle feed, Time now);
  /// The same, and not before `until`: its host has more feeds due than it takes (H1).
  void postpone(FeedHandle feed, Time until, Time now);

  /// Asked before a feed in flight sends its request: its host was paused or went down since the feed was taken (H3,
  /// H4), so that it must be given back by cancel().
  bool is_held_back(FeedHandle feed, Time now) const;

  /// H3: nothing of this host before `until`; an earlier pause is only extended.
  void pause_host(HostKey host, Time until);
  /// Whether a host is paused or down: for requests that are no polls (pages).
  bool is_host_held(HostKey host, Time now) const;

  /// New budget or rules (reload); the price follows at once, feeds as they come due.
  void set_settings(const Settings& settings);

  const FeedSchedule& state(FeedHandle feed) const;
  const FeedOptions& options(FeedHandle feed) const;
  bool is_in_flight(FeedHandle feed) const;
  /// The feed's next poll as it is now known, its host's state included.
  Decision next(FeedHandle feed) const;
  Explanation explain(FeedHandle feed, Time now) const;

  /// Hosts that are paused or down, for the store; and back.
  std::vector<HostRecord> hosts() const;
  void restore_host(const HostRecord& record);

  Stats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// hosts() as bytes for one row of the store, and back; Errc::corrupt or Errc::unsupported as decode().
std::string encode_hosts(const std::vector<HostRecord>& hosts);
Result<std::vector<HostRecord>> decode_hosts(std::string_view bytes);

}  // namespace newswire::schedule
