// What the log must never hold, and what it must not repeat.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "daemon_process.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Log, HoldsNoSecretsAtAnyLevel) {
  HttpServer server;
  server.on("/moved", Answer(301).header("Location", server.url("/feed?token=hunter2")));
  for (const auto* const target : {"/feed", "/feed?token=hunter2"}) server.serve_feed(target, rss({{"1", "One"}}));
  server.serve_feed("/h", rss({{"2", "Two"}}));
  const auto with_user = "http://user:hunter2@" + server.url("/feed").substr(7);
  Daemon daemon("  - {id: user, url: '" + with_user + "'}\n  - {id: token, url: '" +
                    server.url("/none?api_key=hunter2&page=1") + "'}\n  - {id: moved, url: '" + server.url("/moved") +
                    "'}\n  - {id: header, url: '" + server.url("/h") +
                    "', headers: {Authorization: 'Bearer hunter2', X-Api-Key: hunter2}, cookies: {session: hunter2}}\n",
                "http: {listen: '127.0.0.1:0'}");
  daemon.start();
  ASSERT_EQ(daemon.ctl({"log-level", "trace"}).status, 0);
  ASSERT_TRUE(eventually([&] {
    return server.count("/h") >= 3 && daemon.process().errors().find("feed.failed feed=token") != std::string::npos;
  })) << daemon.process().errors();
  ASSERT_TRUE(daemon.wait_for(3));
  for (const auto* const command : {"status", "feeds", "config", "consumers"})
    EXPECT_THAT(daemon.ctl({command}).output, Not(HasSubstr("hunter2"))) << command;
  EXPECT_EQ(daemon.ctl({"add", "ftp://user:hunter2@x/"}).status, 1);
  daemon.stop();
  EXPECT_THAT(daemon.process().errors(), Not(HasSubstr("hunter2")));
  for (const auto& line : daemon.spool_lines()) EXPECT_THAT(line, Not(HasSubstr("hunter2")));
}

TEST(Log, DoesNotRepeatItself) {
  Daemon daemon("  []\n");
  daemon.start();
  constexpr int kTimes = 12;
  for (int i = 0; i < kTimes; ++i) ASSERT_EQ(daemon.ctl({"reload"}).status, 0);
  daemon.stop();
  std::size_t written = 0;
  for (const auto& line : lines_of(daemon.process().errors()))
    written += line.find(" config.reloaded ") != std::string::npos ? 1U : 0U;
  EXPECT_LT(written, static_cast<std::size_t>(kTimes));
  EXPECT_THAT(daemon.process().errors(), HasSubstr("log.repeated event=config.reloaded times="));
}

}  // namespace
}  // namespace newswire::test
