#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "state/rows.h"

namespace newswire::ingest {

/// What the store has of a feed and a poll needs.
struct FeedMemory {
  state::FeedHot hot;
  state::FeedHttp http;
  std::uint64_t store = 0;  ///< Writer::state_rebuilt() when it was read: a store made anew knows nothing of it
};

/// The rows of the feeds that were polled last, as the store has them or is about to: most polls of most installations
/// need not read. At most `most` of them, in two generations, the older one dropped whole, so every call is O(1). Who
/// polls takes the rows out and puts the new ones in; after a poll that did not end they are read again. Loop thread
/// only.
class RecentFeeds {
 public:
  explicit RecentFeeds(std::size_t most) : most_(most) {}

  /// Nothing, and nothing is kept, if the rows of `slot` are another feed's or of another store.
  std::optional<FeedMemory> take(std::uint32_t slot, std::string_view id, std::uint64_t store);
  void put(std::uint32_t slot, FeedMemory memory);
  std::size_t size() const noexcept { return young_.size() + old_.size(); }

 private:
  using Generation = std::unordered_map<std::uint32_t, FeedMemory>;

  std::size_t most_;
  Generation young_;
  Generation old_;
};

}  // namespace newswire::ingest
