#pragma once

#include <cstddef>
#include <string_view>

namespace newswire::feed::detail {

/// The reference at the front of a text that begins with "&": one of XML's five, or a numeric one to a character that
/// XML allows and that is no C1 control (those are windows-1252 by mistake). Size 0 if there is none.
struct CharReference {
  std::size_t size = 0;
  char32_t character = 0;
};
CharReference char_reference(std::string_view text) noexcept;

}  // namespace newswire::feed::detail
