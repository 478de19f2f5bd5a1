#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clean/html.h"

namespace newswire::clean {

/// A run of a line's text that comes from one text node. Where `size` equals `raw_size` the bytes are the same; else
/// the piece is one character that is matched in another spelling (clean/detail/match_text.h).
struct Piece {
  std::uint32_t at = 0;  ///< in Line::text
  std::uint32_t size = 0;
  NodeId node = kNoNode;
  std::uint32_t raw = 0;  ///< in the node's text
  std::uint32_t raw_size = 0;
};

struct LinkSpan {
  std::uint32_t begin = 0;  ///< in Line::text
  std::uint32_t end = 0;
  NodeId node = kNoNode;
};

/// The borders in text[begin, end) of a line: end_borders and start_borders keep here what they found, since every
/// stage asks again (clean/detail/units.h).
struct KnownBorders {
  bool known = false;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::vector<std::uint32_t> places;
};

/// Why a part of a line goes.
struct Removal {
  std::uint32_t begin = 0;  ///< in Line::text
  std::uint32_t end = 0;
  std::string_view rule;  ///< views into the rules or literals
  std::string_view category;
};

/// A block of text: what a reader sees as a paragraph, list item, heading, cell, or a line between two <br>. What of
/// it remains is text[begin, end): rules take it away from both ends, or link by link (`holes`).
struct Line {
  std::string text;  ///< in the spelling of match_text
  std::vector<Piece> pieces;
  std::vector<LinkSpan> links;
  NodeId block = kNoNode;     ///< the nearest block element
  NodeId list = kNoNode;      ///< ul or ol, if the line stands in an item of it
  Tag tag = Tag::unknown;     ///< of the block
  std::uint32_t heading = 0;  ///< 1 to 6; 7 for a line that is all bold
  std::uint32_t words = 0;
  bool verbatim = false;     ///< in <pre>, <code> as a block or a table of data: never touched
  bool protected_ = false;   ///< by a keep selector
  bool after_rule = false;   ///< an <hr> stands before it
  bool after_media = false;  ///< an image, video … stands between it and the line before
  bool quoted = false;       ///< in <blockquote>

  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::vector<Removal> removals;
  mutable KnownBorders borders;  // a line belongs to one thread

  bool gone() const noexcept { return begin >= end; }
  std::string_view rest() const noexcept {
    return gone() ? std::string_view{} : std::string_view(text).substr(begin, end - begin);
  }
};

/// The lines of everything in `top`, in document order; lines without text are left out. Bounded: text after
/// kMaxLines lines is not looked at. `protected_texts`: text nodes whose lines must stay, ascending.
inline constexpr std::size_t kMaxLines = 20000;
std::vector<Line> lines_of(const Tree& tree, NodeId top, const std::vector<NodeId>& protected_texts = {});

/// Takes line.text[begin, end) out and says why; what is taken already is not taken again. `begin` or `end` must be a
/// border of what remains of the line, or the part lies inside.
void take(Line& line, std::uint32_t begin, std::uint32_t end, std::string_view rule, std::string_view category);
/// The whole rest of it.
void take_all(Line& line, std::string_view rule, std::string_view category);

/// The words of what remains of a line.
std::uint32_t words_left(const Line& line);

/// How many parts were taken out of all lines.
std::size_t count_removals(const std::vector<Line>& lines);

/// Share of the remaining text of a line that is link text, 0 to 1.
double link_share(const Line& line);

/// Carries out the removals of all lines on the tree: cuts texts, removes links and wrappers that were emptied by it,
/// icons beside removed text, and line breaks that separated it.
void apply_removals(Tree& tree, std::vector<Line>& lines);

}  // namespace newswire::clean
