#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/seq.h"
#include "spool/segment.h"

namespace newswire::spool {

/// Running totals since the spool was opened, for metrics. `…_failures` count commits that were rolled back.
struct Counters {
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
  std::uint64_t commits = 0;
  std::uint64_t rotations = 0;
  std::uint64_t compressed_segments = 0;
  std::uint64_t removed_segments = 0;
  std::uint64_t no_space_failures = 0;
  std::uint64_t write_failures = 0;
  std::uint64_t sync_failures = 0;
  std::uint64_t damaged_segments = 0;
};

/// What readers may see at one moment: closed segments in order, and the live one up to its committed size.
struct Snapshot {
  using Segments = std::vector<std::shared_ptr<const Segment>>;

  std::shared_ptr<const Segments> closed;
  std::shared_ptr<const Segment> live;  ///< null only when none could be created (disk full)
  std::uint64_t live_size = 0;          ///< committed bytes, always whole lines
  Seq next{1};                          ///< the number that the next line will get
  Counters counters;

  /// The earliest line that is retained; `next` if there is none.
  Seq first() const;
  /// The last committed line, Seq{0} if there never was one.
  Seq last() const { return next.previous(); }
  /// The first retained line at or after `seq`: differs from `seq` if that is no longer retained or lost to damage.
  Seq earliest_from(Seq seq) const;
  std::uint64_t total_bytes() const;
};

/// The spool as its readers see it. Any thread: the writer replaces the snapshot, readers take it. Lives as long as
/// its Spool, or on its own for a folder that was opened for reading only (open_for_reading).
class Published {
 public:
  /// Never null. Cheap: a lock and a reference count.
  std::shared_ptr<const Snapshot> snapshot() const;

  /// Called on the writer's thread after every commit, rotation and removal. It must be quick and must not call back
  /// into the spool: serve posts to its loop. An empty function unsets; returns only when no call is running.
  void on_change(std::function<void()> listener);

  /// A reader found that this segment does not decode; the writer looks into it at its next maintain().
  void report_damage(Seq first_of_segment) const;

  // For the writer.
  void replace(std::shared_ptr<const Snapshot> snapshot);
  std::vector<Seq> take_damage_reports();

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ = std::make_shared<const Snapshot>(Snapshot{
      .closed = std::make_shared<const Snapshot::Segments>(), .live = {}, .live_size = 0, .next = {1}, .counters = {}});
  mutable std::vector<Seq> damaged_;
  std::mutex listener_mutex_;
  std::function<void()> listener_;
};

/// The folder `directory` as it lies there, running daemon or not, without changing or locking anything: for
/// `newswirectl cat` and `verify`. The live segment counts up to its last sound line. Errc::not_found, Errc::io.
Result<std::unique_ptr<Published>> open_for_reading(const std::string& directory);

}  // namespace newswire::spool
