#pragma once

#include <string>
#include <string_view>

namespace newswire::feed::detail {

/// What one look at all bytes of a document tells.
struct ByteScan {
  bool utf8 = true;           ///< well-formed UTF-8
  bool controls = false;      ///< C0 controls that XML does not allow, NUL, U+FFFE, U+FFFF
  bool c1 = false;            ///< U+0080..U+009F: windows-1252 that was taken for ISO-8859-1
  std::size_t multibyte = 0;  ///< well-formed sequences of more than one byte
  std::size_t malformed = 0;  ///< bytes that are in none
  std::size_t nuls = 0;
  bool by_windows = false;         ///< such pairs seem to have been windows-1252, which has no controls
  std::size_t double_encoded = 0;  ///< pairs of characters that are one of two bytes or more, encoded a second time
};
ByteScan scan_bytes(std::string_view bytes) noexcept;

/// `text` with malformed bytes replaced by U+FFFD, C0 controls and NUL dropped, C1 controls read as windows-1252; the
/// rest as it is.
std::string clean_utf8(std::string_view text);

/// Unicode of a windows-1252 byte 0x80..0x9F.
char32_t windows1252(unsigned char byte) noexcept;

}  // namespace newswire::feed::detail
