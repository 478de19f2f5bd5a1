#pragma once

#include "base/json_text.h"
#include "feed/feed.h"

namespace newswire::feed::detail {

/// The members of a JSON Feed document but `items`, into an object that is open.
void write_feed_head(JsonWriter& json, const Feed& feed);

/// One item, as an object.
void write_entry(JsonWriter& json, const Entry& entry);

}  // namespace newswire::feed::detail
