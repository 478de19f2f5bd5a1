#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace newswire::clean {

/// What the class names of an element say that it shows.
struct ShownKind {
  bool date = false;    ///< "post-date", "published", "timestamp"
  bool author = false;  ///< "author", "entry_author"
  bool either = false;  ///< "meta", "post-info", "byline"
};
ShownKind shown_kind(std::string_view class_names);

/// The date in a line such as "Posted by Ada Holm on June 3rd, 2025", "4 June 2025, 11:20 | News". Only one with a day
/// that it names, or a relative one.
std::optional<ZonedTime> parse_shown_date(std::string_view text, Time fetched_at);

/// The names in such a line, as names_of_byline() reads them; empty if there are none. Without `certain` (an element
/// that is named after its author) the line must begin with "by" or the like.
std::string shown_author(std::string_view text, bool certain);

}  // namespace newswire::clean
