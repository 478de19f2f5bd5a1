#pragma once

#include <string_view>
#include <vector>

#include "clean/detail/lines.h"
#include "clean/detail/phrases.h"

namespace newswire::clean {

/// Takes the entry's title where its text begins with it as a heading (or a bold line), and goes on. `title`: in the
/// spelling of match_text.
void strip_repeated_title(std::vector<Line>& lines, std::string_view title, const Disabled& disabled);

}  // namespace newswire::clean
