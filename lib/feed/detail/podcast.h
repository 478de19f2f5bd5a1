#pragma once

#include <optional>
#include <string>

#include "feed/detail/scopes.h"
#include "feed/detail/tree.h"
#include "feed/feed.h"

/// What the podcast namespace (podcastindex.org) has beyond iTunes'.
namespace newswire::feed::detail {

/// podcast:person, of a channel or an episode.
Person read_podcast_person(xml::Node node, std::string& scratch);

/// podcast:transcript or podcast:chapters as a link with the relation `rel`; nothing if it has no address.
std::optional<Link> read_podcast_link(xml::Node node, std::string rel, const Scopes& scopes);

/// podcast:alternateEnclosure, the same episode in another format: of its sources the first that HTTP gives; nothing if
/// there is none.
std::optional<Attachment> read_alternate_enclosure(xml::Node node, const Scopes& scopes);

}  // namespace newswire::feed::detail
