#pragma once

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

/// The point in time; nothing if there is no such moment. Missing parts are the first of their kind.
std::optional<ZonedTime> moment(const Parts& parts);

/// Reads a folded date (fold_date_text) word by word, in any of the known languages and orders.
std::optional<ZonedTime> read_date(std::string_view folded);

}  // namespace newswire::feed::detail
