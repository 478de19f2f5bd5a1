// A1-A13, E1, E2: what follows an answer that is not the feed.
#include <gtest/gtest.h>

#include <cmath>

#include "rules.h"

namespace newswire::schedule {
namespace {

// A feed of ten items a day that was well until now.
Told well() {
  Told told;
  told.now = kNow - hours{2};
  told.tell(document(dates(told.now, 40, minutes{144}), 40));
  told.now = kNow;
  return told;
}

struct Case {
  const char* name;
  Failure kind;
  std::vector<double> hours_after;  // after the first, second … failure
};

class Backoff : public testing::TestWithParam<Case> {};

TEST_P(Backoff, DoublesUpToItsCap) {
  auto told = well();
  for (const double expected : GetParam().hours_after) {
    const auto plan = told.tell(failure(GetParam().kind));
    EXPECT_EQ(plan.reason, Reason::backoff);
    EXPECT_NEAR(static_cast<double>(told.wait(plan).count()) / 3600, expected, 0.01);
    told.now += told.wait(plan);
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, Backoff,
                         testing::Values(Case{"A7_404", Failure::not_found, {1, 2, 4, 8, 16, 24, 24, 24}},
                                         Case{"A7_other_4xx", Failure::client_error, {1, 2, 4, 8, 16, 24, 24}},
                                         Case{"A8_401", Failure::unauthorized, {1, 2, 4, 8, 16, 24, 24}},
                                         Case{"A8_403", Failure::forbidden, {1, 2, 4, 8, 16, 24, 24}},
                                         Case{"A8_bot_challenge", Failure::blocked, {1, 2, 4, 8, 16, 24, 24}},
                                         Case{"A12_html_page", Failure::html_page, {1, 2, 4, 8, 16, 24, 24}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

class NetworkBackoff : public testing::TestWithParam<Failure> {};

TEST_P(NetworkBackoff, A9StartsFromTheFeedsOwnIntervalCappedAt6HoursAndAfterADayAt24) {
  auto told = well();
  const double own = std::max(std::sqrt(2 * kPrice / urgency(told.feed, told.options, told.rules)), 900.0);
  const auto start = told.now;
  for (int n = 1; n < 20; ++n) {
    const auto plan = told.tell(failure(GetParam()));
    const auto wait = static_cast<double>(told.wait(plan).count());
    const double cap = told.now - start < hours{24} ? 6 * 3600 : 24 * 3600;
    EXPECT_NEAR(wait, std::min(own * std::pow(2, n - 1), cap), 1.5) << n;
    EXPECT_EQ(told.feed.failures, n);
    told.now += told.wait(plan);
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, NetworkBackoff,
                         testing::Values(Failure::dns, Failure::connect, Failure::tls, Failure::timeout,
                                         Failure::truncated, Failure::server_error, Failure::not_a_feed),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

TEST(Backoff, A9ASingleFailureDelaysByAtMostOneInterval) {
  auto told = well();
  told.now += minutes{30};
  const auto good = told.tell(answer(Outcome::not_modified));
  const auto interval = told.wait(good);
  told.now += interval;
  const auto plan = told.tell(failure(Failure::timeout));
  EXPECT_LE(told.wait(plan), interval + interval / 4);  // the hours of the day differ
}

TEST(Backoff, A9ReplacesTheAreaRuleAndDoesNotMultiplyIt) {
  Told told;  // nothing new for long: an interval of a day
  told.now = kNow - hours{2};
  told.tell(document(dates(told.now - hours{2400}, 10, hours{24}), 10));
  told.now = kNow;
  const auto plan = told.tell(failure(Failure::dns));
  EXPECT_LE(told.wait(plan), hours{6});
}

TEST(Backoff, A7NeverStopsAndIsDeadAfter30DaysOf404Only) {
  auto told = well();
  bool died = false;
  int polls = 0;
  while (told.now < kNow + hours{24 * 60}) {
    const auto plan = told.tell(failure(Failure::not_found));
    ASSERT_NE(plan.earliest, kNever);
    died |= told.last.went_dead;
    const bool dead = told.now - kNow >= hours{24 * 30};
    EXPECT_EQ(told.feed.is(FeedSchedule::dead), dead);
    if (dead) {
      EXPECT_EQ(told.wait(plan), hours{168});
    }
    told.now += told.wait(plan);
    ++polls;
  }
  EXPECT_TRUE(died);
  EXPECT_GT(polls, 34);
  told.tell(answer(Outcome::not_modified));
  EXPECT_FALSE(told.feed.is(FeedSchedule::dead));
}

TEST(Backoff, A7OtherFailuresInBetweenAreNoDeath) {
  auto told = well();
  for (int i = 0; told.now < kNow + hours{24 * 60}; ++i) {
    const auto plan = told.tell(failure(i == 3 ? Failure::dns : Failure::not_found));
    told.now += told.wait(plan);
    ASSERT_FALSE(told.feed.is(FeedSchedule::dead));
  }
}

TEST(Backoff, A13SuccessResetsAndTellsTheLengthOfTheOutage) {
  auto told = well();
  told.tell(failure(Failure::tls));
  EXPECT_TRUE(told.last.began_failing);
  told.now += hours{3};
  told.tell(failure(Failure::tls));
  EXPECT_FALSE(told.last.began_failing);
  told.now += hours{5};
  const auto plan = told.tell(answer(Outcome::not_modified));
  EXPECT_EQ(told.last.recovered_after, hours{8});
  EXPECT_EQ(told.feed.failures, 0);
  EXPECT_NE(plan.reason, Reason::backoff);
}

TEST(Backoff, A1EmptyIsAnErrorAfterThreeInARow) {
  auto told = well();
  EXPECT_NE(told.tell(answer(Outcome::empty)).reason, Reason::backoff);
  told.now += minutes{20};
  EXPECT_NE(told.tell(answer(Outcome::empty)).reason, Reason::backoff);
  EXPECT_EQ(told.feed.failures, 0);
  told.now += minutes{20};
  EXPECT_EQ(told.tell(answer(Outcome::empty)).reason, Reason::backoff);
  EXPECT_TRUE(told.last.began_failing);
  EXPECT_EQ(static_cast<Failure>(told.feed.failure), Failure::empty);
}

TEST(Backoff, A1AGoodAnswerInBetweenStartsOver) {
  auto told = well();
  for (int i = 0; i < 6; ++i) {
    told.now += minutes{20};
    told.tell(answer(i % 3 == 2 ? Outcome::not_modified : Outcome::empty));
    EXPECT_EQ(told.feed.failures, 0);
  }
}

TEST(Backoff, A2AnUnexpected304IsRetriedAfterTheMinimum) {
  auto told = well();
  EXPECT_EQ(told.wait(told.tell(failure(Failure::unexpected_304))), minutes{15});
}

TEST(Backoff, A11TooEarlyIsRetriedOnceLater) {
  auto told = well();
  EXPECT_EQ(told.wait(told.tell(failure(Failure::too_early))), minutes{15});
  told.now += minutes{15};
  EXPECT_GT(told.wait(told.tell(failure(Failure::too_early))), minutes{15});
}

TEST(Backoff, A6GoneStops) {
  auto told = well();
  const auto plan = told.tell(answer(Outcome::gone));
  EXPECT_EQ(plan.earliest, kNever);
  EXPECT_EQ(plan.reason, Reason::gone);
  EXPECT_TRUE(told.last.went_gone);
  told.tell(answer(Outcome::gone));
  EXPECT_FALSE(told.last.went_gone);  // one event
}

TEST(Backoff, A10A429WithoutATimeDoublesFromAnHourAndIsNoFailure) {
  auto told = well();
  for (const double expected : {1., 2., 4., 8., 16., 24., 24.}) {
    const auto plan = told.tell(answer(Outcome::rate_limited));
    EXPECT_EQ(plan.reason, Reason::backoff);
    EXPECT_NEAR(static_cast<double>(told.wait(plan).count()) / 3600, expected, 0.01);
    EXPECT_EQ(told.feed.failures, 0);
    EXPECT_FALSE(told.last.began_failing);
    told.now += told.wait(plan);
  }
  told.tell(answer(Outcome::not_modified));
  EXPECT_EQ(told.last.recovered_after, seconds{0});
}

TEST(Backoff, A10RateLimitResetCountsWhereRetryAfterIsAbsent) {
  auto told = well();
  auto result = answer(Outcome::rate_limited);
  result.http.rate_limit_reset = hours{3};
  const auto plan = told.tell(result);
  EXPECT_EQ(told.wait(plan), hours{3});
  EXPECT_EQ(plan.reason, Reason::rate_limit);
  told.now += hours{3};
  result.http.retry_after = hours{2};
  const auto asked = told.tell(result);
  EXPECT_EQ(told.wait(asked), hours{2});
  EXPECT_EQ(asked.reason, Reason::retry_after);
}

struct RetryCase {
  const char* name;
  PollResult result;
  seconds retry_after;
  seconds wait;
  Reason reason;
};
class RetryAfter : public testing::TestWithParam<RetryCase> {};

TEST_P(RetryAfter, IsObeyed) {
  auto told = well();
  auto result = GetParam().result;
  result.http.retry_after = GetParam().retry_after;
  const auto plan = told.tell(result);
  EXPECT_EQ(told.wait(plan), GetParam().wait);
  EXPECT_EQ(plan.reason, GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, RetryAfter,
    testing::Values(
        RetryCase{"E1_on_429", answer(Outcome::rate_limited), hours{5}, hours{5}, Reason::retry_after},
        RetryCase{"E1_on_503", failure(Failure::server_error), hours{5}, hours{5}, Reason::retry_after},
        RetryCase{"E1_on_a_redirect", answer(Outcome::not_modified), hours{5}, hours{5}, Reason::retry_after},
        RetryCase{"E1_shorter_than_the_backoff", failure(Failure::not_found), minutes{10}, hours{1}, Reason::backoff},
        RetryCase{"E1_past_is_ignored", failure(Failure::not_found), seconds{-5}, hours{1}, Reason::backoff},
        RetryCase{"E2_two_days", answer(Outcome::rate_limited), hours{48}, hours{48}, Reason::retry_after},
        RetryCase{"E2_capped_at_seven_days", answer(Outcome::rate_limited), hours{24 * 365 * 100}, hours{168},
                  Reason::retry_after}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Backoff, TheUsersMinimumHoldsInTheBackoffToo) {
  auto told = well();
  told.options.min_interval = hours{12};
  EXPECT_EQ(told.wait(told.tell(failure(Failure::not_found))), hours{12});
}

}  // namespace
}  // namespace newswire::schedule
