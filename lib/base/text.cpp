#include "base/text.h"

#include <algorithm>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/utf8.h"

namespace newswire {

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = to_lower(c);
  return out;
}

bool iequals(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

bool istarts_with(std::string_view text, std::string_view prefix) noexcept {
  return text.size() >= prefix.size() && iequals(text.substr(0, prefix.size()), prefix);
}

std::size_t ifind(std::string_view text, std::string_view needle, std::size_t from) noexcept {
  if (needle.empty()) return from <= text.size() ? from : std::string_view::npos;
  const char first_lower = to_lower(needle.front());
  const char first_upper =
      first_lower >= 'a' && first_lower <= 'z' ? static_cast<char>(first_lower - 'a' + 'A') : first_lower;
  while (from + needle.size() <= text.size()) {
#ifdef __SSE2__
    const auto* const start = text.data() + from;
    if (text.size() - from >= 16) {
      const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(start));
      const auto hits = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(
          _mm_cmpeq_epi8(block, _mm_set1_epi8(first_lower)), _mm_cmpeq_epi8(block, _mm_set1_epi8(first_upper)))));
      if (hits == 0) {
        from += 16;
        continue;
      }
      from += static_cast<std::size_t>(__builtin_ctz(hits));
      if (from + needle.size() > text.size()) break;
    }
#endif
    const char c = text[from];
    if ((c == first_lower || c == first_upper) && iequals(text.substr(from, needle.size()), needle)) return from;
    ++from;
  }
  return std::string_view::npos;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (true) {
    const auto at = text.find(separator);
    pieces.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return pieces;
    text.remove_prefix(at + 1);
  }
}

namespace {
// The bytes of one white-space character at the front of `text`, 0 if there is none.
unsigned space_size(std::string_view text) noexcept {
  if (is_space(text.front()) || text.front() == '\v') return 1;
  if (text.starts_with("\xC2\xA0")) return 2;
  if (text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9") || text.starts_with("\xE3\x80\x80"))
    return 3;
  return 0;
}

// Single blanks only, and no byte that a wider space begins with (C2, E2, E3): most texts are like that.
bool is_folded(std::string_view text) noexcept {
  std::size_t at = 0;
  unsigned blank_before = 0;
#ifdef __SSE2__
  for (; text.size() - at >= 16; at += 16) {
    const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto is = [block](unsigned char c) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(static_cast<char>(c))); };
    const auto control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
    const auto wide = _mm_or_si128(_mm_or_si128(is(0xC2), is(0xE2)), is(0xE3));
    const auto blanks = static_cast<unsigned>(_mm_movemask_epi8(is(' ')));
    if (_mm_movemask_epi8(_mm_or_si128(control, wide)) != 0 || (blanks & ((blanks << 1U) | blank_before)) != 0)
      return false;
    blank_before = blanks >> 15U;
  }
#endif
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0xC2 || byte == 0xE2 || byte == 0xE3 || (byte == 0x20 && blank_before != 0))
      return false;
    blank_before = byte == 0x20 ? 1U : 0U;
  }
  return true;
}
}  // namespace

std::string fold_space(std::string_view text) {
  text = trim(text);
  if (is_folded(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    // A run without spaces, then all spaces behind it.
    std::size_t run = 0;
    while (run < text.size()) {
      const auto byte = static_cast<unsigned char>(text[run]);
      const bool candidate = byte <= 0x20 || byte == 0xC2 || byte == 0xE2 || byte == 0xE3;
      if (candidate && space_size(text.substr(run)) > 0) break;
      ++run;
    }
    if (run > 0 && !out.empty()) out += ' ';
    out += text.substr(0, run);
    text.remove_prefix(run);
    for (unsigned size = 0; !text.empty() && (size = space_size(text)) > 0;) text.remove_prefix(size);
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  const auto byte = [&out](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

Utf8Step decode_utf8(std::string_view text) noexcept {
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = at(0);
  if (first < 0x80) return {first, 1, true};
  const Utf8Step bad{0xFFFD, 1, false};
  const unsigned size = first >= 0xF0 && first < 0xF5   ? 4
                        : first >= 0xE0 && first < 0xF0 ? 3
                        : first >= 0xC2 && first < 0xE0 ? 2
                                                        : 0;
  if (size == 0 || text.size() < size) return bad;
  char32_t value = first & (0xFFU >> (size + 1));
  for (unsigned i = 1; i < size; ++i) {
    if ((at(i) & 0xC0) != 0x80) return bad;
    value = (value << 6) | (at(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return bad;
  return {value, size, true};
}

bool is_utf8(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    // Eight ASCII bytes at a time: most of most documents.
    std::uint64_t word = 0;
    while (end - at >= static_cast<std::ptrdiff_t>(sizeof word)) {
      std::memcpy(&word, at, sizeof word);
      if ((word & 0x8080808080808080U) != 0) break;
      at += sizeof word;
    }
    if (at == end) return true;
    const auto size = utf8_sequence(at, end);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

std::string_view cut_utf8(std::string_view text, std::size_t limit) noexcept {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

std::optional<std::string_view> nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto candidate : candidates) {
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j < row.size(); ++j) {
        const auto change = diagonal + (to_lower(word[i - 1]) == to_lower(candidate[j - 1]) ? 0U : 1U);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace newswire
