#include "feed/detail/char_reference.h"

#include "base/text.h"

namespace newswire::feed::detail {
namespace {

constexpr std::size_t kMostDigits = 24;  // leading zeros and all

bool is_allowed(char32_t c) noexcept {
  return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0x7F) || (c >= 0xA0 && c < 0xD800) ||
         (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c < 0x110000);
}

CharReference numeric(std::string_view text) noexcept {
  const bool hex = text.size() > 2 && text[2] == 'x';
  std::size_t at = hex ? 3 : 2;
  const auto first = at;
  char32_t value = 0;
  for (; at < text.size() && at < first + kMostDigits; ++at) {
    const char c = to_lower(text[at]);
    char32_t digit = 0;
    if (is_digit(c)) {
      digit = static_cast<char32_t>(c - '0');
    } else if (hex && c >= 'a' && c <= 'f') {
      digit = static_cast<char32_t>(c - 'a' + 10);
    } else {
      break;
    }
    if (value < 0x200000) value = value * (hex ? 16U : 10U) + digit;
  }
  if (at == first || at >= text.size() || text[at] != ';' || !is_allowed(value)) return {};
  return {at + 1, value};
}

}  // namespace

CharReference char_reference(std::string_view text) noexcept {
  if (text.size() < 4) return {};
  const auto tail = text.substr(1);
  switch (text[1]) {
    case 'l': return tail.starts_with("lt;") ? CharReference{4, '<'} : CharReference{};
    case 'g': return tail.starts_with("gt;") ? CharReference{4, '>'} : CharReference{};
    case 'q': return tail.starts_with("quot;") ? CharReference{6, '"'} : CharReference{};
    case 'a':
      if (tail.starts_with("amp;")) return {5, '&'};
      return tail.starts_with("apos;") ? CharReference{6, '\''} : CharReference{};
    case '#': return numeric(text);
    default: return {};
  }
}

}  // namespace newswire::feed::detail
