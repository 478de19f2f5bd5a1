// What the pipeline makes of answers over days: failures, moves, hosts in trouble, health (POLLING.md A*, H*).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "newsroom.h"

namespace newswire::ingest::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using std::chrono::hours;

Answer good(const std::vector<std::string>& ids = {"1"}) { return Answer(200, rss(ids)).header("ETag", "\"a\""); }

std::size_t count_of(const std::vector<std::string>& events, std::string_view state) {
  const auto part = "\"state\":\"" + std::string(state) + "\"";
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [&part](const std::string& line) { return line.find(part) != std::string::npos; }));
}

TEST(A1_Pipeline, TheThirdEmptyAnswerInARowIsAFailure) {
  Newsroom room;
  room.server.on("/feed", {good(), Answer(200, ""), Answer(204), Answer(200, "")});
  room.start();
  room.next_poll();
  EXPECT_FALSE(room.next_poll().failed);
  EXPECT_FALSE(room.next_poll().failed);
  EXPECT_FALSE(room.told("failing"));
  const auto third = room.next_poll();
  EXPECT_TRUE(third.failed);
  EXPECT_THAT(third.error, HasSubstr("without a document"));
  EXPECT_TRUE(room.told("failing"));
  EXPECT_EQ(room.server.requests("/feed")[3].header("if-none-match"), "\"a\"");
  EXPECT_THAT(room.list(), HasSubstr("\"status\":\"empty\""));
}

TEST(A2_Pipeline, A304ToAnUnconditionalRequestIsRetriedAfterTheMinimum) {
  Newsroom room;
  room.server.on("/feed", {Answer(304), good()});
  room.start();
  const auto first = room.next_poll();
  EXPECT_EQ(first.outcome, "http_status");
  EXPECT_LE(first.next.due - room.now(), 17min);
  EXPECT_EQ(room.next_poll().outcome, "fresh");
  EXPECT_FALSE(room.server.requests("/feed")[1].has("if-none-match"));
}

TEST(A2_Pipeline, AServerThatAnswers304ForEverIsAskedUnconditionallyAndCaught) {  // rssguard#1314, FreshRSS#1020
  Newsroom room;
  room.configure(room.feed("/feed", "one", "interval: {min: 24h, max: 24h}"));
  const auto serve = [&room](const std::vector<std::string>& ids) {
    room.server.handle("/feed", [ids](const Request& request) {
      const bool conditional = request.has("if-none-match") || request.has("if-modified-since");
      return conditional ? Answer(304) : Answer(200, rss(ids)).header("Last-Modified", "Sat, 01 Jan 2041 00:00:00 GMT");
    });
  };
  serve({"1"});
  room.start();
  room.next_poll();
  serve({"2", "1"});
  std::size_t polls = 0;
  while (room.polls().back().outcome != "fresh" || polls == 0) {
    ASSERT_LT(++polls, 400U);
    room.next_poll();
  }
  EXPECT_GT(polls, 6U);  // not at every poll
  EXPECT_THAT(room.polls().back().titles(), ElementsAre("Title 2"));
  // From now on its 304 is not asked for, over restarts too.
  serve({"3", "2", "1"});
  room.restart();
  EXPECT_THAT(room.next_poll().titles(), ElementsAre("Title 3"));
}

TEST(A2_Pipeline, AQuietFeedWithAnHonest304IsAskedForItsBodyAtMostOnceAWeek) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "interval: {min: 24h, max: 24h}"), "schedule: {jitter: 0}");
  room.server.serve_feed("/feed", rss({"1"}));
  room.start();
  for (int day = 0; day < 200; ++day) room.next_poll();
  std::size_t whole = 0;
  for (const auto& request : room.server.requests("/feed")) whole += request.has("if-none-match") ? 0U : 1U;
  EXPECT_GE(whole, 2U);
  EXPECT_LE(whole, 1U + 200U / 7);
  EXPECT_EQ(room.pipeline().stats().articles_new, 1U);
}

TEST(A3_Pipeline, APermanentRedirectIsBelievedAfterFivePollsOverTwoDays) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "interval: {min: 12h, max: 12h}"));
  room.server.on("/feed", Answer(301).header("Location", "/new"));
  room.server.serve_feed("/new", rss({"1"}));
  room.start();
  const auto start = room.now();
  while (!room.told("moved")) {
    ASSERT_LT(room.polls().size(), 20U);
    room.next_poll();
  }
  EXPECT_GE(room.polls().size(), 5U);
  EXPECT_GE(room.now() - start, 48h);
  const auto asked = room.server.count("/feed");
  room.next_poll();
  room.restart();
  room.next_poll();
  EXPECT_EQ(room.server.count("/feed"), asked);
  EXPECT_EQ(room.pipeline().stats().articles_new, 0U);  // nothing comes twice
  EXPECT_THAT(room.list(), HasSubstr("\"moved_to\":\"" + room.server.url("/new") + "\""));
}

TEST(A3_Pipeline, APortalThatRedirectsEverythingToItselfMovesNothing) {  // vienna#380
  Newsroom room;
  room.configure(room.feed("/feed", "one", "interval: {min: 6h, max: 6h}"));
  std::atomic<bool> captive = false;
  room.server.handle("/feed", [&captive](const Request&) {
    return captive ? Answer(301).header("Location", "/portal") : Answer(200, rss({"1"}));
  });
  room.server.on("/portal", Answer(200, "<!DOCTYPE html><html><body>Please log in</body></html>"));
  room.start();
  room.next_poll();
  captive = true;
  for (int i = 0; i < 12; ++i) room.next_poll();
  EXPECT_FALSE(room.told("moved"));
  captive = false;
  room.next_poll();
  EXPECT_EQ(room.polls().back().outcome, "unchanged");
  EXPECT_TRUE(room.told("recovered"));
}

TEST(A4_Pipeline, ATemporaryRedirectIsNeverStored) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "interval: {min: 24h, max: 24h}"));
  room.server.on("/feed", Answer(302).header("Location", "/elsewhere"));
  room.server.serve_feed("/elsewhere", rss({"1"}));
  room.start();
  for (int i = 0; i < 10; ++i) room.next_poll();
  EXPECT_FALSE(room.told("moved"));
  EXPECT_EQ(room.server.count("/feed"), 10U);
}

TEST(A5_Pipeline, TheFeedsOwnWordIsBelievedOnlyWhenTheFeedIsThere) {
  for (const bool there : {true, false}) {
    Newsroom room;
    room.configure(room.feed("/feed", "one", "interval: {min: 12h, max: 12h}"));
    const auto says = "<itunes:new-feed-url xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>" +
                      room.server.url("/new") + "</itunes:new-feed-url>";
    room.server.serve_feed("/feed", rss({"1"}, says));
    if (there)
      room.server.serve_feed("/new", rss({"2", "1"}));
    else
      room.server.on("/new", Answer(200, "<rss version='2.0'><channel><title>Another</title></channel></rss>"));
    room.start();
    for (int i = 0; i < 12; ++i) room.next_poll();
    EXPECT_EQ(room.told("moved"), there);
    EXPECT_LE(room.server.count("/new"), there ? 12U : 2U);
  }
}

TEST(A5_Pipeline, ALinkToItselfAtAnotherPlaceMovesNothing) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "interval: {min: 24h, max: 24h}"));
  const auto link = "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='" +
                    room.server.url_by_name("/self") + "'/>";
  room.server.serve_feed("/feed", rss({"1"}, link));
  room.start();
  for (int i = 0; i < 8; ++i) room.next_poll();
  EXPECT_FALSE(room.told("moved"));
  EXPECT_EQ(room.server.count("/self"), 0U);
}

TEST(A6_Pipeline, A410StopsUntilResumedAlsoOverARestart) {
  Newsroom room;
  room.server.on("/feed", {good(), Answer(410), good({"2", "1"})});
  room.start();
  room.next_poll();
  EXPECT_EQ(room.next_poll().next.due, Time::max());
  EXPECT_EQ(count_of(room.events(), "gone"), 1U);
  EXPECT_EQ(room.pass(hours{24 * 40}), 0U);
  room.restart();
  EXPECT_EQ(room.pass(hours{24 * 40}), 0U);
  EXPECT_THAT(room.list(), HasSubstr("\"status\":\"gone\""));
  EXPECT_EQ(room.pipeline().schedule_stats().gone, 1U);
  ASSERT_TRUE(room.resume("one"));
  EXPECT_EQ(room.pass(2s), 1U);
  EXPECT_EQ(room.polls().back().outcome, "fresh");
}

TEST(A7_Pipeline, A404BacksOffToADayAndNeverStops) {  // miniflux#879, fusion#67
  Newsroom room;
  room.server.on("/feed", {good(), Answer(404)});
  room.start();
  room.next_poll();
  std::vector<std::chrono::minutes> waits;
  for (int i = 0; i < 10; ++i) {
    const auto polled = room.next_poll();
    waits.push_back(std::chrono::duration_cast<std::chrono::minutes>(polled.next.due - room.now()));
    EXPECT_EQ(polled.next.reason, schedule::Reason::backoff);
  }
  EXPECT_GE(waits[0], 59min);
  EXPECT_GE(waits[1], 119min);
  EXPECT_GE(waits[9], 24h - 1min);
  EXPECT_LE(waits[9], 25h);
  EXPECT_EQ(count_of(room.events(), "failing"), 1U);
  while (!room.told("dead")) {
    ASSERT_LT(room.polls().size(), 80U);
    room.next_poll();
  }
  EXPECT_GE(room.polls().back().next.due - room.now(), hours{24 * 7} - 1min);
}

TEST(A10_Pipeline, A429IsNoFailureOfTheFeed) {  // django-feed-reader#49
  Newsroom room;
  room.server.on("/feed", {good(), Answer(429), Answer(429), Answer(429), Answer(304)});
  room.start();
  room.next_poll();
  for (int i = 0; i < 3; ++i) room.next_poll();
  EXPECT_FALSE(room.told("failing"));
  EXPECT_THAT(room.list(), HasSubstr("\"failures\":0"));
  EXPECT_EQ(room.pipeline().schedule_stats().failing, 0U);
  EXPECT_EQ(room.next_poll().outcome, "not_modified");
}

TEST(A10_Pipeline, WhatDecidedIsNamedAsTheServerNamedIt) {
  for (const auto& [field, reason] : {std::pair{"Retry-After", schedule::Reason::retry_after},
                                      std::pair{"X-RateLimit-Reset", schedule::Reason::rate_limit}}) {
    Newsroom room;
    room.server.on("/feed", {good(), Answer(429).header("X-RateLimit-Remaining", "0").header(field, "7200")});
    room.start();
    room.next_poll();
    const auto limited = room.next_poll();
    EXPECT_EQ(limited.next.reason, reason) << field;
    EXPECT_GE(limited.next.due - room.now(), 2h - 1s) << field;
  }
}

TEST(A12_Pipeline, AWebPageKeepsTheUrlAndNamesTheFeedsItAdvertises) {
  Newsroom room;
  room.server.on("/feed",
                 Answer(200,
                        "<!DOCTYPE html><html><head><link rel=alternate type=application/rss+xml href=/rss.xml>"
                        "</head><body>Hello</body></html>"));
  room.start();
  const auto polled = room.next_poll();
  EXPECT_EQ(polled.outcome, "html_page");
  EXPECT_THAT(polled.error, HasSubstr(room.server.url("/rss.xml")));
  room.next_poll();
  EXPECT_EQ(room.server.count("/rss.xml"), 0U);
}

TEST(A4_Pipeline, APageThatSendsBrowsersOnNamesWhereButIsNotFollowed) {
  Newsroom room;
  const std::string page = "<html><head><meta http-equiv='Refresh' content='0; URL=\"/new\"'></head></html>";
  room.server.on("/feed", {Answer(200, page), Answer(200, "<html></html>").header("Refresh", "1; url=/newer")});
  room.start();
  EXPECT_THAT(room.next_poll().error, HasSubstr("on to " + room.server.url("/new") + ","));
  EXPECT_THAT(room.next_poll().error, HasSubstr("on to " + room.server.url("/newer") + ","));
  EXPECT_EQ(room.server.count("/new") + room.server.count("/newer"), 0U);
}

TEST(A13_Pipeline, ARecoveryTellsTheLengthOfTheOutage) {
  Newsroom room;
  room.server.on("/feed", {good(), Answer(500), Answer(500), Answer(304)});
  room.start();
  for (int i = 0; i < 2; ++i) room.next_poll();
  const auto began = room.now();
  for (int i = 0; i < 2; ++i) room.next_poll();
  ASSERT_TRUE(room.told("recovered"));
  // Each health event has its counter.
  const auto& counted = room.pipeline().stats().by_health;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    EXPECT_EQ(counted[i], count_of(room.events(), kHealthStates[i])) << kHealthStates[i];
  }
  EXPECT_THAT(room.events().back(),
              HasSubstr("\"outage_seconds\":\"" +
                        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(room.now() - began).count())));
  EXPECT_THAT(room.list(), HasSubstr("\"status\":\"ok\""));
}

TEST(E1_Pipeline, RetryAfterOfA503HoldsTheWholeHostAlsoOverARestart) {
  Newsroom room;
  const auto elsewhere = "  - {id: far, url: '" + room.server.url_by_name("/far") + "'}\n";
  room.configure(room.feed("/feed") + room.feed("/second", "two") + elsewhere);
  room.server.on("/feed", {good(), Answer(503).header("Retry-After", "172800")});
  for (const auto* target : {"/second", "/far"}) room.server.serve_feed(target, rss({"1"}));
  room.start();
  room.pass(1min);
  ASSERT_EQ(room.polls().size(), 3U);
  const auto paused = room.next_poll();
  EXPECT_EQ(paused.next.reason, schedule::Reason::retry_after);
  EXPECT_GE(paused.next.due - room.now(), 48h - 1s);
  const auto until = room.now() + 47h;
  const auto second = room.server.count("/second");
  const auto far = room.server.count("/far");
  room.restart();
  while (room.now() < until) room.pass(1h);
  EXPECT_EQ(room.server.count("/second"), second);
  EXPECT_GT(room.server.count("/far"), far);
  const auto by_hand = room.ask_poll("two");
  ASSERT_FALSE(by_hand);
  EXPECT_THAT(by_hand.error().what, HasSubstr("host_pause"));
}

TEST(H3_Pipeline, WhoWaitsForItsTurnAtAHostThatAsksForSilenceIsNotSentOut) {
  Newsroom room;
  std::string feeds;
  for (int i = 0; i < 6; ++i) feeds += room.feed("/" + std::to_string(i), "f" + std::to_string(i));
  room.server.handle("*", [](const Request&) {
    return Answer(429).header("Retry-After", "3600").delay(std::chrono::milliseconds{50});
  });
  room.configure(feeds);
  room.one_at_a_time();
  room.start();
  room.pass(1min);
  EXPECT_EQ(room.server.requests().size(), 1U);
  EXPECT_EQ(room.pass(50min), 0U);
  EXPECT_FALSE(room.told("failing"));
}

TEST(H4_Pipeline, ThreeFeedsFailingAlikeAreTheHostsFaultAndOneProbes) {
  Newsroom room;
  std::string feeds;
  constexpr int kFeeds = 8;
  for (int i = 0; i < kFeeds; ++i) feeds += room.feed("/" + std::to_string(i), "f" + std::to_string(i));
  feeds += "  - {id: far, url: '" + room.server.url_by_name("/far") + "'}\n";
  room.configure(feeds);
  std::atomic<bool> down = false;
  room.server.serve_feed("/far", rss({"1"}));
  room.server.handle("*", [&down](const Request&) { return down ? Answer(502) : Answer(200, rss({"1"})); });
  room.start();
  room.pass(2min);
  ASSERT_EQ(room.polls().size(), kFeeds + 1U);
  down = true;
  for (int i = 0; i < 26; ++i) room.pass(1h);
  EXPECT_EQ(room.pipeline().schedule_stats().hosts_down, 1U);
  EXPECT_LE(room.pipeline().schedule_stats().failing, 2U);
  EXPECT_LE(count_of(room.events(), "failing"), 2U);
  const auto before = room.polls().size();
  for (int i = 0; i < 10; ++i) room.pass(1h);
  std::size_t of_host = 0;
  for (auto i = before; i < room.polls().size(); ++i) of_host += room.polls()[i].feed == "far" ? 0U : 1U;
  EXPECT_LE(of_host, 11U);  // one probe an hour
  EXPECT_GE(of_host, 5U);
  down = false;
  for (int i = 0; i < 26; ++i) room.pass(1h);
  EXPECT_EQ(room.pipeline().schedule_stats().hosts_down, 0U);
  EXPECT_EQ(room.pipeline().schedule_stats().failing, 0U);
}

TEST(Health_Pipeline, AFeedThatStopsIsToldToBeStaleOnce) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "interval: {min: 1h, max: 1h}"));
  std::atomic<int> item = 0;
  std::atomic<bool> silent = false;
  room.server.handle("/feed", [&](const Request&) {
    if (!silent) ++item;
    return Answer(200, rss({std::to_string(item), std::to_string(item - 1)}));
  });
  room.start();
  for (int i = 0; i < 72; ++i) room.next_poll();
  silent = true;
  for (int i = 0; i < 24 * 6; ++i) room.next_poll();
  EXPECT_EQ(count_of(room.events(), "stale"), 1U);
  EXPECT_EQ(room.pipeline().schedule_stats().stale, 1U);
  EXPECT_THAT(room.list(), HasSubstr("\"status\":\"stale\""));
  silent = false;
  room.next_poll();
  EXPECT_EQ(room.pipeline().schedule_stats().stale, 0U);
}

}  // namespace
}  // namespace newswire::ingest::test
