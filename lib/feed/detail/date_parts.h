#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "feed/detail/city_zones.h"

namespace newswire::feed::detail {

/// The parts of a date as they were read, -1 for what was not there.
struct Parts {
  int year = -1;
  int month = -1;
  int day = -1;
  int ordinal = -1;  ///< day of the year
  int hour = -1;
  int minute = 0;
  int second = 0;
  int millis = 0;
  std::optional<int> offset;  ///< minutes east
  CityZone city;              ///< where there is no offset
};

/// A year of so many digits: two are of 1950 to 2049, three a year 2000 bug's "104" (RFC 2822, section 4.3).
int full_year(std::int64_t value, std::size_t digits) noexcept;

/// The day of an ISO 8601 week date.
std::optional<std::chrono::year_month_day> week_date(int year, int week, int weekday);

/// The point in time; nothing if there is no such moment. Missing parts are the first of their kind.
std::optional<ZonedTime> moment(const Parts& parts);

/// Reads a folded date (fold_date_text) word by word, in any of the known languages and orders.
std::optional<ZonedTime> read_date(std::string_view folded);

}  // namespace newswire::feed::detail
