#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace newswire::fetch {

struct HostLimits {
  unsigned per_host = 1;                     ///< requests in flight (H1)
  std::chrono::milliseconds spacing{1'000};  ///< between starts
};

/// What governs a URL's politeness: its host; or the feed farm it belongs to ("*.substack.com" is one machine room,
/// which takes more than one request at a time, but not one for each of its blogs).
struct HostKey {
  std::string limit;      ///< key for spacing and concurrency
  unsigned parallel = 1;  ///< multiplies per_host and divides spacing
};
HostKey host_key(std::string_view url);

/// May a request start?
struct Admission {
  using Moment = std::chrono::steady_clock::time_point;
  enum class Kind : std::uint8_t {
    go,     ///< counted as in flight from now on: finished() must follow
    later,  ///< spacing: ask again at `until`; concurrency (`until` is Moment::max()): after a finished()
  };
  Kind kind = Kind::go;
  Moment until{};
};

/// Spacing and concurrency by host (H1). What a host asked for (H3) and outages (H4) are the schedule's. A pure
/// decision on values, time comes in (steady: a stepping clock neither bunches nor starves). Knows only hosts that are
/// in flight or were asked just now, so its size follows the traffic, not the number of feeds. One thread.
class HostBook {
 public:
  using Moment = Admission::Moment;

  explicit HostBook(HostLimits limits) : limits_(limits) {}

  Admission admit(const HostKey& key, Moment now);
  void finished(const HostKey& key, Moment now);

  /// When one more request should come back, if `queued` wait already: after these, and after everybody who was given a
  /// turn before.
  Moment next_turn(const HostKey& key, std::size_t queued, Moment now);

  /// Nobody waits longer from now on than a spacing of these.
  void set_limits(HostLimits limits, Moment now);
  std::size_t size() const noexcept { return hosts_.size(); }

 private:
  struct Host {
    unsigned in_flight = 0;
    Moment next_start{};
    Moment next_turn{};
    bool is_idle(Moment now) const noexcept { return in_flight == 0 && next_start <= now && next_turn <= now; }
  };
  void sweep(Moment now);

  HostLimits limits_;
  std::unordered_map<std::string, Host> hosts_;
  std::size_t sweep_at_ =
      1024;  // entries at which the idle ones are looked for; twice what was left, so O(1) amortised
};

}  // namespace newswire::fetch
