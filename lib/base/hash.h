#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace newswire {

/// XXH3, 64 bit: fast, not cryptographic. Stable across machines and versions; the store and the spool rely on it.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0) noexcept;

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
};
Hash128 hash128(std::string_view bytes) noexcept;

/// 26 characters of Crockford's base 32, lower case: sorts like the number, survives every shell and URL.
std::string to_base32(Hash128 hash);

/// 16 hexadecimal digits, lower case.
std::string to_hex(std::uint64_t value);

}  // namespace newswire
