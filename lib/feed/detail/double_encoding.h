#pragma once

#include <string>

#include "feed/feed.h"

namespace newswire::feed::detail {

/// Undoes UTF-8 that was taken for ISO-8859-1 and encoded again ("Ã©" for "é"), as the common parsers do: only if the
/// whole text makes sense that way, each character beyond ASCII stands for a byte and the bytes are UTF-8.
/// `had_controls`: the document held C1 controls, which were read as windows-1252 and stand for their bytes here.
/// True if it was so.
bool undo_double_encoding(std::string& text, bool had_controls);

/// The same for every text of a feed, and of an entry.
void undo_double_encoding(Feed& feed, bool had_controls);
void undo_double_encoding(Entry& entry, bool had_controls);

}  // namespace newswire::feed::detail
