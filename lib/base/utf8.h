#pragma once

namespace newswire {

/// Bytes of the well-formed sequence (RFC 3629, section 4) between `at` and `end`, which is not empty; 0 if there is
/// none.
inline unsigned utf8_sequence(const char* at, const char* end) noexcept {
  const auto byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
  const auto tail = [byte](int i) { return (byte(i) & 0xC0U) == 0x80U; };
  const auto left = end - at;
  const auto first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return left >= 2 && tail(1) ? 2 : 0;
  if (first < 0xF0) {
    if (left < 3 || !tail(1) || !tail(2)) return 0;
    return (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ? 0 : 3;
  }
  if (first > 0xF4 || left < 4 || !tail(1) || !tail(2) || !tail(3)) return 0;
  return (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F) ? 0 : 4;
}

}  // namespace newswire
