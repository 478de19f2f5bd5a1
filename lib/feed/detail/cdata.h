#pragma once

#include <string>
#include <string_view>

/// The marks of CDATA sections as text: feeds put one around another, escape one, or forget an end. All of it linear.
namespace newswire::feed::detail {

inline constexpr std::string_view kCdataStart = "<![CDATA[";
inline constexpr std::string_view kCdataEnd = "]]>";

/// A text that is a CDATA section once more, without its marks: somebody escaped one, or put one around another.
std::string_view without_cdata_marks(std::string_view text) noexcept;

/// Does a CDATA section hold the end of its item and the start of another section? Somebody forgot to close it, and the
/// next one's end makes it well-formed again.
bool swallows_items(std::string_view document) noexcept;

/// CDATA inside CDATA ends at the first "]]>", which leaves the second one in the text behind it. Takes out the inner
/// marks: as many ends as there are starts. `end_mark`: how an end is written.
void undo_nested_cdata(std::string& text, std::string_view end_mark);

/// `text` without any mark, fit for a CDATA section: with a space for each where the rest would make up another one.
void append_without_cdata_marks(std::string& out, std::string_view text);

/// "]]>" from `from` on becomes "]]&gt;": text may not hold it (XML 1.0, 2.4), and no CDATA before it shall seem to end
/// there.
void escape_cdata_ends(std::string& text, std::size_t from);

}  // namespace newswire::feed::detail
