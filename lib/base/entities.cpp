#include "base/entities.h"

#include <algorithm>
#include <array>
#include <iterator>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/text.h"

namespace newswire {
namespace {

// Arrays, not pointers: two thousand of those would have to be relocated at every start.
struct Named {
  char name[32];
  char text[8];
  bool legacy;
};

constexpr Named kNamed[] = {
#include "base/entities.inc"
};
constexpr std::size_t kLongestName = 31;  // CounterClockwiseContourIntegral

// WHATWG HTML 13.2.5.80: numeric references 0x80-0x9F are windows-1252.
constexpr std::array<char16_t, 32> kWindows1252 = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                                   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

// A numeric reference at the front of `text` ("&#…"): appended to `out`, its length returned, 0 if it is none.
std::size_t take_numeric(std::string_view text, std::string& out) {
  const bool hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
  std::size_t at = hex ? 3 : 2;
  const auto first = at;
  char32_t value = 0;
  for (; at < text.size(); ++at) {
    const char c = to_lower(text[at]);
    char32_t digit = 0;
    if (is_digit(c)) {
      digit = static_cast<char32_t>(c - '0');
    } else if (hex && c >= 'a' && c <= 'f') {
      digit = static_cast<char32_t>(c - 'a' + 10);
    } else {
      break;
    }
    if (value <= 0x10FFFF) value = value * (hex ? 16 : 10) + digit;
  }
  if (at == first) return 0;
  if (at < text.size() && text[at] == ';') ++at;
  if (value >= 0x80 && value <= 0x9F) value = kWindows1252[value - 0x80];
  const bool control = value < 0x20 && value != 0 &&
                       std::string_view("\t\n\f\r").find(static_cast<char>(value)) == std::string_view::npos;
  if (control) return at;  // nor may it hold these, and a terminal would obey them
  const bool nothing = value == 0 || value == 0xFFFE || value == 0xFFFF;  // the latter two no XML may hold
  append_utf8(out, nothing ? 0xFFFD : value);
  return at;
}

// A named reference at the front of `text` ("&…").
std::size_t take_named(std::string_view text, std::string& out) {
  std::size_t end = 1;
  while (end < text.size() && end <= kLongestName + 1 && is_alnum(text[end])) ++end;
  if (end < text.size() && text[end] == ';') {
    if (const auto found = html_entity(text.substr(1, end - 1))) {
      out += *found;
      return end + 1;
    }
  }
  for (; end > 2; --end) {  // without a semicolon: the longest name that HTML allows so
    bool legacy = false;
    const auto found = html_entity(text.substr(1, end - 1), &legacy);
    if (found && legacy) {
      out += *found;
      return end;
    }
  }
  return 0;
}

}  // namespace

std::optional<std::string_view> html_entity(std::string_view name, bool* legacy) noexcept {
  const auto* const found = std::lower_bound(
      std::begin(kNamed), std::end(kNamed), name,
      [](const Named& entry, std::string_view wanted) { return std::string_view(entry.name) < wanted; });
  if (found == std::end(kNamed) || std::string_view(found->name) != name) return std::nullopt;
  if (legacy != nullptr) *legacy = found->legacy;
  return std::string_view(found->text);
}

std::string decode_entities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto at = text.find('&');
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    std::size_t taken = 0;
    if (text.size() > 1) taken = text[1] == '#' ? take_numeric(text, out) : take_named(text, out);
    if (taken == 0) {
      out += '&';
      taken = 1;
    }
    text.remove_prefix(taken);
  }
  return out;
}

namespace {
// Bytes at the front that certainly need no escape.
std::size_t plain_size(std::string_view text) noexcept {
  std::size_t at = 0;
#ifdef __SSE2__
  for (; text.size() - at >= 16; at += 16) {
    const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto is = [block](char c) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(c)); };
    const auto hits = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(is('&'), is('<')), _mm_or_si128(is('>'), is('"')))));
    if (hits != 0) return at + static_cast<std::size_t>(__builtin_ctz(hits));
  }
#endif
  return at;
}
}  // namespace

void append_html_escaped(std::string& out, std::string_view text, bool attribute) {
  while (true) {
    std::size_t run = plain_size(text);
    while (run < text.size() && text[run] != '&' && text[run] != '<' && text[run] != '>' &&
           (text[run] != '"' || !attribute))
      ++run;
    out += text.substr(0, run);
    if (run == text.size()) return;
    switch (text[run]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      default: out += "&quot;";
    }
    text.remove_prefix(run + 1);
  }
}

}  // namespace newswire
