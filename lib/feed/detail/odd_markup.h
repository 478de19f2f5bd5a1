#pragma once

#include <cstddef>
#include <string_view>

#include "base/text.h"

/// What people write in place of XML's markup, for repair.
namespace newswire::feed::detail {

inline bool is_name_start(char c) noexcept {
  return is_alpha(c) || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}
inline bool is_name_char(char c) noexcept { return is_name_start(c) || is_digit(c) || c == '-' || c == '.'; }

/// The size of "<![CDATA[" at the front of a text, and of what people write in its place ("<![cdata[", "<!CDATA[",
/// "<![CDATA ["); 0 for anything else.
std::size_t cdata_opening(std::string_view text) noexcept;

/// A value in quotes that XML does not know (`a`, “a”, ’a’) without them.
std::string_view without_odd_quotes(std::string_view value) noexcept;

/// Where the value of an attribute really ends whose closing quote was forgotten, so that it runs into the next one's
/// ("a b=", as in x="a b="c"); npos if nothing says so.
std::size_t find_lost_quote(std::string_view value) noexcept;

}  // namespace newswire::feed::detail
