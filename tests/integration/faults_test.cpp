// What goes wrong on real machines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "article/line.h"
#include "daemon_process.h"
#include "http_exchange.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// A small file system of its own in memory. Needs the right to mount.
class SmallDisk {
 public:
  SmallDisk(std::string path, const std::string& size) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
    mounted_ = ::mount("none", path_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  bool make_read_only() const { return ::mount("none", path_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0; }

 private:
  std::string path_;
  bool mounted_ = false;
};

constexpr const char* kListen = "http: {listen: '127.0.0.1:0'}\n";

// Leaves no room on the disk of `filler`.
void fill_up(const std::filesystem::path& filler) {
  std::ofstream fill(filler, std::ios::binary);
  const std::string block(4096, 'x');
  while (fill.write(block.data(), static_cast<std::streamsize>(block.size())) && fill.flush()) {
  }
}

TEST(DiskFull, PollingPausesNothingIsLostAndItGoesOnByItself) {
  HttpServer server;
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n", kListen);
  SmallDisk disk(daemon.folder() / "spool", "1m");
  if (!disk.mounted()) GTEST_SKIP() << "no right to mount a tmpfs here";
  const auto filler = daemon.folder() / "spool/filler";
  server.serve_feed("/feed", rss({{"1", "First"}}));
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  fill_up(filler);
  const std::string text(20000, 'a');
  server.serve_feed("/feed", rss({{"2", "Second", "<p>" + text + "</p>"}, {"1", "First"}}));
  ASSERT_TRUE(eventually([&] { return daemon.process().errors().find("code=no_space") != std::string::npos; }))
      << daemon.process().errors();
  EXPECT_THAT(daemon.titles(), ElementsAre("First")) << "what is committed stays readable";
  EXPECT_EQ(daemon.ctl({"status"}).status, 0);
  EXPECT_GE(daemon.metric("newswire_spool_failures_total{cause=\"no_space\"}"), 1);
  EXPECT_TRUE(daemon.wait_for_metric("newswire_spool_short_of_space"));
  EXPECT_EQ(http_get(daemon.http_port(), "/healthz").status, 503);
  std::filesystem::remove(filler);
  ASSERT_TRUE(daemon.wait_for(2)) << daemon.process().errors();
  EXPECT_THAT(daemon.titles(), ElementsAre("First", "Second"));
  EXPECT_TRUE(eventually([&] { return daemon.metric("newswire_spool_short_of_space") == 0; }));
  daemon.stop();
}

// The rows of polls without news: nobody waits for them, so nobody else would find out.
TEST(DiskFull, AStateThatCannotBeWrittenIsToldAndMadeGoodWithoutAnArticle) {
  HttpServer server;
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n", kListen);
  SmallDisk disk(daemon.folder() / "state", "1m");
  if (!disk.mounted()) GTEST_SKIP() << "no right to mount a tmpfs here";
  const auto filler = daemon.folder() / "state/filler";
  server.serve_feed("/feed", rss({{"1", "First"}}));
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  EXPECT_EQ(http_get(daemon.http_port(), "/healthz").status, 200);
  fill_up(filler);
  ASSERT_TRUE(eventually([&] { return http_get(daemon.http_port(), "/healthz").status == 503; }))
      << daemon.process().errors();
  EXPECT_THAT(daemon.process().errors(), HasSubstr("state.commit_failed"));
  // A position that is not on the disk is not said to be: a new consumer's is recorded before the answer.
  const auto subscribe = [&] {
    Process::Options options;
    options.input = "{\"op\":\"subscribe\",\"consumer\":\"mail\",\"from\":\"earliest\"}\n";
    options.close_input = false;
    Process consumer({"nc", "-U", daemon.articles_socket()}, std::move(options));
    return consumer.wait_for_lines(1).front();
  };
  EXPECT_THAT(subscribe(), HasSubstr("\"code\":\"io\""));
  std::filesystem::remove(filler);
  EXPECT_TRUE(eventually([&] { return http_get(daemon.http_port(), "/healthz").status == 200; }));
  EXPECT_THAT(subscribe(), HasSubstr("\"op\":\"subscribed\""));
  EXPECT_THAT(daemon.titles(), ElementsAre("First"));
  daemon.stop();
}

TEST(CorruptState, IsSetAsideAndRebuilt) {
  HttpServer server;
  server.serve_feed("/feed", rss({{"1", "First"}}));
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n", kListen);
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  daemon.stop();
  std::filesystem::remove(daemon.folder() / "state/state.db-wal");
  std::ofstream(daemon.folder() / "state/state.db", std::ios::binary | std::ios::trunc)
      << "this is no database, and long enough to be looked at as one";
  daemon.start();
  ASSERT_TRUE(server.wait_for(server.count("/feed") + 2));
  EXPECT_THAT(daemon.titles(), ElementsAre("First"));
  EXPECT_THAT(daemon.process().errors(), HasSubstr("state.set_aside"));
  EXPECT_EQ(daemon.metric("newswire_state_rebuilt_total"), 1);
  daemon.stop();
}

TEST(TornLine, IsCutOnStart) {
  HttpServer server;
  server.serve_feed("/feed", rss({{"1", "First"}}));
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n", kListen);
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  daemon.kill();
  std::ofstream(daemon.live_segment(), std::ios::app) << R"({"_newswire":{"seq":2,"sum":"0000)";
  server.serve_feed("/feed", rss({{"2", "Second"}, {"1", "First"}}));
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(2));
  EXPECT_THAT(daemon.titles(), ElementsAre("First", "Second"));
  EXPECT_THAT(daemon.process().errors(), HasSubstr("spool.torn_tail"));
  EXPECT_EQ(daemon.metric("newswire_spool_findings_total{kind=\"torn_tail\"}"), 1);
  daemon.stop();
}

TEST(ReadOnly, IsSaidAtTheStartWithWhatToDo) {
  HttpServer server;
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n");
  SmallDisk disk(daemon.folder() / "spool", "1m");
  if (!disk.mounted()) GTEST_SKIP() << "no right to mount a tmpfs here";
  ASSERT_TRUE(disk.make_read_only());
  const auto ended = run({NEWSWIRED, "--config", daemon.config()});
  EXPECT_NE(ended.status, 0);
  EXPECT_THAT(ended.errors,
              AllOf(HasSubstr(daemon.folder() / "spool"), HasSubstr("ead-only"), HasSubstr("ReadWritePaths")));
}

// `count` items of some 20 KB, the newest first.
std::vector<Item> long_items(std::size_t count) {
  std::vector<Item> items;
  for (auto i = count; i >= 1; --i) {
    std::string html = "<p>";
    for (std::size_t word = 0; word < 3000; ++word) html += "w" + std::to_string(i * 7919 + word) + ' ';
    items.push_back({std::to_string(i), "Report " + std::to_string(i), html + "</p>"});
  }
  return items;
}

std::vector<std::filesystem::path> closed_segments(const Daemon& daemon) {
  std::vector<std::filesystem::path> closed;
  for (const auto& entry : std::filesystem::directory_iterator(daemon.folder() / "spool")) {
    if (entry.path().filename().string().starts_with("articles-")) closed.push_back(entry.path());
  }
  std::sort(closed.begin(), closed.end());
  return closed;
}

// Changes a letter in the middle of the second line.
void damage_second_line(const std::filesystem::path& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  std::string first;
  std::getline(file, first);
  file.seekp(static_cast<std::streamoff>(first.size()) + 1 + 5000);
  file.put('#');
}

TEST(DamagedSpool, IsSetAsideSaidAndCountedAndTheRestIsServed) {
  HttpServer server;
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n", kListen,
                ", segment_size: 64KiB, compress: false");
  constexpr std::size_t kBatches = 4;
  constexpr std::size_t kEach = 4;  // some 80 KB, so that each document closes a segment
  server.serve_feed("/feed", rss(long_items(kEach)));
  daemon.start();
  for (std::size_t batch = 1; batch <= kBatches; ++batch) {
    server.serve_feed("/feed", rss(long_items(batch * kEach)));
    ASSERT_TRUE(daemon.wait_for(batch * kEach)) << daemon.process().errors();
    ASSERT_TRUE(eventually([&] { return closed_segments(daemon).size() >= batch; })) << "batch " << batch;
  }
  daemon.stop();
  ASSERT_EQ(closed_segments(daemon).size(), kBatches);
  const auto damaged = closed_segments(daemon)[1];
  damage_second_line(damaged);
  daemon.folder().write("spool/articles-00000000000000000777.ndjson", "a text that is no article\n");

  daemon.start();
  EXPECT_EQ(daemon.metric("newswire_spool_findings_total{kind=\"foreign\"}"), 1);
  EXPECT_THAT(daemon.process().errors(), HasSubstr("spool.foreign file=articles-00000000000000000777.ndjson"));
  Process reader({"socat", "-t", "86400", "-", "UNIX-CONNECT:" + daemon.articles_socket()},
                 {.environment = {},
                  .input = R"({"op":"subscribe","from":"earliest","on_gap":"continue"})"
                           "\n",
                  .close_input = false});
  std::vector<std::uint64_t> got;
  ASSERT_TRUE(eventually([&] {
    got.clear();
    for (const auto& line : lines_of(reader.output())) {
      if (const auto article = article::parse_line(line)) got.push_back(article->seq);
    }
    return !got.empty() && got.back() == kBatches * kEach;
  })) << reader.output().substr(0, 300)
      << daemon.process().errors();
  EXPECT_THAT(got, ElementsAre(1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)) << "all but the line that is lost";
  EXPECT_THAT(reader.output(), HasSubstr(R"({"op":"gap","from":6,"to":6})"));
  EXPECT_TRUE(daemon.wait_for_metric("newswire_spool_findings_total{kind=\"damaged\"}"));
  EXPECT_THAT(daemon.process().errors(), HasSubstr("spool.damaged file=" + damaged.filename().string()));
  daemon.stop();
  const auto verified = run({NEWSWIRECTL, "verify", daemon.folder() / "spool"});
  EXPECT_THAT(verified.output + verified.errors, HasSubstr("6")) << "the gap is named";
}

// Makes a system call of newswired fail once. `-D`: newswired stays the child of this test.
std::vector<std::string> failing_once(const std::string& call, const std::string& error, int when,
                                      std::vector<std::string> more) {
  std::vector<std::string> command = {"strace", "-D",
                                      "-f",     "-qq",
                                      "-o",     "/dev/null",
                                      "-e",     "trace=" + call,
                                      "-e",     "inject=" + call + ":error=" + error + ":when=" + std::to_string(when)};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

bool may_trace() { return run({"strace", "-qq", "-o", "/dev/null", "true"}).status == 0; }

TEST(FailedSync, IsNeverTakenForSuccessAndTheArticleComesOnce) {
  if (!may_trace()) GTEST_SKIP() << "strace is not here, or may not trace";
  HttpServer server;
  server.serve_feed("/feed", rss({{"1", "First"}}));
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n", kListen);
  // The second one of a thread: opening syncs once, and the first article does.
  daemon.start({"ASAN_OPTIONS=detect_leaks=0"}, failing_once("fdatasync", "EIO", 2, {"-P", daemon.live_segment()}));
  ASSERT_TRUE(daemon.wait_for(1));
  server.serve_feed("/feed", rss({{"2", "Second"}, {"1", "First"}}));
  ASSERT_TRUE(daemon.wait_for_metric("newswire_spool_lines_total", 2)) << daemon.process().errors();
  EXPECT_THAT(daemon.titles(), ElementsAre("First", "Second"));
  EXPECT_EQ(daemon.metric("newswire_spool_failures_total{cause=\"sync\"}"), 1) << daemon.process().errors();
  EXPECT_THAT(daemon.process().errors(), HasSubstr("spool.commit_failed code=io"));
  daemon.stop();
}

TEST(TooManyOpenFiles, AConnectionWaitsAndItIsSaidWhatToDo) {
  if (!may_trace()) GTEST_SKIP() << "strace is not here, or may not trace";
  HttpServer server;
  server.serve_feed("/feed", rss({{"1", "First"}}));
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n", kListen);
  // The first one looks for connections before the article is shown, and finds none.
  daemon.start({"ASAN_OPTIONS=detect_leaks=0"}, failing_once("accept4", "EMFILE", 2, {}));
  ASSERT_TRUE(daemon.wait_for(1));
  Process reader({"socat", "-t", "86400", "-", "UNIX-CONNECT:" + daemon.articles_socket()},
                 {.environment = {},
                  .input = R"({"op":"subscribe","from":"earliest"})"
                           "\n",
                  .close_input = false});
  ASSERT_EQ(reader.wait_for_lines(2).size(), 2U) << daemon.process().errors();
  EXPECT_EQ(daemon.metric("newswire_subscriber_accept_failures_total"), 1);
  EXPECT_THAT(daemon.process().errors(), AllOf(HasSubstr("subscriber.accept_failed"), HasSubstr("LimitNOFILE")));
  daemon.stop();
}

TEST(MemoryLimit, EndsNoWorseThanAKillAndIsSaid) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "AddressSanitizer needs more address space than any limit";
#endif
  HttpServer server;
  std::string body = rss({{"2", "Second", "<p>" + std::string(std::size_t{60} << 20, 'x') + "</p>"}, {"1", "First"}});
  server.serve_feed("/small", rss({{"1", "One"}}));
  server.serve_feed("/large", std::move(body));
  const auto large = "  - {id: large, url: '" + server.url("/large") + "', max_body: 64MiB}\n";
  Daemon daemon("  - {id: small, url: '" + server.url("/small") + "'}\n", kListen);
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  daemon.stop();
  daemon.configure("  - {id: small, url: '" + server.url("/small") + "'}\n" + large, kListen);
  daemon.start({}, {"prlimit", "--as=" + std::to_string(std::size_t{300} << 20)});
  ASSERT_TRUE(eventually([&] { return daemon.process().errors().find("MemoryMax") != std::string::npos; }))
      << daemon.process().errors();
  if (daemon.running()) daemon.kill();
  EXPECT_THAT(daemon.titles(), ElementsAre("One")) << "the spool is whole";
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(2)) << daemon.process().errors();
  daemon.stop();
}

}  // namespace
}  // namespace newswire::test
