#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace newswire::config {

/// A feed as a list or OPML file names it, not yet checked; views live as long as the call that hands it out.
struct ListedFeed {
  std::string_view url;
  std::string_view id;     ///< OPML written by newswire; empty: to be derived
  std::string_view title;  ///< OPML; empty: none
  std::span<const std::string_view> tags;
  std::uint32_t line = 0;    ///< 1-based
  std::uint32_t column = 0;  ///< 1-based, in bytes
};
using OnFeed = std::function<void(const ListedFeed&)>;
/// `where` of these errors is "line:column"; the caller adds the file.
using OnError = std::function<void(Error)>;

/// One URL a line, then tags, separated by white space; a tag with spaces stands in double quotes, and "~Title" gives
/// the title (as in newsboat's urls file). "#" at the start of a line, or after white space, begins a comment. CRLF and
/// a BOM are fine. Linear, hardly an allocation a line.
void read_url_list(std::string_view text, const OnFeed& feed, const OnError& error);

/// OPML 1.x and 2.0: every outline with an xmlUrl is a feed; enclosing outlines' texts, joined by "/", are a tag, and
/// so are the parts of `category`. Nesting is bounded (64), entities are not expanded beyond XML's five.
void read_opml(std::string_view text, const OnFeed& feed, const OnError& error);

}  // namespace newswire::config
