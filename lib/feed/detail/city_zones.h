#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace newswire::feed::detail {

/// When clocks are an hour ahead.
enum class Daylight : std::uint8_t { none, europe, america, australia, new_zealand };

/// A zone by its city, or "Eastern" and its sisters in North America.
struct CityZone {
  int minutes = 0;  ///< east of UTC, in winter
  Daylight daylight = Daylight::none;
};

/// The zone of a folded name of the IANA database without its region ("new_york"); nothing for one that is not known.
std::optional<CityZone> find_city_zone(std::string_view name) noexcept;

/// Is the clock of such a zone an hour ahead when it shows `wall`? By the rules of today, for America also those of
/// 1987 to 2006. The hour that comes twice in autumn counts as its first time.
bool is_ahead(const CityZone& zone, Time wall) noexcept;

}  // namespace newswire::feed::detail
