#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/seq.h"
#include "base/time.h"
#include "spool/file_system.h"
#include "spool/published.h"

namespace newswire::spool {

struct Retention {
  /// Closed segments whose last line is older go; zero keeps them for ever.
  std::chrono::hours age{0};
  /// Oldest closed segments go while all together are larger; 0: no bound.
  std::uint64_t bytes = 0;
  /// Segments that a durable consumer has not acknowledged outlive the two bounds above, while all segments together
  /// stay below this size; 0: no protection.
  std::uint64_t protected_bytes = std::uint64_t{4} << 30;
};

struct Options {
  /// A live segment that has reached this size is closed after the commit that did it, or by maintain(). (64 MiB: a
  /// minute of tail -F catch-up, a quarter of a second of zstd.)
  std::uint64_t segment_size = std::uint64_t{64} << 20;
  /// No segment is closed by size before it is so old: GNU tail -F loses a file that comes and goes between two of its
  /// looks (rename and rename again), and a busy machine lets it look late.
  std::chrono::milliseconds segment_min_age{250};
  /// A live segment whose first line is older is closed by maintain(); zero: never by age.
  std::chrono::seconds segment_age = std::chrono::hours{24};
  /// Closed segments become .ndjson.zst one rotation later.
  bool compress = true;
  int compression_level = 6;
  Retention retention;
  /// The longest tail of a line (line.h); append() refuses a longer one. At most kMaxTail.
  std::size_t max_tail = std::size_t{4} << 20;
  /// The last line that the state knows to be committed (state::Store::high_water()). It tells a torn tail, which is
  /// cut, from damage to committed lines, which is set aside; and numbers are never given again below it, whatever was
  /// lost. Nothing when the state was lost: then whatever is sound in the spool counts as committed.
  std::optional<Seq> high_water;
};

/// Something that open() or maintain() found wrong and dealt with: for the log, one line each.
struct Finding {
  enum class Kind : std::uint8_t {
    torn_tail,  ///< an unfinished write at the end of the live segment was cut; nothing committed is gone
    damaged,    ///< lines that do not verify: the file was set aside, its sound lines are served
    foreign,    ///< not a segment at all, or one that overlaps others: set aside
    missing,    ///< lines from..to are not there (a removed or truncated file)
    leftover,   ///< a temporary file of an interrupted compression was removed
  };
  Kind kind{};
  std::string file = {};       ///< name in the spool's folder
  std::string set_aside = {};  ///< where the original is now, empty if nothing was kept
  std::uint64_t bytes = 0;     ///< cut or set aside
  Seq from = {};               ///< first and last line lost, Seq{0} if none or unknown
  Seq to = {};
  std::string what = {};  ///< one sentence for a person
};
inline constexpr std::size_t kFindingKinds = 5;
std::string_view to_string(Finding::Kind kind) noexcept;

/// What a call of maintain() did.
struct Maintained {
  bool rotated = false;
  std::vector<std::string> compressed;
  std::vector<std::string> removed;
  std::vector<Finding> findings;
  bool clock_stepped = false;  ///< removal by age waits an hour after the wall clock jumped
  bool more = false;           ///< there is work left that need not wait for the next tick
};

/// The one writer of a spool's folder. Writer thread only; what readers may use is published().
///
/// Promise: a line whose commit() succeeded is on stable storage, stays, and is published; a line whose commit() failed
/// was never there. Killed or without power at any instant: open() gives back every committed line exactly once, and
/// possibly whole lines of the last, unanswered commit.
class Spool {
 public:
  /// Locks the folder (created if need be) and recovers: cuts a torn last line, sets aside files that are damaged or
  /// foreign, removes leftovers; findings() tells. A closed segment is checked at its first and last line here, and
  /// line by line when it is compressed or by verify(). Errc::busy if another process writes here; Errc::io,
  /// Errc::no_space. `files` must outlive the spool.
  static Result<std::unique_ptr<Spool>> open(const std::string& directory, Options options,
                                             FileSystem& files = real_file_system());
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// What open() found.
  const std::vector<Finding>& findings() const noexcept;

  /// Adds a line to the next commit and gives its number. `rest` is the line from behind `"seq":N,` to its last brace
  /// (line.h; rest_of() takes it from a whole line). Errc::too_large over max_line, Errc::invalid for line breaks,
  /// other control characters or a missing brace; the batch is unharmed then.
  Result<Seq> append(std::string_view rest);

  /// Writes, syncs and publishes all appended lines; rotates when the segment is full. On an error everything
  /// appended since the last commit is forgotten and cut from the file, next_seq() is what it was, and the caller
  /// appends again later. Errc::no_space: disk full, what is committed stays readable. Errc::io: a failed write or
  /// sync; after a failed sync the segment is closed at its committed size, re-read and verified, and a new one begun
  /// before anything else is written. No error for nothing to do.
  Result<void> commit();

  /// Forgets all lines since the last commit.
  void rollback();

  /// Once every few seconds, and again at once while `more`: rotation by age, retention, damage reports, and a bounded
  /// slice (a few milliseconds) of compression. `acknowledged`: the lowest position of all durable consumers, nothing
  /// if there are none. Errors are of the disk; everything that failed is tried again by the next call.
  Result<Maintained> maintain(Time now, std::optional<Seq> acknowledged);

  /// From now on; `high_water` counts only at open().
  void set_options(Options options);

  /// Closes the live segment now, if it holds a line.
  Result<void> rotate();

  /// The number that the next append() gives.
  Seq next_seq() const noexcept;
  /// Lines appended and not yet committed.
  std::size_t pending() const noexcept;
  /// The `received` time of the last line at open: `received` must not fall below it when the clock steps back.
  std::optional<Time> last_received() const noexcept;

  /// For readers, any thread. Lives as long as the spool.
  Published& published() noexcept;
  const Published& published() const noexcept;

 private:
  struct Parts;
  explicit Spool(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace newswire::spool
