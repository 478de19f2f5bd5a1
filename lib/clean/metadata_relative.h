#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace newswire::clean {

/// "2 hours ago", "a day ago", "yesterday", "vor 3 Stunden", "il y a 2 h", "hace un día", "2時間前" … as a point in
/// time before `now`, in the languages of metadata_relative.inc. `text` must say nothing else (a label such as
/// "Updated" or "Posted" may stand before it), so that a sentence that mentions "two days ago" is no date. Days and
/// longer units are exact multiples of 24 hours before `now`: the hour stays that of `now`. Nothing for anything else.
std::optional<ZonedTime> parse_relative_date(std::string_view text, Time now);

}  // namespace newswire::clean
