#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace newswire::feed::detail {

/// RFC 4648, section 4, white space ignored, padding optional; nothing if any other character is in it.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace newswire::feed::detail
