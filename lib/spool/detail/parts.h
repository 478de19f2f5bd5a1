#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "spool/detail/compressor.h"
#include "spool/detail/recovery.h"
#include "spool/spool.h"

namespace newswire::spool {

/// The writer's inside: spool.cpp has appending, committing and rotation, maintain.cpp the rest.
struct Spool::Parts {
  Parts(std::string folder, Options chosen, FileSystem& file_system)
      : directory(std::move(folder)), options(std::move(chosen)), files(file_system) {}

  std::string directory;
  Options options;
  FileSystem& files;
  std::unique_ptr<FileLock> lock;
  std::vector<Finding> findings;      ///< of open()
  std::vector<Finding> new_findings;  ///< for the next maintain()
  std::optional<Time> last_received;
  Published published;
  Counters counters;

  // What is committed.
  Snapshot::Segments closed;
  std::shared_ptr<const Segment> live;  ///< null: none could be created, or it is being closed
  std::unique_ptr<WritableFile> live_file;
  std::uint64_t live_size = 0;
  std::optional<Time> live_started;  ///< for rotation by age
  std::chrono::steady_clock::time_point live_opened;
  Seq committed_next{1};

  // What is not.
  std::string buffer;         ///< appended, not written
  std::uint64_t written = 0;  ///< bytes in the live file, >= live_size
  Seq next{1};
  std::size_t pending = 0;
  std::optional<Error> early_error;  ///< of a write before the commit

  /// The live file holds bytes that may not be believed, or could not be cut: nothing is written to it any more.
  bool suspect = false;
  bool directory_dirty = false;  ///< a rename or creation is not durable yet

  // maintain()
  std::unique_ptr<Compressor> compressor;
  std::optional<Time> compress_again_at;  ///< after a failure
  std::optional<Time> last_tick;
  std::optional<Time> hold_removal_until;  ///< the wall clock jumped
  std::vector<Seq> damaged;                ///< first lines of segments to be looked at

  std::string live_path() const { return directory + "/" + std::string(kLiveName); }
  Result<void> open_live();
  Result<void> sync_names();
  Result<void> write_buffer();
  Result<void> undo();
  Result<void> retire_suspect();
  Result<void> close_live();
  bool is_full() const;
  Result<void> commit();
  void publish();
  void check_retired(const std::shared_ptr<const Segment>& segment);

  Result<void> rotate_if_due(Time now, Maintained& done);
  Result<void> repair_damaged(Maintained& done);
  Result<void> compress_slice(Time now, Maintained& done);
  Result<void> retain(Time now, std::optional<Seq> acknowledged, Maintained& done);
  bool clock_is_steady(Time now, Maintained& done);
  Result<bool> is_older(std::size_t index, Time limit);
  std::size_t find_closed(Seq first) const;
};

}  // namespace newswire::spool
