#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "ingest/pipeline.h"
#include "ingest/writer.h"

/// What /healthz, /readyz and the status line of systemd say. Pure but for status_line.
namespace newswire::daemon {

/// How late the event loop was at most within the last minute or so. Loop thread.
class LoopLag {
 public:
  using Clock = std::chrono::steady_clock;
  void add(Clock::time_point now, Clock::duration late);
  std::chrono::duration<double> longest(Clock::time_point now) const;

 private:
  struct Slot {
    Clock::rep number = -1;  ///< of kSlot since the clock's start
    Clock::duration most{0};
  };
  static constexpr std::chrono::seconds kSlot{15};
  std::array<Slot, 5> slots_;  ///< the last minute, and the slot that has just begun
};

struct Health {
  bool started = false;
  bool stopping = false;
  ingest::WriterStats writer;
  std::chrono::duration<double> loop_lag{0};
};

/// The daemon cannot do its work: no space, commits that fail, a loop that hardly turns. Feeds, hosts or a network that
/// are down are not its fault, and it recovers from them by itself: they are in the metrics.
std::optional<std::string> what_is_wrong(const Health& health);

/// It does not poll and serve (yet, or any more), or is unhealthy.
std::optional<std::string> why_not_ready(const Health& health);

/// "812 feeds (3 failing), 2 polls under way, 40 articles, 5 subscribers".
std::string status_line(const ingest::Pipeline& pipeline, std::size_t subscribers);

}  // namespace newswire::daemon
