#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace newswire::clean {

/// Strings of which at least one is in every text that a pattern matches, in lower case (fold_case).
using AnyOf = std::vector<std::string>;

/// What a text must contain to be worth a try with the regular expression `pattern` (RE2 syntax): one string of each
/// list. Empty if nothing can be said: then every text is. Strings are kMinRequired to kMaxRequired bytes long, the
/// lists few and short, and the cost is linear in the pattern. The answer is safe, not sharp: syntax that this does
/// not know is taken for anything.
inline constexpr std::size_t kMinRequired = 3;
inline constexpr std::size_t kMaxRequired = 8;
std::vector<AnyOf> required_text(std::string_view pattern);

/// A set of characters, of which only these are told apart: letters of ASCII (not their case), its digits, the rest of
/// ASCII, and all beyond.
using Characters = std::uint64_t;
inline constexpr Characters kAnyCharacter = ~Characters{0};

/// The set that holds the character that begins with this byte of UTF-8.
constexpr Characters character_of(unsigned char byte) noexcept {
  const auto bit = [](int index) { return Characters{1} << index; };
  if (byte >= 'a' && byte <= 'z') return bit(byte - 'a');
  if (byte >= 'A' && byte <= 'Z') return bit(byte - 'A');
  if (byte >= '0' && byte <= '9') return bit(26 + byte - '0');
  return bit(byte < 0x80 ? 36 : 37);
}

/// What the texts that a pattern matches as a whole have in common: what they may begin with, and their size in
/// characters. As safe, and at the same cost, as `required_text`.
struct Shape {
  static constexpr std::uint32_t kUnbounded = 0xFFFFFFFF;

  Characters first = kAnyCharacter;
  std::uint32_t least = 0;
  std::uint32_t most = kUnbounded;

  friend bool operator==(const Shape&, const Shape&) = default;
};
Shape shape_of(std::string_view pattern);

}  // namespace newswire::clean
