#include "schedule/feed_schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "schedule/learn.h"
#include "schedule/scheduler.h"

namespace newswire::schedule {
namespace {

FeedSchedule filled() {
  FeedSchedule s;
  s.count = 12.5F;
  s.exposure_days = 3.25F;
  for (std::size_t h = 0; h < 24; ++h) s.hours[h] = static_cast<std::uint8_t>(h * 10);
  s.last_poll = 1, s.last_good = 2, s.due = 3, s.failing_since = 4, s.last_item = 5, s.overflow_until = 6,
  s.hold_until = 7;
  s.skip = 0x12345678, s.ttl_minutes = 8, s.period_minutes = 9, s.failures = 10, s.window = 11, s.cost = 100;
  s.polls = 13, s.streak = 14, s.flags = FeedSchedule::push | FeedSchedule::stale, s.failure = 2, s.reason = 3;
  return s;
}

TEST(FeedSchedule, IsStoredAndReadBackWhole) {
  const auto bytes = encode(filled());
  EXPECT_EQ(bytes.size(), 81U);
  const auto back = decode(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, filled());
}

TEST(FeedSchedule, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(decode("").error().code, Errc::corrupt);
  EXPECT_EQ(decode(encode(filled()).substr(0, 80)).error().code, Errc::corrupt);
  EXPECT_EQ(decode(encode(filled()) + "x").error().code, Errc::corrupt);
  auto newer = encode(filled());
  newer[0] = 9;
  EXPECT_EQ(decode(newer).error().code, Errc::unsupported);
}

TEST(FeedSchedule, ADamagedNumberIsUnknown) {
  for (const float bad : {std::nanf(""), -1.0F, std::numeric_limits<float>::infinity()}) {
    auto s = filled();
    s.count = bad;
    s.exposure_days = bad;
    const auto back = decode(encode(s));
    ASSERT_TRUE(back);
    EXPECT_TRUE(std::isfinite(rate(*back)));
    EXPECT_GT(rate(*back), 0);
  }
}

TEST(Hosts, AreStoredAndReadBack) {
  const Time at{std::chrono::milliseconds{1'700'000'000'123}};
  const std::vector<HostRecord> hosts{{1, at, {}, Failure::none, 0, {}}, {~0ULL, {}, at, Failure::dns, 7, at}};
  const auto back = decode_hosts(encode_hosts(hosts));
  ASSERT_TRUE(back);
  ASSERT_EQ(back->size(), 2U);
  EXPECT_EQ((*back)[0].paused_until, at);
  EXPECT_EQ((*back)[1].host, ~0ULL);
  EXPECT_EQ((*back)[1].failure, Failure::dns);
  EXPECT_EQ((*back)[1].probes, 7U);
  EXPECT_EQ((*back)[1].next_probe, at);
  EXPECT_FALSE(decode_hosts("\1abc"));
  EXPECT_FALSE(decode_hosts(""));
  EXPECT_FALSE(decode_hosts("\2"));
}

TEST(Stamp, RoundsUpAndStaysInRange) {
  using std::chrono::milliseconds;
  EXPECT_EQ(to_stamp(Time{milliseconds{1'001}}), 2U);
  EXPECT_EQ(to_stamp(Time{milliseconds{1'000}}), 1U);
  EXPECT_EQ(to_stamp(Time{milliseconds{-5'000}}), 1U);
  EXPECT_EQ(to_stamp(Time::max()), kNever);
  EXPECT_EQ(to_stamp(Time::min()), 1U);
  EXPECT_EQ(to_time(kNever), Time::max());
  EXPECT_EQ(later(kNever, 5), kNever);
  EXPECT_EQ(later(10, -50), 1U);
  EXPECT_EQ(later(kNever - 5, 50), kNever - 1);
}

}  // namespace
}  // namespace newswire::schedule
