#pragma once

#include <string>
#include <string_view>

namespace newswire::clean {

/// The markup of an entry. Text without any markup, whether it came as `text` or as `html`, keeps its line breaks:
/// lines become <br>, blank lines separate paragraphs. So do blank lines in HTML that has inline elements only, which
/// is what feeds send whose template forgot to make paragraphs.
std::string markup_of(std::string_view html, std::string_view text);

}  // namespace newswire::clean
