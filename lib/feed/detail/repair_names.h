#pragma once

#include <cstddef>
#include <string_view>

/// What the names of elements tell repair, which works without a tree: as they are written, without regard to case.
namespace newswire::feed::detail {

/// The part behind the last colon.
std::string_view local_name(std::string_view name) noexcept;

/// <item>, <entry>.
bool is_item(std::string_view name) noexcept;

/// The tag that begins at `at`, a "<".
struct TagStart {
  std::string_view name;  ///< as far as it counts: no name that repair knows is longer; empty if this is no tag
  bool closes = false;
};
TagStart tag_at(std::string_view text, std::size_t at) noexcept;

/// Where the next tag of an item, start or end, begins at or after `from`; the text's size if there is none.
std::size_t find_item_tag(std::string_view text, std::size_t from) noexcept;

/// <rss>, <rdf:RDF>, <feed>, <channel>.
bool is_root(std::string_view name) noexcept;

/// What gives a feed its shape: an end tag inside never closes one of these, and their own end tags close all inside.
bool is_structural(std::string_view name) noexcept;

/// Elements of feeds that hold text or nothing, so that another element of a feed inside means that an end tag is
/// missing.
bool is_leaf(std::string_view name) noexcept;

/// Elements that stand in a channel or item and nowhere in HTML.
bool is_feed_element(std::string_view name) noexcept;

/// Elements of HTML that have no end tag.
bool is_void(std::string_view name) noexcept;

}  // namespace newswire::feed::detail
