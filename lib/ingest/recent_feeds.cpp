#include "ingest/recent_feeds.h"

#include <utility>

namespace newswire::ingest {

std::optional<FeedMemory> RecentFeeds::take(std::uint32_t slot, std::string_view id, std::uint64_t store) {
  for (auto* generation : {&young_, &old_}) {
    const auto found = generation->find(slot);
    if (found == generation->end()) continue;
    auto memory = std::move(found->second);
    generation->erase(found);
    if (memory.hot.id != id || memory.store != store) return std::nullopt;
    return memory;
  }
  return std::nullopt;
}

void RecentFeeds::put(std::uint32_t slot, FeedMemory memory) {
  if (young_.size() >= most_ / 2) old_ = std::exchange(young_, {});
  old_.erase(slot);
  young_.insert_or_assign(slot, std::move(memory));
}

}  // namespace newswire::ingest
