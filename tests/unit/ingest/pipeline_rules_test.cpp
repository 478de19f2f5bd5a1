// The rest of the polling rules on the wire (POLLING.md): what a request looks like, the bounds of the next poll, what
// crowds of one host do, and the answers that are no feed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>

#include "newsroom.h"

namespace newswire::ingest::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

Answer good(const std::vector<std::string>& ids = {"1"}) { return Answer(200, rss(ids)); }

std::chrono::minutes wait_of(const Polled& polled, const Newsroom& room) {
  return std::chrono::duration_cast<std::chrono::minutes>(polled.next.due - room.now());
}

struct ValidatorCase {
  const char* name;
  const char* etag;
  const char* modified;
};
class Validators : public testing::TestWithParam<ValidatorCase> {};

TEST_P(Validators, GoBackByteForByteAndTogether) {
  const auto& tested = GetParam();
  Newsroom room;
  auto answer = good();
  if (*tested.etag != '\0') answer.header("ETag", tested.etag);
  if (*tested.modified != '\0') answer.header("Last-Modified", tested.modified);
  room.server.on("/feed", {std::move(answer), Answer(304)});
  room.start();
  room.next_poll();
  room.restart();  // they survive the row, too
  room.next_poll();
  const auto requests = room.server.requests("/feed");
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[1].header("if-none-match"), tested.etag);
  EXPECT_EQ(requests[1].header("if-modified-since"), tested.modified);
  EXPECT_EQ(requests[1].has("if-none-match"), *tested.etag != '\0');
  EXPECT_EQ(requests[1].has("if-modified-since"), *tested.modified != '\0');
}

INSTANTIATE_TEST_SUITE_P(Rules, Validators,
                         testing::Values(ValidatorCase{"R2_weak", "W/\"a-gzip\"", ""},
                                         ValidatorCase{"R2_no_legal_tag", "abc W/\"x, y", ""},
                                         ValidatorCase{"R2_empty_quotes", "\"\"", ""},
                                         ValidatorCase{"R3_future", "", "Fri, 01 Jan 2041 00:00:00 GMT"},
                                         ValidatorCase{"R3_no_date", "", "yesterday, about noon"},
                                         ValidatorCase{"R3_another_zone", "", "Tue, 24 Nov 2026 08:00:00 +0100"},
                                         ValidatorCase{"R4_both", "\"a\"", "Tue, 24 Nov 2026 07:00:00 GMT"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(R7_Pipeline, ANewEtagCountsAlthoughTheSecondIsTheSame) {
  Newsroom room;
  const std::string second = "Tue, 24 Nov 2026 07:00:00 GMT";
  room.server.on("/feed", {good().header("ETag", "\"a\"").header("Last-Modified", second),
                           good({"2", "1"}).header("ETag", "\"b\"").header("Last-Modified", second), Answer(304)});
  room.start();
  for (int i = 0; i < 3; ++i) room.next_poll();
  const auto requests = room.server.requests("/feed");
  EXPECT_EQ(requests[1].header("if-none-match"), "\"a\"");
  EXPECT_EQ(requests[2].header("if-none-match"), "\"b\"");
  EXPECT_EQ(requests[2].header("if-modified-since"), second);
}

TEST(R11_Pipeline, NoCookieNoRefererAndTheUrlAsItIsWritten) {
  Newsroom room;
  const std::string target = "/Feed/../feed//x?b=2&a=%7e1&&";
  room.configure(room.feed(target));
  room.server.on(target, Answer(302).header("Location", "/moved").header("Set-Cookie", "one=1; Path=/"));
  room.server.on("/moved", good().header("Set-Cookie", "two=2; Path=/"));
  room.start();
  for (int i = 0; i < 3; ++i) room.next_poll();
  EXPECT_EQ(room.server.count(target), 3U);
  EXPECT_EQ(room.server.count("/moved"), 3U);
  for (const auto& request : room.server.requests()) {
    EXPECT_FALSE(request.has("cookie"));
    EXPECT_FALSE(request.has("cookie2"));
    EXPECT_FALSE(request.has("referer"));
  }
}

TEST(R12_R13_Pipeline, EveryRequestSaysWhoAsksAndWhatItTakes) {
  Newsroom room;
  room.server.on("/feed", Answer(302).header("Location", "/moved"));
  room.server.on("/moved", good().header("ETag", "\"a\""));
  room.start();
  for (int i = 0; i < 2; ++i) room.next_poll();
  const auto requests = room.server.requests();
  ASSERT_EQ(requests.size(), 4U);
  for (const auto& request : requests) {
    EXPECT_EQ(request.method, "GET");
    EXPECT_THAT(request.header("user-agent"), StartsWith("newswire/"));
    EXPECT_THAT(request.header("user-agent"), testing::Not(HasSubstr("Mozilla")));
    EXPECT_EQ(request.header("user-agent"), requests[0].header("user-agent"));
    EXPECT_THAT(request.header("accept-encoding"), HasSubstr("gzip"));
    EXPECT_THAT(request.header("accept"), StartsWith("application/"));
    EXPECT_THAT(request.header("accept"), EndsWith("*/*;q=0.1"));
  }
}

TEST(R18_Pipeline, FeedsOfOneHostShareAConnection) {
  Newsroom room;
  room.one_at_a_time();
  std::string feeds;
  for (const auto* id : {"a", "b", "c"}) {
    feeds += room.feed(std::string("/") + id, id);
    room.server.serve_feed(std::string("/") + id, rss({id}));
  }
  room.configure(feeds);
  room.start();
  for (int i = 0; i < 2; ++i) {
    for (const auto* id : {"a", "b", "c"}) room.poll(id);
  }
  EXPECT_GE(room.server.requests().size(), 6U);
  EXPECT_LE(room.server.connections(), 2U);  // the first is not worth keeping until the host is seen to come again
}

struct NoBoundCase {
  const char* name;
  std::vector<std::pair<std::string, std::string>> headers;
};
class NoBound : public testing::TestWithParam<NoBoundCase> {};

TEST_P(NoBound, TheFeedsOwnIntervalDecidesAndValidatorsAreSentAllTheSame) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "interval: {min: 1h, max: 1h}"));
  auto first = good().header("ETag", "\"a\"");
  auto second = Answer(304);
  for (const auto& [name, value] : GetParam().headers) first.header(name, value), second.header(name, value);
  room.server.on("/feed", {std::move(first), std::move(second)});
  room.start();
  for (int i = 0; i < 3; ++i) {
    const auto polled = room.next_poll();
    EXPECT_GE(wait_of(polled, room), 59min);
    EXPECT_LE(wait_of(polled, room), 67min);
  }
  const auto requests = room.server.requests("/feed");
  EXPECT_EQ(requests[1].header("if-none-match"), "\"a\"");
  EXPECT_EQ(requests[2].header("if-none-match"), "\"a\"");
}

INSTANTIATE_TEST_SUITE_P(Rules, NoBound,
                         testing::Values(NoBoundCase{"W1_a_shorter_hint", {{"Cache-Control", "max-age=60"}}},
                                         NoBoundCase{"W3_no_cache", {{"Cache-Control", "no-cache, max-age=86400"}}},
                                         NoBoundCase{"W3_max_age_0", {{"Cache-Control", "max-age=0"}}},
                                         NoBoundCase{"W3_no_store", {{"Cache-Control", "no-store"}}},
                                         NoBoundCase{"W3_expires_0", {{"Expires", "0"}}},
                                         NoBoundCase{"W3_expired", {{"Expires", "Thu, 19 Nov 1981 08:52:00 GMT"}}},
                                         NoBoundCase{"W4_an_old_document",
                                                     {{"Last-Modified", "Sat, 01 Jan 2000 00:00:00 GMT"}}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(W11_Pipeline, JitterOnlyDelaysByATenthAndHalfAnHourAndSpreadsTheFeeds) {
  Newsroom room;
  std::string feeds;
  for (int i = 0; i < 20; ++i) {
    const auto id = "f" + std::to_string(i);
    feeds += room.feed("/" + id, id, "interval: {min: 10h, max: 10h}");
    room.server.serve_feed("/" + id, rss({"1"}));
  }
  room.configure(feeds);
  room.start();
  std::set<std::int64_t> seconds;
  for (int i = 0; i < 20; ++i) {
    const auto polled = room.poll("f" + std::to_string(i));
    const auto wait = polled.next.due - room.now();
    EXPECT_GE(wait, 10h - 1s);
    EXPECT_LE(wait, 10h + 31min);
    seconds.insert(std::chrono::duration_cast<std::chrono::seconds>(wait).count());
  }
  EXPECT_GT(seconds.size(), 15U);
}

TEST(W12_Pipeline, APollByHandJoinsTheOneUnderWay) {
  Newsroom room;
  room.server.on("/feed", good().delay(300ms));
  room.start();
  std::optional<Result<std::string>> first;
  std::optional<Result<std::string>> second;
  const auto asking = [](std::optional<Result<std::string>>& answer) {
    return [&answer](std::exception_ptr escaped, Result<std::string> given) {
      EXPECT_FALSE(escaped);
      answer = std::move(given);
    };
  };
  auto& loop = room.loop();
  asio::co_spawn(loop, room.pipeline().poll_now("one", PollOptions{}), asking(first));
  asio::co_spawn(loop, room.pipeline().poll_now("one", PollOptions{}), asking(second));
  room.wait_until([&] { return first && second; });
  EXPECT_EQ(room.server.requests().size(), 1U);
}

TEST(H1_Pipeline, OneRequestToAHostAtATime) {
  Newsroom room;
  room.one_at_a_time();
  std::string feeds;
  for (int i = 0; i < 6; ++i) {
    const auto id = std::to_string(i);
    feeds += room.feed("/" + id, "f" + id);
    room.server.on("/" + id, good().delay(40ms));
  }
  room.configure(feeds);
  room.start();
  room.pass(48h);
  const auto requests = room.server.requests();
  ASSERT_EQ(requests.size(), 6U);
  for (std::size_t i = 1; i < requests.size(); ++i) EXPECT_GE(requests[i].at - requests[i - 1].at, 39ms);
}

TEST(A8_Pipeline, AnAnswerThatWantsCredentialsSaysSoAndBacksOff) {
  Newsroom room;
  room.server.on("/feed", {good(), Answer(401).header("WWW-Authenticate", "Basic realm=\"x\"")});
  room.start();
  room.next_poll();
  std::chrono::minutes last{0};
  for (int i = 0; i < 3; ++i) {
    const auto polled = room.next_poll();
    EXPECT_TRUE(polled.failed);
    EXPECT_THAT(polled.error, HasSubstr("credentials"));
    EXPECT_EQ(polled.next.reason, schedule::Reason::backoff);
    EXPECT_GT(wait_of(polled, room), last);
    last = wait_of(polled, room);
  }
}

TEST(A8_Pipeline, ABotWallIsBlockedAndNotHammered) {
  Newsroom room;
  room.server.on("/feed", {good(), Answer(403, "<html><body>Just a moment...</body></html>")
                                       .header("Content-Type", "text/html")
                                       .header("cf-mitigated", "challenge")});
  room.start();
  room.next_poll();
  Polled polled;
  for (int i = 0; i < 8; ++i) {
    polled = room.next_poll();
    EXPECT_EQ(polled.outcome, "blocked");
    EXPECT_GE(wait_of(polled, room), 59min);
    EXPECT_LE(wait_of(polled, room), 25h);
  }
  EXPECT_GE(wait_of(polled, room), 23h);
}

TEST(A9_Pipeline, ASingleFailureCostsOneIntervalAtMostAndABodyCutShortIsOne) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "interval: {min: 1h, max: 1h}"));
  room.server.on("/feed", {good(), Answer(502), good({"2", "1"}), good({"3", "2", "1"}).length(1'000'000).close(),
                           good({"3", "2", "1"})});
  room.start();
  room.next_poll();
  const auto failed = room.next_poll();
  EXPECT_TRUE(failed.failed);
  EXPECT_LE(wait_of(failed, room), 133min);
  const auto recovered = room.next_poll();
  EXPECT_THAT(recovered.titles(), ElementsAre("Title 2"));
  EXPECT_LE(wait_of(recovered, room), 67min);
  EXPECT_TRUE(room.next_poll().failed);
  EXPECT_THAT(room.next_poll().titles(), ElementsAre("Title 3"));
}

TEST(A11_Pipeline, A421IsAskedOnceMoreOnANewConnectionWithinThePoll) {
  Newsroom room;
  room.server.on("/feed", {Answer(421), good()});
  room.start();
  EXPECT_EQ(room.next_poll().outcome, "fresh");
  const auto requests = room.server.requests("/feed");
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_NE(requests[0].connection, requests[1].connection);
}

TEST(E2_Pipeline, AnAbsurdRetryAfterIsBelievedForAWeek) {
  Newsroom room;
  room.server.on("/feed", {good(), Answer(503).header("Retry-After", "315360000")});
  room.start();
  room.next_poll();
  const auto polled = room.next_poll();
  EXPECT_GE(wait_of(polled, room), std::chrono::minutes{7 * 24h} - 1min);
  EXPECT_LE(wait_of(polled, room), std::chrono::minutes{7 * 24h} + 31min);
}

TEST(N1_Pipeline, OfTwoEntriesWithOneIdTheLaterUpdatedCounts) {
  const auto entry = [](const std::string& title, const std::string& updated) {
    return "<entry><id>tag:site.example,2026:1</id><title>" + title + "</title><updated>" + updated +
           "</updated><content type='text'>Something happened, and this is the report of it.</content></entry>";
  };
  Newsroom room;
  room.server.on("/feed",
                 Answer(200, "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><id>f</id>" +
                                 entry("Second", "2026-11-24T07:00:00Z") + entry("First", "2026-11-24T06:00:00Z") +
                                 entry("Third", "2026-11-24T07:30:00Z") + "</feed>"));
  room.start();
  EXPECT_THAT(room.next_poll().titles(), ElementsAre("Third"));
}

}  // namespace
}  // namespace newswire::ingest::test
