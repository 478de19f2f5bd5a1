#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/seq.h"
#include "serve/article_server.h"

namespace newswire::serve {

/// The acknowledgements of named consumers: keeps AckStore's promises (growing numbers, one call at a time for one
/// name) whatever connections come and go, and stores only the newest when many wait. Loop thread only; outlives its
/// store() coroutines.
class AckBook {
 public:
  AckBook(asio::any_io_executor executor, AckStore acks) : executor_(std::move(executor)), acks_(std::move(acks)) {}

  /// What the consumer has acknowledged, durable or about to be; nothing if the name was never seen.
  std::optional<Seq> position(const std::string& consumer) const;

  /// Returns when at least `seq` is durable, with the position that is; never goes back. An Error is the store's, and
  /// the position stays what it was.
  asio::awaitable<Result<Seq>> store(std::string consumer, Seq seq);

 private:
  struct Entry {
    std::optional<Seq> stored;  // durable
    Seq wanted;                 // the newest asked for
    bool storing = false;
    asio::steady_timer changed;  // cancelled when storing ends
    explicit Entry(const asio::any_io_executor& executor) : changed(executor) {}
  };
  std::shared_ptr<Entry> entry(const std::string& consumer);

  asio::any_io_executor executor_;
  AckStore acks_;
  std::map<std::string, std::shared_ptr<Entry>, std::less<>> entries_;  // only while somebody stores
};

}  // namespace newswire::serve
