#include "ingest/full_text.h"

#include <gtest/gtest.h>

namespace newswire::ingest {
namespace {

constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};
const std::string kSummary = "The ferry returned to the old pier on Monday after nine years of absence";

article::Article summary_article() {
  article::Article article;
  article.url = "https://site.example/a";
  article.title = "Ferry returns";
  article.content_text = kSummary;
  article.content_html = "<p>" + kSummary + "</p>";
  article.completeness = "summary";
  return article;
}

clean::Extracted page(const std::string& text) {
  clean::Extracted extracted;
  extracted.title = "Ferry returns";
  extracted.content_text = text;
  extracted.content_html = "<p>" + text + "</p>";
  return extracted;
}

const std::string kArticle =
    kSummary +
    ". About two hundred people watched from the quay. The city paid for new fenders and a ramp; the crossing takes "
    "eleven minutes and costs the same as a tram ticket. We sold out the first boat in an hour, said the harbour "
    "master.";

struct Case {
  const char* name;
  const char* completeness;
  config::FullText mode;
  bool wants;
};
class WantsPage : public testing::TestWithParam<Case> {};
TEST_P(WantsPage, FollowsTheFeedsSetting) {
  auto article = summary_article();
  article.completeness = GetParam().completeness;
  EXPECT_EQ(wants_page(article, GetParam().mode), GetParam().wants);
}
using Mode = config::FullText;
INSTANTIATE_TEST_SUITE_P(Settings, WantsPage,
                         testing::Values(Case{"auto_summary", "summary", Mode::automatic, true},
                                         Case{"auto_full", "full", Mode::automatic, false},
                                         Case{"auto_title", "title", Mode::automatic, true},
                                         Case{"always_full", "full", Mode::always, true},
                                         Case{"never_summary", "summary", Mode::never, false}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(TakePage, TakesTheWholeArticleAndKeepsTheSummary) {
  auto article = summary_article();
  EXPECT_TRUE(take_page(article, page(kArticle), Mode::automatic));
  EXPECT_EQ(article.content_text, kArticle);
  EXPECT_EQ(article.summary, kSummary);
  EXPECT_EQ(article.completeness, "full");
}

TEST(TakePage, LeavesAPageThatIsNoBetter) {
  auto article = summary_article();
  EXPECT_FALSE(take_page(article, page(kSummary + "."), Mode::automatic));
  EXPECT_EQ(article.content_text, kSummary);
}

TEST(TakePage, LeavesAPageThatIsAnotherText) {
  auto article = summary_article();
  std::string wall;
  for (int i = 0; i < 10; ++i)
    wall += "We value your privacy, please accept cookies to continue reading this page with our partners. ";
  EXPECT_FALSE(take_page(article, page(wall), Mode::automatic));
  EXPECT_FALSE(take_page(article, page(wall), Mode::always));
}

TEST(RobotsBook, ForgetsAfterADay) {
  RobotsBook book;
  book.store("https://a.example", fetch::Robots::parse("User-agent: *\nDisallow: /private\n", "newswire"), kNow);
  ASSERT_NE(book.find("https://a.example", kNow), nullptr);
  EXPECT_FALSE(book.find("https://a.example", kNow)->allows("/private/a"));
  EXPECT_EQ(book.find("https://a.example", kNow + std::chrono::hours{25}), nullptr);
}

}  // namespace
}  // namespace newswire::ingest
