#include "base/log_value.h"

#include <algorithm>

#include "base/text.h"

namespace newswire {

std::string log_value(std::string_view text) {
  constexpr std::size_t kLimit = 512;
  const auto shown = cut_utf8(text, kLimit);
  const auto odd = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '\\' || c == '=' || c == 0x7F;
  };
  if (!shown.empty() && shown.size() == text.size() && std::none_of(shown.begin(), shown.end(), odd))
    return std::string(shown);
  std::string out = "\"";
  for (const char c : shown) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      static constexpr std::string_view kDigits = "0123456789abcdef";
      out += "\\x";
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  if (shown.size() != text.size()) out += "…";
  out += '"';
  return out;
}

}  // namespace newswire
