#include "schedule/rivals.h"

#include <algorithm>
#include <cmath>

namespace newswire::schedule {
namespace {

constexpr double kMinute = 60;
constexpr double kHour = 3600;
constexpr double kDay = 86400;

double count_since(const Look& look, double span) {
  const auto end = look.trace.items.begin() + static_cast<std::ptrdiff_t>(look.seen);
  return static_cast<double>(end - std::lower_bound(look.trace.items.begin(), end, look.now - span));
}

double uniform(const Look&, double scale) { return scale * kHour; }

double proportional(const Look& look, double scale) { return scale * kDay / look.trace.true_rate; }

double square_root(const Look& look, double scale) { return scale * kHour / std::sqrt(look.trace.true_rate); }

// entry_frequency: a week divided by the entries of the last week, times a factor.
double miniflux(const Look& look, double scale) {
  const double weekly = count_since(look, 7 * kDay);
  return weekly > 0 ? scale * 7 * kDay / weekly : 365 * kDay;
}

// Half the mean gap of the document's entries; fixed steps for feeds that fell silent.
double commafeed(const Look& look, double scale) {
  if (look.seen == 0) return scale * 24 * kHour;
  const double silent = look.now - look.trace.items[look.seen - 1];
  if (silent > 30 * kDay) return scale * 24 * kHour;
  if (silent > 14 * kDay) return scale * 12 * kHour;
  if (silent > 7 * kDay) return scale * 6 * kHour;
  const std::size_t shown = std::min<std::size_t>(look.seen, look.trace.window);
  if (shown < 2) return scale * 12 * kHour;
  const double span = look.trace.items[look.seen - 1] - look.trace.items[look.seen - shown];
  return scale * std::min(span / static_cast<double>(shown - 1) / 2, 6 * kHour);
}

// By stories a day over the last month, for a feed with one subscriber.
double newsblur(const Look& look, double scale) {
  const double daily = count_since(look, 30 * kDay) / 30;
  if (daily >= 1) return scale * 45 * kMinute;
  return scale * std::max(12 * kHour * (1 - daily), 45 * kMinute);
}

// Additive increase is multiplicative here too: shorter by half after a change, longer by a share after none.
double stormcrawler(const Look& look, double scale) {
  if (look.last_interval <= 0) return kHour;
  return look.last_interval * (look.fresh > 0 ? 0.5 : 1 + scale * 0.5);
}

// The bound that nobody can pass: knows when the next item comes.
double clairvoyant(const Look& look, double scale) {
  const double rest = scale * 15 * kMinute;
  if (look.seen >= look.trace.items.size()) return 24 * kHour;
  return std::max(look.trace.items[look.seen] - look.now, rest);
}

}  // namespace

const std::vector<Rival>& rivals() {
  static const std::vector<Rival> all{{"uniform", uniform},
                                      {"proportional, true rate", proportional},
                                      {"Miniflux entry_frequency", miniflux},
                                      {"CommaFeed empirical", commafeed},
                                      {"NewsBlur table", newsblur},
                                      {"StormCrawler AIMD", stormcrawler},
                                      {"square root, true rate", square_root},
                                      {"clairvoyant", clairvoyant}};
  return all;
}

}  // namespace newswire::schedule
