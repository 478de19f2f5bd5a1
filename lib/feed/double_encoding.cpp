#include "feed/detail/double_encoding.h"

#include <algorithm>

#include "base/text.h"
#include "feed/detail/scan.h"

namespace newswire::feed::detail {
namespace {

bool is_ascii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }
bool is_border(char c) noexcept { return c == '<' || c == '>' || c == '"'; }

// The byte that a character was made from, or -1.
int byte_of(char32_t c) noexcept {
  if (c < 0x100) return static_cast<int>(c);
  for (unsigned byte = 0x80; byte < 0xA0; ++byte) {
    if (windows1252(static_cast<unsigned char>(byte)) == c) return static_cast<int>(byte);
  }
  return -1;
}

// Appends what the bytes behind the characters of `text` say; false, with `out` as it was, if they are no UTF-8.
bool append_undone(std::string& out, std::string_view text) {
  const auto before = out.size();
  unsigned missing = 0;  // continuation bytes of the sequence at hand: gives up at the first that does not fit
  bool fits = true;
  while (fits && !text.empty()) {
    int byte = static_cast<unsigned char>(text.front());
    unsigned size = 1;
    if (byte >= 0x80) {
      const auto step = decode_utf8(text);
      byte = byte_of(step.value);
      size = step.size;
    }
    fits = byte >= 0 && (missing > 0) == ((byte & 0xC0) == 0x80);
    missing = missing > 0 ? missing - 1 : byte >= 0xF0 ? 3U : byte >= 0xE0 ? 2U : byte >= 0xC2 ? 1U : 0U;
    out += static_cast<char>(static_cast<unsigned char>(byte));
    text.remove_prefix(size);
  }
  if (fits && is_utf8(std::string_view(out).substr(before))) return true;
  out.resize(before);
  return false;
}

}  // namespace

std::optional<std::string> undo_double_encoding(std::string_view document) {
  std::string out;
  out.reserve(document.size());
  bool changed = false;
  std::size_t done = 0;
  while (true) {
    const auto foreign =
        std::find_if_not(document.begin() + static_cast<std::ptrdiff_t>(done), document.end(), is_ascii);
    if (foreign == document.end()) break;
    // The stretch around it, from what was looked at last or a border to the next one.
    auto start = static_cast<std::size_t>(foreign - document.begin());
    auto end = start;
    while (start > done && !is_border(document[start - 1])) --start;
    while (end < document.size() && !is_border(document[end])) ++end;
    out += document.substr(done, start - done);
    const auto stretch = document.substr(start, end - start);
    if (append_undone(out, stretch)) {
      changed = true;
    } else {
      out += stretch;
    }
    done = end;
  }
  if (!changed) return std::nullopt;
  out += document.substr(done);
  return out;
}

}  // namespace newswire::feed::detail
