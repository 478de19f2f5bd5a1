#include "schedule/scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

namespace newswire::schedule {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Time kNow{seconds{1'700'000'000}};

Settings settings() {
  Settings s;
  s.budget.fixed_price = 1000;
  return s;
}

FeedOptions every(seconds interval) { return {.min_interval = interval, .max_interval = interval}; }

PollResult not_modified(Time at) {
  PollResult r;
  r.outcome = Outcome::not_modified;
  r.started = r.finished = at;
  return r;
}

PollResult failed(Failure failure, Time at) {
  PollResult r;
  r.outcome = Outcome::failed;
  r.failure = failure;
  r.started = r.finished = at;
  return r;
}

PollResult rate_limited(Time at, std::optional<seconds> retry_after) {
  PollResult r;
  r.outcome = Outcome::rate_limited;
  r.started = r.finished = at;
  r.http.retry_after = retry_after;
  return r;
}

// Runs from poll to poll until `end`, as the daemon's loop does; gives the polls in order.
struct Poll {
  Time at;
  FeedHandle feed;
};
template <class Answer>
std::vector<Poll> run(Scheduler& scheduler, Time from, Time end, Answer answer) {
  std::vector<Poll> polls;
  for (Time now = from; now <= end; now = std::max(now + seconds{1}, scheduler.next_due())) {
    for (const auto feed : scheduler.take_due(now, 1'000'000)) {
      polls.push_back({now, feed});
      scheduler.report(feed, answer(feed, now));
    }
    if (scheduler.next_due() == Time::max()) break;
  }
  return polls;
}
std::vector<Poll> run(Scheduler& scheduler, Time from, Time end) {
  return run(scheduler, from, end, [](FeedHandle, Time now) { return not_modified(now); });
}

TEST(Scheduler, ANewFeedIsPolledAtOnce) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, {}, kNow);
  EXPECT_LE(scheduler.next_due(), kNow);
  EXPECT_EQ(scheduler.take_due(kNow, 10), std::vector{feed});
  EXPECT_TRUE(scheduler.is_in_flight(feed));
  EXPECT_EQ(scheduler.next_due(), Time::max());
}

TEST(Scheduler, W12APollIsNeverTakenTwiceAtOnce) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, every(minutes{15}), kNow);
  ASSERT_EQ(scheduler.take_due(kNow, 10).size(), 1U);
  EXPECT_EQ(scheduler.poll_soon(feed, kNow + hours{1}), kNow + hours{1});
  EXPECT_TRUE(scheduler.take_due(kNow + hours{48}, 10).empty());
  const auto reported = scheduler.report(feed, not_modified(kNow + hours{48}));
  EXPECT_GE(reported.next.due, kNow + hours{48} + minutes{15});
}

TEST(Scheduler, R17ARestartPollsNothingBeforeItsTime) {
  std::vector<FeedSchedule> stored;
  {
    Scheduler scheduler(settings());
    for (int i = 0; i < 200; ++i) scheduler.add(static_cast<HostKey>(i), every(hours{1}), kNow);
    run(scheduler, kNow, kNow + hours{3});
    for (std::uint32_t i = 0; i < 200; ++i) stored.push_back(scheduler.state(FeedHandle{i}));
  }
  const Time restart = kNow + hours{3} + seconds{1};
  for (int kill = 0; kill < 100; ++kill) {
    Scheduler scheduler(settings());
    for (std::size_t i = 0; i < stored.size(); ++i) {
      scheduler.restore(*decode(encode(stored[i])), i, every(hours{1}), restart + seconds{kill});
    }
    const auto now = restart + seconds{kill};
    for (const auto feed : scheduler.take_due(now, 1000)) {
      EXPECT_LE(to_time(stored[index(feed)].due), now);
      stored[index(feed)] = scheduler.state(feed);
      scheduler.report(feed, not_modified(now));
      stored[index(feed)] = scheduler.state(feed);
    }
  }
}

TEST(Scheduler, H2FeedsOfOneHostAreSpreadOverTheirInterval) {
  Scheduler scheduler(settings());
  for (int i = 0; i < 500; ++i) scheduler.add(7, every(hours{1}), kNow);
  const auto polls = run(scheduler, kNow, kNow + hours{24});
  std::map<std::int64_t, int> in_minute;
  for (const auto& poll : polls) ++in_minute[(poll.at - kNow) / minutes{1}];
  double mean = 0;
  for (std::int64_t minute = 0; minute < 24 * 60; ++minute) mean += in_minute[minute];
  mean /= 24 * 60;
  int most = 0;
  for (const auto& [minute, count] : in_minute) most = std::max(most, count);
  EXPECT_LE(most, 2 * mean);
  EXPECT_GT(mean, 7);
}

TEST(Scheduler, H2AnImportIsTakenUpAtABoundedRate) {
  auto s = settings();
  s.catch_up_per_second = 10;
  Scheduler scheduler(s);
  for (int i = 0; i < 1000; ++i) scheduler.add(static_cast<HostKey>(i) * 7919, every(hours{1}), kNow);
  std::map<Time, int> in_second;
  for (const auto& poll : run(scheduler, kNow, kNow + minutes{5})) ++in_second[poll.at];
  int total = 0;
  for (const auto& [at, count] : in_second) {
    EXPECT_LE(count, 11);
    total += count;
  }
  EXPECT_EQ(total, 1000);
}

TEST(Scheduler, H2AHandfulOfFeedsOfOneHostIsPolledWithinSeconds) {
  Scheduler scheduler(settings());
  for (int i = 0; i < 10; ++i) scheduler.add(7, {}, kNow);
  const auto polls = run(scheduler, kNow, kNow + minutes{5});
  ASSERT_EQ(polls.size(), 10U);
  for (std::size_t i = 1; i < polls.size(); ++i) EXPECT_EQ(polls[i].at - polls[i - 1].at, seconds{1});
}

TEST(Scheduler, H3A429PausesEveryFeedOfItsHostAndNoOther) {
  Scheduler scheduler(settings());
  const auto a = scheduler.add(1, every(minutes{15}), kNow);
  const auto b = scheduler.add(1, every(minutes{15}), kNow);
  const auto c = scheduler.add(2, every(minutes{15}), kNow);
  run(scheduler, kNow, kNow + minutes{10});
  bool limited = false;
  const auto polls = run(scheduler, kNow + minutes{10}, kNow + hours{6}, [&](FeedHandle feed, Time now) {
    if (feed != a || limited) return not_modified(now);
    limited = true;
    return rate_limited(now, seconds{4 * 3600});
  });
  Time limited_at{};
  int of_others = 0;
  for (const auto& poll : polls) {
    if (poll.feed == c) {
      ++of_others;
      continue;
    }
    if (limited_at == Time{} && poll.feed == a) {
      limited_at = poll.at;
    } else if (limited_at != Time{}) {
      EXPECT_GE(poll.at, limited_at + hours{4}) << (poll.feed == b);
    }
  }
  EXPECT_GT(of_others, 18);
}

TEST(Scheduler, H3APauseSurvivesARestart) {
  std::string stored;
  {
    Scheduler scheduler(settings());
    const auto feed = scheduler.add(5, every(minutes{15}), kNow);
    scheduler.take_due(kNow, 1);
    const auto reported = scheduler.report(feed, rate_limited(kNow, hours{5}));
    EXPECT_TRUE(reported.host_changed);
    EXPECT_EQ(reported.host_paused_until, kNow + hours{5});
    EXPECT_FALSE(reported.feed.began_failing);
    stored = encode_hosts(scheduler.hosts());
  }
  Scheduler scheduler(settings());
  const auto records = decode_hosts(stored);
  ASSERT_TRUE(records);
  for (const auto& record : *records) scheduler.restore_host(record);
  const auto other = scheduler.add(5, every(minutes{15}), kNow + hours{1});
  const auto polls = run(scheduler, kNow + hours{1}, kNow + hours{6});
  ASSERT_FALSE(polls.empty());
  EXPECT_EQ(polls[0].feed, other);
  EXPECT_GE(polls[0].at, kNow + hours{5});
}

TEST(Scheduler, H4ThreeFeedsFailingAlikeMakeTheHostDownAndOneFeedProbes) {
  Scheduler scheduler(settings());
  std::vector<FeedHandle> feeds;
  for (int i = 0; i < 50; ++i) feeds.push_back(scheduler.add(9, every(minutes{15}), kNow));
  const auto other = scheduler.add(10, every(minutes{15}), kNow);
  const Time outage = kNow + hours{1};
  const Time back = kNow + hours{9};
  std::vector<Poll> during;
  bool went_down = false;
  bool came_back = false;
  Time last{};
  for (Time now = kNow; now < kNow + hours{12}; now = std::max(now + seconds{1}, scheduler.next_due())) {
    for (const auto feed : scheduler.take_due(now, 1000)) {
      const bool fails = feed != other && now >= outage && now < back;
      if (fails) during.push_back({now, feed});
      const auto reported = scheduler.report(feed, fails ? failed(Failure::server_error, now) : not_modified(now));
      went_down |= reported.host_went_down;
      came_back |= reported.host_came_back;
      if (went_down && !came_back && fails) {
        EXPECT_TRUE(reported.blamed_on_host);
      }
      if (reported.host_came_back) last = now;
    }
  }
  EXPECT_TRUE(went_down);
  EXPECT_TRUE(came_back);
  EXPECT_LE(during.size(), 3 + 12U);  // three, then probes after 15 min, 30 min, and hourly
  EXPECT_LE(last, back + hours{1} + minutes{10});
  for (const auto feed : feeds) {
    EXPECT_EQ(scheduler.state(feed).failures, 0);
    EXPECT_GE(to_time(scheduler.state(feed).last_poll), back);
  }
}

TEST(Scheduler, H4DifferentFailuresAreNotAnOutage) {
  Scheduler scheduler(settings());
  std::vector<FeedHandle> feeds;
  for (int i = 0; i < 6; ++i) feeds.push_back(scheduler.add(9, every(minutes{15}), kNow));
  const Failure kinds[] = {Failure::dns,     Failure::server_error, Failure::not_a_feed,
                           Failure::timeout, Failure::forbidden,    Failure::tls};
  bool down = false;
  Time now = kNow;
  for (int taken = 0; taken < 6; now += seconds{1}) {
    for (const auto feed : scheduler.take_due(now, 1))
      down |= scheduler.report(feed, failed(kinds[taken++], now)).host_went_down;
  }
  EXPECT_FALSE(down);
}

TEST(Scheduler, OneFeedThatFailsAlwaysDoesNotTakeItsHostDown) {
  Scheduler scheduler(settings());
  const auto bad = scheduler.add(9, every(minutes{15}), kNow);
  scheduler.add(9, every(minutes{15}), kNow);
  bool down = false;
  for (Time now = kNow; now < kNow + hours{48}; now = std::max(now + seconds{1}, scheduler.next_due())) {
    for (const auto feed : scheduler.take_due(now, 10)) {
      down |=
          scheduler.report(feed, feed == bad ? failed(Failure::server_error, now) : not_modified(now)).host_went_down;
    }
  }
  EXPECT_FALSE(down);
  EXPECT_GT(scheduler.state(bad).failures, 3);
}

TEST(Scheduler, OurOwnNetworkBeingDownIsNoFeedsFault) {
  Scheduler scheduler(settings());
  for (int i = 0; i < 400; ++i) scheduler.add(static_cast<HostKey>(i) * 104'729, every(hours{1}), kNow);
  const Time down = kNow + hours{3};
  const Time up = kNow + hours{9};
  const auto polls = run(scheduler, kNow, kNow + hours{11}, [&](FeedHandle, Time now) {
    return now >= down && now < up ? failed(Failure::dns, now) : not_modified(now);
  });
  const auto between = [&](Time from, Time to) {
    return std::count_if(polls.begin(), polls.end(), [&](const auto& p) { return p.at >= from && p.at < to; });
  };
  EXPECT_LE(between(down, up), 5 + 6 * 60 + 1);  // five, then one a minute
  EXPECT_GE(between(up, up + minutes{70}), 400);
  for (std::uint32_t i = 0; i < 400; ++i) EXPECT_LE(scheduler.state(FeedHandle{i}).failures, 0) << i;
  EXPECT_FALSE(scheduler.stats().offline);
}

TEST(Scheduler, DeadHostsAmongWellOnesAreNoNetworkFailure) {
  Scheduler scheduler(settings());
  for (int i = 0; i < 40; ++i) scheduler.add(static_cast<HostKey>(i) * 104'729, every(hours{1}), kNow);
  for (Time now = kNow; now < kNow + hours{100}; now = std::max(now + seconds{1}, scheduler.next_due())) {
    for (const auto feed : scheduler.take_due(now, 100)) {
      const bool dead = index(feed) % 2 == 0;
      EXPECT_FALSE(scheduler.report(feed, dead ? failed(Failure::dns, now) : not_modified(now)).network_lost);
    }
  }
}

TEST(Scheduler, ASuspendDoesNotStampede) {
  auto s = settings();
  s.catch_up_per_second = 5;
  Scheduler scheduler(s);
  for (int i = 0; i < 3600; ++i) scheduler.add(static_cast<HostKey>(i) * 104'729, every(hours{1}), kNow);
  run(scheduler, kNow, kNow + hours{3});
  const Time awake = kNow + hours{11};
  std::map<Time, int> in_second;
  for (const auto& poll : run(scheduler, awake, awake + hours{1})) ++in_second[poll.at];
  int total = 0;
  for (const auto& [at, count] : in_second) {
    EXPECT_LE(count, 12) << (at - awake).count();
    total += count;
  }
  EXPECT_GE(total, 3600);
}

TEST(Scheduler, AStepBackOfTheClockSilencesNobody) {
  Scheduler scheduler(settings());
  for (int i = 0; i < 300; ++i) scheduler.add(static_cast<HostKey>(i) * 104'729, every(hours{1}), kNow);
  run(scheduler, kNow, kNow + hours{3});
  // Ten days wrong for two hours, then right again.
  run(scheduler, kNow + hours{240}, kNow + hours{242});
  const Time right = kNow + hours{5};
  std::map<std::uint32_t, std::vector<Time>> polls;
  for (const auto& poll : run(scheduler, right, right + hours{4})) polls[index(poll.feed)].push_back(poll.at);
  EXPECT_EQ(polls.size(), 300U);
  for (const auto& [feed, at] : polls) {
    EXPECT_LE(at.front(), right + hours{1} + minutes{10}) << feed;
    for (std::size_t i = 1; i < at.size(); ++i) EXPECT_GE(at[i] - at[i - 1], hours{1});
  }
}

TEST(Scheduler, AStepBackOfTheClockForgetsNoneOfAHostsFeedsThatAreKeptApart) {
  Scheduler scheduler(settings());
  for (int i = 0; i < 50; ++i) scheduler.add(7, every(hours{1}), kNow);
  const auto before = run(scheduler, kNow, kNow + seconds{30});
  EXPECT_LT(before.size(), 50U);  // some wait for their turn
  const Time back = kNow - minutes{10};
  std::map<std::uint32_t, int> polls;
  for (const auto& poll : run(scheduler, back, back + hours{3})) ++polls[index(poll.feed)];
  EXPECT_EQ(polls.size(), 50U);
}

TEST(Scheduler, R16ManualPollsAreAtLeastAMinuteApart) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, every(hours{1}), kNow);
  scheduler.take_due(kNow, 1);
  scheduler.report(feed, not_modified(kNow));
  EXPECT_EQ(scheduler.poll_soon(feed, kNow + seconds{10}), kNow + seconds{60});
  EXPECT_TRUE(scheduler.take_due(kNow + seconds{59}, 1).empty());
  EXPECT_EQ(scheduler.take_due(kNow + seconds{60}, 1).size(), 1U);
  scheduler.report(feed, not_modified(kNow + seconds{61}));
  EXPECT_EQ(scheduler.poll_soon(feed, kNow + minutes{20}), kNow + minutes{20});
  EXPECT_EQ(scheduler.take_due(kNow + minutes{20}, 1).size(), 1U);
}

TEST(Scheduler, E1AManualPollDoesNotOverrideRetryAfter) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, every(hours{1}), kNow);
  scheduler.take_due(kNow, 1);
  scheduler.report(feed, rate_limited(kNow, hours{3}));
  EXPECT_EQ(scheduler.poll_soon(feed, kNow + hours{1}), kNow + hours{3});
  EXPECT_TRUE(scheduler.take_due(kNow + hours{3} - seconds{1}, 1).empty());
}

TEST(Scheduler, A6GoneStopsUntilResumeAndSurvivesARestart) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, every(hours{1}), kNow);
  scheduler.take_due(kNow, 1);
  PollResult gone = not_modified(kNow);
  gone.outcome = Outcome::gone;
  EXPECT_TRUE(scheduler.report(feed, gone).feed.went_gone);
  EXPECT_EQ(scheduler.next_due(), Time::max());
  EXPECT_EQ(scheduler.next(feed).reason, Reason::gone);

  Scheduler again(settings());
  const auto same = again.restore(scheduler.state(feed), 1, every(hours{1}), kNow + hours{100});
  EXPECT_EQ(again.next_due(), Time::max());
  again.resume(same, kNow + hours{101});
  EXPECT_EQ(again.take_due(kNow + hours{101}, 1), std::vector{same});
}

TEST(Scheduler, PauseAndResumeKeepThePlan) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, every(hours{1}), kNow);
  scheduler.take_due(kNow, 1);
  scheduler.report(feed, not_modified(kNow));
  scheduler.pause(feed);
  EXPECT_EQ(scheduler.next(feed).reason, Reason::paused);
  EXPECT_TRUE(scheduler.take_due(kNow + minutes{30}, 1).empty());
  scheduler.resume(feed, kNow + minutes{30});
  EXPECT_GE(scheduler.next(feed).due, kNow + hours{1});
  EXPECT_LE(scheduler.next(feed).due, kNow + minutes{66} + seconds{1});
}

TEST(Scheduler, RemoveWhileInFlightForgetsTheFeedAtItsReport) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, every(hours{1}), kNow);
  scheduler.take_due(kNow, 1);
  scheduler.remove(feed);
  const auto other = scheduler.add(1, every(hours{1}), kNow);
  EXPECT_NE(other, feed);
  scheduler.report(feed, not_modified(kNow));
  EXPECT_EQ(scheduler.add(2, every(hours{1}), kNow), feed);
  EXPECT_EQ(scheduler.stats().feeds, 2U);
}

TEST(Scheduler, NewOptionsPlanAgainFromTheLastPoll) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, every(hours{24}), kNow);
  scheduler.take_due(kNow, 1);
  scheduler.report(feed, not_modified(kNow));
  scheduler.set_options(feed, every(hours{1}), kNow + minutes{10});
  EXPECT_GE(scheduler.next(feed).due, kNow + hours{1});
  EXPECT_LE(scheduler.next(feed).due, kNow + minutes{66} + seconds{1});
}

TEST(Scheduler, ACancelledPollComesAgainSoon) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, every(hours{1}), kNow);
  scheduler.take_due(kNow, 1);
  scheduler.cancel(feed, kNow);
  EXPECT_TRUE(scheduler.take_due(kNow, 1).empty());
  EXPECT_EQ(scheduler.take_due(kNow + seconds{10}, 1), std::vector{feed});
}

TEST(Scheduler, ThePriceMeetsTheBudget) {
  Settings s;
  s.budget.polls_per_feed_per_day = 24;
  Scheduler scheduler(s);
  std::map<std::uint32_t, double> per_day;
  for (std::uint32_t i = 0; i < 400; ++i) {
    scheduler.add(i * 104'729ULL, {}, kNow);
    per_day[i] = i % 4 == 0 ? 100 : i % 4 == 1 ? 20 : i % 4 == 2 ? 3 : 0.2;
  }
  std::map<std::uint32_t, Time> last;
  const auto polls = run(scheduler, kNow, kNow + hours{24 * 20}, [&](FeedHandle feed, Time now) {
    auto result = not_modified(now);
    const auto i = index(feed);
    // items at regular distances
    const auto gap = std::chrono::duration_cast<seconds>(std::chrono::duration<double>(86400 / per_day[i]));
    Time at = kNow - hours{24 * 5} +
              gap * (((last.count(i) ? last[i] : kNow - hours{24 * 5}) - (kNow - hours{24 * 5})) / gap + 1);
    for (; at <= now; at += gap) result.new_items.push_back(at);
    if (!result.new_items.empty()) result.outcome = Outcome::fresh;
    result.items_in_document = result.new_items.size() + 10;
    last[i] = now;
    return result;
  });
  const auto scored = static_cast<double>(
      std::count_if(polls.begin(), polls.end(), [](const auto& p) { return p.at >= kNow + hours{24 * 10}; }));
  EXPECT_NEAR(scored / 10 / 400, 24, 1.2);
}

TEST(Scheduler, ExplainsWhichRuleWon) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, {}, kNow);
  EXPECT_EQ(scheduler.explain(feed, kNow).reason, Reason::first);
  scheduler.take_due(kNow, 1);
  auto result = not_modified(kNow);
  result.outcome = Outcome::unchanged;
  result.body = BodyHints{.ttl = minutes{300}};
  scheduler.report(feed, result);
  const auto e = scheduler.explain(feed, kNow);
  EXPECT_EQ(e.reason, Reason::ttl);
  EXPECT_NE(e.text.find("* at least 5.0 h after the last poll: feed: <ttl>"), std::string::npos) << e.text;
  EXPECT_EQ(e.items_per_hour.size(), 24U);
}

TEST(Scheduler, AMillionFeedsTakeAHundredBytesEach) {
  Scheduler scheduler(settings());
  scheduler.reserve(1'000'000);
  for (std::uint32_t i = 0; i < 1'000'000; ++i) scheduler.add(i * 104'729ULL, {}, kNow);
  EXPECT_LE(scheduler.stats().bytes, 100'000'000U);
  EXPECT_EQ(scheduler.stats().feeds, 1'000'000U);
}

TEST(Scheduler, H1APostponedPollComesAtItsTurnAndNotSooner) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, every(hours{1}), kNow);
  ASSERT_EQ(scheduler.take_due(kNow, 10).size(), 1U);
  scheduler.postpone(feed, kNow + minutes{30}, kNow);
  EXPECT_FALSE(scheduler.is_in_flight(feed));
  EXPECT_EQ(scheduler.next(feed).reason, Reason::spread);
  EXPECT_TRUE(scheduler.take_due(kNow + minutes{29}, 10).empty());
  EXPECT_EQ(scheduler.take_due(kNow + minutes{30}, 10).size(), 1U);
}

TEST(Scheduler, H1APollAskedForByAPersonStaysOneWhenPostponed) {
  Scheduler scheduler(settings());
  const auto feed = scheduler.add(1, every(hours{1}), kNow);
  scheduler.poll_soon(feed, kNow);
  ASSERT_EQ(scheduler.take_due(kNow, 10).size(), 1U);
  scheduler.postpone(feed, kNow + seconds{5}, kNow);
  EXPECT_EQ(scheduler.next(feed).reason, Reason::manual);
}

TEST(Scheduler, H3AFeedInFlightIsHeldBackWhenItsHostIsPausedMeanwhile) {
  Scheduler scheduler(settings());
  const auto first = scheduler.add(1, every(hours{1}), kNow);
  const auto second = scheduler.add(1, every(hours{1}), kNow);
  const auto elsewhere = scheduler.add(2, every(hours{1}), kNow);
  for (Time now = kNow; scheduler.stats().in_flight < 3; now += seconds{1}) {
    ASSERT_LT(now, kNow + minutes{5});
    scheduler.take_due(now, 10);
  }
  EXPECT_FALSE(scheduler.is_held_back(second, kNow));
  scheduler.report(first, rate_limited(kNow, seconds{600}));
  EXPECT_TRUE(scheduler.is_held_back(second, kNow));
  EXPECT_FALSE(scheduler.is_held_back(elsewhere, kNow));
  EXPECT_TRUE(scheduler.is_host_held(1, kNow));
  EXPECT_FALSE(scheduler.is_host_held(2, kNow));
  EXPECT_FALSE(scheduler.is_held_back(second, kNow + seconds{601}));
  scheduler.cancel(second, kNow);
  EXPECT_TRUE(scheduler.take_due(kNow + seconds{300}, 10).empty());
}

TEST(Scheduler, CountsFeedsInTrouble) {
  Scheduler scheduler(settings());
  const auto failing = scheduler.add(1, every(hours{1}), kNow);
  const auto gone = scheduler.add(2, every(hours{1}), kNow);
  while (scheduler.stats().in_flight < 2) scheduler.take_due(kNow + seconds{10}, 10);
  scheduler.report(failing, failed(Failure::not_found, kNow));
  PollResult result;
  result.outcome = Outcome::gone;
  result.started = result.finished = kNow;
  scheduler.report(gone, result);
  EXPECT_EQ(scheduler.stats().failing, 1U);
  EXPECT_EQ(scheduler.stats().gone, 1U);
  scheduler.resume(gone, kNow);
  EXPECT_EQ(scheduler.stats().gone, 0U);
  scheduler.remove(failing);
  EXPECT_EQ(scheduler.stats().failing, 0U);
}

}  // namespace
}  // namespace newswire::schedule
