#include "schedule/learn.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace newswire::schedule {
namespace {

constexpr double kDay = 86400;
// The exposure that a feed watched for ever has: the integral of the decay.
constexpr double kFullExposure = kHalfLifeDays / std::numbers::ln2;
// Pseudo-items of a flat day; measured, POLLING.md section 4.
constexpr float kFlatItems = 12;

double decay(double days) noexcept { return std::exp2(-days / kHalfLifeDays); }

using Hours = std::array<float, 24>;

// Adds items to the shape of the day. Rounding to a byte is dithered by the feed's own numbers, so that one item in a
// busy hour is not lost for ever.
void add_hours(FeedSchedule& feed, const Hours& added, double old_count) noexcept {
  float sum = 0;
  for (const auto hour : feed.hours) sum += static_cast<float>(hour);
  const float scale = sum > 0 ? static_cast<float>(old_count) / sum : 0;
  Hours total{};
  float most = 0;
  for (std::size_t h = 0; h < 24; ++h) {
    total[h] = static_cast<float>(feed.hours[h]) * scale + added[h];
    most = std::max(most, total[h]);
  }
  if (!(most > 0)) return;
  std::uint32_t dither = feed.last_good * 2654435761U + feed.polls;
  for (std::size_t h = 0; h < 24; ++h) {
    dither = dither * 1664525U + 1013904223U;
    const float exact = total[h] / most * 255;
    const auto rounded = std::min(255.0F, exact + static_cast<float>(dither >> 8) * 0x1p-24F);
    feed.hours[h] = static_cast<std::uint8_t>(rounded);
  }
}

}  // namespace

double rate(const FeedSchedule& feed) noexcept {
  return (feed.count + kPriorCount) / ((feed.exposure_days + kPriorDays) * kDay);
}

std::array<float, 24> hourly_rates(const FeedSchedule& feed) noexcept {
  Hours rates{};
  const auto mean = static_cast<float>(rate(feed));
  float sum = 0;
  for (const auto hour : feed.hours) sum += static_cast<float>(hour);
  if (!(sum > 0)) {
    rates.fill(mean);
    return rates;
  }
  const float known = feed.count / (feed.count + kFlatItems);
  const float flat = mean * (1 - known);
  const float scale = mean * known * 24 / (4 * sum);
  for (std::size_t h = 0; h < 24; ++h) {
    const auto before = feed.hours[h == 0 ? 23 : h - 1];
    const auto after = feed.hours[h == 23 ? 0 : h + 1];
    rates[h] = flat + scale * static_cast<float>(before + 2 * feed.hours[h] + after);
  }
  return rates;
}

void seed(FeedSchedule& feed, std::span<const Time> dates, Stamp now) {
  feed.last_good = now;
  feed.last_item = now;
  std::vector<Stamp> stamps;
  stamps.reserve(dates.size());
  for (const auto date : dates) {
    const auto stamp = to_stamp(date);
    if (stamp > 1 && stamp <= now) stamps.push_back(stamp);
  }
  if (stamps.empty()) return;
  std::sort(stamps.begin(), stamps.end(), std::greater<>());
  feed.last_item = stamps.front();
  if (stamps.size() > 1 && stamps.front() - stamps.back() < 60) return;  // one date for all: the time of generation
  // A pinned or back-dated entry far behind the others must not stretch the span: a tenth is left out.
  const std::size_t oldest = stamps.size() < 10 ? stamps.size() - 1 : (stamps.size() - 1) * 9 / 10;
  const bool whole_days = stamps.size() > 2 && std::all_of(stamps.begin(), stamps.end(), [&](Stamp s) {
                            return s % 86400 == stamps.front() % 86400 && s % 1800 == 0;
                          });
  Hours added{};
  double count = 0;
  for (std::size_t i = 0; i < std::max<std::size_t>(oldest, 1); ++i) {
    const double weight = decay((now - stamps[i]) / kDay) * (oldest == 0 ? 0.5 : 1.0);
    count += weight;
    added[stamps[i] / 3600 % 24] += static_cast<float>(weight);
  }
  feed.count = static_cast<float>(count);
  feed.exposure_days = static_cast<float>(kFullExposure * (1 - decay((now - stamps[oldest]) / kDay)));
  if (!whole_days) add_hours(feed, added, 0);
}

void observe(FeedSchedule& feed, std::span<const Time> items, bool lost, Stamp now) {
  const Stamp before = std::min(feed.last_good, now);
  const double days = (now - before) / kDay;
  const double left = decay(days);
  const double old_count = feed.count * left;
  feed.exposure_days = static_cast<float>(feed.exposure_days * left + kFullExposure * (1 - left));
  Hours added{};
  double count = 0;
  Stamp oldest = now;
  Stamp newest = kUnset;
  for (const auto item : items) {
    auto stamp = to_stamp(item);
    if (stamp <= before || stamp > now)
      stamp = before + (now - before) / 2;
    else
      oldest = std::min(oldest, stamp);
    newest = std::max(newest, stamp);
    added[stamp / 3600 % 24] += 1;
    ++count;
  }
  if (lost && count > 0) {
    // What the document still shows covers only a part of the span; the rest is taken to have been as busy.
    const double seen = now > oldest ? now - oldest : (now - before) / 2.0;
    count *= seen > 0 ? std::clamp((now - before) / seen, 1.0, 8.0) : 1.0;
  }
  if (count > 0) {
    add_hours(feed, added, old_count);
    feed.last_item = newest;
  }
  feed.count = static_cast<float>(old_count + count);
  feed.last_good = now;
}

double rate_at_last_item(const FeedSchedule& feed) noexcept {
  const double days = feed.last_good > feed.last_item ? (feed.last_good - feed.last_item) / kDay : 0;
  const double left = decay(std::min(days, 140.0));  // beyond that a float's exposure cannot be wound back
  const double count = feed.count / left;
  const double exposure = std::max((feed.exposure_days - kFullExposure * (1 - left)) / left, 0.0);
  return (count + kPriorCount) / ((exposure + kPriorDays) * kDay);
}

}  // namespace newswire::schedule
