#pragma once

#include <optional>

#include "feed/detail/scopes.h"
#include "feed/detail/tree.h"
#include "feed/feed.h"

namespace newswire::feed::detail {

enum class Dialect : std::uint8_t { rss, rdf, atom, cdf };

/// Where the feed stands in a document.
struct Layout {
  Format format;
  Dialect dialect;
  xml::Node root;     ///< rss, rdf:RDF, feed, channel, or a lone entry
  xml::Node channel;  ///< the element that holds the feed's own members; the root itself where there is none
  /// The root's prefix, which may be empty, where it is bound to no vocabulary of feeds: the feed's own all the same.
  std::optional<std::string_view> adopted = std::nullopt;
};

/// Finds the feed, also inside a wrong root, next to other documents, without the outer elements. Nothing if there is
/// none. Linear, no recursion.
std::optional<Layout> find_layout(const xml::Document& document);

}  // namespace newswire::feed::detail
