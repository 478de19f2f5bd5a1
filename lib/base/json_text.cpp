#include "base/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/text.h"
#include "base/utf8.h"

namespace newswire {
namespace {

// 1 for the bytes that append_json_string must look at.
constexpr auto kSpecial = [] {
  struct Table {
    bool at[256];
  } table{};
  for (unsigned c = 0; c < 256; ++c) table.at[c] = c < 0x20 || c == '"' || c == '\\' || c >= 0x7F;
  return table;
}();

char* put_unicode_escape(char* to, unsigned value) noexcept {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  *to++ = '\\';
  *to++ = 'u';
  for (int shift = 12; shift >= 0; shift -= 4) *to++ = kDigits[(value >> shift) & 15U];
  return to;
}

char* put_escape(char* to, unsigned char c) noexcept {
  char letter = 0;
  switch (c) {
    case '"': letter = '"'; break;
    case '\\': letter = '\\'; break;
    case '\n': letter = 'n'; break;
    case '\r': letter = 'r'; break;
    case '\t': letter = 't'; break;
    default: return put_unicode_escape(to, c);
  }
  *to++ = '\\';
  *to++ = letter;
  return to;
}

// One character beyond ASCII, or what stands for a malformed byte; `at` moves behind it.
char* put_wide(char* to, const char*& at, const char* end) noexcept {
  const auto size = utf8_sequence(at, end);
  if (size == 0) {
    ++at;
    return std::copy_n("\xEF\xBF\xBD", 3, to);
  }
  const bool separator = size == 3 && at[0] == '\xE2' && at[1] == '\x80' && (at[2] == '\xA8' || at[2] == '\xA9');
  if (separator) {
    to = put_unicode_escape(to, at[2] == '\xA8' ? 0x2028U : 0x2029U);
  } else {
    if (end - at >= 4) {
      std::memcpy(to, at, 4);  // one store, whatever the size; the rest is written over
    } else {
      for (unsigned i = 0; i < size; ++i) to[i] = at[i];
    }
    to += size;
  }
  at += size;
  return to;
}

#ifdef __SSE2__
// A bit for each byte that append_json_string must look at.
unsigned special_bytes(__m128i block) noexcept {
  const __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));  // signed: bytes over 0x7F too
  const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  const __m128i del = _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(low, quote), _mm_or_si128(slash, del))));
}

// The last bytes of a text, fewer than 16, with blanks behind them.
__m128i last_block(const char* at, std::size_t size) noexcept {
  char bytes[16];
  std::memset(bytes, ' ', sizeof bytes);
  if (size >= 8) {
    std::memcpy(bytes, at, 8);
    std::memcpy(bytes + size - 8, at + size - 8, 8);
  } else if (size >= 4) {
    std::memcpy(bytes, at, 4);
    std::memcpy(bytes + size - 4, at + size - 4, 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) bytes[i] = at[i];
  }
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}
#endif

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  // Through a chunk on the stack: growing the string for every piece costs more than copying twice.
  constexpr std::size_t kChunk = 4096;
  constexpr std::size_t kRoom = 32;  // for a block of 16 bytes and the longest escape behind it
  char chunk[kChunk];
  char* to = chunk;
  const char* const full = chunk + kChunk - kRoom;
  *to++ = '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (to >= full) {
      out.append(chunk, to);
      to = chunk;
    }
#ifdef __SSE2__
    const auto left = static_cast<std::size_t>(end - at);
    const __m128i block = left >= 16 ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)) : last_block(at, left);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), block);
    const auto special = special_bytes(block);
    const auto plain =
        special == 0 ? std::min<std::size_t>(left, 16) : static_cast<std::size_t>(__builtin_ctz(special));
    at += plain;
    to += plain;
    if (special == 0) continue;
#endif
    const auto c = static_cast<unsigned char>(*at);
    if (!kSpecial.at[c]) {
      *to++ = *at++;
    } else if (c < 0x80) {
      to = put_escape(to, c);
      ++at;
    } else {
      while (at != end && static_cast<unsigned char>(*at) >= 0x80 && to < full) to = put_wide(to, at, end);
    }
  }
  *to++ = '"';
  out.append(chunk, to);
}

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  // A short literal nearly always: looked at here instead of going through the escaping.
  const bool plain =
      std::none_of(name.begin(), name.end(), [](char c) { return kSpecial.at[static_cast<unsigned char>(c)]; });
  constexpr std::size_t kShort = 32;
  if (plain && name.size() <= kShort) {
    char piece[kShort + 4];
    char* to = piece;
    if (!first_) *to++ = ',';
    *to++ = '"';
    for (const char c : name) *to++ = c;
    *to++ = '"';
    *to++ = ':';
    out_.append(piece, to);
  } else {
    separate();
    append_json_string(out_, name);
    out_ += ':';
  }
  first_ = true;
  return *this;
}

void JsonWriter::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
}

void JsonWriter::value(std::int64_t number) {
  separate();
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out_.append(digits, end);
}

void JsonWriter::value(std::uint64_t number) {
  separate();
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out_.append(digits, end);
}

void JsonWriter::value(double number) {
  separate();
  if (!std::isfinite(number)) {
    out_ += "null";
    return;
  }
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out_.append(digits, end);
}

void JsonWriter::value(bool flag) {
  separate();
  out_ += flag ? "true" : "false";
}

void JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
}

}  // namespace newswire
