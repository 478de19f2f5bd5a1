#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "feed/detail/reader.h"

namespace newswire::feed::detail {

/// A reader of JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), lenient about types: numbers as ids, one
/// author as an object, missing version. `text` is UTF-8. Errc::not_a_feed with what it is instead, Errc::invalid
/// where it is no JSON at all. `lenient`: set where comments, commas before an end or what stands behind the document
/// had to be overlooked.
Result<std::unique_ptr<DocumentReader>> open_json(std::string_view text, const ParseOptions& options, bool& lenient);

}  // namespace newswire::feed::detail
