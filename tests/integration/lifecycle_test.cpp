#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon_process.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Lifecycle, StopsInTimeWhileATransferStalls) {
  HttpServer server;
  server.on("/feed", Answer(200, "x").stall_after(20));
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n");
  daemon.start();
  ASSERT_TRUE(server.wait_for(1));
  const auto start = std::chrono::steady_clock::now();
  daemon.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{30})
      << "the limit is 3 s, the rest is patience";
  EXPECT_THAT(daemon.process().errors(), HasSubstr("daemon.stopped"));
}

TEST(Lifecycle, AReloadAddsAndRemovesFeedsWithoutDroppingAnything) {
  HttpServer server;
  server.serve_feed("/a", rss({{"a", "From A"}}));
  server.serve_feed("/b", rss({{"b", "From B"}}));
  Daemon daemon("  - {id: a, url: '" + server.url("/a") + "'}\n");
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  daemon.configure("  - {id: b, url: '" + server.url("/b") + "'}\n");
  daemon.process().signal(SIGHUP);
  ASSERT_TRUE(daemon.wait_for(2));
  EXPECT_THAT(daemon.titles(), ElementsAre("From A", "From B"));
  const auto polls = server.count("/a");
  ASSERT_TRUE(server.wait_for(server.requests().size() + 2));
  EXPECT_LE(server.count("/a"), polls + 1);
  daemon.stop();
}

TEST(Lifecycle, AReloadChangesWhatIsNotMarkedRestart) {
  HttpServer server;
  server.serve_feed("/a", rss({{"a", "From A"}}));
  const auto text = [&server](const std::string& fetch) {
    return "spool: {dir: spool, min_free: 0}\nstate: {dir: state}\nsockets: {dir: run}\nlog: {level: debug, format: "
           "plain}\n"
           "fetch: {" +
           fetch +
           "}\nschedule: {polls_per_day: 86400, jitter: 0}\n"
           "defaults: {interval: {min: 1s, max: 1s}, full_text: never}\nfeeds:\n  - '" +
           server.url("/a") + "'\n";
  };
  Daemon daemon("  []\n");
  daemon.folder().write("newswire.yaml", text("host_spacing: 1h, allow_hosts: [127.0.0.0/8], user_agent: before/1"));
  daemon.start();
  ASSERT_TRUE(server.wait_for(1));
  EXPECT_EQ(server.requests().front().header("user-agent"), "before/1");
  daemon.folder().write("newswire.yaml", text("host_spacing: 0s, allow_hosts: [127.0.0.1], user_agent: after/2"));
  const auto reload = daemon.ctl({"reload"});
  EXPECT_EQ(reload.status, 0) << reload.errors;
  EXPECT_THAT(reload.output, testing::Not(HasSubstr("fetch."))) << "nothing of it needs a restart";
  ASSERT_TRUE(server.wait_for(2, kPatience)) << "an hour is not waited for any more";
  EXPECT_EQ(server.requests().back().header("user-agent"), "after/2");
  daemon.stop();
}

TEST(Lifecycle, ABadReloadKeepsTheRunningConfiguration) {
  HttpServer server;
  server.serve_feed("/a", rss({{"a", "From A"}}));
  Daemon daemon("  - {id: a, url: '" + server.url("/a") + "'}\n");
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  daemon.folder().write("newswire.yaml", "feeds:\n  - {urll: x}\n");
  const auto reload = daemon.ctl({"reload"});
  EXPECT_EQ(reload.status, 1);
  EXPECT_THAT(reload.errors, HasSubstr("urll"));
  EXPECT_THAT(reload.errors, HasSubstr("newswire.yaml:2:6"));
  ASSERT_TRUE(server.wait_for(server.count("/a") + 1)) << "it still polls";
  daemon.stop();
}

// The first reload reads from a pipe and so lasts as long as the test likes; the files it read are old when it ends.
TEST(Lifecycle, AReloadAskedForDuringAnotherIsMadeAfterIt) {
  HttpServer server;
  for (const auto* target : {"/a", "/b"}) server.serve_feed(target, rss({{target, target}}));
  Daemon daemon("  - {id: a, url: '" + server.url("/a") + "'}\n");
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  std::ifstream file(daemon.config());
  const std::string before{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(daemon.config());
  ASSERT_EQ(::mkfifo(daemon.config().c_str(), 0600), 0);
  Process first({NEWSWIRECTL, "reload", "--sockets", daemon.folder() / "run"});
  int pipe = -1;
  ASSERT_TRUE(
      eventually([&] { return (pipe = ::open(daemon.config().c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC)) >= 0; }));
  std::filesystem::remove(daemon.config());
  daemon.configure("  - {id: b, url: '" + server.url("/b") + "'}\n");
  daemon.process().signal(SIGHUP);
  Process second({NEWSWIRECTL, "reload", "--sockets", daemon.folder() / "run"});
  EXPECT_EQ(daemon.ctl({"status"}).status, 0) << "it goes on meanwhile";
  EXPECT_TRUE(second.running());
  ASSERT_EQ(::write(pipe, before.data(), before.size()), static_cast<ssize_t>(before.size()));
  ::close(pipe);
  EXPECT_EQ(first.wait(), 0) << first.errors();
  EXPECT_EQ(second.wait(), 0) << second.errors();
  ASSERT_TRUE(daemon.wait_for(2));
  EXPECT_THAT(daemon.titles(), ElementsAre("/a", "/b"));
  EXPECT_THAT(daemon.process().errors(), testing::Not(HasSubstr("reload_failed")));
  daemon.stop();
}

TEST(Lifecycle, ASecondDaemonIsRefused) {
  Daemon daemon("  []\n");
  daemon.start();
  const auto second = run({NEWSWIRED, "--config", daemon.config()});
  EXPECT_EQ(second.status, 75) << second.errors;
  EXPECT_THAT(second.errors, HasSubstr("another newswired runs here"));
  daemon.stop();
}

TEST(Lifecycle, AServiceManagerThatDoesNotReadStopsNothing) {
  HttpServer server;
  server.serve_feed("/a", rss({{"a", "From A"}}));
  Daemon daemon("  - {id: a, url: '" + server.url("/a") + "'}\n");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = daemon.folder() / "never-read.sock";
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int never_read = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(never_read, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const int full = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  while (::sendto(full, "x", 1, 0, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 1) {
  }
  ASSERT_EQ(errno, EAGAIN);

  Process::Options options;
  options.environment = {"NOTIFY_SOCKET=" + path, "WATCHDOG_USEC=200000"};
  Process newswired({NEWSWIRED, "--config", daemon.config()}, std::move(options));
  EXPECT_TRUE(daemon.wait_for(1)) << newswired.errors();
  EXPECT_TRUE(server.wait_for(server.count("/a") + 2)) << "it still polls, beyond many beats of its watchdog";
  EXPECT_EQ(daemon.ctl({"status"}).status, 0);
  newswired.signal(SIGTERM);
  EXPECT_EQ(newswired.wait(), 0) << newswired.errors();
  ::close(full);
  ::close(never_read);
}

TEST(Lifecycle, AStaleSocketFileIsReplaced) {
  Daemon daemon("  []\n");
  daemon.start();
  daemon.kill();
  daemon.start();
  EXPECT_EQ(daemon.ctl({"status"}).status, 0);
  daemon.stop();
}

TEST(Once, PollsEveryFeedAndSaysHowItWent) {
  HttpServer server;
  server.serve_feed("/a", rss({{"a", "From A"}}));
  server.serve_feed("/b", rss({{"b", "From B"}}));
  const auto two = "  - {id: a, url: '" + server.url("/a") + "'}\n  - {id: b, url: '" + server.url("/b") + "'}\n";
  Daemon daemon(two);
  const auto good = run({NEWSWIRED, "--config", daemon.config(), "--once"});
  EXPECT_EQ(good.status, 0) << good.errors;
  EXPECT_EQ(daemon.articles().size(), 2U);
  daemon.configure(two + "  - {id: c, url: '" + server.url("/none") + "'}\n");
  const auto bad = run({NEWSWIRED, "--config", daemon.config(), "--once"});
  EXPECT_EQ(bad.status, 3) << bad.errors;
  EXPECT_EQ(daemon.articles().size(), 2U);
}

TEST(Check, SaysEveryErrorWithItsPlace) {
  TemporaryFolder folder;
  folder.write("newswire.yaml",
               "spool: {dir: spool}\nfeeds:\n  - url: http://example.org/feed\n    intervall: {min: 5m}\n  - url: "
               "http://example.org/feed\n");
  const auto checked = run({NEWSWIRED, "--config", folder / "newswire.yaml", "--check"});
  EXPECT_EQ(checked.status, 78);
  EXPECT_THAT(checked.errors, HasSubstr("newswire.yaml:4:5: unknown key \"intervall\"; did you mean \"interval\"?"));
  EXPECT_THAT(checked.errors, HasSubstr("newswire.yaml:5"));
}

TEST(Check, ReadsTheRuleFilesToo) {
  TemporaryFolder folder;
  folder.write("rules.yaml", "category: ad\nrules:\n  - name: own-ad\n    patern: ['buy']\n");
  folder.write("newswire.yaml",
               "spool: {dir: spool}\nfeeds:\n  - {url: 'http://example.org/feed', clean: {rules: [rules.yaml]}}\n");
  const auto checked = run({NEWSWIRED, "--config", folder / "newswire.yaml", "--check"});
  EXPECT_EQ(checked.status, 78);
  EXPECT_THAT(checked.errors, HasSubstr("rules.yaml:4"));
}

TEST(Check, TheSampleConfigurationIsGood) {
  const auto checked = run({NEWSWIRED, "--config", NEWSWIRE_SOURCE_DIR "/config/newswire.yaml", "--check"});
  EXPECT_EQ(checked.status, 0) << checked.errors;
}

TEST(Usage, AnUnknownOptionIsAUsageError) { EXPECT_EQ(run({NEWSWIRED, "--nonsense"}).status, 64); }

TEST(Usage, AnUnknownCommandIsNamedWithTheNearest) {
  const auto typo = run({NEWSWIRECTL, "stauts"});
  EXPECT_EQ(typo.status, 64);
  EXPECT_THAT(typo.errors, HasSubstr("no command \"stauts\"; did you mean \"status\"?"));
  const auto other = run({NEWSWIRECTL, "frobnicate"});
  EXPECT_EQ(other.status, 64);
  EXPECT_THAT(other.errors, HasSubstr("--help"));
}

TEST(Usage, WithoutADaemonTheMessageSaysWhatToDo) {
  TemporaryFolder folder;
  const auto status = run({NEWSWIRECTL, "status", "--sockets", folder.path()});
  EXPECT_EQ(status.status, 1);
  EXPECT_THAT(status.errors, HasSubstr("newswired"));
}

}  // namespace
}  // namespace newswire::test
