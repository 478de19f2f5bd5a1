#pragma once

#include <string>
#include <string_view>

namespace newswire {

/// A value for a `key=value` log line: quoted if it has spaces, quotes or is empty, control characters escaped, cut at
/// 512 bytes; input cannot forge a line.
std::string log_value(std::string_view text);

}  // namespace newswire
