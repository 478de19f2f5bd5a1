#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

#include "base/result.h"

/// For the rooms on the event loop only (serve, fetch, ingest); the pure rooms do not know Asio.
namespace newswire {

namespace asio = boost::asio;

/// `op`, or Errc::timeout when it takes longer than `limit`; it is then cancelled and awaited. `op` reports failure by
/// its Result and does not throw: awaitable_operators would wait for the other side (measured with Boost 1.81).
template <class T>
asio::awaitable<Result<T>> with_timeout(asio::awaitable<Result<T>> op, std::chrono::milliseconds limit) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(co_await asio::this_coro::executor, limit);
  auto either = co_await (std::move(op) || timer.async_wait(asio::use_awaitable));
  if (either.index() == 0) co_return std::get<0>(std::move(either));
  co_return Error{Errc::timeout, "no answer within " + std::to_string(limit.count()) + " ms"};
}

/// Runs `work`, which owns its input, on the pool; resumes the caller on its own executor. `work` is a named, moved
/// object, never a temporary lambda with captures in the co_await expression (g++ 12 destroys it twice).
template <class Work>
asio::awaitable<std::invoke_result_t<Work&>> offload(asio::thread_pool& workers, Work work) {
  using Out = std::invoke_result_t<Work&>;
  auto task = [](Work owned) -> asio::awaitable<Out> { co_return owned(); };  // no captures
  auto running = asio::co_spawn(workers, task(std::move(work)), asio::use_awaitable);
  co_return co_await std::move(running);
}

}  // namespace newswire
