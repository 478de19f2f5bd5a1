#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/seq.h"
#include "spool/line.h"
#include "spool/read_file.h"

namespace newswire::spool {

/// Reads a segment front to back in blocks of whole lines, plain or compressed, for those who look at every line.
class BlockSource {
 public:
  /// `end`: bytes of the file that count.
  BlockSource(std::shared_ptr<const ReadFile> file, bool compressed, std::uint64_t end);

  /// The next block, line feeds included, at most kMaxLine + kBlockSize bytes; empty at the end. Only the last block
  /// can lack its line feed (an unfinished line). Errc::corrupt for a compressed block that does not decode, or a
  /// plain line longer than kMaxLine: the next call goes on behind it.
  Result<std::string_view> next();
  /// Where the last block began.
  std::uint64_t block_offset() const noexcept { return block_offset_; }
  /// Where the next one begins.
  std::uint64_t offset() const noexcept { return offset_; }

 private:
  Result<std::string_view> next_plain();
  Result<std::string_view> next_compressed();

  std::shared_ptr<const ReadFile> file_;
  bool compressed_;
  std::uint64_t end_;
  std::uint64_t offset_ = 0;
  std::uint64_t block_offset_ = 0;
  std::string buffer_;
};

/// Takes the next line, without its line feed, off `block`; `whole` says whether it had one.
std::string_view take_line(std::string_view& block, bool& whole);

/// Lines that follow each other in number and place.
struct Run {
  Seq first;
  Seq last;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t end() const noexcept { return offset + size; }
};

/// What a plain segment holds: its sound lines. Lines that are unsound, or whose number is not above all before, are in
/// no run.
struct Scan {
  std::vector<Run> runs;
  std::uint64_t size = 0;  ///< bytes looked at

  /// One run, from the first byte to the last.
  bool is_whole() const { return runs.size() == 1 && runs.front().offset == 0 && runs.front().size == size; }
};

/// Reads the first `end` bytes of `file`; lines up to and including `behind` count as unsound. At most kMaxRuns runs
/// are told apart; what follows counts as unsound. Errc::io.
inline constexpr std::size_t kMaxRuns = 100000;
Result<Scan> scan_plain(const std::shared_ptr<const ReadFile>& file, std::uint64_t end, Seq behind);

/// First and last line of a closed segment, each verified; nothing if one is not sound, if a compressed file does not
/// consist of frames, or if the file is empty. Reads the file's ends (of a compressed one, its headers).
Result<std::optional<Run>> check_ends(const ReadFile& file, bool compressed, std::uint64_t size);

/// The first and the last line of a segment, without the line feed; nothing if there is no whole line, or if a
/// compressed file does not decode there. Read in growing steps from the ends (of a compressed one, by its headers).
Result<std::optional<std::string>> read_first_line(const ReadFile& file, bool compressed);
Result<std::optional<std::string>> read_last_line(const ReadFile& file, bool compressed, std::uint64_t size);

/// The last whole line of `text`, without its line feed; `text` begins at a line's start or anywhere.
std::optional<std::string_view> last_line(std::string_view text);

}  // namespace newswire::spool
