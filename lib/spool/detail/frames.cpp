#include "spool/detail/frames.h"

#include <zstd.h>

#include <algorithm>
#include <array>

#include "spool/line.h"

namespace newswire::spool {
namespace {

// A frame holds at least one whole line, and is closed by the line that fills it.
constexpr std::uint64_t kMaxContent = kMaxLine + kBlockSize;
// Incompressible text: raw blocks add 3 bytes each (RFC 8878 3.1.1.2), plus header and checksum.
constexpr std::uint64_t kMaxFrame = kMaxContent + kMaxContent / 1024 + 64;

Error broken(std::string what) { return Error{Errc::corrupt, std::move(what)}; }

using Decoder = std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)>;
Decoder make_decoder() { return Decoder(ZSTD_createDCtx(), &ZSTD_freeDCtx); }

/// Size of the frame header, RFC 8878 3.1.1.1: magic, descriptor, and what the descriptor announces.
std::size_t header_size(unsigned char descriptor) {
  constexpr std::array<std::size_t, 4> kDictionary{0, 1, 2, 4};
  constexpr std::array<std::size_t, 4> kContent{0, 2, 4, 8};
  const bool single_segment = (descriptor & 0x20) != 0;
  const std::size_t content_flag = descriptor >> 6;
  const std::size_t content = content_flag == 0 && single_segment ? 1 : kContent[content_flag];
  return 4 + 1 + (single_segment ? 0 : 1) + kDictionary[descriptor & 3] + content;
}

}  // namespace

Result<Frame> frame_at(const ReadFile& file, std::uint64_t offset) {
  constexpr std::size_t kHeaderMax = 18;
  std::array<char, kHeaderMax> header{};
  const auto got = file.read_at(offset, header.data(), header.size());
  if (!got) return got.error();
  const auto content = ZSTD_getFrameContentSize(header.data(), *got);
  if (content == ZSTD_CONTENTSIZE_ERROR) return broken("no zstd frame header");
  if (content == ZSTD_CONTENTSIZE_UNKNOWN || content > kMaxContent) return broken("not a frame that the spool wrote");
  const auto descriptor = static_cast<unsigned char>(header[4]);
  Frame frame{.offset = offset, .size = header_size(descriptor), .content_size = content};
  for (bool last = false; !last;) {
    std::array<char, 3> raw{};
    const auto block = file.read_at(offset + frame.size, raw.data(), raw.size());
    if (!block) return block.error();
    if (*block != raw.size()) return broken("cut in a zstd frame");
    const auto value = static_cast<std::uint32_t>(static_cast<unsigned char>(raw[0])) |
                       static_cast<std::uint32_t>(static_cast<unsigned char>(raw[1])) << 8 |
                       static_cast<std::uint32_t>(static_cast<unsigned char>(raw[2])) << 16;
    last = (value & 1) != 0;
    const std::uint32_t type = (value >> 1) & 3;
    const std::uint32_t size = value >> 3;
    if (type == 3) return broken("reserved zstd block type");
    frame.size += raw.size() + (type == 1 ? 1 : size);  // type 1: one byte, repeated
    if (frame.size > kMaxFrame) return broken("zstd frame longer than its text");
  }
  if ((descriptor & 0x04) != 0) frame.size += 4;  // checksum
  return frame;
}

std::uint64_t find_frame_start(const ReadFile& file, std::uint64_t from, std::uint64_t end) {
  constexpr std::string_view kMagic("\x28\xB5\x2F\xFD", 4);  // RFC 8878 3.1.1
  std::string window;
  while (from < end) {
    window.clear();
    const auto got = file.read_at(from, kBlockSize, window);
    if (!got || *got < kMagic.size()) return end;
    const auto at = window.find(kMagic);
    if (at != window.npos) return from + at;
    from += *got - (kMagic.size() - 1);
  }
  return end;
}

Result<std::string> decode(const ReadFile& file, const Frame& frame) {
  std::string packed;
  const auto got = file.read_at(frame.offset, static_cast<std::size_t>(frame.size), packed);
  if (!got) return got.error();
  if (*got != frame.size) return broken("cut in a zstd frame");
  std::string text(static_cast<std::size_t>(frame.content_size), '\0');
  const auto decoder = make_decoder();
  const auto size = ZSTD_decompressDCtx(decoder.get(), text.data(), text.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0) return broken(std::string("zstd: ") + ZSTD_getErrorName(size));
  if (size != text.size()) return broken("zstd frame with less text than announced");
  return text;
}

Result<std::string> decode_front(const ReadFile& file, const Frame& frame, std::size_t limit) {
  std::string packed;
  const auto got = file.read_at(frame.offset, static_cast<std::size_t>(frame.size), packed);
  if (!got) return got.error();
  std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(limit, frame.content_size)), '\0');
  const auto decoder = make_decoder();
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  ZSTD_outBuffer out{text.data(), text.size(), 0};
  while (out.pos < out.size) {
    const auto before = in.pos + out.pos;
    const auto rest = ZSTD_decompressStream(decoder.get(), &out, &in);
    if (ZSTD_isError(rest) != 0) return broken(std::string("zstd: ") + ZSTD_getErrorName(rest));
    if (rest == 0 || in.pos + out.pos == before) break;
  }
  if (out.pos < out.size) return broken("zstd frame with less text than announced");
  return text;
}

struct FrameEncoder::State {
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context{ZSTD_createCCtx(), &ZSTD_freeCCtx};
  std::string buffer;
};

FrameEncoder::FrameEncoder(int level) : state_(std::make_unique<State>()) {
  // Neither call fails for these parameters; a level outside the range is clamped by zstd.
  (void)ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_compressionLevel, level);
  (void)ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_checksumFlag, 1);
}

FrameEncoder::~FrameEncoder() = default;

Result<std::string_view> FrameEncoder::encode(std::string_view text) {
  auto& buffer = state_->buffer;
  buffer.resize(ZSTD_compressBound(text.size()));
  const auto size = ZSTD_compress2(state_->context.get(), buffer.data(), buffer.size(), text.data(), text.size());
  if (ZSTD_isError(size) != 0) return Error{Errc::io, std::string("zstd: ") + ZSTD_getErrorName(size)};
  return std::string_view(buffer).substr(0, size);
}

}  // namespace newswire::spool
