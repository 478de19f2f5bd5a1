#include "clean/extract.h"

#include <gtest/gtest.h>

#include <string>

#include "base/time.h"
#include "clean/page_charset.h"

namespace newswire::clean {
namespace {

constexpr std::string_view kFirst =
    "The lighthouse of Port Ellery opened its doors again on Thursday, ten years after a storm had broken the lantern.";
constexpr std::string_view kSecond =
    "Mayor Tom Hedge cut the ribbon in front of some four hundred people, and the choir of the village school sang "
    "twice.";
constexpr std::string_view kThird =
    "The repairs cost 2.3 million pounds, half of which came from the lottery, a quarter from the county, the rest "
    "from cake sales.";

std::string p(std::string_view text) { return "<p>" + std::string(text) + "</p>"; }
std::string article() { return p(kFirst) + p(kSecond) + p(kThird); }
std::string wanted() { return std::string(kFirst) + "\n\n" + std::string(kSecond) + "\n\n" + std::string(kThird); }

std::string page(std::string_view body) {
  return "<!doctype html><html lang=en><head><title>Lighthouse opens again | Coastal Post</title></head><body>" +
         std::string(body) + "</body></html>";
}

Extracted get(std::string_view html, std::string url = "https://news.example/lighthouse") {
  ExtractOptions options;
  options.url = std::move(url);
  auto result = extract(html, options);
  EXPECT_TRUE(result) << (result ? "" : result.error().what);
  return result ? *std::move(result) : Extracted{};
}

struct Case {
  const char* name;
  std::string body;
};
class ExtractPage : public testing::TestWithParam<Case> {};
TEST_P(ExtractPage, GivesTheArticleAndNothingElse) { EXPECT_EQ(get(page(GetParam().body)).content_text, wanted()); }

const std::string kMenu =
    "<nav><ul><li><a href=/>Home</a><li><a href=/w>World</a><li><a href=/s>Sport and more</a></ul></nav>";
const std::string kFooter =
    "<footer><p>Copyright 2026 Coastal Post. All rights reserved, and so on, in a long sentence of legal "
    "text.</p></footer>";

INSTANTIATE_TEST_SUITE_P(
    Layouts, ExtractPage,
    testing::Values(
        Case{"semantic",
             kMenu + "<main><article><h1>Lighthouse opens again</h1>" + article() + "</article></main>" + kFooter},
        Case{"divs", "<div class=menu><a href=/>Home</a> <a href=/w>World</a></div><div id=c><div class=txt>" +
                         article() + "</div></div>"},
        Case{"line_breaks", "<div>" + std::string(kFirst) + "<br><br>" + std::string(kSecond) + "<br/> <br>" +
                                std::string(kThird) + "</div>"},
        Case{"form_around_all",
             "<form id=aspnetForm>" + kMenu + "<div class=article-text>" + article() + "</div></form>"},
        Case{"table_layout",
             "<table><tr><td><a href=/>Home</a><br><a href=/w>World</a></td><td>" + article() + "</td></tr></table>"},
        Case{"byline_and_date",
             "<article><h1>Lighthouse opens again</h1><p class=byline>By Ann Lee</p><p>November 24, 2026 9:15</p>" +
                 article() + "</article>"},
        Case{"share_bar", "<article>" + article() +
                              "<div class=share-buttons><a href=#>Facebook</a> <a href=#>Twitter</a></div></article>"},
        Case{"related_list", "<article>" + article() +
                                 "<h3>Related articles</h3><ul><li><a href=/a>Storm warning for the coast</a><li><a "
                                 "href=/b>Night ferry stays for now</a></ul></article>"},
        Case{"inline_related",
             "<article>" + p(kFirst) +
                 "<p><strong>Read more:</strong> <a href=/a>Storm warning for the whole coast</a></p>" + p(kSecond) +
                 p(kThird) + "</article>"},
        Case{"comments", "<article>" + article() + "</article><div id=comments><h3>2 comments</h3><p>" +
                             std::string(kSecond) +
                             " I was there and it was lovely.</p><p>Me too, and I stayed until the end of it all, said "
                             "another.</p></div>"},
        Case{"sidebar", "<div class=row><div class=post>" + article() +
                            "</div><div class=sidebar><p>Our newsletter brings you the best of the coast every week, "
                            "written by our editors.</p></div></div>"},
        Case{"caption",
             "<article><figure><img src=/t.jpg><figcaption>The lighthouse on Thursday. Photo: Ann "
             "Lee</figcaption></figure>" +
                 article() + "</article>"},
        Case{"hidden_text", "<article>" + article() +
                                "<p style='display: none'>This sentence is hidden from everybody, and nobody is meant "
                                "to read it here.</p></article>"},
        Case{"author_box", "<article>" + article() +
                               "<div class=author-bio><p>Ann Lee has written about the coast for twenty years. She "
                               "lives in Port Ellery with two cats.</p></div></article>"},
        Case{"odd_class_on_the_article",
             "<section class='comment category-news'><h1>Lighthouse opens again</h1>" + article() + "</section>"},
        Case{"class_of_wordpress", "<div class='post hentry category-comments tag-related'>" + article() + "</div>"},
        Case{"unclosed_noscript",
             "<noscript><div></noscript>" + article() + article().substr(0, 0) + "<div class=x></div>"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ExtractPage, TakesTheLeadFromAboveTheArticle) {
  const auto got =
      get(page("<header><h1>Lighthouse opens again</h1><p class=lead>After ten years of repairs the tower shines, and "
               "the town celebrates.</p></header>"
               "<div class=meta>9 a.m.</div><div class=article-body>" +
               article() + "</div>"));
  EXPECT_EQ(got.content_text, "After ten years of repairs the tower shines, and the town celebrates.\n\n" + wanted());
}

TEST(ExtractPage, KeepsListsTablesQuotesAndSubheadings) {
  const auto got =
      get(page("<article>" + p(kFirst) +
               "<h2>What it cost</h2><ul><li>Lantern: one million pounds</li><li>Stairs: half a million</li></ul>"
               "<table><tr><td>Year</td><td>Visitors</td></tr><tr><td>2015</td><td>12,000</td></tr></"
               "table><blockquote><p>It shines.</p></blockquote>" +
               p(kSecond) + p(kThird) + "</article>"));
  for (const auto* part : {"What it cost", "Lantern: one million pounds", "12,000", "It shines."})
    EXPECT_NE(got.content_text.find(part), std::string::npos) << part;
  for (const auto* tag : {"<h2>", "<li>", "<td>", "<blockquote>"})
    EXPECT_NE(got.content_html.find(tag), std::string::npos) << tag;
}

TEST(ExtractPage, NamesWhatItTookOutOfTheArticle) {
  const auto got =
      get(page("<article><h1>Lighthouse opens again</h1>" + article() +
               "<div class=newsletter-signup><p>Get our letter every morning, free of charge.</p></div></article>"));
  bool newsletter = false;
  for (const auto& removal : got.stripped) newsletter = newsletter || removal.category == "newsletter";
  EXPECT_TRUE(newsletter);
}

TEST(ExtractPage, ReadsTheBodyOfStructuredDataWhenThePageHasNoText) {
  const std::string body = std::string(kFirst) + "\\n\\n" + std::string(kSecond) + "\\n\\n" + std::string(kThird);
  const auto got = get(page("<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"articleBody\":\"" + body +
                            "\"}</script><div id=app></div>"));
  EXPECT_EQ(got.content_text, wanted());
}

TEST(ExtractPage, PutsWhatThePageShowsBeforeTheBodyOfStructuredData) {
  const std::string body = std::string(kFirst) + "\\n\\n" + std::string(kSecond) + "\\n\\n" + std::string(kThird);
  const std::string shown = "After ten years of repairs the tower shines, and the town celebrates.";
  const auto got = get(page("<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"articleBody\":\"" + body +
                            "\"}</script><article><p>" + shown + "</p></article>"));
  EXPECT_EQ(got.content_text, shown + "\n\n" + wanted());
}

TEST(ExtractPage, MakesUrlsAbsoluteAndMarkupSafe) {
  const auto got = get(page("<article>" + article() +
                            "<p onclick=alert(1)>See <a href='/more?utm_source=x' onmouseover=x>the map of the "
                            "coast</a>, <a href='javascript:alert(1)'>or not</a>, "
                            "<img src=x.jpg onerror=alert(1)> and so on, until the end of the "
                            "sentence.</p><script>alert(1)</script></article>"));
  EXPECT_NE(got.content_html.find("https://news.example/more"), std::string::npos);
  EXPECT_NE(got.content_html.find("https://news.example/x.jpg"), std::string::npos);
  for (const auto* active : {"onclick", "onmouseover", "onerror", "javascript:", "<script", "utm_source"})
    EXPECT_EQ(got.content_html.find(active), std::string::npos) << active;
}

TEST(ExtractPage, ResolvesAgainstTheBaseElement) {
  const auto html = "<!doctype html><head><base href='https://cdn.example/x/'></head><body><article>" + article() +
                    "<p>" + std::string(kThird) + " <a href=map>Map</a></p></article>";
  EXPECT_NE(get(html).content_html.find("https://cdn.example/x/map"), std::string::npos);
}

TEST(ExtractPage, BelievesTheTextMoreThanTheTemplateAboutTheLanguage) {
  const auto got =
      get("<!doctype html><html lang=en><body><article><p>Die Stadtwerke haben am Dienstag mit dem Bau eines "
          "Wärmespeichers begonnen, der so viel fasst wie zwölf Schwimmbecken.</p>"
          "<p>Das Becken wird mit warmem Wasser gefüllt, das im Herbst wieder abgegeben wird, sagte die Werkleiterin "
          "bei der Feier.</p></article>");
  EXPECT_EQ(got.language, "de");
}

TEST(ExtractPage, DecodesWhatThePageDeclares) {
  const auto got =
      get("<html><head><meta charset=windows-1251></head><body><p>\xCF\xF0\xE8\xE2\xE5\xF2, "
          "\xEC\xE8\xF0.</p></body></html>");
  EXPECT_EQ(got.content_text, "Привет, мир.");
}

TEST(ExtractPage, DropsSoftHyphensFromTheText) {
  EXPECT_EQ(get(page("<p>Der Klima\xC2\xADwandel ist da, sagte sie am Dienstag.</p>")).content_text,
            "Der Klimawandel ist da, sagte sie am Dienstag.");
}

TEST(ExtractPage, FindsNothingInAnEmptyPage) {
  EXPECT_EQ(extract("<!doctype html><html><body><script>x</script></body></html>", {}).error().code, Errc::not_found);
}

TEST(PageCharset, PrefersValidUtf8OverAWrongDeclaration) {
  EXPECT_EQ(*page_to_utf8("<meta charset=iso-8859-1>caf\xC3\xA9", ""), "<meta charset=iso-8859-1>caf\xC3\xA9");
  EXPECT_EQ(*page_to_utf8("caf\xE9", "text/html; charset=ISO-8859-1"), "caf\xC3\xA9");
  EXPECT_EQ(*page_to_utf8("\xEF\xBB\xBFx", ""), "x");
  EXPECT_EQ(page_to_utf8(std::string((16U << 20) + 1, 'x'), "").error().code, Errc::too_large);
}

}  // namespace
}  // namespace newswire::clean
