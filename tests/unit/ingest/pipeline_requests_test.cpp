// The polling rules on the wire: what the pipeline asks of a server, poll after poll (POLLING.md R*, E*, W*).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "newsroom.h"

namespace newswire::ingest::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Answer feed_with(const std::vector<std::string>& ids, const std::string& etag, const std::string& modified = {}) {
  Answer answer(200, rss(ids));
  if (!etag.empty()) answer.header("ETag", etag);
  if (!modified.empty()) answer.header("Last-Modified", modified);
  return answer;
}

struct Sent {
  std::string etag;
  std::string modified;
  friend bool operator==(const Sent&, const Sent&) = default;
  friend void PrintTo(const Sent& sent, std::ostream* out) { *out << '[' << sent.etag << '|' << sent.modified << ']'; }
};

std::vector<Sent> sent(const Newsroom& room, const std::string& target = "/feed") {
  std::vector<Sent> all;
  for (const auto& request : room.server.requests(target))
    all.push_back({request.header("if-none-match"), request.header("if-modified-since")});
  return all;
}

TEST(R1_Pipeline, OnlyTheFirstRequestIsUnconditional) {
  Newsroom room;
  room.server.on("/feed", {feed_with({"1"}, "\"a\"", "Tue, 24 Nov 2026 07:00:00 GMT"), Answer(304)});
  room.start();
  for (int i = 0; i < 3; ++i) room.next_poll();
  room.restart();
  room.next_poll();
  const Sent both{"\"a\"", "Tue, 24 Nov 2026 07:00:00 GMT"};
  EXPECT_THAT(sent(room), ElementsAre(Sent{}, both, both, both));
}

TEST(AllowHosts, ANetworkOfTheConfigurationMayBeAskedAndNoOther) {
  Newsroom room;
  room.server.serve_feed("/feed", rss({"1"}));
  room.configure(room.feed("/feed", "one", "allow_private: false"));
  room.allow_hosts("[10.0.0.0/8]");
  room.start();
  const auto refused = room.next_poll();
  EXPECT_EQ(refused.outcome, "refused");
  EXPECT_THAT(refused.error, HasSubstr("loopback"));
  EXPECT_EQ(room.server.connections(), 0U);
  room.stop();
  room.allow_hosts("[10.0.0.0/8, 127.0.0.0/8]");
  room.start();
  EXPECT_EQ(room.next_poll().outcome, "fresh");
}

TEST(R5_Pipeline, AServerThatChangesOnlyItsEtagNeverLatchesTheOldOne) {  // feedbin#726, commafeed#1746
  Newsroom room;
  room.server.on("/feed", {feed_with({"1"}, "\"a\"", "monday"), feed_with({"1"}, "\"b\"", "tuesday"),
                           feed_with({"1"}, "", "wednesday"), feed_with({"1"}, ""), feed_with({"1"}, "\"e\"")});
  room.start();
  std::vector<std::string> outcomes;
  for (int i = 0; i < 6; ++i) outcomes.push_back(room.next_poll().outcome);
  EXPECT_THAT(sent(room), ElementsAre(Sent{}, Sent{"\"a\"", "monday"}, Sent{"\"b\"", "tuesday"}, Sent{"", "wednesday"},
                                      Sent{}, Sent{"\"e\"", ""}));
  EXPECT_THAT(outcomes, ElementsAre("fresh", "unchanged", "unchanged", "unchanged", "unchanged", "unchanged"));
}

TEST(R6_Pipeline, A304ReplacesTheValidatorsThatItCarries) {  // newsboat#3279
  Newsroom room;
  room.server.on("/feed", {feed_with({"1"}, "\"a\"", "monday"), Answer(304).header("ETag", "\"b\""),
                           Answer(304).header("Last-Modified", "tuesday"), Answer(304)});
  room.start();
  for (int i = 0; i < 4; ++i) room.next_poll();
  room.restart();
  room.next_poll();
  EXPECT_THAT(sent(room), ElementsAre(Sent{}, Sent{"\"a\"", "monday"}, Sent{"\"b\"", "monday"},
                                      Sent{"\"b\"", "tuesday"}, Sent{"\"b\"", "tuesday"}));
}

TEST(R8_Pipeline, ValidatorsOfADocumentThatCannotBeUsedAreNotKept) {
  Newsroom room;
  room.server.on("/feed",
                 {feed_with({"1"}, "\"a\""), Answer(200, "no feed at all, only words").header("ETag", "\"bad\""),
                  feed_with({"2", "1"}, "\"c\""), Answer(304)});
  room.start();
  room.next_poll();
  EXPECT_TRUE(room.next_poll().failed);
  EXPECT_THAT(room.next_poll().titles(), ElementsAre("Title 2"));
  room.next_poll();
  EXPECT_THAT(sent(room), ElementsAre(Sent{}, Sent{"\"a\"", ""}, Sent{}, Sent{"\"c\"", ""}));
}

TEST(R9_Pipeline, ValidatorsGoOnlyToTheUrlThatGaveThem) {
  Newsroom room;
  room.server.on("/feed", {Answer(302).header("Location", "/a"), Answer(302).header("Location", "/a"),
                           Answer(302).header("Location", "/b")});
  room.server.on("/a", feed_with({"1"}, "\"a\""));
  room.server.on("/b", feed_with({"1"}, "\"b\""));
  room.start();
  for (int i = 0; i < 4; ++i) room.next_poll();
  EXPECT_THAT(sent(room), ElementsAre(Sent{}, Sent{}, Sent{}, Sent{}));
  EXPECT_THAT(sent(room, "/a"), ElementsAre(Sent{}, Sent{"\"a\"", ""}));
  EXPECT_THAT(sent(room, "/b"), ElementsAre(Sent{}, Sent{"\"b\"", ""}));
}

TEST(R9_Pipeline, AnotherConfiguredUrlStartsWithoutValidators) {
  Newsroom room;
  room.server.on("/feed", feed_with({"1"}, "\"a\""));
  room.server.on("/other", feed_with({"1"}, "\"a\""));
  room.start();
  room.next_poll();
  room.stop();
  room.configure(room.feed("/other"));
  room.start();
  const auto polled = room.next_poll();
  EXPECT_THAT(sent(room, "/other"), ElementsAre(Sent{}));
  EXPECT_THAT(polled.titles(), IsEmpty());
}

TEST(R10_Pipeline, AnAlways200ServerCostsItsBodyAndEmitsNothing) {
  Newsroom lazy;
  Newsroom good;
  const std::string padding(400'000, 'x');
  const auto body = rss({"1"}, "<description>" + padding + "</description>");
  lazy.server.on("/feed", Answer(200, body).header("ETag", "\"a\""));
  good.server.serve_feed("/feed", body);
  lazy.start();
  good.start();
  Polled of_lazy;
  Polled of_good;
  for (int i = 0; i < 3; ++i) of_lazy = lazy.next_poll(), of_good = good.next_poll();
  EXPECT_EQ(of_lazy.outcome, "unchanged");
  EXPECT_EQ(of_good.outcome, "not_modified");
  EXPECT_THAT(of_lazy.articles, IsEmpty());
  EXPECT_THAT(*lazy.pipeline().explain("one"), HasSubstr("cost 5."));
  EXPECT_THAT(*good.pipeline().explain("one"), HasSubstr("cost 1.00"));
  EXPECT_EQ(lazy.pipeline().stats().articles_new, 1U);
}

TEST(R14_Pipeline, ADeltaIsNewEntriesOnlyAndNothingIsForgotten) {
  Newsroom room;
  room.server.on("/feed",
                 {feed_with({"2", "1"}, "\"a\""), Answer(226, rss({"3"})).header("IM", "feed").header("ETag", "\"b\""),
                  feed_with({"3", "2", "1"}, "\"c\"")});
  room.start();
  room.next_poll();
  const auto delta = room.next_poll();
  EXPECT_THAT(delta.titles(), ElementsAre("Title 3"));
  EXPECT_FALSE(room.told("overflow"));
  EXPECT_THAT(room.next_poll().titles(), IsEmpty());
  EXPECT_THAT(sent(room), ElementsAre(Sent{}, Sent{"\"a\"", ""}, Sent{"\"b\"", ""}));
  EXPECT_EQ(room.server.requests("/feed")[1].header("a-im"), "feed");
  EXPECT_FALSE(room.server.requests("/feed")[0].has("a-im"));
}

TEST(R15_Pipeline, AParseErrorCausesNoSecondRequest) {
  Newsroom room;
  room.server.on("/feed", Answer(200, "only words"));
  room.start();
  room.next_poll();
  EXPECT_EQ(room.pass(14min), 0U);
  EXPECT_EQ(room.server.requests().size(), 1U);
}

TEST(R16_Pipeline, APollByHandIsConditionalUnlessForcedAndOneAMinute) {
  Newsroom room;
  room.server.serve_feed("/feed", rss({"1"}));
  room.start();
  room.next_poll();
  EXPECT_EQ(room.poll().outcome, "not_modified");
  const auto again = room.ask_poll("one", {.force = true, .backfill = false});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::refused);
  EXPECT_EQ(room.poll("one", {.force = true, .backfill = false}).outcome, "unchanged");
  EXPECT_EQ(room.poll().outcome, "not_modified");
  const auto requests = room.server.requests("/feed");
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_TRUE(requests[1].has("if-none-match"));
  EXPECT_FALSE(requests[2].has("if-none-match"));
  EXPECT_TRUE(requests[3].has("if-none-match"));
}

TEST(R17_Pipeline, NoRestartPollsBeforeItsTime) {
  Newsroom room;
  room.server.serve_feed("/feed", rss({"1"}));
  room.start();
  const auto due = room.next_poll().next.due;
  const auto step = std::chrono::floor<std::chrono::seconds>((due - room.now()) / 101);
  for (int i = 0; i < 100; ++i) {
    room.restart();
    EXPECT_EQ(room.pass(step), 0U) << to_rfc3339(room.now());
  }
  EXPECT_EQ(room.server.requests().size(), 1U);
  EXPECT_EQ(room.pass(due - room.now() + 5s), 1U);
}

TEST(R19_Pipeline, CredentialsStayWithTheOriginTheyWereGivenForWhenTheFeedMoves) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "headers: {X-Key: sesame}, interval: {min: 12h, max: 12h}"));
  room.server.on("/feed", Answer(301).header("Location", room.server.url_by_name("/new")));
  room.server.on("/new", feed_with({"1"}, "\"a\""));
  room.start();
  for (int i = 0; i < 7; ++i) room.next_poll();
  ASSERT_TRUE(room.told("moved"));
  EXPECT_LT(room.server.count("/feed"), room.server.count("/new"));  // asked directly by now
  for (const auto& request : room.server.requests("/feed")) EXPECT_EQ(request.header("x-key"), "sesame");
  for (const auto& request : room.server.requests("/new")) EXPECT_FALSE(request.has("x-key"));
}

struct HintCase {
  const char* name;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string channel;
  schedule::Reason reason;
  std::chrono::minutes wait;
};
class Hints : public testing::TestWithParam<HintCase> {};

TEST_P(Hints, BoundTheNextPollAlsoAfterA304) {
  const auto& tested = GetParam();
  Newsroom room;
  auto first = Answer(200, rss({"1"}, tested.channel)).header("ETag", "\"a\"");
  auto second = Answer(304);
  for (const auto& [name, value] : tested.headers) first.header(name, value), second.header(name, value);
  room.server.on("/feed", {std::move(first), std::move(second)});
  room.start();
  for (int i = 0; i < 3; ++i) {
    const auto polled = room.next_poll();
    EXPECT_EQ(schedule::to_string(polled.next.reason), schedule::to_string(tested.reason));
    EXPECT_GE(polled.next.due - room.now(), tested.wait - 1min);
    EXPECT_LE(polled.next.due - room.now(), tested.wait + 31min);  // jitter
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Hints,
    testing::Values(
        HintCase{"W2_max_age", {{"Cache-Control", "max-age=72000, s-maxage=1"}}, "", schedule::Reason::max_age, 20h},
        HintCase{"W2_max_age_less_age",
                 {{"Cache-Control", "max-age=79200"}, {"Age", "7200"}},
                 "",
                 schedule::Reason::max_age,
                 20h},
        HintCase{"W2_expires_less_date",
                 {{"Date", "Mon, 23 Nov 2026 02:00:00 GMT"}, {"Expires", "Mon, 23 Nov 2026 22:00:00 GMT"}},
                 "",
                 schedule::Reason::expires,
                 20h},
        HintCase{"W5_W8_ttl", {}, "<ttl>1200</ttl>", schedule::Reason::ttl, 20h},
        HintCase{"W7_W8_update_period",
                 {},
                 "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>daily"
                 "</sy:updatePeriod>",
                 schedule::Reason::update_period,
                 24h},
        HintCase{
            "W9_all_hints_are_capped", {{"Cache-Control", "max-age=31536000"}}, "", schedule::Reason::max_age, 24h}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(W6_Pipeline, AListedHourIsNotPolledIn) {
  Newsroom room;
  std::string hours;
  for (int hour = 0; hour < 24; ++hour) {
    if (hour != 5) hours += "<hour>" + std::to_string(hour) + "</hour>";
  }
  room.server.on("/feed", Answer(200, rss({"1"}, "<skipHours>" + hours + "</skipHours>")));
  room.start();
  for (int i = 0; i < 4; ++i) {
    const auto due = room.next_poll().next.due;
    EXPECT_EQ(std::chrono::floor<std::chrono::hours>(due.time_since_epoch()) % 24h, 5h) << to_rfc3339(due);
  }
}

TEST(W13_Pipeline, AnArchiveIsNotPolledAgainAndThatIsTold) {
  Newsroom room;
  room.server.on("/feed", Answer(200, rss({"1"}, "<fh:archive xmlns:fh='http://purl.org/syndication/history/1.0'/>")));
  room.start();
  EXPECT_EQ(room.next_poll().next.due, Time::max());
  EXPECT_TRUE(room.told("archive"));
  EXPECT_EQ(room.pass(std::chrono::hours{24 * 60}), 0U);
}

TEST(W14_Pipeline, WithoutValidatorsAQuietFeedIsPolledAtMostHourly) {
  Newsroom room;
  room.configure(room.feed(), "schedule: {polls_per_day: 1000}");
  room.server.on("/feed", Answer(200, rss({"1"})));
  room.start();
  room.next_poll();
  for (int i = 0; i < 3; ++i) EXPECT_GE(room.next_poll().next.due - room.now(), 59min);
}

}  // namespace
}  // namespace newswire::ingest::test
