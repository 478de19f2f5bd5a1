#include "log_repeats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace newswire::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class Repeats : public testing::Test {
 protected:
  unsigned written(const std::string& line, unsigned times) {
    unsigned passed = 0;
    for (unsigned i = 0; i < times; ++i) passed += log.passes(line, now) ? 1U : 0U;
    return passed;
  }
  LogRepeats log;
  LogRepeats::Clock::time_point now{1000s};
};

TEST_F(Repeats, AFewPassAndTheRestIsCounted) {
  EXPECT_EQ(written("subscriber.not_allowed uid=7 pid=123", 100), LogRepeats::kPass);
  EXPECT_THAT(log.ended(now + 59s), IsEmpty());
  EXPECT_THAT(log.ended(now + 60s), ElementsAre("event=subscriber.not_allowed times=95"));
  EXPECT_THAT(log.ended(now + 600s), IsEmpty()) << "told once";
}

TEST_F(Repeats, NumbersDoNotMakeADifference) {
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(log.passes("subscriber.not_allowed uid=7 pid=" + std::to_string(1000 + i * i), now));
  EXPECT_FALSE(log.passes("subscriber.not_allowed uid=8 pid=99999", now));
  EXPECT_TRUE(log.passes("subscriber.stalled uid=8 pid=99999", now)) << "another event";
  EXPECT_TRUE(log.passes("subscriber.not_allowed group=x", now)) << "another text";
}

TEST_F(Repeats, FeedsAreToldApart) {
  for (int feed = 0; feed < 500; ++feed)
    EXPECT_TRUE(log.passes("feed.failed feed=" + std::to_string(feed) + " code=dns", now)) << feed;
  EXPECT_EQ(written("feed.failed feed=7 code=dns", 100), LogRepeats::kPass - 1);
}

TEST_F(Repeats, WhileItGoesOnOneLineAMinutePasses) {
  written("state.commit_failed error=x", 10);
  now += 60s;
  EXPECT_THAT(log.ended(now), ElementsAre("event=state.commit_failed times=5"));
  EXPECT_EQ(written("state.commit_failed error=x", 10), 1U);
  now += 60s;
  EXPECT_THAT(log.ended(now), ElementsAre("event=state.commit_failed times=9"));
  now += 61s;
  EXPECT_EQ(written("state.commit_failed error=x", 10), LogRepeats::kPass) << "after a quiet minute it begins anew";
}

TEST_F(Repeats, AtTheEndEverythingIsTold) {
  written("a.b x", 7);
  written("c.d y", 6);
  EXPECT_THAT(log.ended(now, true), ElementsAre("event=a.b times=2", "event=c.d times=1"));
}

TEST_F(Repeats, MemoryIsBounded) {
  for (int i = 0; i < 100'000; ++i) EXPECT_TRUE(log.passes("feed.failed feed=" + std::to_string(i), now));
  now += 61s;
  EXPECT_EQ(written("feed.failed feed=new", 10), LogRepeats::kPass) << "what is over is forgotten";
}

}  // namespace
}  // namespace newswire::daemon
