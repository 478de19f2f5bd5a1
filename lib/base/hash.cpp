#include "base/hash.h"

#include <xxhash.h>

namespace newswire {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Hash128 hash128(std::string_view bytes) noexcept {
  const auto hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

std::string to_base32(Hash128 hash) {
  static constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string out(26, '0');
  for (std::size_t i = 26; i-- > 0;) {
    out[i] = kDigits[hash.low & 31U];
    hash.low = (hash.low >> 5) | (hash.high << 59);
    hash.high >>= 5;
  }
  return out;
}

std::string to_hex(std::uint64_t value) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) out[i] = kDigits[value & 15U];
  return out;
}

}  // namespace newswire
