#pragma once

#include "feed/detail/layout.h"
#include "feed/detail/scopes.h"
#include "feed/feed.h"

namespace newswire::feed::detail {

/// Reads the feed's own members of any XML format, from the channel and, where they stand there, from the root. Root
/// and channel are in scope already.
void read_channel(const Layout& layout, Scopes& scopes, Feed& feed);

}  // namespace newswire::feed::detail
