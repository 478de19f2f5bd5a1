#include "feed/detail/city_zones.h"

#include <algorithm>
#include <iterator>

namespace newswire::feed::detail {
namespace {

struct Known {
  std::string_view name;
  CityZone zone;
};
#define C(name, minutes, rule) {name, {minutes, Daylight::rule}},
constexpr Known kKnown[] = {
#include "feed/city_zones.inc"
};
#undef C

}  // namespace

std::optional<CityZone> find_city_zone(std::string_view name) noexcept {
  const auto* const found =
      std::find_if(std::begin(kKnown), std::end(kKnown), [name](const Known& known) { return known.name == name; });
  return found == std::end(kKnown) ? std::nullopt : std::optional(found->zone);
}

bool is_ahead(const CityZone& zone, Time wall) noexcept {
  using namespace std::chrono;
  const auto in = year_month_day{floor<days>(wall)}.year();
  switch (zone.daylight) {
    case Daylight::none: return false;
    case Daylight::europe: {  // directive 2000/84/EC: at 1:00 UTC everywhere
      const minutes offset{zone.minutes};
      const Time from = sys_days{in / March / Sunday[last]} + hours{1} + offset;
      const Time to = sys_days{in / October / Sunday[last]} + hours{2} + offset;
      return wall >= from && wall < to;
    }
    case Daylight::america: {  // Energy Policy Act of 2005; before it the Act of 1986
      const bool longer = in >= year{2007};
      const Time from =
          sys_days{longer ? sys_days{in / March / Sunday[2]} : sys_days{in / April / Sunday[1]}} + hours{2};
      const Time to =
          sys_days{longer ? sys_days{in / November / Sunday[1]} : sys_days{in / October / Sunday[last]}} + hours{2};
      return wall >= from && wall < to;
    }
    case Daylight::australia: {
      const Time to = sys_days{in / April / Sunday[1]} + hours{3};
      const Time from = sys_days{in / October / Sunday[1]} + hours{2};
      return wall < to || wall >= from;
    }
    case Daylight::new_zealand: {
      const Time to = sys_days{in / April / Sunday[1]} + hours{3};
      const Time from = sys_days{in / September / Sunday[last]} + hours{2};
      return wall < to || wall >= from;
    }
  }
  return false;
}

}  // namespace newswire::feed::detail
