#pragma once

#include <string_view>

#include "feed/detail/repair.h"

namespace newswire::feed::detail {

/// Makes JSON out of what publishers take for JSON, in one pass: line breaks and other controls in strings, escapes that
/// JSON does not know, missing commas, words that are no literals; what the end of the text cuts off is dropped from its
/// last complete member, or item of "items", on. Well-formed input comes out meaning the same, without comments. Empty
/// text for what cannot be helped: no object at the front, nesting past the bound of open_json. Linear, no recursion.
Repaired repair_json(std::string_view text);

}  // namespace newswire::feed::detail
