#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace newswire::fetch {

/// Where a well-known site keeps the feed of a page.
struct KnownFeed {
  std::string url;
  std::string title;  ///< what it is, for a person: "YouTube channel", "GitHub releases"
};

/// The feeds of `page_url` by the form of its address alone, best first, without asking anybody: YouTube channels,
/// users and playlists, Reddit, Mastodon and other fediverse profiles, Bluesky, GitHub and GitLab, Codeberg, Medium,
/// Substack, Tumblr, WordPress.com, Blogger, Vimeo. Empty: ask the page (feed::advertised_feeds). The table is data in
/// discovery.cpp. Pure.
std::vector<KnownFeed> known_feeds(std::string_view page_url);

/// Addresses worth trying when a page advertises nothing, in the order to try them: /feed, /rss.xml, … on its origin.
std::vector<std::string> likely_feeds(std::string_view page_url);

}  // namespace newswire::fetch
