#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace newswire::feed::detail {

/// Text of one of the encodings that iconv does not know, as UTF-8; `name` as canonical_encoding gives it. Bytes that
/// mean nothing become U+FFFD and are counted in `errors`. Nothing for any other encoding.
std::optional<std::string> decode_rare(std::string_view name, std::string_view bytes, std::size_t& errors);

/// HZ (RFC 1843) as GB 2312 with the upper bits set: "~{" to "~}" is Chinese, "~~" a tilde, and "~" before the end of a
/// line joins it to the next. Broken escapes stay as they are.
std::string gb2312_from_hz(std::string_view bytes);

}  // namespace newswire::feed::detail
