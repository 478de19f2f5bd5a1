#pragma once

#include <cstddef>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace newswire::feed::detail {

/// The first of two characters in [at, end), or end. Inline and without a call for each hit, as markup has one every
/// few bytes and memchr is made for rare ones.
template <char A, char B>
inline const char* find_either(const char* at, const char* end) noexcept {
#ifdef __SSE2__
  const __m128i first = _mm_set1_epi8(A);
  const __m128i second = _mm_set1_epi8(B);
  while (end - at >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto hits = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(block, first), _mm_cmpeq_epi8(block, second))));
    if (hits != 0) return at + __builtin_ctz(hits);
    at += 16;
  }
#endif
  while (at != end && *at != A && *at != B) ++at;
  return at;
}

/// The same as a position in a text; npos where there is none.
template <char A, char B>
inline std::size_t find_either(std::string_view text, std::size_t from = 0) noexcept {
  if (from >= text.size()) return std::string_view::npos;
  const auto* const end = text.data() + text.size();
  const auto* const found = find_either<A, B>(text.data() + from, end);
  return found == end ? std::string_view::npos : static_cast<std::size_t>(found - text.data());
}

}  // namespace newswire::feed::detail
