#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/seq.h"
#include "base/time.h"
#include "state/rows.h"

namespace newswire::state {

struct Options {
  /// Time of the open, for the name of a file that is moved aside.
  Time now{};
  /// SQLite's page cache, bytes.
  std::uint64_t cache_bytes = std::uint64_t{32} << 20;
  /// Name of a registered SQLite VFS; empty: the default. Tests inject faults here.
  std::string vfs;
};

/// What open() found.
struct Opened {
  bool created = false;   ///< there was no store, or none that could be used: rebuild from the spool
  std::string set_aside;  ///< path of a corrupt store that was moved away, empty if none
  std::string why;        ///< what was wrong with it, one sentence
  int migrated_from = 0;  ///< schema version before, 0 if nothing was to do
};

/// The daemon's memory: feeds, consumers, learned blocks (SQLite: WAL, locking_mode=EXCLUSIVE, synchronous=NORMAL).
/// Writer thread only.
///
/// Promise: apply() is all or nothing, also when killed. It is not on stable storage when it returns (the spool's
/// fdatasync is the one sync of a commit): a power loss may take the last batches together, never a part of one, never
/// an earlier one and not a later. After it, lines behind high_water() are in the spool and not known here: re-apply
/// them. sync() makes everything durable, for what the spool does not hold: acknowledgements before they are answered.
class Store {
 public:
  /// Opens or creates `path`. A file that is corrupt, not SQLite, or from a newer version is moved to
  /// `path.corrupt-<time>` (with its -wal) and a new store begun; opened() tells. Errc::busy if another process has it,
  /// Errc::io, Errc::no_space.
  static Result<std::unique_ptr<Store>> open(const std::string& path, Options options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const Opened& opened() const noexcept;

  /// One transaction. On an error nothing of it is stored. Errc::no_space; Errc::corrupt: the store is damaged, close
  /// it and open again (which moves it aside); Errc::io.
  Result<void> apply(const Batch& batch);
  /// Returns when everything applied so far is on stable storage.
  Result<void> sync();

  /// The last line of the spool whose effects are in here; nothing in a new store.
  std::optional<Seq> high_water() const noexcept;

  /// Every feed's small row, in no order, one at a time; a million take seconds and no memory. A `false` from `row`
  /// ends it.
  Result<void> each_hot(const std::function<bool(FeedHot&&)>& row) const;
  Result<std::optional<FeedHot>> hot(std::string_view id) const;
  Result<std::optional<FeedHttp>> http(std::string_view id) const;
  /// The blob; nothing if the feed has none yet.
  Result<std::optional<std::string>> seen(std::string_view id) const;

  Result<std::vector<Consumer>> consumers() const;
  Result<std::optional<std::string>> model(std::string_view site) const;
  Result<std::vector<Host>> hosts() const;

  /// Keeps the `keep` most recently used site models. Gives how many went.
  Result<std::uint64_t> trim_models(std::uint64_t keep);
  /// Bytes on disk: file and WAL.
  std::uint64_t size_bytes() const;

 private:
  struct Parts;
  explicit Store(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace newswire::state
