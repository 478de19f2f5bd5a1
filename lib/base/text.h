#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace newswire {

/// ASCII only, independent of the locale; the white space of XML and HTML (space, tab, LF, FF, CR).
constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) noexcept { return is_digit(c) || is_alpha(c); }
constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Without leading and trailing white space; a view into `text`.
std::string_view trim(std::string_view text) noexcept;

/// ASCII letters lowered, other bytes as they are.
std::string lower(std::string_view text);

/// Equal but for the case of ASCII letters.
bool iequals(std::string_view a, std::string_view b) noexcept;
bool istarts_with(std::string_view text, std::string_view prefix) noexcept;

/// Position of `needle` in `text` (ASCII case ignored) at or after `from`, or npos. Linear in practice (memchr on both
/// cases).
std::size_t ifind(std::string_view text, std::string_view needle, std::size_t from = 0) noexcept;

/// The pieces between `separator`, views into `text`; empty pieces are kept.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Runs of white space (ASCII, U+00A0, U+2028, U+2029, U+3000 are all white space here) become one space; none at the
/// ends.
std::string fold_space(std::string_view text);

/// Appends a Unicode scalar value as UTF-8; surrogates and values over 0x10FFFF become U+FFFD.
void append_utf8(std::string& out, char32_t c);

/// One decoded step of UTF-8: the scalar value and the bytes it took. A malformed byte gives U+FFFD and size 1;
/// `text` must not be empty.
struct Utf8Step {
  char32_t value;
  unsigned size;
  bool valid;
};
Utf8Step decode_utf8(std::string_view text) noexcept;

/// Well-formed UTF-8 (no overlong forms, no surrogates), RFC 3629.
bool is_utf8(std::string_view text) noexcept;

/// At most `limit` bytes of `text`, cut at a character's border.
std::string_view cut_utf8(std::string_view text, std::size_t limit) noexcept;

/// The nearest of `candidates` by edit distance, if it is near enough to be a slip of the fingers ("did you mean …?").
std::optional<std::string_view> nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace newswire
