#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "spool/read_file.h"

/// Compressed segments: independent zstd frames (RFC 8878) of whole lines, each about kBlockSize of text, with content
/// size and checksum. `zstdcat` reads them; a cursor finds its frame from the headers alone, so there is no index.
namespace newswire::spool {

inline constexpr std::size_t kBlockSize = std::size_t{256} << 10;

struct Frame {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;          ///< in the file
  std::uint64_t content_size = 0;  ///< of the text
  std::uint64_t end() const noexcept { return offset + size; }
};

/// The frame at `offset`, found by its header and block headers. Errc::corrupt if there is none of ours (no content
/// size, larger than the longest line allows, cut).
Result<Frame> frame_at(const ReadFile& file, std::uint64_t offset);

/// The next place at or after `from` that looks like a frame, `end` if there is none: where to go on behind one that is
/// broken. It may not be one; frame_at() tells. Linear.
std::uint64_t find_frame_start(const ReadFile& file, std::uint64_t from, std::uint64_t end);

/// Its text, checksum verified. Errc::corrupt.
Result<std::string> decode(const ReadFile& file, const Frame& frame);
/// The first `limit` bytes of its text (whole if it is shorter); the checksum is not verified then.
Result<std::string> decode_front(const ReadFile& file, const Frame& frame, std::size_t limit);

/// Makes frames.
class FrameEncoder {
 public:
  explicit FrameEncoder(int level);
  ~FrameEncoder();
  FrameEncoder(const FrameEncoder&) = delete;
  FrameEncoder& operator=(const FrameEncoder&) = delete;

  /// The frame for `text`; a view into the encoder's buffer, valid until the next call.
  Result<std::string_view> encode(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace newswire::spool
