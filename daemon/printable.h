#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace newswire::daemon {

/// Text from elsewhere for a terminal: what the terminal would obey (C0 and C1 controls, DEL) as spaces, so that it can
/// neither move the cursor nor fake a line. Line feeds stay if `lines`. Bytes that are not UTF-8 stay as they are.
std::string printable(std::string_view text, bool lines = false);

/// One line of it, white space folded; cut with "…" to `limit` bytes.
std::string printable_line(std::string_view text, std::size_t limit = std::string_view::npos);

}  // namespace newswire::daemon
