#include "feed/detail/base64.h"

#include <cstdint>

#include "base/text.h"

namespace newswire::feed::detail {
namespace {

int value_of(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int have = 0;
  std::size_t symbols = 0;
  bool ended = false;
  for (const char c : text) {
    if (is_space(c)) continue;
    if (c == '=') {
      ended = true;
      continue;
    }
    const int value = value_of(c);
    if (value < 0 || ended) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    have += 6;
    ++symbols;
    if (have >= 8) {
      have -= 8;
      out += static_cast<char>(static_cast<unsigned char>((bits >> have) & 0xFFU));
    }
  }
  if (symbols == 0 || symbols % 4 == 1) return std::nullopt;
  return out;
}

}  // namespace newswire::feed::detail
