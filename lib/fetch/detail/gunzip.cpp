#include "fetch/detail/gunzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

namespace newswire::fetch::detail {
namespace {

constexpr std::size_t kStep = 64u << 10;

}  // namespace

bool is_gzip(std::string_view bytes) noexcept { return bytes.size() > 18 && bytes.starts_with("\x1f\x8b\x08"); }

std::optional<Plain> gunzip(std::string_view bytes, std::size_t most) {
  if (!is_gzip(bytes) || bytes.size() > std::numeric_limits<uInt>::max()) return std::nullopt;
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return std::nullopt;
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ending(&stream, &inflateEnd);
  stream.next_in = static_cast<const Bytef*>(static_cast<const void*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  Plain plain;
  std::vector<Bytef> output(kStep);
  while (true) {
    stream.next_out = output.data();
    stream.avail_out = static_cast<uInt>(output.size());
    const int rc = inflate(&stream, Z_NO_FLUSH);
    const auto made = output.size() - stream.avail_out;
    const auto room = most - plain.bytes.size();
    plain.bytes.append(output.begin(), output.begin() + static_cast<std::ptrdiff_t>(std::min(made, room)));
    if (made > room) {
      plain.cut = true;
      break;
    }
    if (rc == Z_STREAM_END) {
      // A further member may follow (RFC 1952, 2.2); trailing zeros and garbage are ignored as gzip does.
      if (stream.avail_in < 18 || stream.next_in[0] != 0x1f || stream.next_in[1] != 0x8b) break;
      if (inflateReset(&stream) != Z_OK) break;
      continue;
    }
    if (rc != Z_OK || (stream.avail_in == 0 && made < output.size())) {
      plain.cut = true;
      break;
    }
  }
  if (plain.cut && plain.bytes.empty()) return std::nullopt;
  return plain;
}

}  // namespace newswire::fetch::detail
