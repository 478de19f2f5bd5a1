#include "feed/detail/tree.h"

#include <algorithm>
#include <cstring>

#include "feed/detail/bytes.h"
#include "feed/detail/char_reference.h"

namespace newswire::feed::detail::xml {
namespace {

constexpr unsigned kStrict =
    pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_wconv_attribute | pugi::parse_ws_pcdata;
constexpr std::size_t kLongestReference = 32;

bool is_sound(std::string_view text) noexcept { return char_reference(text.substr(0, kLongestReference)).size != 0; }

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
