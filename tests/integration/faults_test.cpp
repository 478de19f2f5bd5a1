// What goes wrong on real machines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>

#include "daemon_process.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

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

 private:
  std::string path_;
  bool mounted_ = false;
};

TEST(DiskFull, PollingPausesNothingIsLostAndItGoesOnByItself) {
  HttpServer server;
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n");
  SmallDisk disk(daemon.folder() / "spool", "1m");
  if (!disk.mounted()) GTEST_SKIP() << "no right to mount a tmpfs here";
  const auto filler = daemon.folder() / "spool/filler";
  server.serve_feed("/feed", rss({{"1", "First"}}));
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  {
    std::ofstream fill(filler, std::ios::binary);
    const std::string block(4096, 'x');
    while (fill.write(block.data(), static_cast<std::streamsize>(block.size())) && fill.flush()) {
    }
  }
  const std::string text(20000, 'a');
  server.serve_feed("/feed", rss({{"2", "Second", "<p>" + text + "</p>"}, {"1", "First"}}));
  ASSERT_TRUE(eventually([&] { return daemon.process().errors().find("code=no_space") != std::string::npos; }))
      << daemon.process().errors();
  EXPECT_THAT(daemon.titles(), ElementsAre("First")) << "what is committed stays readable";
  EXPECT_EQ(daemon.ctl({"status"}).status, 0);
  std::filesystem::remove(filler);
  ASSERT_TRUE(daemon.wait_for(2)) << daemon.process().errors();
  EXPECT_THAT(daemon.titles(), ElementsAre("First", "Second"));
  daemon.stop();
}

TEST(CorruptState, IsSetAsideAndRebuilt) {
  HttpServer server;
  server.serve_feed("/feed", rss({{"1", "First"}}));
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n");
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
  daemon.stop();
}

TEST(TornLine, IsCutOnStart) {
  HttpServer server;
  server.serve_feed("/feed", rss({{"1", "First"}}));
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n");
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  daemon.kill();
  std::ofstream(daemon.live_segment(), std::ios::app) << R"({"_newswire":{"seq":2,"sum":"0000)";
  server.serve_feed("/feed", rss({{"2", "Second"}, {"1", "First"}}));
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(2));
  EXPECT_THAT(daemon.titles(), ElementsAre("First", "Second"));
  EXPECT_THAT(daemon.process().errors(), HasSubstr("spool.torn_tail"));
  daemon.stop();
}

}  // namespace
}  // namespace newswire::test
