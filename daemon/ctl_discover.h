#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace newswire::daemon {

/// A feed that was fetched and can be read.
struct FoundFeed {
  std::string url;
  std::string title;
  std::string how;  ///< "itself", "known site", "advertised", "usual place"
  std::size_t entries = 0;
};

/// The feed that a URL leads to: the URL itself, or, of a web page, the first that discover finds. Few requests, each
/// bounded; nothing if there is none, or nobody answers.
std::vector<FoundFeed> find_feed(const std::string& url, bool allow_private);

/// `newswirectl discover URL`: the feeds of a page, by its address, by what it advertises, and at the usual places,
/// each fetched once. Needs no daemon. `status` gets the exit status: 0, or 1 when there is none.
void add_discover(CLI::App& app, int& status);

}  // namespace newswire::daemon
