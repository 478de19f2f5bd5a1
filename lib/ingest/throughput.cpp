#include "ingest/throughput.h"

#include <algorithm>
#include <chrono>

namespace newswire::ingest {
namespace {

std::int64_t minute_of(Time time) { return std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count(); }

std::size_t slot_of(std::int64_t minute) {
  constexpr std::int64_t kSlots = Throughput::kMinutes;
  return static_cast<std::size_t>((minute % kSlots + kSlots) % kSlots);  // a clock before 1970 is no reason to fall
}

}  // namespace

void Throughput::add(Time now, const MinuteCounts& counts) {
  const auto minute = minute_of(now);
  auto& slot = slots_[slot_of(minute)];
  if (slot.minute != minute) slot = {minute, {}};
  slot.counts.fresh += counts.fresh;
  slot.counts.unchanged += counts.unchanged;
  slot.counts.not_modified += counts.not_modified;
  slot.counts.failed += counts.failed;
  slot.counts.articles += counts.articles;
  slot.counts.bytes += counts.bytes;
}

std::vector<MinuteCounts> Throughput::last(Time now, std::size_t minutes) const {
  minutes = std::clamp<std::size_t>(minutes, 1, kMinutes);
  std::vector<MinuteCounts> counts(minutes);
  const auto first = minute_of(now) - static_cast<std::int64_t>(minutes) + 1;
  for (std::size_t i = 0; i < minutes; ++i) {
    const auto minute = first + static_cast<std::int64_t>(i);
    const auto& slot = slots_[slot_of(minute)];
    if (slot.minute == minute) counts[i] = slot.counts;
  }
  return counts;
}

}  // namespace newswire::ingest
