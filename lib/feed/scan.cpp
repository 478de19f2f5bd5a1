#include "feed/detail/scan.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/text.h"
#include "base/utf8.h"

namespace newswire::feed::detail {
namespace {

// WHATWG Encoding, index windows-1252; the five holes are the C1 controls themselves.
constexpr std::array<char16_t, 32> kWindows1252 = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                                   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

bool is_plain_byte(unsigned char c) noexcept { return (c >= 0x20 && c < 0x80) || c == '\n' || c == '\r' || c == '\t'; }

// The first byte at or after `at` that is not plain ASCII text; `end` if there is none.
const unsigned char* skip_plain(const unsigned char* at, const unsigned char* end) noexcept {
#ifdef __SSE2__
  const __m128i space = _mm_set1_epi8(0x20);
  const __m128i tab = _mm_set1_epi8('\t');
  const __m128i feed = _mm_set1_epi8('\n');
  const __m128i back = _mm_set1_epi8('\r');
  while (end - at >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i low = _mm_cmplt_epi8(block, space);  // signed: bytes over 0x7F too
    if (_mm_movemask_epi8(low) != 0) {
      const __m128i white = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, tab), _mm_cmpeq_epi8(block, feed)),
                                         _mm_cmpeq_epi8(block, back));
      const auto odd = static_cast<unsigned>(_mm_movemask_epi8(_mm_andnot_si128(white, low)));
      if (odd != 0) return at + __builtin_ctz(odd);
    }
    at += 16;
  }
#endif
  while (at != end && is_plain_byte(*at)) ++at;
  return at;
}

unsigned sequence(const unsigned char* at, const unsigned char* end) noexcept {
  return utf8_sequence(reinterpret_cast<const char*>(at), reinterpret_cast<const char*>(end));
}

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Is the character at `at`, one of U+00C2..U+00F4 as UTF-8 begins with, followed by all that UTF-8 would go on with?
bool is_encoded_again(const unsigned char* at, const unsigned char* end) noexcept {
  const unsigned lead = at[1] + 0x40U;
  const unsigned wanted = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  unsigned found = 0;
  for (at += 2; found < wanted && end - at >= 2 && at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xC0; at += 2) ++found;
  return found == wanted;
}

bool is_noncharacter(const unsigned char* at, unsigned size) noexcept {
  return size == 3 && at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE;
}

}  // namespace

char32_t windows1252(unsigned char byte) noexcept {
  return byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte;
}

ByteScan scan_bytes(std::string_view bytes) noexcept {
  ByteScan scan;
  const auto* at = bytes_of(bytes);
  const auto* const end = at + bytes.size();
  while (true) {
    at = skip_plain(at, end);
    if (at == end) return scan;
    // A stretch of other bytes, as in text that is not English.
    while (at != end && !is_plain_byte(*at)) {
      if (*at < 0x80) {
        scan.controls = scan.controls || *at != 0x7F;
        if (*at == 0) ++scan.nuls;
        ++at;
        continue;
      }
      const auto size = sequence(at, end);
      if (size == 0) {
        scan.utf8 = false;
        ++scan.malformed;
        ++at;
        continue;
      }
      ++scan.multibyte;
      if (at[0] == 0xC2 && at[1] < 0xA0) scan.c1 = true;
      if (end - at >= 3 && at[0] == 0xC3 && at[1] >= 0x82 && at[1] <= 0xB4) {
        if (is_encoded_again(at, end)) ++scan.double_encoded;
        scan.by_windows = scan.by_windows || at[2] == 0xC5 || at[2] == 0xC6 || at[2] == 0xCB || at[2] == 0xE2;
      }
      if (is_noncharacter(at, size)) scan.controls = true;
      at += size;
    }
  }
}

std::string clean_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  const auto* at = bytes_of(text);
  const auto* const end = at + text.size();
  while (at != end) {
    const auto* const plain = skip_plain(at, end);
    out.append(reinterpret_cast<const char*>(at), static_cast<std::size_t>(plain - at));
    at = plain;
    if (at == end) break;
    if (*at < 0x80) {
      if (*at == 0x7F) out += static_cast<char>(*at);
      ++at;
      continue;
    }
    const auto size = sequence(at, end);
    if (size == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
      continue;
    }
    if (at[0] == 0xC2 && at[1] < 0xA0) {
      append_utf8(out, windows1252(at[1]));
    } else if (!is_noncharacter(at, size)) {
      out.append(reinterpret_cast<const char*>(at), size);
    }
    at += size;
  }
  return out;
}

}  // namespace newswire::feed::detail
