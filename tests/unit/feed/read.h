#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "feed/parse.h"

namespace newswire::feed {

/// Parses a document that must be a feed.
inline Feed read(std::string_view document, const ParseOptions& options = {}) {
  auto feed = parse(document, options);
  EXPECT_TRUE(feed.has_value()) << (feed ? "" : feed.error().what);
  return feed ? *std::move(feed) : Feed{};
}

/// Parses an RSS 2.0 document with one item that holds `inside`.
inline Entry read_item(std::string_view inside, const ParseOptions& options = {}) {
  auto feed = read("<rss version='2.0'><channel><item>" + std::string(inside) + "</item></channel></rss>", options);
  EXPECT_EQ(feed.entries.size(), 1U);
  return feed.entries.empty() ? Entry{} : std::move(feed.entries.front());
}

/// The same for an Atom entry.
inline Entry read_atom_entry(std::string_view inside, const ParseOptions& options = {}) {
  auto feed =
      read("<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + std::string(inside) + "</entry></feed>", options);
  EXPECT_EQ(feed.entries.size(), 1U);
  return feed.entries.empty() ? Entry{} : std::move(feed.entries.front());
}

inline Feed read_channel(std::string_view inside) {
  return read("<rss version='2.0'><channel>" + std::string(inside) + "</channel></rss>");
}

}  // namespace newswire::feed
