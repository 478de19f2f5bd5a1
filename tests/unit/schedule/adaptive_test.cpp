// The adaptive interval: rate, hours, seeding, the area rule, the overflow guard, silence.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "rules.h"
#include "schedule/detail/area.h"
#include "schedule/learn.h"

namespace newswire::schedule {
namespace {

double per_day(const FeedSchedule& feed) { return rate(feed) * 86400; }

// The rule by brute force: a sum over seconds.
double slow_area_seconds(const std::array<float, 24>& rates, std::uint32_t from, double target, double limit) {
  double area = 0;
  double items = 0;
  for (std::uint32_t t = 0; t < limit; ++t) {
    const double r = rates[(from + t) / 3600 % 24];
    area += items + r / 2;
    items += r;
    if (area >= target) return t + 1;
  }
  return limit;
}

TEST(Area, AgreesWithASumOverSeconds) {
  std::mt19937 engine(7);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int n = 0; n < 60; ++n) {
    std::array<float, 24> rates;
    for (auto& r : rates) r = static_cast<float>(std::pow(unit(engine), 3) * 0.01);
    if (n % 3 == 0) std::fill(rates.begin() + 5, rates.begin() + 20, 0.0F);
    const auto from = static_cast<std::uint32_t>(engine());
    const double target = std::pow(10, unit(engine) * 7);
    const double limit = n % 2 == 0 ? 86400 : 14 * 86400;
    const double exact = slow_area_seconds(rates, from % 864'000, target, limit);
    EXPECT_NEAR(area_seconds(rates, from % 864'000, target, limit), exact, 1.01 + exact * 1e-3) << n;
  }
}

TEST(Area, AConstantRateGivesTheSquareRoot) {
  std::array<float, 24> rates;
  rates.fill(10.0F / 86400);
  EXPECT_NEAR(area_seconds(rates, 12345, 1000, 1e6), std::sqrt(2 * 1000 / (10.0 / 86400)), 1);
}

TEST(Area, ARateOfZeroAndExtremesStayWithinTheLimit) {
  std::array<float, 24> none{};
  EXPECT_EQ(area_seconds(none, 0, 1000, 86400), 86400);
  EXPECT_EQ(area_seconds(none, 0, 1000, 365 * 86400.0), 365 * 86400.0);
  std::array<float, 24> huge;
  huge.fill(1e6F);
  EXPECT_LT(area_seconds(huge, 0, 1000, 86400), 1);
  EXPECT_EQ(area_seconds(huge, 0, 0, 86400), 0);
  EXPECT_EQ(area_seconds(huge, 0, std::nan(""), 86400), 0);
}

TEST(Learn, SeedsTheRateFromTheFirstDocument) {
  FeedSchedule feed;
  seed(feed, dates(kNow, 40, hours{2}), to_stamp(kNow));
  EXPECT_NEAR(per_day(feed), 12, 1.5);
  EXPECT_EQ(to_time(feed.last_item), kNow - hours{2});
}

TEST(Learn, ASilentFeedIsSeededAsSilent) {
  FeedSchedule feed;
  seed(feed, dates(kNow - hours{24 * 400}, 20, hours{24}), to_stamp(kNow));
  EXPECT_LT(per_day(feed), 0.03);
}

TEST(Learn, APinnedEntryDoesNotHideABusyFeed) {
  auto all = dates(kNow, 40, hours{1});
  all.push_back(kNow - hours{24 * 3000});
  FeedSchedule feed;
  seed(feed, all, to_stamp(kNow));
  EXPECT_GT(per_day(feed), 15);
}

struct SeedCase {
  const char* name;
  std::vector<Time> dates;
};
class Implausible : public testing::TestWithParam<SeedCase> {};
TEST_P(Implausible, DatesLeaveThePrior) {
  FeedSchedule feed;
  seed(feed, GetParam().dates, to_stamp(kNow));
  EXPECT_DOUBLE_EQ(per_day(feed), 1);
  EXPECT_EQ(feed.last_good, to_stamp(kNow));
}
INSTANTIATE_TEST_SUITE_P(Learn, Implausible,
                         testing::Values(SeedCase{"none", {}}, SeedCase{"unknown", {Time{}, Time{}}},
                                         SeedCase{"in_the_future", {kNow + hours{1}, kNow + hours{9}}},
                                         SeedCase{"all_the_same", std::vector<Time>(20, kNow - hours{5})},
                                         SeedCase{"within_seconds", dates(kNow, 20, seconds{2})},
                                         SeedCase{"extremes", {Time::max(), Time::min()}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Learn, FollowsTheRateWithAHalfLifeOfTwoWeeks) {
  FeedSchedule feed;
  seed(feed, dates(kNow, 50, hours{24}), to_stamp(kNow));
  Time now = kNow;
  for (int day = 0; day < 60; ++day) {
    const auto before = now;
    now += hours{24};
    std::vector<Time> items;
    for (int i = 0; i < 20; ++i) items.push_back(before + minutes{72} * i + minutes{30});
    observe(feed, items, false, to_stamp(now));
    if (day == 13) {
      EXPECT_NEAR(per_day(feed), 10.5, 1.5);
    }
  }
  EXPECT_NEAR(per_day(feed), 20, 1.5);
}

TEST(Learn, DatesOutsideOfTheSpanCountAtItsMiddle) {
  FeedSchedule feed;
  feed.last_good = to_stamp(kNow);
  const std::vector<Time> items{Time{}, kNow + hours{1000}, kNow - hours{1000}};
  observe(feed, items, false, to_stamp(kNow + hours{2}));
  EXPECT_EQ(feed.hours[9], 255);  // 08:00 to 10:00
  EXPECT_EQ(to_time(feed.last_item), kNow + hours{1});
}

TEST(Learn, LearnsTheHoursOfTheDay) {
  FeedSchedule feed;
  feed.last_good = to_stamp(kNow);
  for (int day = 0; day < 40; ++day) {
    const auto base = kNow + hours{24} * day;
    const std::vector<Time> items{base + hours{1}, base + hours{1} + minutes{20}, base + hours{3}};  // 09 and 11 h
    observe(feed, items, false, to_stamp(base + hours{24}));
  }
  const auto rates = hourly_rates(feed);
  EXPECT_GT(rates[9], 5 * rates[20]);
  EXPECT_GT(rates[9], rates[11]);
  double mean = 0;
  for (const auto r : rates) mean += static_cast<double>(r) / 24;
  EXPECT_NEAR(mean * 86400, per_day(feed), 0.01);
}

TEST(Learn, ABytePerHourKeepsUpWithABusyFeed) {
  // 480 items a day, at first all in the day's first half, then evenly: the shape follows although a single item is
  // less than half a step of a byte.
  FeedSchedule feed;
  feed.last_good = to_stamp(kNow);
  std::mt19937 engine(3);
  for (int step = 0; step < 24 * 4 * 100; ++step) {
    const auto before = kNow + minutes{15} * step;
    const bool quiet = step < 24 * 4 * 40 && (step / 4 + 8) % 24 >= 12;
    std::vector<Time> items;
    for (int i = 0; i < (quiet ? 0 : 5); ++i) items.push_back(before + minutes{engine() % 15} + seconds{1});
    observe(feed, items, false, to_stamp(before + minutes{15}));
    ++feed.polls;
  }
  const auto rates = hourly_rates(feed);
  EXPECT_GT(rates[18], 0.8 * rates[6]);
}

TEST(Learn, AFloodOfNewItemsIsExtrapolated) {
  FeedSchedule a;
  FeedSchedule b;
  a.last_good = b.last_good = to_stamp(kNow);
  const auto items = dates(kNow + hours{4}, 20, minutes{3});  // one hour of four
  observe(a, items, false, to_stamp(kNow + hours{4}));
  observe(b, items, true, to_stamp(kNow + hours{4}));
  EXPECT_NEAR(b.count, 80, 1);
  EXPECT_NEAR(a.count, 20, 0.5);
}

TEST(Learn, AClockThatStepsBackDoesNotHurt) {
  FeedSchedule feed;
  seed(feed, dates(kNow, 10, hours{3}), to_stamp(kNow));
  const auto before = per_day(feed);
  observe(feed, dates(kNow, 3, hours{3}), false, to_stamp(kNow - hours{100}));
  EXPECT_TRUE(std::isfinite(per_day(feed)));
  EXPECT_NEAR(per_day(feed), before, 10);
}

TEST(Adaptive, TheIntervalGoesWithThePowerOfTheRate) {
  // tau ~ lambda^-alpha, alpha = 0.4, for flat feeds
  FeedOptions options;
  options.min_interval = seconds{1};
  options.max_interval = hours{24 * 300};
  Rules rules;
  std::vector<double> waits;
  for (const double items : {1.0, 10.0, 100.0}) {
    FeedSchedule feed;
    feed.count = static_cast<float>(items * 20 - kPriorCount + items * kPriorDays);
    feed.exposure_days = 20;
    feed.last_poll = feed.last_good = to_stamp(kNow);
    waits.push_back(static_cast<double>(plan(feed, options, rules, 5000).earliest - to_stamp(kNow)));
  }
  EXPECT_NEAR(waits[0] / waits[1], std::pow(10, 0.4), 0.02);
  EXPECT_NEAR(waits[1] / waits[2], std::pow(10, 0.4), 0.02);
}

TEST(Adaptive, PriorityDividesTheInterval) {
  Told told;
  told.options.min_interval = seconds{1};
  told.tell(document(dates(kNow, 40, hours{3}), 1000));
  told.rules.hourly = false;
  const auto normal = told.wait(told.plan_now(500));
  told.options.priority = 10;
  const auto high = told.wait(told.plan_now(500));
  EXPECT_NEAR(static_cast<double>(normal.count()) / static_cast<double>(high.count()), 2, 0.01);
}

TEST(Adaptive, WaitsForTheHoursInWhichItemsCome) {
  Told told;
  told.now = kNow - hours{24 * 60};  // 08:00
  told.feed.last_good = told.feed.last_poll = to_stamp(told.now);
  for (int day = 0; day < 60; ++day) {
    told.now += hours{24};
    told.tell(document({told.now - hours{1}, told.now - hours{1} + minutes{5}}, 100));  // at 07 h
  }
  // Seen last at 08:00: the next poll falls into the hours around 07 of the next day, not before 05.
  const auto wait = told.wait(told.plan_now(40'000));
  EXPECT_GT(wait, hours{21});
  EXPECT_LE(wait, hours{24});
}

TEST(Adaptive, N5TheGuardKeepsItemsFromLeavingTheDocumentUnseen) {
  Told told;
  told.rules.hourly = false;
  told.tell(document(dates(kNow, 20, minutes{30}), 20));
  const auto plan = told.plan_now(1e9);
  EXPECT_EQ(plan.reason, Reason::overflow_guard);
  EXPECT_NEAR(static_cast<double>(told.wait(plan).count()), 0.5 * 20 / rate(told.feed), 2);
}

TEST(Adaptive, N5AfterAnOverflowTheGuardIsHalvedForAWeek) {
  Told told;
  told.rules.hourly = false;
  told.tell(document(dates(kNow, 20, minutes{30}), 20));
  told.now += hours{10};
  told.tell(document(dates(told.now, 20, minutes{30}), 20));
  EXPECT_TRUE(told.last.overflow);
  EXPECT_NEAR(static_cast<double>(told.wait(told.plan_now(1e9)).count()), 0.25 * 20 / rate(told.feed), 2);
  told.now += hours{168};
  told.tell(document(dates(told.now, 5, minutes{30}), 20));
  EXPECT_FALSE(told.last.overflow);
  EXPECT_NEAR(static_cast<double>(told.wait(told.plan_now(1e9)).count()), std::min(0.5 * 20 / rate(told.feed), 86400.0),
              2);
}

TEST(Adaptive, R14ADeltaIsNoOverflowAndNoWindow) {
  Told told;
  told.tell(document(dates(kNow, 20, minutes{30}), 20));
  told.now += hours{2};
  auto delta = document(dates(told.now, 3, minutes{30}), 3);
  delta.delta = true;
  told.tell(delta);
  EXPECT_FALSE(told.last.overflow);
  EXPECT_EQ(told.feed.window, 20);
}

TEST(Adaptive, AFeedSilentForAYearIsPolledWeeklyUntilItsFirstSignOfLife) {
  Told told;
  told.tell(document(dates(kNow, 20, hours{24}), 20));
  while (told.now < kNow + hours{24 * 370}) {
    told.now += hours{24};
    told.tell(answer(Outcome::not_modified));
  }
  const auto plan = told.plan_now(1e9);
  EXPECT_EQ(told.wait(plan), hours{168});
  EXPECT_EQ(plan.reason, Reason::maximum);
  told.now += hours{168};
  told.tell(document({told.now - hours{1}}, 20));
  EXPECT_LE(told.wait(told.plan_now(1e9)), hours{24});
}

TEST(Adaptive, WhatCountsAsDormantAndHowLongThatMayWaitCanBeSet) {
  Told told;
  told.rules.silent_after = hours{24 * 30};
  told.rules.silent_interval = hours{72};
  told.tell(document(dates(kNow, 20, hours{24}), 20));
  while (told.now < kNow + hours{24 * 32}) {
    told.now += hours{24};
    told.tell(answer(Outcome::not_modified));
  }
  EXPECT_EQ(told.wait(told.plan_now(1e9)), hours{72});
}

TEST(Adaptive, A2A304ForThirtyGapsIsDoubtedOnceAWeek) {
  Told told;
  told.tell(document(dates(kNow, 20, hours{24}), 20));
  const auto whole = told.now;
  while (told.now < kNow + hours{24 * 20}) {
    told.now += hours{24};
    told.tell(answer(Outcome::not_modified));
    EXPECT_FALSE(doubts_not_modified(told.feed, whole, told.now));
  }
  while (told.now < kNow + hours{24 * 40}) {
    told.now += hours{24};
    told.tell(answer(Outcome::not_modified));
  }
  EXPECT_TRUE(doubts_not_modified(told.feed, whole, told.now));
  EXPECT_TRUE(doubts_not_modified(told.feed, Time{}, told.now));
  EXPECT_FALSE(doubts_not_modified(told.feed, told.now - hours{24 * 6}, told.now));
  EXPECT_TRUE(doubts_not_modified(told.feed, told.now - hours{24 * 7}, told.now));
}

TEST(Adaptive, AFeedThatStopsIsStaleAfterEightOfItsGaps) {
  Told told;
  told.tell(document(dates(kNow, 40, hours{12}), 40));
  double stale_after = 0;
  while (stale_after == 0 && told.now < kNow + hours{24 * 30}) {
    told.now += hours{6};
    told.tell(answer(Outcome::not_modified));
    if (told.last.went_stale) stale_after = std::chrono::duration<double, std::ratio<86400>>(told.now - kNow).count();
  }
  EXPECT_NEAR(stale_after, 4, 1.5);
  told.now += hours{6};
  told.tell(document({told.now - minutes{5}}, 40));
  EXPECT_FALSE(told.feed.is(FeedSchedule::stale));
}

}  // namespace
}  // namespace newswire::schedule
