#include "ingest/assemble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace newswire::ingest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

feed::Date date(const char* text) { return {text, parse_rfc3339(text)}; }

feed::Entry entry(const std::string& id, const std::string& title, const std::string& published = {}) {
  feed::Entry one;
  one.id = id;
  one.url = "https://site.example/" + id;
  one.title = title;
  one.content_html =
      "<p>The text of " + title + ", which is long enough to be told from every other text of this feed.</p>";
  if (!published.empty()) one.published = date(published.c_str());
  return one;
}

feed::Feed feed_of(std::vector<feed::Entry> entries) {
  feed::Feed document;
  document.title = "Site";
  document.home_page_url = "https://site.example/";
  document.entries = std::move(entries);
  return document;
}

DigestOptions options() {
  DigestOptions some;
  some.ref = {"site", "https://site.example/feed", "", {}};
  some.now = kNow;
  return some;
}

/// A feed that is polled again and again.
struct Polled {
  article::Seen seen;
  clean::SiteModel model;

  Digest poll(const feed::Feed& document, const DigestOptions& with = options()) {
    const auto inspected = inspect(document, seen);
    auto digested = digest(document, inspected, seen, model, with);
    seen = digested.seen;
    return digested;
  }
};

std::vector<std::string> titles(const Digest& digested) {
  std::vector<std::string> all;
  for (const auto& article : digested.articles) all.push_back(article.title);
  return all;
}

TEST(Digest, GivesTheOldestFirst) {
  Polled feed;
  EXPECT_THAT(titles(feed.poll(feed_of({entry("3", "C"), entry("2", "B"), entry("1", "A")}))),
              ElementsAre("A", "B", "C"));
  Polled dated;
  EXPECT_THAT(
      titles(dated.poll(feed_of({entry("1", "A", "2026-11-20T00:00:00Z"), entry("2", "B", "2026-11-22T00:00:00Z"),
                                 entry("3", "C", "2026-11-21T00:00:00Z")}))),
      ElementsAre("A", "C", "B"));
}

TEST(Digest, ASecondPollOfTheSameDocumentHasNothingToLookAt) {
  Polled feed;
  const auto document = feed_of({entry("1", "A")});
  feed.poll(document);
  EXPECT_FALSE(inspect(document, feed.seen).any_changed);
  EXPECT_THAT(feed.poll(document).articles, IsEmpty());
}

TEST(Digest, MarksTheFirstDocumentAsBacklog) {
  Polled feed;
  auto first = options();
  first.first = true;
  EXPECT_TRUE(feed.poll(feed_of({entry("1", "A")}), first).articles.at(0).backlog);
  const auto later = feed.poll(feed_of({entry("2", "B"), entry("1", "A")}));
  ASSERT_THAT(titles(later), ElementsAre("B"));
  EXPECT_FALSE(later.articles[0].backlog);
}

struct InitialCase {
  const char* name;
  config::Initial initial;
  std::vector<std::string> emitted;
};
class InitialOf : public testing::TestWithParam<InitialCase> {};
TEST_P(InitialOf, BoundsWhatTheFirstDocumentEmitsAndRemembersAll) {
  Polled feed;
  auto with = options();
  with.first = true;
  with.initial = GetParam().initial;
  const auto document = feed_of({entry("3", "C", "2026-11-23T12:00:00Z"), entry("2", "B", "2026-11-20T00:00:00Z"),
                                 entry("1", "A", "2026-10-01T00:00:00Z")});
  EXPECT_EQ(titles(feed.poll(document, with)), GetParam().emitted);
  EXPECT_THAT(feed.poll(document).articles, IsEmpty());
}
using Kind = config::Initial::Kind;
INSTANTIATE_TEST_SUITE_P(Kinds, InitialOf,
                         testing::Values(InitialCase{"all", {Kind::all, 0, {}}, {"A", "B", "C"}},
                                         InitialCase{"none", {Kind::none, 0, {}}, {}},
                                         InitialCase{"last", {Kind::last, 2, {}}, {"B", "C"}},
                                         InitialCase{"age", {Kind::age, 0, std::chrono::hours{24}}, {"C"}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Digest, AnUpdateKeepsTheUidAndCountsTheRevision) {
  Polled feed;
  const auto first = feed.poll(feed_of({entry("1", "A")}));
  const auto second = feed.poll(feed_of({entry("1", "A, corrected")}));
  ASSERT_EQ(second.articles.size(), 1U);
  EXPECT_EQ(second.articles[0].event, article::Event::updated);
  EXPECT_EQ(second.articles[0].uid, first.articles[0].uid);
  EXPECT_EQ(second.articles[0].revision, 2U);
  auto quiet = options();
  quiet.updates = false;
  EXPECT_THAT(feed.poll(feed_of({entry("1", "A, again")}), quiet).articles, IsEmpty());
}

TEST(Digest, AChangedStrippedPartIsNoUpdate) {
  Polled feed;
  auto one = entry("1", "A");
  const auto text = one.content_html;
  one.content_html = text +
                     "<p>The post <a href=\"https://site.example/1\">A</a> appeared first on <a "
                     "href=\"https://site.example\">Site</a>.</p>";
  feed.poll(feed_of({one}));
  one.content_html = text +
                     "<p>The post <a href=\"https://site.example/1\">A</a> appeared first on <a "
                     "href=\"https://site.example\">The Site</a>.</p>";
  EXPECT_THAT(feed.poll(feed_of({one})).articles, IsEmpty());
}

TEST(Digest, N1_TheLatestOfTwoEntriesWithOneIdCounts) {
  auto document = feed_of({entry("1", "Old"), entry("1", "New")});
  document.format = feed::Format::atom10;
  document.entries[0].updated = date("2026-11-01T00:00:00Z");
  document.entries[1].updated = date("2026-11-02T00:00:00Z");
  Polled feed;
  EXPECT_THAT(titles(feed.poll(document)), ElementsAre("New"));
}

TEST(Digest, AnIdThatSeveralEntriesShareNamesNone) {
  auto document = feed_of({entry("2", "B"), entry("1", "A")});
  for (auto& one : document.entries) one.id = "https://site.example/";
  Polled feed;
  EXPECT_THAT(titles(feed.poll(document)), ElementsAre("A", "B"));
}

// Every item of some feeds carries the page they stand on, as guid and as link.
feed::Feed one_page(const std::vector<std::string>& titles) {
  feed::Feed document = feed_of({});
  for (const auto& title : titles) {
    document.entries.push_back(entry("page", title));
    document.entries.back().id = document.entries.back().url = "https://site.example/spotlight/";
    document.entries.back().content_html +=
        "<p>" + title +
        " goes on for a second paragraph, since a text has to be of some length before it can name an "
        "entry by itself, whatever id and link say about it.</p>";
  }
  return document;
}

TEST(Digest, EntriesThatShareIdAndLinkAreToldByTheirTitles) {
  Polled feed;
  EXPECT_THAT(titles(feed.poll(one_page({"C", "B", "A"}))), ElementsAre("A", "B", "C"));
  EXPECT_THAT(feed.poll(one_page({"C", "B", "A"})).articles, IsEmpty());
  EXPECT_THAT(titles(feed.poll(one_page({"D", "C", "B"}))), ElementsAre("D"));
}

TEST(Digest, WhatSharedItsIdOnceIsNotNewWhenItIsAlone) {
  Polled feed;
  feed.poll(one_page({"B", "A"}));
  EXPECT_THAT(feed.poll(one_page({"B"})).articles, IsEmpty());
}

TEST(Digest, ARepeatedItemIsOneEntry) {
  Polled feed;
  EXPECT_THAT(titles(feed.poll(feed_of({entry("1", "A"), entry("1", "A")}))), ElementsAre("A"));
}

TEST(Digest, ALinkToTheHomePageNamesNone) {
  auto first = entry("1", "A");
  auto second = entry("2", "B");
  first.url = second.url = "https://site.example/";
  Polled feed;
  feed.poll(feed_of({first}));
  EXPECT_THAT(titles(feed.poll(feed_of({second}))), ElementsAre("B"));
}

TEST(Digest, TrackingInALinkIsNoNewEntryAndStaysRecoverable) {
  auto one = entry("", "A");
  one.url = "https://site.example/a?utm_source=rss";
  Polled feed;
  const auto first = feed.poll(feed_of({one}));
  ASSERT_EQ(first.articles.size(), 1U);
  EXPECT_EQ(first.articles[0].url, "https://site.example/a");
  EXPECT_EQ(first.articles[0].link_original, "https://site.example/a?utm_source=rss");
  one.url = "http://www.site.example/a/?utm_source=feed&fbclid=1";
  EXPECT_THAT(feed.poll(feed_of({one})).articles, IsEmpty());
}

TEST(Digest, N5_ADocumentOfOnlyNewEntriesIsAnOverflow) {
  Polled feed;
  feed.poll(feed_of({entry("1", "A"), entry("2", "B")}));
  const auto later = feed.poll(feed_of({entry("4", "D"), entry("3", "C")}));
  EXPECT_TRUE(later.overflow);
  EXPECT_TRUE(later.articles[0].overflow);
  EXPECT_FALSE(later.articles[1].overflow);
  auto delta = options();
  delta.delta = true;
  EXPECT_FALSE(feed.poll(feed_of({entry("6", "F"), entry("5", "E")}), delta).overflow);
}

TEST(Digest, DatesAreKeptFlaggedOrLeftRaw) {
  auto future = entry("1", "Future", "2027-11-24T00:00:00Z");
  auto absurd = entry("2", "Absurd", "9999-01-01T00:00:00Z");
  auto unread = entry("3", "Unread");
  unread.published.raw = "yesterday";
  Polled feed;
  const auto digested = feed.poll(feed_of({unread, absurd, future}));
  ASSERT_EQ(digested.articles.size(), 3U);
  EXPECT_TRUE(digested.articles[0].date_published && digested.articles[0].date_in_future);
  EXPECT_FALSE(digested.articles[1].date_published);
  EXPECT_EQ(digested.articles[1].published_raw, "9999-01-01T00:00:00Z");
  EXPECT_EQ(digested.articles[2].published_raw, "yesterday");
}

TEST(Digest, LanguageComesFromTheEntryTheFeedOrTheText) {
  auto document = feed_of({entry("1", "A")});
  document.entries[0].language = "fr";
  Polled by_entry;
  EXPECT_EQ(by_entry.poll(document).articles.at(0).language_source, "entry");
  document.entries[0].language.clear();
  document.language = "de";
  Polled by_feed;
  EXPECT_EQ(by_feed.poll(document).articles.at(0).language, "de");
  document.language.clear();
  document.entries[0].content_html =
      "<p>Der Hafenmeister hat gestern gesagt, dass die Fähre ab Montag wieder von der alten Brücke ablegt und elf "
      "Minuten braucht.</p>";
  Polled detected;
  const auto found = detected.poll(document);
  EXPECT_EQ(found.articles.at(0).language, "de");
  EXPECT_EQ(found.articles.at(0).language_source, "detected");
}

TEST(Digest, EveryArticleHasAnId) {
  auto one = entry("", "A");
  one.url.clear();
  Polled feed;
  const auto digested = feed.poll(feed_of({one}));
  ASSERT_EQ(digested.articles.size(), 1U);
  EXPECT_EQ(digested.articles[0].id, digested.articles[0].uid);
}

TEST(Digest, TheSameInputGivesTheSameResult) {
  const auto document = feed_of({entry("2", "B"), entry("1", "A")});
  Polled a;
  Polled b;
  const auto first = a.poll(document);
  const auto second = b.poll(document);
  ASSERT_EQ(first.articles.size(), second.articles.size());
  for (std::size_t i = 0; i < first.articles.size(); ++i) EXPECT_EQ(first.articles[i].uid, second.articles[i].uid);
  EXPECT_EQ(a.model.encode(), b.model.encode());
  EXPECT_EQ(a.seen.encode(), b.seen.encode());
}

struct SiteCase {
  const char* name;
  const char* home;
  const char* entry_url;
  const char* feed_url;
  const char* site;
};
class SiteOf : public testing::TestWithParam<SiteCase> {};
TEST_P(SiteOf, IsWhereTheArticlesAre) {
  auto document = feed_of({entry("1", "A")});
  document.home_page_url = GetParam().home;
  document.entries[0].url = GetParam().entry_url;
  EXPECT_EQ(site_of(document, GetParam().feed_url), GetParam().site);
}
INSTANTIATE_TEST_SUITE_P(Feeds, SiteOf,
                         testing::Values(SiteCase{"home_page", "https://www.a.example/", "https://b.example/1",
                                                  "https://c.example/f", "a.example"},
                                         SiteCase{"entries", "", "https://b.example/1", "https://c.example/f",
                                                  "b.example"},
                                         SiteCase{"feed", "", "", "https://c.example/f", "c.example"},
                                         SiteCase{"file", "", "", "file:///x", "file:///x"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::ingest
