#include "serve/output.h"

#include <poll.h>
#include <sys/socket.h>

#include "serve_fixture.h"

/// An output against a collector that only listens, as Vector or Fluent Bit would.
namespace newswire::serve {
namespace {

class OutputTest : public ServeTest {
 protected:
  void listen() {
    auto socket = listen_unix({.path = collector_path(), .mode = 0600, .group = {}});
    ASSERT_TRUE(socket) << to_string(socket.error());
    collector = *std::move(socket);
  }
  std::string collector_path() const { return folder / "in.sock"; }
  Client accept() {
    pollfd waiting{.fd = collector.native(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&waiting, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())), 1);
    return Client(Fd(::accept4(collector.native(), nullptr, nullptr, SOCK_CLOEXEC)));
  }
  void start_output(OutputOptions options = {}) {
    options.consumer = "output:test";
    options.path = collector_path();
    options.backoff_min = std::chrono::milliseconds(1);
    options.backoff_max = std::chrono::milliseconds(5);
    loop.run([&] {
      output = std::make_unique<Output>(loop.executor(), std::move(options), articles->published(),
                                        acks.store(loop.executor()));
      output->start();
    });
  }
  void publish_to_output(std::string_view feed = "sun", std::size_t padding = 0) {
    publish(feed, "world", padding);
    loop.run([this] { output->notify_committed(); });
  }
  OutputInfo info() {
    return loop.run([this] { return output->info(); });
  }
  void stop_output(std::chrono::milliseconds limit = kPatience) {
    if (!output) return;
    loop.finish(output->stop(limit));
    loop.run([this] { output.reset(); });
  }
  void TearDown() override {
    stop_output(std::chrono::milliseconds(20));
    ServeTest::TearDown();
  }

  ListenSocket collector;
  std::unique_ptr<Output> output;
};

OutputOptions from_earliest() {
  OutputOptions options;
  options.from.kind = From::Kind::earliest;
  return options;
}

TEST_F(OutputTest, WritesHistoryAndThenWhatComes) {
  start();
  listen();
  publish();
  publish();
  start_output(from_earliest());
  auto taken = accept();
  EXPECT_EQ(seq_of(*taken.line()), 1U);
  EXPECT_EQ(seq_of(*taken.line()), 2U);
  publish_to_output();
  EXPECT_EQ(seq_of(*taken.line()), 3U);
  EXPECT_TRUE(eventually([this] { return info().acked == Seq{3}; }));
}

TEST_F(OutputTest, ACollectorThatComesLateMissesNothing) {
  start();
  start_output();  // from latest
  EXPECT_TRUE(eventually([this] { return !info().last_error.empty(); }));
  publish_to_output();
  listen();
  auto taken = accept();
  EXPECT_EQ(seq_of(*taken.line()), 1U);
}

TEST_F(OutputTest, GoesOnBehindItsPositionAfterARestart) {
  start();
  listen();
  loop.run([this] { acks.positions["output:test"] = Seq{1}; });
  publish();
  publish();
  start_output(from_earliest());
  auto taken = accept();
  EXPECT_EQ(seq_of(*taken.line()), 2U);
}

TEST_F(OutputTest, WhatADeadCollectorHadNotReadComesAgain) {
  start();
  listen();
  start_output();
  {
    auto first = accept();
    for (int i = 0; i < 3; ++i) publish_to_output();
    EXPECT_EQ(seq_of(*first.line()), 1U);
    // It reads no more, and dies with lines in its buffer.
    for (int i = 0; i < 3; ++i) publish_to_output("sun", 100'000);
  }
  auto second = accept();
  const auto first_again = seq_of(*second.line());
  EXPECT_LE(first_again, 4U);  // nothing that was not read is skipped
  for (auto seq = first_again + 1; seq <= 6; ++seq) EXPECT_EQ(seq_of(*second.line()), seq);
}

TEST_F(OutputTest, FiltersAndNoLineOfOurOwn) {
  start();
  listen();
  OutputOptions options = from_earliest();
  options.feeds = {"moon"};
  publish("sun");
  publish("moon");
  start_output(std::move(options));
  auto taken = accept();
  EXPECT_EQ(seq_of(*taken.line()), 2U);
  publish_to_output("sun");
  EXPECT_TRUE(eventually([this] { return info().acked == Seq{3}; }));  // what is left out counts as done
  stop_output();
  EXPECT_TRUE(taken.at_end());
}

TEST_F(OutputTest, HealthIfAsked) {
  start();
  listen();
  OutputOptions options;
  options.health = true;
  start_output(std::move(options));
  auto taken = accept();
  ASSERT_TRUE(eventually([this] { return info().connected; }));
  loop.run([this] { output->publish_feed_event(R"({"op":"feed","id":"sun"})"); });
  EXPECT_EQ(taken.line(), R"({"op":"feed","id":"sun"})");
}

TEST_F(OutputTest, StopFinishesTheLineUnderWay) {
  start();
  listen();
  start_output();
  auto taken = accept();
  publish_to_output("sun", 1'000'000);
  publish_to_output();
  auto stopping = loop.begin(output->stop(kPatience));
  EXPECT_EQ(seq_of(*taken.line()), 1U);
  EXPECT_TRUE(taken.at_end());
  stopping.get();
  EXPECT_EQ(loop.run([this] { return acks.positions["output:test"]; }), Seq{1});
}

TEST_F(OutputTest, StopDoesNotWaitForAStalledCollectorForEver) {
  start();
  listen();
  start_output();
  auto taken = accept();
  publish_to_output("sun", 1'000'000);
  stop_output(std::chrono::milliseconds(20));
  EXPECT_EQ(loop.run([this] { return acks.positions["output:test"]; }), Seq{0});
}

TEST_F(OutputTest, StopWhileNobodyListens) {
  start();
  start_output();
  EXPECT_TRUE(eventually([this] { return !info().last_error.empty(); }));
  stop_output();
}

}  // namespace
}  // namespace newswire::serve
