#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <string>

namespace newswire::ingest {

namespace asio = boost::asio;

/// Coroutines that run on their own and are awaited together. An exception that escapes from one is a bug: it is logged
/// and ends that one only. Loop thread only; outlives its members.
class TaskGroup {
 public:
  explicit TaskGroup(asio::any_io_executor executor);

  /// Starts `task`; `name` is for the log.
  void spawn(std::string name, asio::awaitable<void> task);
  std::size_t size() const noexcept { return running_; }

  /// Returns when no member runs.
  asio::awaitable<void> wait();
  /// The same, but no longer than `limit`. True if none runs.
  asio::awaitable<bool> wait_for(std::chrono::milliseconds limit);

 private:
  asio::any_io_executor executor_;
  asio::steady_timer idle_;  ///< cancelled when the last member ends
  std::size_t running_ = 0;
};

}  // namespace newswire::ingest
