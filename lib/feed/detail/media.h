#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "feed/detail/scopes.h"
#include "feed/detail/tree.h"
#include "feed/feed.h"

namespace newswire::feed::detail {

/// media:content, media:thumbnail, media:group, media:player: appended to `entry.media`, group members with what the
/// group says of all. False for another element of Media RSS.
bool read_media(xml::Node node, Name name, Scopes& scopes, Entry& entry, std::string& scratch);

/// An RSS enclosure; nothing if it has no address. The type is guessed from the address where none is given.
std::optional<Attachment> read_enclosure(xml::Node node, const Scopes& scopes, std::string& scratch);

/// What the media of an entry mean for it: playable ones become attachments, the best picture its image.
void apply_media(Entry& entry);

/// itunes:duration and Media RSS: seconds, "mm:ss", "hh:mm:ss", with fractions.
std::optional<double> parse_duration(std::string_view text) noexcept;

/// A whole number, perhaps with separators and a unit ("12,345", "5 MB"); nothing for anything else or nonsense (0 or
/// negative).
std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;

/// The media type that the end of a URL's path speaks for; empty if it says nothing.
std::string_view guess_type(std::string_view url) noexcept;

}  // namespace newswire::feed::detail
