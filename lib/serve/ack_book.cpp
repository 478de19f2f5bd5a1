#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "serve/detail/ack_book.h"

namespace newswire::serve {

std::optional<Seq> AckBook::position(const std::string& consumer) const {
  const auto found = entries_.find(consumer);
  if (found == entries_.end()) return acks_.load(consumer);
  const auto& entry = *found->second;
  return entry.storing ? std::optional(entry.wanted) : entry.stored;
}

std::shared_ptr<AckBook::Entry> AckBook::entry(const std::string& consumer) {
  auto& entry = entries_[consumer];
  if (!entry) {
    entry = std::make_shared<Entry>(executor_);
    entry->changed.expires_at(asio::steady_timer::time_point::max());
    entry->stored = acks_.load(consumer);
    entry->wanted = entry->stored.value_or(Seq{0});
  }
  return entry;
}

asio::awaitable<Result<Seq>> AckBook::store(std::string consumer, Seq seq) {
  const auto mine = entry(consumer);
  mine->wanted = std::max(mine->wanted, seq);
  while (mine->storing) co_await mine->changed.async_wait(asio::as_tuple(asio::use_awaitable));
  Result<Seq> outcome = mine->stored.value_or(Seq{0});
  if (!mine->stored || *mine->stored < seq) {
    const auto target = std::max(mine->wanted, seq);  // a store that failed meanwhile took `wanted` back
    mine->wanted = target;
    mine->storing = true;
    auto stored = co_await acks_.store(consumer, target);
    mine->storing = false;
    mine->changed.cancel();
    if (stored) {
      mine->stored = target;
      outcome = target;
    } else {
      mine->wanted = mine->stored.value_or(Seq{0});
      outcome = stored.error();
    }
  }
  // The last one that holds the entry, besides the map, forgets it.
  if (const auto found = entries_.find(consumer);
      found != entries_.end() && found->second == mine && mine.use_count() == 2) {
    entries_.erase(found);
  }
  co_return outcome;
}

}  // namespace newswire::serve
