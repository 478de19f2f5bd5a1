// Whatever the bytes and the header: valid UTF-8 without characters that XML forbids.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "feed/detail/decode.h"
#include "feed/detail/scan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace newswire::feed::detail;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = input.find('\n');
  const auto header = line < 64 ? input.substr(0, line) : std::string_view{};
  std::string buffer;
  std::string_view text;
  std::string encoding;
  std::vector<std::string> repairs;
  decode(input.substr(header.size()), header, buffer, text, encoding, repairs);
  const auto scan = scan_bytes(text);
  if (!newswire::is_utf8(text) || !scan.utf8 || scan.controls || encoding.empty()) std::abort();
  return 0;
}
