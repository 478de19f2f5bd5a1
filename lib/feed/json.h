#pragma once

#include <string>

#include "feed/feed.h"

namespace newswire::feed {

/// Appends `feed` as one JSON Feed 1.1 document on one line, without the line break, with newswire's own members in
/// `_newswire` (docs/parse-output.md). This is what `newswirectl parse` prints.
void append_json_feed(std::string& out, const Feed& feed);

}  // namespace newswire::feed
