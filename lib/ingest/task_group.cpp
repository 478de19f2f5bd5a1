#include "ingest/task_group.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log_value.h"

namespace newswire::ingest {

TaskGroup::TaskGroup(asio::any_io_executor executor) : executor_(executor), idle_(executor) {}

void TaskGroup::spawn(std::string name, asio::awaitable<void> task) {
  ++running_;
  asio::co_spawn(executor_, std::move(task), [this, name = std::move(name)](std::exception_ptr escaped) {
    --running_;
    if (escaped) {
      try {
        std::rethrow_exception(escaped);
      } catch (const std::exception& bug) {
        spdlog::error("task.failed name={} error={} hint=\"this is a bug of newswire: please report it\"",
                      log_value(name), log_value(bug.what()));
      }
    }
    if (running_ == 0) idle_.cancel();
  });
}

asio::awaitable<void> TaskGroup::wait() {
  while (running_ > 0) {
    idle_.expires_at(asio::steady_timer::time_point::max());
    co_await idle_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

asio::awaitable<bool> TaskGroup::wait_for(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (running_ > 0 && std::chrono::steady_clock::now() < deadline) {
    idle_.expires_at(deadline);
    co_await idle_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return running_ == 0;
}

}  // namespace newswire::ingest
