#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace newswire::feed::detail {

/// Undoes UTF-8 that was taken for Latin-1 or windows-1252 and encoded again ("Ã©" for "é"), in each stretch of a
/// document between markup and quotes that makes sense that way as a whole: each of its characters beyond ASCII stands
/// for a byte, and the bytes are UTF-8. Before anything folds white space: the second byte of "à" is a no-break space.
/// Nothing if there was no such stretch. Linear.
std::optional<std::string> undo_double_encoding(std::string_view document);

}  // namespace newswire::feed::detail
