// What counts as new, as removed and as missed, poll after poll (POLLING.md N*).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "newsroom.h"

namespace newswire::ingest::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::string_view kComplete = "<fh:complete xmlns:fh='http://purl.org/syndication/history/1.0'/>";

Answer doc(const std::vector<std::string>& ids, std::string_view channel = {}) {
  return Answer(200, rss(ids, channel));
}

std::string next_page(const std::string& url) {
  return "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='next' href='" + url + "'/>";
}

TEST(N2_Pipeline, AStickyEntryOnTopHidesNothing) {  // stringer
  Newsroom room;
  room.server.on("/feed", {doc({"sticky", "1"}), doc({"sticky", "2", "1"}), doc({"sticky", "1", "3", "2"})});
  room.start();
  room.next_poll();
  EXPECT_THAT(room.next_poll().titles(), ElementsAre("Title 2"));
  EXPECT_THAT(room.next_poll().titles(), ElementsAre("Title 3"));
}

TEST(N3_Pipeline, SevenHundredEntriesAreNotForgottenWhenTheyRotate) {  // Huginn: a memory of 500
  std::vector<std::string> all;
  for (int i = 0; i < 700; ++i) all.push_back(std::to_string(i));
  const std::vector<std::string> few(all.begin(), all.begin() + 5);
  Newsroom room;
  room.server.on("/feed", {doc(all), doc(few), doc(all)});
  room.start();
  room.next_poll();
  room.pass(std::chrono::hours{24 * 100});  // longer than state.remember
  room.restart();
  room.pass(std::chrono::hours{24 * 100});
  EXPECT_EQ(room.server.requests().size(), 3U);
  EXPECT_EQ(room.pipeline().stats().articles_new, 0U);
}

TEST(N4_Pipeline, ACompleteFeedTakesBackWhatItLeavesOut) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "removals: true"));
  room.server.on("/feed", {doc({"3", "2", "1"}, kComplete), doc({"3", "1"}, kComplete),
                           doc({"3", "1"}, std::string(kComplete) + " "), doc({"3", "2", "1"}, kComplete)});
  room.start();
  const auto uid = room.next_poll().articles[1].uid;
  const auto removed = room.next_poll();
  ASSERT_EQ(removed.articles.size(), 1U);
  EXPECT_EQ(removed.articles[0].event, article::Event::removed);
  EXPECT_EQ(removed.articles[0].uid, uid);
  EXPECT_EQ(removed.articles[0].revision, 2U);
  EXPECT_THAT(room.next_poll().articles, IsEmpty());
  const auto back = room.next_poll();
  ASSERT_EQ(back.articles.size(), 1U);
  EXPECT_EQ(back.articles[0].event, article::Event::updated);
  EXPECT_EQ(back.articles[0].uid, uid);
  EXPECT_EQ(back.articles[0].revision, 3U);
}

TEST(N4_Pipeline, OtherwiseAbsenceMeansNothing) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "removals: true"));
  auto torn = rss({"3", "1"}, kComplete);
  torn.resize(torn.size() - 40);
  room.server.on("/feed", {doc({"3", "2", "1"}), doc({"3", "1"}), Answer(200, torn)});
  room.start();
  for (int i = 0; i < 3; ++i) room.next_poll();
  EXPECT_EQ(room.pipeline().stats().articles_removed, 0U);
  EXPECT_EQ(room.pipeline().stats().articles_new, 3U);
}

TEST(N4_Pipeline, ADeletedEntryIsTakenBackOnce) {
  const auto atom = [](const std::string& entries) {
    return "<feed xmlns='http://www.w3.org/2005/Atom' "
           "xmlns:at='http://purl.org/atompub/tombstones/1.0'><title>t</title>"
           "<id>urn:f</id><updated>2026-11-24T07:00:00Z</updated>" +
           entries + "</feed>";
  };
  const auto entry = [](const std::string& id) {
    return "<entry><id>urn:" + id + "</id><title>Title " + id + "</title><updated>2026-11-24T07:00:00Z</updated>" +
           "<content>Something happened to " + id + "</content></entry>";
  };
  const std::string grave = "<at:deleted-entry ref='urn:1' when='2026-11-24T07:30:00Z'/>";
  Newsroom room;
  room.configure(room.feed("/feed", "one", "removals: true"));
  room.server.on("/feed", {Answer(200, atom(entry("2") + entry("1"))), Answer(200, atom(entry("2") + grave)),
                           Answer(200, atom(entry("2") + grave + " "))});
  room.start();
  room.next_poll();
  const auto removed = room.next_poll();
  ASSERT_EQ(removed.articles.size(), 1U);
  EXPECT_EQ(removed.articles[0].event, article::Event::removed);
  EXPECT_EQ(removed.articles[0].id, "urn:1");
  EXPECT_THAT(room.next_poll().articles, IsEmpty());
}

TEST(N4_Pipeline, RemovalsAreOnlyToldWhenWanted) {
  Newsroom room;
  room.server.on("/feed", {doc({"2", "1"}, kComplete), doc({"2"}, kComplete)});
  room.start();
  room.next_poll();
  EXPECT_THAT(room.next_poll().articles, IsEmpty());
}

TEST(N5_Pipeline, OlderPagesAreReadUntilOneMeetsWhatIsKnown) {
  Newsroom room;
  const auto page = [&](const std::string& name) { return next_page(room.server.url("/" + name)); };
  room.server.on("/feed", {doc({"2", "1"}), doc({"9", "8"}, page("p2")), doc({"9", "8"}, page("p2") + " ")});
  room.server.on("/p2", doc({"7", "6", "5"}, page("p3")));
  room.server.on("/p3", doc({"4", "3", "2", "1"}, page("p4")));
  room.server.on("/p4", doc({"0"}));
  room.start();
  room.next_poll();
  const auto caught_up = room.next_poll();
  EXPECT_THAT(caught_up.titles(),
              UnorderedElementsAre("Title 3", "Title 4", "Title 5", "Title 6", "Title 7", "Title 8", "Title 9"));
  EXPECT_EQ(room.server.count("/p4"), 0U);
  EXPECT_FALSE(room.told("overflow"));
  room.next_poll();
  EXPECT_EQ(room.server.count("/p2"), 1U);
}

TEST(N5_Pipeline, PagesAreBoundedAndALoopEndsThem) {
  Newsroom room;
  const auto page = [&](const std::string& name) { return next_page(room.server.url("/" + name)); };
  room.server.on("/feed", {doc({"2", "1"}), doc({"9", "8"}, page("a"))});
  room.server.on("/a", doc({"7"}, page("b")));
  room.server.on("/b", doc({"6"}, page("a")));
  room.start();
  room.next_poll();
  EXPECT_EQ(room.next_poll().articles.size(), 4U);
  EXPECT_EQ(room.server.count("/a"), 1U);
  EXPECT_EQ(room.server.count("/b"), 1U);
  EXPECT_TRUE(room.told("overflow"));
}

constexpr PollOptions kBackfill{.force = false, .backfill = true};

std::string archive_before(const std::string& url) {
  return "<fh:archive xmlns:fh='http://purl.org/syndication/history/1.0'/>"
         "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='prev-archive' href='" +
         url + "'/>";
}

TEST(N6_Pipeline, ABackfillReadsTheArchivesOnceAndMarksThemBacklog) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "initial: none"));
  room.server.on("/feed", doc({"9", "8"}, next_page(room.server.url("/2025"))));
  room.server.on("/2025", doc({"7", "6"}, archive_before(room.server.url("/2024"))));
  room.server.on("/2024", doc({"5"}, "<fh:archive xmlns:fh='http://purl.org/syndication/history/1.0'/>"));
  room.start();
  EXPECT_THAT(room.next_poll().titles(), IsEmpty());
  const auto polled = room.poll("one", kBackfill);
  EXPECT_THAT(polled.titles(), UnorderedElementsAre("Title 5", "Title 6", "Title 7"));
  for (const auto& article : polled.articles) {
    EXPECT_TRUE(article.backlog) << article.title;
    EXPECT_FALSE(article.overflow) << article.title;
  }
  EXPECT_FALSE(room.told("overflow"));
  room.restart();
  EXPECT_THAT(room.poll("one", kBackfill).titles(), IsEmpty());
  EXPECT_EQ(room.server.count("/2025"), 1U);  // archives never change
  EXPECT_EQ(room.server.count("/2024"), 1U);
}

// What a poll told of its steps: "older_pages 1/0 4".
struct Told {
  std::vector<std::string> steps;
  std::size_t refuse_from = 1000;  ///< who listens goes after so many

  OnPollProgress hook() {
    return [this](PollProgress progress) -> asio::awaitable<Result<void>> {
      steps.push_back(std::string(to_string(progress.step)) + ' ' + std::to_string(progress.done) + '/' +
                      std::to_string(progress.total) + ' ' + std::to_string(progress.entries));
      if (steps.size() >= refuse_from) co_return Error{Errc::cancelled, "gone"};
      co_return Result<void>{};
    };
  }
};

TEST(N6_Pipeline, ABackfillTellsHowFarItIs) {
  Newsroom room;
  room.server.on("/feed", doc({"9", "8"}, next_page(room.server.url("/2025"))));
  room.server.on("/2025", doc({"7", "6"}, next_page(room.server.url("/2024"))));
  room.server.on("/2024", doc({"5"}));
  room.start();
  room.next_poll();
  room.pass(61s);
  Told told;
  ASSERT_TRUE(room.ask_poll("one", kBackfill, told.hook()));
  EXPECT_THAT(told.steps, ElementsAre("older_pages 1/0 4", "older_pages 2/0 5", "cleaning 0/0 5"));
}

TEST(N6_Pipeline, ABackfillGoesOnWhenNobodyListensAnyMore) {
  Newsroom room;
  room.server.on("/feed", doc({"9", "8"}, next_page(room.server.url("/2025"))));
  room.server.on("/2025", doc({"7", "6"}, next_page(room.server.url("/2024"))));
  room.server.on("/2024", doc({"5"}));
  room.start();
  room.next_poll();
  room.pass(61s);
  Told told{{}, 1};
  const auto answer = room.ask_poll("one", kBackfill, told.hook());
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_THAT(told.steps, ElementsAre("older_pages 1/0 4"));
  EXPECT_THAT(*answer, HasSubstr("\"articles\":3"));
}

TEST(FullText_Pipeline, PagesAreToldOneByOne) {
  Newsroom room;
  room.configure(room.feed("/feed", "one", "full_text: always, initial: none"));
  room.server.on("/feed", {doc({"0"}), doc({"2", "1", "0"})});
  room.start();
  room.next_poll();  // a poll under way would tell only what is left of it
  room.pass(61s);
  Told told;
  ASSERT_TRUE(room.ask_poll("one", {.force = true}, told.hook()));
  EXPECT_THAT(told.steps, ElementsAre("cleaning 0/0 3", "full_text 0/2 3", "full_text 1/2 3"));
}

TEST(N6_Pipeline, ABackfillThatAnErrorEndedGoesOnThere) {
  Newsroom room;
  room.server.on("/feed", doc({"9"}, next_page(room.server.url("/2025"))));
  room.server.on("/2025", doc({"7"}, archive_before(room.server.url("/2024"))));
  room.server.on("/2024", {Answer(503), Answer(200, rss({"5"}, archive_before(room.server.url("/2025"))))});
  room.start();
  room.next_poll();
  EXPECT_THAT(room.poll("one", kBackfill).titles(), ElementsAre("Title 7"));
  room.pass(std::chrono::hours{2});
  EXPECT_THAT(room.poll("one", kBackfill).titles(), ElementsAre("Title 5"));
  EXPECT_EQ(room.server.count("/2025"), 1U);
  EXPECT_EQ(room.server.count("/2024"), 2U);
}

TEST(N6_Pipeline, NewEntriesOfTheFeedItselfAreNoBacklog) {
  Newsroom room;
  room.server.on("/feed", {doc({"8"}), doc({"9", "8"}, next_page(room.server.url("/p2")))});
  room.server.on("/p2", doc({"8", "7"}));
  room.start();
  room.next_poll();
  const auto polled = room.poll("one", kBackfill);
  ASSERT_THAT(polled.titles(), UnorderedElementsAre("Title 7", "Title 9"));
  for (const auto& article : polled.articles) EXPECT_EQ(article.backlog, article.title == "Title 7");
}

TEST(N5_Pipeline, WithoutPagesAnOverflowIsTold) {
  Newsroom room;
  room.configure(room.feed(), "schedule: {catch_up_pages: 0}");
  room.server.on("/feed", {doc({"2", "1"}), doc({"9", "8"}, next_page(room.server.url("/p2")))});
  room.start();
  room.next_poll();
  const auto polled = room.next_poll();
  EXPECT_TRUE(room.told("overflow"));
  EXPECT_EQ(room.pipeline().stats().by_health.back(), 1U);
  EXPECT_TRUE(polled.articles[0].overflow);
  EXPECT_EQ(room.server.count("/p2"), 0U);
}

TEST(N5_Pipeline, TheFirstDocumentOfASubscriptionReadsNoPages) {
  Newsroom room;
  room.server.on("/feed", doc({"2", "1"}, next_page(room.server.url("/p2"))));
  room.start();
  room.next_poll();
  EXPECT_EQ(room.server.count("/p2"), 0U);
}

}  // namespace
}  // namespace newswire::ingest::test
