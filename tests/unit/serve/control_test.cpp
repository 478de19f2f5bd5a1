#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include "serve/control_client.h"
#include "serve/control_server.h"
#include "serve_fixture.h"

namespace newswire::serve {
namespace {

class ControlTest : public testing::Test {
 protected:
  void start(ControlHandler handler, ControlServerLimits limits = {}) {
    auto socket = listen_unix({.path = path(), .mode = 0600, .group = {}});
    ASSERT_TRUE(socket) << to_string(socket.error());
    std::vector<ListenSocket> sockets;
    sockets.push_back(*std::move(socket));
    loop.run([&] {
      server = std::make_unique<ControlServer>(loop.executor(), std::move(sockets), std::move(handler), limits);
      server->start();
    });
  }
  void TearDown() override {
    if (!server) return;
    loop.finish(server->stop(std::chrono::milliseconds(50)));
    loop.run([this] { server.reset(); });
  }
  ControlClient connect() {
    auto client = ControlClient::connect(path());
    EXPECT_TRUE(client) << to_string(client.error());
    return *std::move(client);
  }
  std::string path() const { return folder / "c.sock"; }
  /// Answers with what it was asked, or as told by `op`.
  static asio::awaitable<Result<std::string>> echo(std::string op, boost::json::object args, ControlReply& reply) {
    if (op == "fail") co_return Error{Errc::not_found, "no such feed", "sun"};
    if (op == "throw") throw std::runtime_error("a bug");
    if (op == "silent") co_return std::string();
    if (op == "many") {
      for (int i = 0; i < 2'000; ++i) {
        const auto sent = co_await reply.send("{\"n\":" + std::to_string(i) + "}");
        if (!sent) co_return sent.error();
      }
      co_return std::string();
    }
    co_return boost::json::serialize(args);
  }

  TemporaryFolder folder;
  LoopThread loop;
  std::unique_ptr<ControlServer> server;
};

TEST_F(ControlTest, AnswersSeveralRequestsOnOneConnection) {
  start(echo);
  auto client = connect();
  EXPECT_EQ(*client.request(R"({"op":"x","a":1})"), std::vector<std::string>{R"({"a":1})"});
  EXPECT_EQ(*client.request(R"({"op":"silent"})"), std::vector<std::string>{});
  EXPECT_EQ(*client.request(R"({"op":"x","b":[2]})"), std::vector<std::string>{R"({"b":[2]})"});
}

TEST_F(ControlTest, AnErrorKeepsItsCodeAndPlace) {
  start(echo);
  auto client = connect();
  const auto answer = client.request(R"({"op":"fail"})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::not_found);
  EXPECT_EQ(answer.error().what, "no such feed");
  EXPECT_EQ(answer.error().where, "sun");
  EXPECT_TRUE(client.request(R"({"op":"silent"})"));
}

TEST_F(ControlTest, AHandlersBugIsAnErrorAndTheServerLivesOn) {
  start(echo);
  auto client = connect();
  EXPECT_EQ(client.request(R"({"op":"throw"})").error().code, Errc::io);
  EXPECT_TRUE(client.request(R"({"op":"silent"})"));
}

TEST_F(ControlTest, LinesArriveWhileTheHandlerWorks) {
  start(echo);
  auto client = connect();
  int next = 0;
  const auto done = client.request(R"({"op":"many"})", [&next](std::string_view line) {
    EXPECT_EQ(line, "{\"n\":" + std::to_string(next++) + "}");
    return true;
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(next, 2'000);
}

TEST_F(ControlTest, AClientThatLeavesInTheMiddleEndsItsHandlerOnly) {
  start(echo);
  {
    auto client = connect();
    ASSERT_TRUE(client.request(R"({"op":"many"})", [](std::string_view) { return false; }));
  }
  EXPECT_TRUE(eventually([this] { return loop.run([this] { return server->connections(); }) == 0; }));
  EXPECT_TRUE(connect().request(R"({"op":"silent"})"));
}

TEST_F(ControlTest, MalformedRequestsAreErrorsAndTheConnectionLivesOn) {
  start(echo);
  auto client = connect();
  EXPECT_EQ(client.request("hello").error().code, Errc::invalid);
  EXPECT_EQ(client.request("[1]").error().code, Errc::invalid);
  EXPECT_EQ(client.request(R"({"no":"op"})").error().code, Errc::invalid);
  EXPECT_EQ(client.request(R"({"op":7})").error().code, Errc::invalid);
  EXPECT_TRUE(client.request(R"({"op":"silent"})"));
}

TEST_F(ControlTest, ARequestThatIsTooLongIsRefused) {
  start(echo, {.max_connections = 4, .max_request_bytes = 1000});
  auto client = connect();
  EXPECT_EQ(client.request(R"({"op":"x","a":")" + std::string(5000, 'x') + "\"}").error().code, Errc::too_large);
}

TEST_F(ControlTest, ALastRequestNeedsNoNewline) {
  start(echo);
  Client client(path());
  client.send(R"({"op":"x","a":1})");
  client.close_input();
  EXPECT_EQ(client.line(), R"({"a":1})");
  EXPECT_EQ(client.line(), R"({"op":"done"})");
  EXPECT_TRUE(client.at_end());
}

TEST_F(ControlTest, OneConnectionTooManyIsToldSo) {
  start(echo, {.max_connections = 1});
  auto first = connect();
  ASSERT_TRUE(first.request(R"({"op":"silent"})"));
  auto second = connect();
  EXPECT_EQ(second.request(R"({"op":"silent"})").error().code, Errc::busy);
}

TEST_F(ControlTest, StopCancelsAHandlerThatDoesNotEnd) {
  const auto forever = [](std::string, boost::json::object, ControlReply&) -> asio::awaitable<Result<std::string>> {
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return Error{Errc::cancelled, "stopped"};
  };
  start(forever);
  Client client(path());
  client.send("{\"op\":\"x\"}\n");
  ASSERT_TRUE(eventually([this] { return loop.run([this] { return server->connections(); }) == 1; }));
  loop.finish(server->stop(std::chrono::milliseconds(20)));
  EXPECT_EQ(loop.run([this] { return server->connections(); }), 0U);
}

TEST(ControlClientErrors, SayWhetherTheDaemonRuns) {
  const TemporaryFolder folder;
  const auto missing = ControlClient::connect(folder / "c.sock");
  EXPECT_EQ(missing.error().code, Errc::not_found);
  EXPECT_NE(missing.error().what.find("newswired does not run"), std::string::npos);
  {
    auto socket = listen_unix({.path = folder / "c.sock", .mode = 0600, .group = {}});
    std::filesystem::rename(folder / "c.sock", folder / "dead.sock");
  }
  const auto dead = ControlClient::connect(folder / "dead.sock");
  EXPECT_EQ(dead.error().code, Errc::connect);
  EXPECT_NE(dead.error().what.find("nobody answers"), std::string::npos);
}

}  // namespace
}  // namespace newswire::serve
