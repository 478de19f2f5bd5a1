#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace newswire::clean {

/// The next character of `text` as phrases are matched, or a run of characters that come back as they are: typographic
/// quotes, dashes and ellipses are ASCII, all white space is a space, invisible characters are nothing. `size`: bytes
/// it took of `text`, which must not be empty.
struct MatchPiece {
  std::string_view text;
  std::size_t size;
};
MatchPiece match_piece(std::string_view text) noexcept;

/// The same for a whole string.
std::string match_text(std::string_view text);

/// Without what decorates a phrase: white space, brackets, quotes, bullets, arrows, dots, dashes, emoji on both ends.
/// Given as begin and end in `text`.
struct Core {
  std::size_t begin;
  std::size_t end;
};
Core core_of(std::string_view text) noexcept;

/// Words as people count them: runs without white space; scripts that write without spaces count two characters a word.
std::uint32_t count_words(std::string_view text) noexcept;

}  // namespace newswire::clean
