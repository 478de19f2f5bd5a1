#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/seq.h"
#include "base/time.h"
#include "spool/published.h"

namespace newswire::spool {

/// Some committed bytes. Either a range of a file (`descriptor` >= 0, for sendfile or pread), or, from a compressed
/// segment, bytes in memory. `size` 0: the reader has everything there is for now. Valid until the cursor moves.
struct Piece {
  int descriptor = -1;
  std::uint64_t offset = 0;
  std::string_view bytes;
  std::size_t size = 0;
};

/// One reader's place in the spool: history first, then live, over rotations and compression, every line once, in
/// order. Costs an open file that is shared with the other readers of the segment, and the memory of one
/// decompressed block (kBlockSize) only while it stands in a compressed segment and until release().
///
/// One thread at a time; it reads from disk, and for a compressed segment decompresses up to one block a call (about
/// a millisecond), so a busy loop gives history to a worker. `published` must outlive the cursor.
class Cursor {
 public:
  /// Stands before the line `from`; `from` = next is fine ("from now on"). Errc::gone if `from` is no longer retained
  /// (Snapshot::first(), earliest_from() say what is); Errc::invalid if it lies beyond the next line; Errc::io.
  static Result<Cursor> at(const Published& published, Seq from);
  /// Stands before the first retained line with `received` >= `from`; at the end if there is none. A time before the
  /// first retained line is Errc::gone, unless that line is the spool's very first (seq 1).
  static Result<Cursor> at(const Published& published, Time from);
  /// Behind the last committed line: cheap, and correct whatever happens in between.
  static Cursor at_end(const Published& published);

  /// At most `limit` of the bytes that come next. Errc::gone when retention or damage has taken what comes next
  /// (next_seq() and Snapshot::earliest_from() tell the gap; make a new cursor there); Errc::corrupt for a compressed
  /// block that does not decode, which is also reported to the writer; Errc::io.
  Result<Piece> peek(std::size_t limit);
  /// Moves on by `size` bytes, at most those of the last piece.
  void consume(std::size_t size);
  /// Drops the decompressed block; the next peek() makes it again. For a reader that is going to wait.
  void release();

  /// The number of the next line that begins at or after this place: what a client that reconnects asks for. Reads a
  /// few bytes from disk. Errc::io, Errc::corrupt.
  Result<Seq> next_seq();
  /// Bytes to the end of the line that the reader is in the middle of; 0 between lines.
  Result<std::size_t> rest_of_line();

  /// After Errc::corrupt from a compressed block: goes on behind the block. Lines are missing there.
  void skip_block();

  /// Where the cursor was going when it said Errc::gone.
  Seq expected() const noexcept { return expected_; }
  const Published& published() const noexcept { return *published_; }

 private:
  explicit Cursor(const Published& published) : published_(&published) {}

  Result<bool> enter_segment();
  Result<void> seek(Seq seq);
  Result<std::uint64_t> end_of_plain(const Snapshot& snapshot, bool& live) const;
  Result<void> load_block();
  Result<Seq> last_of_segment(const Snapshot& snapshot) const;

  const Published* published_;
  std::shared_ptr<const Segment> segment_;  ///< null: at a border, `expected_` is the next line
  std::shared_ptr<const ReadFile> file_;
  std::shared_ptr<const std::string> block_;  ///< of a compressed segment
  Seq expected_;                              ///< first line of the segment, or the line to enter at
  std::uint64_t offset_ = 0;                  ///< in a plain file, or of the block in a compressed one
  std::uint64_t block_end_ = 0;               ///< where the block ends in the compressed file
  std::size_t in_block_ = 0;
};

}  // namespace newswire::spool
