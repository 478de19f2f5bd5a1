#include <algorithm>
#include <cmath>

#include "schedule/detail/area.h"

namespace newswire::schedule {
namespace {

constexpr double kHour = 3600;
constexpr double kDay = 24 * kHour;

// The integral up to `t`, and its slope there: the items expected since the start.
struct Walk {
  double t = 0;
  double area = 0;
  double items = 0;

  void go(double rate, double span) noexcept {
    area += items * span + rate * span * span / 2;
    items += rate * span;
    t += span;
  }
};

}  // namespace

double area_seconds(const std::array<float, 24>& rates, std::uint32_t from, double target, double limit) noexcept {
  if (!(target > 0)) return 0;
  Walk walk;
  std::size_t hour = from / 3600 % 24;
  double span = kHour - from % 3600;
  for (int steps = 0;; ++steps) {
    const double rate = rates[hour];
    Walk next = walk;
    next.go(rate, span);
    if (next.area >= target) {
      // rate/2 y^2 + items y = missing, in the form that is stable for a rate of zero
      const double missing = target - walk.area;
      const double y = 2 * missing / (walk.items + std::sqrt(walk.items * walk.items + 2 * rate * missing));
      return std::min(walk.t + y, limit);
    }
    if (next.t >= limit) return limit;
    walk = next;
    hour = hour == 23 ? 0 : hour + 1;
    span = kHour;
    if (steps == 24 && limit > 2 * kDay) {
      // A little over a day is behind us: restart at the last whole day that is still below the target. After k days
      // the area is k a + k (k - 1) / 2 times a day's items for a day, with a and the items of one day from the start.
      Walk day;
      std::size_t h = from / 3600 % 24;
      day.go(rates[h], kHour - from % 3600);
      for (int i = 0; i < 23; ++i) day.go(rates[h = h == 23 ? 0 : h + 1], kHour);
      h = h == 23 ? 0 : h + 1;
      day.go(rates[h], from % 3600);
      double k = 1;
      const auto area_after = [&](double days) { return days * day.area + days * (days - 1) / 2 * day.items * kDay; };
      while ((k + 1) * kDay < limit && area_after(k + 1) < target) ++k;
      walk = {k * kDay, area_after(k), k * day.items};
      hour = from / 3600 % 24;
      span = kHour - from % 3600;
      steps = -1 - static_cast<int>(limit / kHour);  // from here on plain steps; less than two days are left
    }
  }
}

}  // namespace newswire::schedule
