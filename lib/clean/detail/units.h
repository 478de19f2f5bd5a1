#pragma once

#include <cstdint>
#include <vector>

#include "clean/detail/lines.h"

namespace newswire::clean {

/// Where a promotional end of a line can begin: the beginnings of sentences, links, brackets and parts between
/// separators in what remains of the line, ascending. At most kMaxBorders, the last ones, none further than
/// kMaxUnit bytes from the end.
inline constexpr std::size_t kMaxBorders = 12;
inline constexpr std::size_t kMaxUnit = 700;
inline constexpr std::size_t kMaxWholeLine = 1600;  ///< bytes of a line that is matched as a whole
std::vector<std::uint32_t> end_borders(const Line& line);

/// Where a promotional beginning of a line can end: the same places, descending, the first ones.
std::vector<std::uint32_t> start_borders(const Line& line);

/// Does a sentence or a separated part begin at `at`, and not only a link?
bool is_sentence_border(const Line& line, std::uint32_t at);

/// Share of text[begin, end) that is link text, 0 to 1.
double linked_share(const Line& line, std::uint32_t begin, std::uint32_t end);

/// Is text[begin, end) a few words, a colon or another separator, and a link after it to the end ("Read also:
/// <a>…</a>")?
bool is_labelled_link(const Line& line, std::uint32_t begin, std::uint32_t end);

}  // namespace newswire::clean
