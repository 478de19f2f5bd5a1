#include "feed/detail/rare_encodings.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"

namespace newswire::feed::detail {
namespace {

struct Table {
  std::string_view name;
  std::array<char16_t, 128> upper;
};
#define TABLE(name, ...) {name, {__VA_ARGS__}},
constexpr Table kTables[] = {
#include "feed/mac_encodings.inc"
};
#undef TABLE

}  // namespace

std::optional<std::string> decode_rare(std::string_view name, std::string_view bytes, std::size_t& errors) {
  const auto* const table =
      std::find_if(std::begin(kTables), std::end(kTables), [name](const Table& one) { return one.name == name; });
  if (table == std::end(kTables)) return std::nullopt;
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const char32_t value = byte < 0x80 ? byte : table->upper[byte - 0x80U];
    if (value == 0xFFFD) ++errors;
    append_utf8(out, value);
  }
  return out;
}

std::string gb2312_from_hz(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  bool chinese = false;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const char c = bytes[at];
    const char next = at + 1 < bytes.size() ? bytes[at + 1] : '\0';
    if (c == '~' && (next == '{' || next == '}')) {
      chinese = next == '{';
      ++at;
    } else if (c == '~' && !chinese && (next == '~' || next == '\n')) {
      if (next == '~') out += '~';
      ++at;
    } else if (c == '\n') {  // ends a line and the Chinese in it
      chinese = false;
      out += c;
    } else if (chinese && c >= 0x21 && c <= 0x77 && next >= 0x21 && next <= 0x7E) {
      out += static_cast<char>(static_cast<unsigned char>(c) | 0x80U);
      out += static_cast<char>(static_cast<unsigned char>(next) | 0x80U);
      ++at;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace newswire::feed::detail
