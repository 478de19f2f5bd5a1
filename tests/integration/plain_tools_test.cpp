// The tools that people use on newswire, as they are: tail, nc, socat, jq.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon_process.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PlainTools : public testing::Test {
 protected:
  PlainTools() : daemon_("  - {id: one, url: '" + server_.url("/feed") + "'}\n") {
    server_.serve_feed("/feed", rss({{"2", "Second"}, {"1", "First"}}));
    daemon_.start();
    EXPECT_TRUE(daemon_.wait_for_commit(2));
  }
  void publish_third() { server_.serve_feed("/feed", rss({{"3", "Third"}, {"2", "Second"}, {"1", "First"}})); }

  /// Waits until the daemon has `count` subscribers.
  bool wait_for_subscribers(int count) {
    const auto wanted = "\"subscribers\":" + std::to_string(count);
    return eventually([&] { return daemon_.ctl({"status", "--json"}).output.find(wanted) != std::string::npos; });
  }

  HttpServer server_;
  Daemon daemon_;
};

TEST_F(PlainTools, TailFollowsTheSpool) {
  Process tail({"tail", "-n", "+1", "-F", daemon_.live_segment()});
  ASSERT_EQ(tail.wait_for_lines(2).size(), 2U);
  publish_third();
  const auto lines = tail.wait_for_lines(3);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[2], HasSubstr("\"title\":\"Third\""));
  EXPECT_EQ(lines, daemon_.spool_lines());
  daemon_.stop();
}

TEST_F(PlainTools, NetcatThatSendsNothingGetsArticlesFromNowOn) {
  Process::Options options;
  options.close_input = false;
  Process nc({"nc", "-U", daemon_.articles_socket()}, options);
  ASSERT_TRUE(wait_for_subscribers(1));
  publish_third();
  const auto lines = nc.wait_for_lines(1);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0], daemon_.spool_lines()[2]);
  daemon_.stop();
}

TEST_F(PlainTools, NetcatIntoJqPrintsTitles) {
  Process pipe({"sh", "-c",
                "printf '{\"op\":\"subscribe\",\"from\":\"earliest\"}\\n' | nc -U \"$0\" | jq --unbuffered -r "
                "'select(.id) | .title'",
                daemon_.articles_socket()});
  ASSERT_EQ(pipe.wait_for_lines(2).size(), 2U);
  publish_third();
  EXPECT_THAT(pipe.wait_for_lines(3), ElementsAre("First", "Second", "Third"));
  daemon_.stop();
}

TEST_F(PlainTools, SocatSubscribesFromASequenceNumber) {
  Process socat({"sh", "-c",
                 "(printf '{\"op\":\"subscribe\",\"from\":2}\\n'; cat) | socat -t 86400 - UNIX-CONNECT:\"$0\"",
                 daemon_.articles_socket()});
  const auto lines = socat.wait_for_lines(2);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], HasSubstr("\"op\":\"subscribed\""));
  EXPECT_EQ(lines[1], daemon_.spool_lines()[1]);
  daemon_.stop();
}

TEST_F(PlainTools, NewswirectlTailFollowsFromTheBeginning) {
  Process tail({NEWSWIRECTL, "tail", "--sockets", daemon_.folder() / "run", "--from", "earliest"});
  ASSERT_EQ(tail.wait_for_lines(2).size(), 2U);
  publish_third();
  const auto lines = tail.wait_for_lines(3);
  EXPECT_EQ(lines, daemon_.spool_lines());
  daemon_.stop();
}

}  // namespace
}  // namespace newswire::test
