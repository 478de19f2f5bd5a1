#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace newswire {

/// Wall-clock time, UTC, milliseconds: everything that newswire stores, compares or prints.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// A point in time with the offset its author wrote, in minutes east of UTC; "no zone given" counts as UTC.
struct ZonedTime {
  Time utc;
  std::chrono::minutes offset{0};
  friend bool operator==(const ZonedTime&, const ZonedTime&) = default;
};

/// RFC 3339. Milliseconds are written when they are not zero, or always with `always_millis`; offset 0 is "Z".
std::string to_rfc3339(Time time, bool always_millis = false);
std::string to_rfc3339(const ZonedTime& time);

/// Strict RFC 3339 (section 5.6), years 0000 to 9999; nothing for anything else. Lenient dates are the feed room's.
std::optional<ZonedTime> parse_rfc3339(std::string_view text);

}  // namespace newswire
