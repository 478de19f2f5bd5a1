#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "serve/control_server.h"

namespace newswire::daemon {

/// Awaits `work`; five times a second meanwhile, `line()` is sent to `reply`. The work goes on and is awaited also if
/// the client has gone. With no `reply`, only the work. T has a default value. Loop thread.
template <class T>
boost::asio::awaitable<T> while_telling(boost::asio::awaitable<T> work, serve::ControlReply* reply,
                                        std::function<std::string()> line) {
  namespace asio = boost::asio;
  constexpr auto kPace = std::chrono::milliseconds{200};
  if (reply == nullptr) co_return co_await std::move(work);
  struct State {
    explicit State(const asio::any_io_executor& loop) : ended(loop) {}
    asio::steady_timer ended;  // cancelled by the end of the work
    std::optional<T> out;
    std::exception_ptr escaped;
  };
  const auto executor = co_await asio::this_coro::executor;
  const auto state = std::make_shared<State>(executor);
  auto keep = [state](std::exception_ptr escaped, T out) {
    state->escaped = std::move(escaped);
    state->out = std::move(out);
    state->ended.cancel();
  };
  asio::co_spawn(executor, std::move(work), std::move(keep));
  while (!state->out) {
    state->ended.expires_after(kPace);
    co_await state->ended.async_wait(asio::as_tuple(asio::use_awaitable));
    if (state->out || reply == nullptr) continue;
    auto text = line();
    const auto sent = co_await reply->send(std::move(text));
    if (!sent) reply = nullptr;
  }
  if (state->escaped) std::rethrow_exception(state->escaped);
  co_return *std::move(state->out);
}

}  // namespace newswire::daemon
