#include "clean/detail/match_text.h"

#include <array>

#include "base/text.h"

namespace newswire::clean {
namespace {

// Characters that only decorate. A question mark is not among them: it makes a question.
bool is_decoration(char32_t c) noexcept {
  if (c < 0x80) {
    return c <= 0x20 ||
           std::string_view("-|*.,:;!()[]{}<>\"'_=~+#/\\").find(static_cast<char>(c)) != std::string_view::npos;
  }
  return c == 0xA0 || c == 0xA1 || c == 0xAB || c == 0xBB || c == 0xB7 || (c >= 0x2000 && c <= 0x206F) ||
         (c >= 0x2190 && c <= 0x2BFF) || c == 0x3000 || c == 0x3001 || c == 0x3002 || (c >= 0x3008 && c <= 0x3011) ||
         (c >= 0x3014 && c <= 0x301B) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || c == 0xFF01 || c == 0xFF08 ||
         c == 0xFF09 || c == 0xFF0C || c == 0xFF0E || c == 0xFF1A || c == 0xFF1B || c == 0xFF1E || c == 0xFF5C ||
         c == 0x30FB || c == 0xFF65 || c == 0x0964 || c == 0x060C || c == 0x06D4 || (c >= 0x1F000 && c <= 0x1FAFF) ||
         (c >= 0xE0000 && c <= 0xE007F);
}

bool writes_without_spaces(char32_t c) noexcept {
  return (c >= 0x2E80 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x3FFFF) || (c >= 0x0E00 && c <= 0x0EFF);
}

constexpr bool is_blank(unsigned char c) noexcept { return is_space(static_cast<char>(c)) || c == '\v'; }

constexpr auto kSpace = [] {
  std::array<bool, 256> table{};
  for (unsigned char c = 0; c < 0x80; ++c) table[c] = is_space(static_cast<char>(c));
  return table;
}();

// ASCII that matches as it is.
constexpr auto kPlain = [] {
  std::array<bool, 256> table{};
  for (unsigned char c = 0; c < 0x80; ++c) table[c] = !is_blank(c) && c != '`';
  return table;
}();

}  // namespace

MatchPiece match_piece(std::string_view text) noexcept {
  std::size_t plain = 0;
  while (plain < text.size() && kPlain[static_cast<unsigned char>(text[plain])]) ++plain;
  if (plain > 0) return {text.substr(0, plain), plain};
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return {is_blank(first) ? " " : "'", 1};
  const auto step = decode_utf8(text);
  const auto as = [&step](std::string_view ascii) { return MatchPiece{ascii, step.size}; };
  switch (step.value) {
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000: return as(" ");
    case 0xAD:
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0x200E:
    case 0x200F:
    case 0x2060:
    case 0xFEFF:
    case 0xFE0F: return as("");
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032:
    case 0xB4:
    case 0x2BC: return as("'");
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x2033: return as("\"");
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212: return as("-");
    case 0x2026: return as("...");
    default: break;
  }
  if (step.value >= 0x2000 && step.value <= 0x200A) return as(" ");
  return {text.substr(0, step.size), step.size};
}

std::string match_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto piece = match_piece(text);
    if (piece.text == " ") {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += piece.text;
    }
    text.remove_prefix(piece.size);
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

Core core_of(std::string_view text) noexcept {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto step = decode_utf8(text.substr(begin));
    if (!is_decoration(step.value)) break;
    begin += step.size;
  }
  std::size_t end = text.size();
  while (end > begin) {
    auto at = end - 1;
    while (at > begin && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    if (!is_decoration(decode_utf8(text.substr(at, end - at)).value)) break;
    end = at;
  }
  return {begin, end};
}

std::uint32_t count_words(std::string_view text) noexcept {
  std::uint32_t words = 0;
  std::uint32_t dense = 0;
  bool inside = false;
  while (!text.empty()) {
    std::size_t ascii = 0;
    for (; ascii < text.size() && static_cast<unsigned char>(text[ascii]) < 0x80; ++ascii) {
      const bool visible = !kSpace[static_cast<unsigned char>(text[ascii])];
      words += static_cast<std::uint32_t>(visible && !inside);
      inside = visible;
    }
    text.remove_prefix(ascii);
    if (text.empty()) break;
    const auto step = decode_utf8(text);
    if (writes_without_spaces(step.value)) {
      ++dense;
      inside = false;
    } else {
      if (!inside) ++words;
      inside = true;
    }
    text.remove_prefix(step.size);
  }
  return words + (dense + 1) / 2;
}

}  // namespace newswire::clean
