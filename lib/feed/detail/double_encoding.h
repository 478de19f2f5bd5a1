#pragma once

#include <string>

#include "feed/feed.h"

namespace newswire::feed::detail {

/// Undoes UTF-8 that was taken for Latin-1 or windows-1252 and encoded again ("Ã©" for "é"), if the whole text makes
/// sense that way: each character beyond ASCII stands for a byte, and the bytes are UTF-8. True if it was so.
bool undo_double_encoding(std::string& text);

/// The same for every text of a feed, and of an entry.
void undo_double_encoding(Feed& feed);
void undo_double_encoding(Entry& entry);

}  // namespace newswire::feed::detail
