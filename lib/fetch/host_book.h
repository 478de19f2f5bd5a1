#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "fetch/outcome.h"

namespace newswire::fetch {

struct HostLimits {
  unsigned per_host = 1;                     ///< requests in flight (H1)
  std::chrono::milliseconds spacing{1'000};  ///< between starts
  unsigned down_after = 3;                   ///< feeds failing alike in a row (H4)
  std::chrono::seconds first_probe{300};     ///< after a host went down; doubles
  std::chrono::seconds longest_probe{3600};
};

/// What governs spacing and concurrency of a URL: its host, or the feed farm it belongs to ("*.substack.com" is one
/// machine room, with a few requests at a time instead of one per blog).
struct HostKey {
  std::string limit;      ///< key for H1
  unsigned parallel = 1;  ///< multiplies per_host and divides spacing
  std::string host;       ///< key for pauses and outages (H3, H4)
};
HostKey host_key(std::string_view url);

/// May a request start?
struct Admission {
  enum class Kind : std::uint8_t {
    go,      ///< counted as in flight from now on: finished() must follow
    probe,   ///< go, and the one that tests a host that is down
    later,   ///< spacing or concurrency: ask again at `until`, or after a finished()
    paused,  ///< the host asked for silence (H3) until `until`
    down,    ///< the host is down (H4); next probe at `until`
  };
  Kind kind = Kind::go;
  Time until{};
};

/// A pause that must survive a restart (H3): one row in the store.
struct HostPause {
  std::string host;
  Time until{};
};

/// What one answer did to its host.
struct HostVerdict {
  bool counts_for_feed = true;     ///< false: the host's fault, the feed's error counter stays (H4)
  bool went_down = false;          ///< an event
  bool came_up = false;            ///< an event
  std::chrono::seconds outage{0};  ///< with came_up: how long
};

/// Who may be asked when, by host: spacing and concurrency (H1), pauses (H3), outages (H4). A pure decision on values,
/// time comes in; knows only hosts that are in flight, paused, down or were asked just now, so its size follows the
/// traffic, not the number of feeds. One thread.
class HostBook {
 public:
  explicit HostBook(HostLimits limits);
  ~HostBook();
  HostBook(HostBook&&) noexcept;
  HostBook& operator=(HostBook&&) noexcept;

  Admission admit(const HostKey& key, Time now);
  void finished(const HostKey& key, Time now);

  /// Nobody asks this host before `until`; the later of two pauses wins.
  void pause(std::string_view host, Time until);
  std::optional<Time> paused_until(std::string_view host, Time now) const;
  void resume(std::string_view host);  ///< an operator's word: pause and outage are forgotten

  /// Counts an answer for H4. `feed`: any stable number of the feed; only different feeds add up. `ok_before`: the feed
  /// has been fetched well before (a 404 of a feed that never worked says nothing about its host).
  HostVerdict note(std::string_view host, std::uint64_t feed, const Outcome& outcome, bool ok_before, Time now);
  bool is_down(std::string_view host) const;

  std::vector<HostPause> pauses(Time now) const;  ///< to be stored
  void restore(const std::vector<HostPause>& pauses, Time now);

  std::size_t size() const noexcept;  ///< hosts remembered
  void forget_idle(Time now);  ///< drops what no longer matters; amortised O(1) a call, admit() does it by itself

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace newswire::fetch
