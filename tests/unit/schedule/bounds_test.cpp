// The lower bounds W1-W9 and what belongs to them, one case a line.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "rules.h"

namespace newswire::schedule {
namespace {

constexpr std::uint32_t hour_bits(std::initializer_list<int> list) {
  std::uint32_t bits = 0;
  for (const int h : list) bits |= 1U << h;
  return bits;
}

struct Case {
  const char* name;
  std::function<void(Told&, PollResult&)> prepare;
  seconds wait;
  Reason reason;
};

class Bounds : public testing::TestWithParam<Case> {};

// A busy feed (an item every two minutes) whose adaptive interval lies far below the minimum, so that bounds decide.
TEST_P(Bounds, DecideTheNextPoll) {
  Told told;
  auto first = document(dates(kNow, 100, minutes{2}), 1000);
  GetParam().prepare(told, first);
  const auto plan = told.tell(first);
  EXPECT_EQ(told.wait(plan), GetParam().wait);
  EXPECT_EQ(plan.reason, GetParam().reason) << to_string(plan.reason);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Bounds,
    testing::Values(
        Case{"W1_default_minimum", [](Told&, PollResult&) {}, minutes{15}, Reason::minimum},
        Case{"W1_configured_minimum", [](Told& told, PollResult&) { told.options.min_interval = minutes{40}; }, minutes{40},
             Reason::minimum},
        Case{"W1_users_minimum_wins_over_a_shorter_hint",
             [](Told& told, PollResult& r) {
               told.options.min_interval = hours{2};
               r.http.max_age = minutes{60};
               r.body = BodyHints{.ttl = minutes{30}};
             },
             hours{2}, Reason::minimum},
        Case{"W1_users_maximum_wins_over_a_longer_hint",
             [](Told& told, PollResult& r) {
               told.options.max_interval = hours{1};
               r.body = BodyHints{.ttl = minutes{300}};
             },
             hours{1}, Reason::ttl},
        Case{"W2_max_age", [](Told&, PollResult& r) { r.http.max_age = minutes{50}; }, minutes{50}, Reason::max_age},
        Case{"W2_max_age_less_age",
             [](Told&, PollResult& r) {
               r.http.max_age = minutes{50};
               r.http.age = minutes{20};
             },
             minutes{30}, Reason::max_age},
        Case{"W2_age_beyond_max_age_is_no_bound",
             [](Told&, PollResult& r) {
               r.http.max_age = minutes{50};
               r.http.age = minutes{70};
             },
             minutes{15}, Reason::minimum},
        Case{"W2_expires_minus_date",
             [](Told&, PollResult& r) {
               r.http.date = kNow - hours{100};  // the server's clock is wrong, which must not matter
               r.http.expires = kNow - hours{98};
             },
             hours{2}, Reason::expires},
        Case{"W2_expires_without_date",
             [](Told&, PollResult& r) { r.http.expires = kNow + minutes{45}; }, minutes{45}, Reason::expires},
        Case{"W2_max_age_outranks_expires",
             [](Told&, PollResult& r) {
               r.http.max_age = minutes{20};
               r.http.expires = kNow + hours{5};
             },
             minutes{20}, Reason::max_age},
        Case{"W3_no_cache_is_no_bound",
             [](Told&, PollResult& r) {
               r.http.no_cache = true;
               r.http.max_age = hours{1};
             },
             minutes{15}, Reason::minimum},
        Case{"W3_max_age_zero_is_no_bound",
             [](Told&, PollResult& r) {
               r.http.max_age = seconds{0};
               r.http.expires = kNow + hours{5};
             },
             minutes{15}, Reason::minimum},
        Case{"W3_expires_in_the_past_is_no_bound",
             [](Told&, PollResult& r) {
               r.http.date = kNow;
               r.http.expires = kNow - hours{1};
             },
             minutes{15}, Reason::minimum},
        Case{"W5_ttl", [](Told&, PollResult& r) { r.body = BodyHints{.ttl = minutes{90}}; }, minutes{90}, Reason::ttl},
        Case{"W5_negative_ttl_is_ignored", [](Told&, PollResult& r) { r.body = BodyHints{.ttl = minutes{-90}}; },
             minutes{15}, Reason::minimum},
        Case{"W7_update_period",
             [](Told&, PollResult& r) { r.body = BodyHints{.update_interval = hours{2}}; }, hours{2},
             Reason::update_period},
        Case{"W7_weekly_is_clipped",
             [](Told&, PollResult& r) { r.body = BodyHints{.update_interval = hours{168}}; }, hours{24},
             Reason::update_period},
        Case{"the_largest_hint_wins",
             [](Told&, PollResult& r) {
               r.http.max_age = minutes{50};
               r.body = BodyHints{.ttl = minutes{40}, .update_interval = minutes{70}};
             },
             minutes{70}, Reason::update_period},
        Case{"W9_absurd_max_age_is_capped",
             [](Told& told, PollResult& r) {
               told.options.max_interval = hours{24 * 30};
               r.http.max_age = hours{24 * 365 * 100};
             },
             hours{24}, Reason::max_age},
        Case{"W9_absurd_expires_is_capped",
             [](Told&, PollResult& r) { r.http.expires = Time::max() - hours{1}; }, hours{24}, Reason::expires},
        Case{"W9_absurd_ttl_is_capped",
             [](Told&, PollResult& r) { r.body = BodyHints{.ttl = minutes::max()}; }, hours{24}, Reason::ttl},
        Case{"W6_skip_hours_8_9_10", // kNow is 08:00
             [](Told&, PollResult& r) { r.body = BodyHints{.skip_hours = hour_bits({8, 9, 10})}; }, hours{3},
             Reason::skip_hours},
        Case{"W6_other_hours_do_not_matter",
             [](Told&, PollResult& r) { r.body = BodyHints{.skip_hours = hour_bits({0, 9, 23})}; }, minutes{15},
             Reason::minimum},
        Case{"W6_all_but_one_hour",
             [](Told&, PollResult& r) { r.body = BodyHints{.skip_hours = 0xFFFFFF & ~hour_bits({5})}; }, hours{21},
             Reason::skip_hours},
        Case{"W6_all_hours_are_ignored",
             [](Told&, PollResult& r) { r.body = BodyHints{.skip_hours = 0xFFFFFF}; }, minutes{15}, Reason::minimum},
        Case{"W6_skip_days", // a Tuesday
             [](Told&, PollResult& r) { r.body = BodyHints{.skip_days = 1U << 2}; }, hours{16}, Reason::skip_days},
        Case{"W6_all_days_are_ignored",
             [](Told&, PollResult& r) { r.body = BodyHints{.skip_days = 0x7F}; }, minutes{15}, Reason::minimum},
        Case{"W9_days_beyond_the_cap", // Tuesday to Friday
             [](Told&, PollResult& r) { r.body = BodyHints{.skip_days = 0b0111100}; }, hours{24}, Reason::skip_days},
        Case{"W13_expired_is_polled_at_the_maximum",
             [](Told&, PollResult& r) { r.body = BodyHints{.expired = true}; }, hours{24}, Reason::expired},
        Case{"W10_push_is_polled_as_a_safety_net",
             [](Told& told, PollResult&) { told.feed.set(FeedSchedule::push, true); }, hours{12}, Reason::push},
        Case{"W10_an_item_that_push_missed_ends_push",
             [](Told& told, PollResult& r) {
               told.feed.set(FeedSchedule::push, true);
               r.push_missed = true;
             },
             minutes{15}, Reason::minimum},
        Case{"hints_can_be_switched_off",
             [](Told& told, PollResult& r) {
               told.options.obey_hints = false;
               r.http.max_age = hours{5};
               r.body = BodyHints{.ttl = minutes{300}, .update_interval = hours{5}, .skip_hours = hour_bits({8}), .expired = true};
             },
             minutes{15}, Reason::minimum}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Bounds, W2FreshnessOfA304Counts) {
  Told told;
  told.tell(document(dates(kNow, 100, minutes{2}), 1000));
  told.now += minutes{20};
  auto result = answer(Outcome::not_modified);
  result.http.max_age = minutes{55};
  const auto plan = told.tell(result);
  EXPECT_EQ(told.wait(plan), minutes{55});
  EXPECT_EQ(plan.reason, Reason::max_age);
  told.now += minutes{60};
  EXPECT_NE(told.tell(answer(Outcome::not_modified)).reason, Reason::max_age);  // and is not kept beyond it
}

TEST(Bounds, W4NoHeuristicFreshness) {
  // There is nothing in PollResult that a Last-Modified could come in by; a silent answer has no bound of its own.
  Told told;
  const auto plan = told.tell(document(dates(kNow, 100, minutes{2}), 1000));
  EXPECT_EQ(plan.reason, Reason::minimum);
}

TEST(Bounds, W6A24IsReadAsZeroByTheParserAndBit0IsMidnight) {
  Told told;
  told.now = kNow + hours{16} - minutes{5};  // 23:55
  auto first = document(dates(told.now, 100, minutes{2}), 1000);
  first.body = BodyHints{.skip_hours = 1};
  const auto plan = told.tell(first);
  EXPECT_EQ(told.wait(plan), minutes{65});  // 01:00
}

TEST(Bounds, W6EverythingListedIsReported) {
  Told told;
  auto first = document(dates(kNow, 100, minutes{2}), 1000);
  first.body = BodyHints{.skip_hours = 0xFFFFFF};
  told.tell(first);
  EXPECT_TRUE(told.last.skips_everything);
}

TEST(Bounds, W6BeyondTheCapThePollComesBeforeTheSpanInstead) {
  // The maximum of 24 h ends in the skipped hour, later is over the cap of all hints: a second before the hour.
  Told told;
  auto first = document({}, 10);
  first.body = BodyHints{.skip_hours = 1U << 8};
  told.tell(first);
  const auto plan = told.plan_now(1e12);
  EXPECT_EQ(told.wait(plan), hours{24} - seconds{1});
  EXPECT_EQ(plan.reason, Reason::skip_hours);
}

TEST(Bounds, W8BodyHintsPersistOver304s) {
  Told told;
  auto first = document(dates(kNow, 100, minutes{2}), 1000);
  first.body = BodyHints{.ttl = minutes{90}};
  told.tell(first);
  for (int i = 0; i < 3; ++i) {
    told.now += hours{2};
    EXPECT_EQ(told.wait(told.tell(answer(Outcome::not_modified))), minutes{90});
  }
  told.now += hours{2};
  auto next = document({}, 1000);
  next.body = BodyHints{};  // a document without hints ends them
  EXPECT_NE(told.tell(next).reason, Reason::ttl);
}

TEST(Bounds, W10PushEndsWhenItLapses) {
  Told told;
  told.feed.set(FeedSchedule::push, true);
  told.tell(document(dates(kNow, 100, minutes{2}), 1000));
  told.feed.set(FeedSchedule::push, false);
  EXPECT_EQ(told.plan_now().reason, Reason::minimum);
}

TEST(Bounds, W11JitterIsOnlyEverLaterAndBounded) {
  Told told;
  const auto plan = told.tell(document(dates(kNow, 100, minutes{2}), 1000));
  EXPECT_EQ(plan.slack_seconds, 90U);  // a tenth of 15 min
  for (const double jitter : {0.0, 0.25, 0.5, 0.999999}) {
    const auto decided = place(plan, told.feed, told.options, told.rules, jitter);
    EXPECT_GE(decided.due, kNow + minutes{15});
    EXPECT_LE(decided.due, kNow + minutes{15} + seconds{90});
  }
  told.options.min_interval = hours{20};
  EXPECT_EQ(told.plan_now().slack_seconds, 1800U);
}

TEST(Bounds, W11JitterNeverEndsInASkippedHour) {
  Told told;
  told.options.min_interval = minutes{59};
  auto first = document(dates(kNow, 100, minutes{2}), 1000);
  first.body = BodyHints{.skip_hours = 1U << 9};
  const auto plan = told.tell(first);  // 08:59, and the window reaches to 09:05
  for (int i = 0; i < 100; ++i) {
    const auto due = place(plan, told.feed, told.options, told.rules, i / 100.0).due;
    EXPECT_GE(due, kNow + minutes{59});
    EXPECT_LT(due, kNow + minutes{60});
  }
}

TEST(Bounds, W12TheIntervalCountsFromTheEndOfTheResponse) {
  Told told;
  auto first = document(dates(kNow, 100, minutes{2}), 1000);
  first.started = kNow - minutes{10};
  const auto plan = told.tell(first);
  EXPECT_GE(to_time(plan.earliest), kNow + minutes{15});
}

TEST(Bounds, W13ArchivesAreNeverPolled) {
  Told told;
  const auto plan = told.tell(answer(Outcome::archive));
  EXPECT_EQ(plan.earliest, kNever);
  EXPECT_EQ(plan.reason, Reason::archive);
}

TEST(Bounds, W14WithoutValidatorsAtMostHourlyUnlessTheRateNeedsMore) {
  Told slow;
  auto first = document(dates(kNow, 10, hours{2}), 1000);
  first.has_validators = false;
  slow.tell(first);
  const auto plan = slow.plan_now(0.001);  // a price at which nothing else would hold it back
  EXPECT_EQ(slow.wait(plan), hours{1});
  EXPECT_EQ(plan.reason, Reason::no_validators);

  Told busy;
  first.new_items = dates(kNow, 100, minutes{2});
  busy.tell(first);
  EXPECT_EQ(busy.wait(busy.plan_now(0.001)), minutes{15});
}

TEST(Bounds, W14ABodyWithoutValidatorsCostsMore) {
  Told with;
  Told without;
  auto first = document(dates(kNow, 30, hours{2}), 1000);
  first.body_bytes = 300'000;
  with.tell(first);
  first.has_validators = false;
  without.tell(first);
  EXPECT_EQ(without.feed.cost, 4 * FeedSchedule::kCostUnit);
  const auto a = with.wait(with.plan_now(50'000));
  const auto b = without.wait(without.plan_now(50'000));
  EXPECT_GT(b, a * 3 / 2);
  without.now += hours{30};
  without.tell(answer(Outcome::not_modified));
  EXPECT_EQ(without.feed.cost, FeedSchedule::kCostUnit);
}

TEST(Bounds, R10AServerThatAlwaysAnswers200CostsItsBody) {
  Told told;
  told.tell(document(dates(kNow, 30, hours{2}), 30));
  told.now += hours{3};
  auto same = document({}, 30);
  same.body_bytes = 500'000;
  told.tell(same);
  EXPECT_EQ(told.feed.cost, 6 * FeedSchedule::kCostUnit);
  EXPECT_EQ(told.feed.failures, 0);
}

}  // namespace
}  // namespace newswire::schedule
