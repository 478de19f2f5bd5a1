#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace newswire::clean {

/// The paragraphs of a plain text, white space folded, none empty. Where blank lines separate blocks of lines of one
/// width (a text that was wrapped), the lines of a block are joined; otherwise every line is a paragraph. Lines of
/// mere ornament ("-----", "***") are dropped. Linear.
std::vector<std::string> paragraphs_of(std::string_view text);

/// How many characters (code points) `text` has.
std::size_t characters_in(std::string_view text) noexcept;

}  // namespace newswire::clean
