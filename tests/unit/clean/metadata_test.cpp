#include "clean/metadata.h"

#include <gtest/gtest.h>

#include <string>

#include "base/time.h"
#include "clean/metadata_jsonld.h"
#include "clean/metadata_relative.h"

namespace newswire::clean {
namespace {

const Time kNow = parse_rfc3339("2026-11-24T12:00:00Z")->utc;

std::string relative(std::string_view text) {
  const auto date = parse_relative_date(text, kNow);
  return date ? to_rfc3339(*date) : "";
}

struct RelativeCase {
  const char* name;
  std::string text;
  std::string date;  // empty: none
};
class RelativeDate : public testing::TestWithParam<RelativeCase> {};
TEST_P(RelativeDate, IsReadRelativeToTheFetch) { EXPECT_EQ(relative(GetParam().text), GetParam().date); }

INSTANTIATE_TEST_SUITE_P(Languages, RelativeDate,
                         testing::Values(RelativeCase{"hours", "2 hours ago", "2026-11-24T10:00:00Z"},
                                         RelativeCase{"a_day", "a day ago", "2026-11-23T12:00:00Z"},
                                         RelativeCase{"an_hour", "An hour ago", "2026-11-24T11:00:00Z"},
                                         RelativeCase{"yesterday", "Yesterday", "2026-11-23T12:00:00Z"},
                                         RelativeCase{"just_now", "just now", "2026-11-24T12:00:00Z"},
                                         RelativeCase{"short_form", "3d", "2026-11-21T12:00:00Z"},
                                         RelativeCase{"compound", "1 hour and 20 minutes ago", "2026-11-24T10:40:00Z"},
                                         RelativeCase{"labelled", "Updated: 5 min ago", "2026-11-24T11:55:00Z"},
                                         RelativeCase{"german", "vor 2 Stunden", "2026-11-24T10:00:00Z"},
                                         RelativeCase{"german_word", "vor einem Tag", "2026-11-23T12:00:00Z"},
                                         RelativeCase{"french", "il y a 3 heures", "2026-11-24T09:00:00Z"},
                                         RelativeCase{"french_year", "il y a un an", "2025-11-24T06:10:48Z"},
                                         RelativeCase{"spanish", "hace dos días", "2026-11-22T12:00:00Z"},
                                         RelativeCase{"portuguese", "há 2 dias", "2026-11-22T12:00:00Z"},
                                         RelativeCase{"italian", "2 ore fa", "2026-11-24T10:00:00Z"},
                                         RelativeCase{"dutch", "1 uur geleden", "2026-11-24T11:00:00Z"},
                                         RelativeCase{"swedish", "för 3 timmar sedan", "2026-11-24T09:00:00Z"},
                                         RelativeCase{"polish", "2 godziny temu", "2026-11-24T10:00:00Z"},
                                         RelativeCase{"russian", "2 часа назад", "2026-11-24T10:00:00Z"},
                                         RelativeCase{"russian_capital", "Вчера", "2026-11-23T12:00:00Z"},
                                         RelativeCase{"turkish", "3 saat önce", "2026-11-24T09:00:00Z"},
                                         RelativeCase{"indonesian", "5 jam yang lalu", "2026-11-24T07:00:00Z"},
                                         RelativeCase{"arabic_dual", "منذ ساعتين", "2026-11-24T10:00:00Z"},
                                         RelativeCase{"japanese", "5時間前", "2026-11-24T07:00:00Z"},
                                         RelativeCase{"chinese", "3天前", "2026-11-21T12:00:00Z"},
                                         RelativeCase{"korean", "2시간 전", "2026-11-24T10:00:00Z"},
                                         RelativeCase{"a_sentence", "He left two days ago with his dog", ""},
                                         RelativeCase{"future", "in 2 hours", ""}, RelativeCase{"number", "42", ""},
                                         RelativeCase{"unit_alone", "hours", ""},
                                         RelativeCase{"absurd", "9999 years ago", ""}, RelativeCase{"empty", "", ""}),
                         [](const auto& tested) { return std::string(tested.param.name); });

PageMetadata read(std::string_view head, std::string_view body = "") {
  const auto page = "<!doctype html><html lang=en-gb><head>" + std::string(head) + "</head><body>" + std::string(body) +
                    "</body></html>";
  return read_metadata(Tree::parse_document(page), "https://news.example/a/b", kNow);
}

TEST(Metadata, PrefersJsonLd) {
  const auto got = read(R"(<title>Tower opens | Example News</title>
    <meta property="article:published_time" content="2020-01-01">
    <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebPage"},
      {"@type":["NewsArticle"],"headline":"Tower opens","datePublished":"2026-11-23T09:00:00+01:00",
       "author":[{"@type":"Person","name":"Ann Lee","url":"https://news.example/ann"},{"name":"Bob Day"}],
       "publisher":{"name":"Example News"},"image":["/tower.jpg"],"articleBody":"The tower
opened."}]}</script>)");
  EXPECT_EQ(got.title, "Tower opens");
  ASSERT_EQ(got.authors.size(), 2U);
  EXPECT_EQ(got.authors[0].name, "Ann Lee");
  EXPECT_EQ(got.authors[0].url, "https://news.example/ann");
  EXPECT_EQ(got.authors[1].name, "Bob Day");
  ASSERT_TRUE(got.date_published);
  EXPECT_EQ(to_rfc3339(*got.date_published), "2026-11-23T09:00:00+01:00");
  EXPECT_EQ(got.image, "https://news.example/tower.jpg");
  EXPECT_EQ(got.body, "The tower\nopened.");
  EXPECT_EQ(got.language, "en-GB");
}

TEST(Metadata, ReadsOpenGraphAndMeta) {
  const auto got =
      read(R"(<meta property="og:title" content="Tower opens"><meta property="og:site_name" content="Example News">
    <meta property="og:image" content="https://img.example/t.jpg"><meta name="author" content="By Ann Lee and Bob Day">
    <meta property="article:published_time" content="2026-11-23T08:00:00Z">
    <link rel="canonical" href="/tower-opens">)");
  EXPECT_EQ(got.title, "Tower opens");
  EXPECT_EQ(got.site_name, "Example News");
  EXPECT_EQ(got.image, "https://img.example/t.jpg");
  ASSERT_EQ(got.authors.size(), 2U);
  EXPECT_EQ(got.authors[1].name, "Bob Day");
  EXPECT_EQ(got.url, "https://news.example/tower-opens");
  EXPECT_EQ(to_rfc3339(*got.date_published), "2026-11-23T08:00:00Z");
}

TEST(Metadata, ReadsMicrodata) {
  const auto got = read("<title>x</title>", R"(<div itemscope itemtype="https://schema.org/Article">
    <h1 itemprop="headline">Tower opens to everybody</h1>
    <span itemprop="author" itemscope><a itemprop="name">Ann Lee</a></span>
    <meta itemprop="datePublished" content="2026-11-22"></div>)");
  ASSERT_EQ(got.authors.size(), 1U);
  EXPECT_EQ(got.authors[0].name, "Ann Lee");
  EXPECT_EQ(to_rfc3339(*got.date_published), "2026-11-22T00:00:00Z");
}

TEST(Metadata, ReadsTimeElementsAndRelativeDates) {
  EXPECT_EQ(to_rfc3339(*read("", "<time datetime='2026-11-20T10:00:00Z'>Friday</time>").date_published),
            "2026-11-20T10:00:00Z");
  EXPECT_EQ(to_rfc3339(*read("", "<time>vor 2 Stunden</time>").date_published), "2026-11-24T10:00:00Z");
  EXPECT_FALSE(read("", "<time>soon</time>").date_published);
}

struct Shown {
  const char* name;
  std::string_view html;
  std::string_view date;
  std::string_view author;
};
class ShownBelowHeadline : public testing::TestWithParam<Shown> {};
TEST_P(ShownBelowHeadline, IsReadWhereNoMachineWasTold) {
  const auto got = read("", "<h1>The mill turns again</h1>" + std::string(GetParam().html));
  EXPECT_EQ(got.date_published ? to_rfc3339(*got.date_published) : "", GetParam().date);
  EXPECT_EQ(got.authors.empty() ? "" : got.authors.front().name, GetParam().author);
}
INSTANTIATE_TEST_SUITE_P(
    Lines, ShownBelowHeadline,
    testing::Values(
        Shown{"date_element", "<p class='post-date'>4 June 2025, 11:20</p>", "2025-06-04T11:20:00Z", ""},
        Shown{"japanese", "<p class='date'>2025年6月4日 9時30分</p>", "2025-06-04T09:30:00Z", ""},
        Shown{"russian",
              "<div class='info'><span class='date'>4 июня 2025, 11:20</span> <span class='author'>Анна "
              "Котова</span></div>",
              "2025-06-04T11:20:00Z", "Анна Котова"},
        Shown{"one_line", "<p class='meta'>Posted by <a href='/u'>Ada Holm</a> on Jun 3rd, 2025</p>",
              "2025-06-03T00:00:00Z", "Ada Holm"},
        Shown{"bar", "<div class='entry-meta'>June 3, 2025 | News | 4 comments</div>", "2025-06-03T00:00:00Z", ""},
        Shown{"labelled_time", "<time>Published 3 June 2025</time>", "2025-06-03T00:00:00Z", ""},
        Shown{"no_date", "<p class='update-date'>soon</p><div class='meta'>Politics</div>", "", ""},
        Shown{"part_of_a_word", "<p class='candidate'>4 June 2025</p>", "", ""},
        Shown{"facts_of_a_member", "<div class='author'>oldhouse72 Posts: 41 Joined: Mar 2019</div>", "", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Metadata, IgnoresBrokenJsonLd) {
  EXPECT_EQ(
      read(R"(<title>Tower opens</title><script type="application/ld+json">{"@type":"NewsArticle",</script>)").title,
      "Tower opens");
}

TEST(Metadata, BoundsDeeplyNestedJsonLd) {
  std::string json;
  for (int i = 0; i < 100000; ++i) json += "[";
  JsonLdArticle article;
  read_json_ld(json, article);
  EXPECT_FALSE(article.found);
}

struct TitleCase {
  const char* name;
  std::string title, site, bare;
};
class TitleWithoutSite : public testing::TestWithParam<TitleCase> {};
TEST_P(TitleWithoutSite, KeepsTheHeadline) {
  EXPECT_EQ(title_without_site(GetParam().title, GetParam().site), GetParam().bare);
}
INSTANTIATE_TEST_SUITE_P(
    Titles, TitleWithoutSite,
    testing::Values(
        TitleCase{"bar", "Tower opens after repairs | Example News", "Example News", "Tower opens after repairs"},
        TitleCase{"first", "Example News: Tower opens after repairs", "Example News", "Tower opens after repairs"},
        TitleCase{"unknown_site", "Tower opens after long repairs - The Post", "", "Tower opens after long repairs"},
        TitleCase{"colon_stays", "Opinion: why towers matter", "", "Opinion: why towers matter"},
        TitleCase{"dash_in_headline", "Tower - a view", "", "Tower - a view"},
        TitleCase{"several", "Tower opens | Local | Example News", "Example News", "Tower opens | Local"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Byline, GivesNamesOnly) {
  EXPECT_EQ(names_of_byline("By Ann Lee and Bob Day, Reuters"),
            (std::vector<std::string>{"Ann Lee", "Bob Day", "Reuters"}));
  EXPECT_EQ(names_of_byline("Von Jana Holm | 24. November 2026"), (std::vector<std::string>{"Jana Holm"}));
  EXPECT_TRUE(names_of_byline("https://news.example/ann").empty());
  EXPECT_TRUE(names_of_byline("").empty());
  EXPECT_EQ(names_of_byline("By Sam Reed, Senior Reporter"), (std::vector<std::string>{"Sam Reed"}));
}

}  // namespace
}  // namespace newswire::clean
