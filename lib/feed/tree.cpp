#include "feed/detail/tree.h"

#include "base/text.h"
#include "feed/detail/bytes.h"

namespace newswire::feed::detail::xml {
namespace {

constexpr unsigned kStrict =
    pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_wconv_attribute | pugi::parse_ws_pcdata;
constexpr std::size_t kMostDigits = 24;  // leading zeros and all

// Characters that XML allows, but for the C1 controls, which are windows-1252 by mistake.
bool is_allowed(char32_t c) noexcept {
  return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0x7F) || (c >= 0xA0 && c < 0xD800) ||
         (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c < 0x110000);
}

// Is there, at the front of a text that begins with "&#", a reference to a character that may be meant?
bool is_sound_number(std::string_view text) noexcept {
  const bool hex = text.size() > 2 && text[2] == 'x';
  const std::size_t first = hex ? 3 : 2;
  auto at = first;
  char32_t value = 0;
  for (; at < text.size() && at < first + kMostDigits; ++at) {
    const char c = to_lower(text[at]);
    char32_t digit = 0;
    if (is_digit(c)) {
      digit = static_cast<char32_t>(c - '0');
    } else if (hex && c >= 'a' && c <= 'f') {
      digit = static_cast<char32_t>(c - 'a' + 10);
    } else {
      break;
    }
    if (value < 0x200000) value = value * (hex ? 16U : 10U) + digit;
  }
  return at > first && at < text.size() && text[at] == ';' && is_allowed(value);
}

// Does a text that begins with "&" begin with one of XML's own references?
bool is_sound(std::string_view text) noexcept {
  const auto rest = text.substr(1);
  if (rest.starts_with('#')) return is_sound_number(text);
  return rest.starts_with("lt;") || rest.starts_with("gt;") || rest.starts_with("amp;") || rest.starts_with("quot;") ||
         rest.starts_with("apos;");
}

// Does every ampersand start a reference that means something, those in CDATA and comments too? Most documents need no
// closer look.
bool all_sound(std::string_view text) noexcept {
  for (auto at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    if (!is_sound(text.substr(at))) return false;
  }
  return true;
}

// Is there one that does not, outside of CDATA, comments and instructions? Stops at the first. Linear.
bool has_loose_reference(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); (at = find_either<'&', '<'>(at, end)) != end;) {
    const auto rest = text.substr(static_cast<std::size_t>(at - text.data()));
    if (*at == '&') {
      if (!is_sound(rest)) return true;
      ++at;
      continue;
    }
    // Sections in which "&" is just a letter.
    std::string_view closing;
    if (rest.starts_with("<![CDATA[")) {
      closing = "]]>";
    } else if (rest.starts_with("<!--")) {
      closing = "-->";
    } else if (rest.starts_with("<?")) {
      closing = "?>";
    }
    if (closing.empty()) {
      ++at;
      continue;
    }
    const auto stop = rest.find(closing, 2);
    if (stop == std::string_view::npos) return true;
    at += stop + closing.size();
  }
  return false;
}

}  // namespace

bool Document::parse(char* text, std::size_t size, References references) {
  const std::string_view view(text, size);
  if (references == References::refuse && !all_sound(view) && has_loose_reference(view)) return false;
  return static_cast<bool>(document_.load_buffer_inplace(text, size, kStrict, pugi::encoding_utf8));
}

}  // namespace newswire::feed::detail::xml
