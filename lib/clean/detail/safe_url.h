#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace newswire::clean {

enum class UrlUse : std::uint8_t { link, image, media };

/// `reference` made absolute, or empty if its scheme may not be used there: links may be web, mail, phone and chat
/// addresses; images http(s) or inline rasters; media http(s). A relative reference without a base stays relative.
std::string safe_url(std::string_view reference, std::string_view base_url, UrlUse use);

/// The srcset of an image (WHATWG HTML 4.8.4.2.1) with each of its URLs made safe; unsafe ones are left out.
std::string safe_srcset(std::string_view value, std::string_view base_url);

/// The https URL of a known player (video, audio, map, slides) that a frame may show, else empty.
std::string embed_url(std::string_view reference, std::string_view base_url);

}  // namespace newswire::clean
