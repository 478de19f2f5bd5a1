#include "health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace newswire::daemon {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Health well() {
  Health health;
  health.started = true;
  return health;
}

TEST(Health, IsGoodWhenPollsCanBeCommitted) {
  EXPECT_EQ(what_is_wrong(well()), std::nullopt);
  EXPECT_EQ(why_not_ready(well()), std::nullopt);
}

TEST(Health, SaysWhatIsWrong) {
  auto health = well();
  health.writer.short_of_space = true;
  health.writer.free_bytes = 5U << 20U;
  EXPECT_THAT(*what_is_wrong(health), HasSubstr("5 MiB free"));
  health = well();
  health.writer.last_error = "articles.ndjson: input/output error";
  EXPECT_THAT(*what_is_wrong(health), HasSubstr("input/output error"));
  health = well();
  health.loop_lag = 11s;
  EXPECT_THAT(*what_is_wrong(health), HasSubstr("11 s late"));
  EXPECT_EQ(why_not_ready(health), what_is_wrong(health));
}

TEST(Health, IsNotReadyBeforeTheStartAndWhileItStops) {
  auto health = well();
  health.started = false;
  EXPECT_EQ(what_is_wrong(health), std::nullopt) << "a slow start is no reason to kill it";
  EXPECT_THAT(*why_not_ready(health), HasSubstr("starting"));
  health = well();
  health.stopping = true;
  EXPECT_THAT(*why_not_ready(health), HasSubstr("stops"));
}

TEST(LoopLag, RemembersTheWorstOfTheLastMinute) {
  LoopLag lag;
  const LoopLag::Clock::time_point start{10'000s};
  EXPECT_EQ(lag.longest(start).count(), 0);
  lag.add(start, 3s);
  lag.add(start + 1s, 1s);
  lag.add(start + 40s, 2s);
  EXPECT_EQ(lag.longest(start + 50s).count(), 3);
  EXPECT_EQ(lag.longest(start + 90s).count(), 2);
  EXPECT_EQ(lag.longest(start + 300s).count(), 0);
}

}  // namespace
}  // namespace newswire::daemon
