#include "ingest/stats.h"

#include <algorithm>

namespace newswire::ingest {

void Durations::add(std::chrono::steady_clock::duration took) noexcept {
  const double seconds = std::chrono::duration<double>(took).count();
  const auto bucket = std::lower_bound(kUpper.begin(), kUpper.end(), seconds) - kUpper.begin();
  ++counts_[static_cast<std::size_t>(bucket)];
  sum_ += seconds;
}

void PipelineStats::count_category(std::string_view category) {
  auto found = by_category.find(category);
  if (found == by_category.end()) {
    found = by_category.emplace(by_category.size() < kMaxCategories ? category : std::string_view("other"), 0).first;
  }
  ++found->second;
}

void PipelineStats::count_health(std::string_view state) noexcept {
  const auto* const found = std::find(kHealthStates.begin(), kHealthStates.end(), state);
  if (found != kHealthStates.end()) ++by_health[static_cast<std::size_t>(found - kHealthStates.begin())];
}

}  // namespace newswire::ingest
