#include "ingest/writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>

namespace newswire::ingest {
namespace {

using namespace std::chrono_literals;

// Asks again and again until it holds; nothing waits that long when it works.
bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST(Writer, CountsJumpsOfTheClock) {
  std::string name = (std::filesystem::temp_directory_path() / "newswire-writer-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  config::Config config;
  config.spool.dir = name + "/spool";
  config.state.dir = name + "/state";
  std::atomic<Time> now = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};
  {
    auto writer = Writer::open(config, [&now] { return now.load(); });
    ASSERT_TRUE(writer) << to_string(writer.error());
    (*writer)->start();
    ASSERT_TRUE(eventually([&] { return (*writer)->stats().state_bytes > 0; })) << "the first look at the clock";
    EXPECT_EQ((*writer)->stats().clock_steps, 0U);
    now = now.load() + 3h;
    EXPECT_TRUE(eventually([&] { return (*writer)->stats().clock_steps == 1; }));
    now = now.load() - 5h;
    EXPECT_TRUE(eventually([&] { return (*writer)->stats().clock_steps == 2; }));
    (*writer)->stop();
  }
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace newswire::ingest
