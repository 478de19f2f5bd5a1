#pragma once

#include <string>
#include <string_view>

namespace newswire::feed::detail {

/// The name of an encoding that iconv should know under, from a label of a header or declaration: in lower case, "-"
/// for
/// "_", aliases resolved, and with the wider encoding where the narrow name is used for it ("gb2312" is gb18030). An
/// unknown label comes back as it is, apart from case and dashes.
std::string canonical_encoding(std::string_view label);

}  // namespace newswire::feed::detail
