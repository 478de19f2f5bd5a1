#include "serve/article_client.h"

#include "serve/line_command.h"
#include "serve_fixture.h"

/// What `newswirectl tail` is made of.
namespace newswire::serve {
namespace {

class ArticleClientTest : public ServeTest {
 protected:
  ArticleClientOptions options(std::string from, std::string consumer = {}) const {
    ArticleClientOptions made;
    made.path = path();
    made.from = std::move(from);
    made.consumer = std::move(consumer);
    made.backoff_min = std::chrono::milliseconds(1);
    return made;
  }
  std::uint64_t next(ArticleClient& client) {
    const auto line = client.next();
    EXPECT_TRUE(line) << to_string(line.error());
    return line ? line->seq.value : 0;
  }
  void restart() {
    stop();
    articles.reset();
    start();
  }
};

TEST_F(ArticleClientTest, GoesOnWhereItWasWhenTheDaemonComesBack) {
  start();
  ArticleClient client(options("latest"));
  ASSERT_TRUE(client.start());
  publish();
  EXPECT_EQ(next(client), 1U);
  restart();
  publish();
  publish();
  EXPECT_EQ(next(client), 2U);
  EXPECT_EQ(next(client), 3U);
}

TEST_F(ArticleClientTest, AcknowledgesWhatIsDone) {
  start();
  publish();
  publish();
  publish();
  {
    ArticleClient client(options("earliest", "mail"));
    ASSERT_TRUE(client.start());
    EXPECT_EQ(next(client), 1U);
    client.done(Seq{1}, true);
    EXPECT_EQ(next(client), 2U);
    EXPECT_TRUE(client.finish(kPatience));
  }
  ArticleClient again(options("", "mail"));
  ASSERT_TRUE(again.start());
  EXPECT_EQ(next(again), 2U);  // had, but not done
}

TEST_F(ArticleClientTest, WhatWasDoneBeforeTheConnectionBrokeIsAcknowledgedOnTheNext) {
  start();
  publish();
  publish();
  ArticleClient client(options("earliest", "mail"));
  ASSERT_TRUE(client.start());
  EXPECT_EQ(next(client), 1U);
  EXPECT_EQ(next(client), 2U);
  client.done(Seq{1}, true);
  ASSERT_TRUE(eventually([this] { return loop.run([this] { return acks.positions["mail"]; }) == Seq{1}; }));
  stop();
  client.done(Seq{2}, false);
  articles.reset();
  start();
  publish();
  EXPECT_EQ(next(client), 3U);
  EXPECT_TRUE(client.finish(kPatience));
  EXPECT_EQ(loop.run([this] { return acks.positions["mail"]; }), Seq{2});
}

TEST_F(ArticleClientTest, ATypoIsAnErrorAndNotARetry) {
  start();
  ArticleClient client(options("sometimes"));
  const auto started = client.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::invalid);
}

TEST_F(ArticleClientTest, ATakenNameIsAnError) {
  start();
  ArticleClient first(options("", "mail"));
  ASSERT_TRUE(first.start());
  ArticleClient second(options("", "mail"));
  ASSERT_TRUE(second.start());
  const auto line = first.next();
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().code, Errc::busy);
}

TEST_F(ArticleClientTest, StopEndsWaiting) {
  start();
  bool stopped = false;
  auto made = options("latest");
  made.heartbeat = std::chrono::seconds(1);
  made.stop = [&stopped] { return stopped; };
  ArticleClient client(std::move(made));
  ASSERT_TRUE(client.start());
  stopped = true;
  EXPECT_EQ(client.next().error().code, Errc::cancelled);
}

class LineCommand : public testing::Test {
 protected:
  static int run(const std::string& command, std::string_view line = "{}") {
    const auto status = run_line_command(command, line, {{"NEWSWIRE_TITLE", "a 'title'"}}, [] { return false; });
    EXPECT_TRUE(status) << to_string(status.error());
    return status ? *status : -1;
  }
};

TEST_F(LineCommand, GetsTheLineOnItsInput) { EXPECT_EQ(run("read -r x && test \"$x\" = hello", "hello"), 0); }
TEST_F(LineCommand, GetsTheEnvironment) { EXPECT_EQ(run("test \"$NEWSWIRE_TITLE\" = \"a 'title'\""), 0); }
TEST_F(LineCommand, GivesItsExitStatus) { EXPECT_EQ(run("exit 7"), 7); }
TEST_F(LineCommand, TellsASignal) { EXPECT_EQ(run("kill -9 $$"), 137); }
TEST_F(LineCommand, NeedNotReadItsInput) { EXPECT_EQ(run("true", std::string(1'000'000, 'x')), 0); }
TEST_F(LineCommand, ReadsALongLineWhole) { EXPECT_EQ(run("test $(wc -c) = 1000001", std::string(1'000'000, 'x')), 0); }
TEST_F(LineCommand, ThatIsMissingIsAFailure) { EXPECT_EQ(run("no-such-command-here 2>/dev/null"), 127); }

}  // namespace
}  // namespace newswire::serve
