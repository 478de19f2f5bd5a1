#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "feed/feed.h"

namespace newswire::feed {

/// A date as feeds write it: RFC 822/2822 with every common deviation, ISO 8601 (W3C-DTF, RFC 3339, week and ordinal
/// dates, basic format), asctime, Unix time in seconds or milliseconds, numeric dates, month and weekday names of the
/// languages in date_names.inc, zone names and offsets, two-digit years (RFC 2822, section 4.3), 24:00, leap seconds.
/// A missing time of day is midnight, a missing zone is UTC (Korean dates: KST). Numeric dates with slashes are month
/// first unless that is impossible or the words around them are not English. Nothing for what cannot be a date: no
/// part is ever made up. Pure; bounded (texts over 200 bytes are no dates).
std::optional<ZonedTime> parse_date(std::string_view text);

/// The text, trimmed, with the point in time if it can be read.
Date make_date(std::string_view text);

}  // namespace newswire::feed
