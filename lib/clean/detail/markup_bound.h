#pragma once

#include <string>
#include <string_view>

#include "clean/html.h"

namespace newswire::clean {

/// `html` as the parser shall see it: without what no article needs (comments, style, script, SVG, select lists,
/// framesets) and within `limits`, so that the parser's cost is linear. A view into `html` if nothing had to go, else
/// into `buffer`. JSON data in scripts stays. One pass.
std::string_view bound_markup(std::string_view html, const HtmlLimits& limits, std::string& buffer);

}  // namespace newswire::clean
