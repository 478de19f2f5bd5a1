// What is paused by hand stays so, whatever else is being written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>

#include "newsroom.h"

namespace newswire::ingest::test {
namespace {

using testing::HasSubstr;

// Questions are answered before the commits of the same round: the row of a poll that had just ended, from before the
// pause, came behind it.
TEST(Pause_Pipeline, LastsWhenTheRowOfAPollIsStillOnItsWay) {
  Newsroom room;
  std::atomic<bool> asked = false;
  std::promise<void> may_answer;
  room.server.on("/feed", Answer(200, rss({"1"})).header("ETag", "\"a\""));
  room.start();
  room.next_poll();
  room.pass(61s);
  room.server.handle("/feed", [&](const Request&) {
    asked = true;
    may_answer.get_future().wait();
    return Answer(304);
  });
  auto& loop = room.loop();
  std::optional<Result<std::string>> polled;
  asio::co_spawn(loop, room.pipeline().poll_now("one", PollOptions{}),
                 [&polled](const std::exception_ptr&, Result<std::string> given) { polled = std::move(given); });
  room.wait_until([&] { return asked.load(); });
  // The disk is slow.
  std::atomic<bool> held = false;
  std::promise<void> go_on;
  std::function<Result<bool>(state::Store&)> hold = [&](state::Store&) -> Result<bool> {
    held = true;
    go_on.get_future().wait();
    return true;
  };
  asio::co_spawn(loop, room.writer().ask<bool>(std::move(hold)), [](const std::exception_ptr&, Result<bool>) {});
  room.wait_until([&] { return held.load(); });
  may_answer.set_value();
  room.wait_until([&] { return room.pipeline().stats().polls == 2; });
  std::optional<Result<void>> paused;
  asio::co_spawn(loop, room.pipeline().pause("one"),
                 [&paused](const std::exception_ptr&, Result<void> given) { paused = std::move(given); });
  room.wait_until([&] { return room.pipeline().feed_counts().paused == 1; });
  EXPECT_FALSE(paused) << "it is not stored yet";
  go_on.set_value();
  room.wait_until([&] { return polled && paused; });
  ASSERT_TRUE(*paused) << to_string(paused->error());
  room.restart();
  EXPECT_THAT(room.list(), HasSubstr("\"status\":\"paused\""));
  EXPECT_EQ(room.pass(std::chrono::hours{48}), 0U);
}

}  // namespace
}  // namespace newswire::ingest::test
