#include "clean/cleaner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace newswire::clean {
namespace {

constexpr const char* kStory =
    "<p>The bakers of the town met on the market square in the morning and spoke about the price of flour.</p>";

Entry entry_of(std::string html) {
  Entry entry;
  entry.html = std::move(html);
  entry.title = "The price of flour";
  entry.url = "https://example.org/flour";
  return entry;
}

Cleaned clean(const Entry& entry, const Options& options = {}) {
  SiteModel model;
  return clean_entries({&entry, 1}, options, model, Time{})[0];
}

std::vector<std::string> rules_of(const Cleaned& cleaned) {
  std::vector<std::string> rules;
  for (const auto& removal : cleaned.stripped) rules.push_back(removal.rule);
  return rules;
}

TEST(Cleaner, TakesATitleThatTheTextRepeats) {
  for (const auto* title : {"<h1>The price of flour</h1>", "<p><b>The Price of Flour!</b></p>"}) {
    const auto cleaned = clean(entry_of(std::string(title) + kStory));
    EXPECT_EQ(rules_of(cleaned), std::vector<std::string>{"repeated-title"}) << title;
    EXPECT_EQ(cleaned.html, kStory);
  }
}

TEST(Cleaner, LeavesATitleThatIsNoHeadingOrAllThereIs) {
  for (const auto& html :
       {std::string("<p>The price of flour</p>") + kStory, std::string("<h1>The price of flour</h1>"),
        std::string("<h1>The price of bread</h1>") + kStory}) {
    EXPECT_TRUE(clean(entry_of(html)).stripped.empty()) << html;
  }
}

TEST(Cleaner, NeverEmptiesAnEntry) {
  for (const auto* html :
       {"<p>Read more</p>", "<p>Advertisement</p><p>Subscribe to our newsletter!</p>", "Share this post"}) {
    const auto cleaned = clean(entry_of(html));
    EXPECT_FALSE(cleaned.text.empty()) << html;
    EXPECT_TRUE(cleaned.stripped.empty()) << html;
  }
}

TEST(Cleaner, TakesPixelsHiddenAndEmptyThings) {
  const auto cleaned =
      clean(entry_of(std::string(kStory) +
                     "<img src=\"https://t.example/p.gif\" width=1 height=1><div style=\"display:none\">secret</div>"
                     "<p>&nbsp;</p><div class=\"feedflare\"><a href=\"https://f.example/\">Digg</a></div>"));
  EXPECT_EQ(cleaned.html, kStory);
  EXPECT_EQ(rules_of(cleaned), (std::vector<std::string>{"tracking-pixel", "hidden", "share-container"}));
}

TEST(Cleaner, EveryStageCanBeSwitchedOff) {
  const auto entry = entry_of(
      std::string(kStory) +
      "<p>Subscribe to our newsletter!</p><div class=\"feedflare\">Digg this</div>"
      "<p>And <a href=\"https://example.org/x?utm_source=rss\">this</a> is the end of the story of the bread.</p>");
  EXPECT_EQ(rules_of(clean(entry)), (std::vector<std::string>{"newsletter-en", "share-container", "tracking"}));
  Options options;
  options.phrases = false;
  EXPECT_EQ(rules_of(clean(entry, options)), (std::vector<std::string>{"share-container", "tracking"}));
  options.structure = false;
  EXPECT_EQ(rules_of(clean(entry, options)), std::vector<std::string>{"tracking"});
  options.links = false;
  EXPECT_TRUE(clean(entry, options).stripped.empty());
}

TEST(Cleaner, CategoriesCanBeSwitchedOff) {
  Options options;
  options.disabled_categories = {"newsletter"};
  const auto cleaned =
      clean(entry_of(std::string(kStory) + "<p>Subscribe to our newsletter!</p><p>Advertisement</p>"), options);
  EXPECT_EQ(rules_of(cleaned), std::vector<std::string>{"ad-label"});
}

TEST(Cleaner, SingleRulesCanBeSwitchedOff) {
  const auto entry =
      entry_of("<h1>The price of flour</h1>" + std::string(kStory) +
               "<p>Subscribe to our newsletter!</p><p>Advertisement</p><div class=\"feedflare\">Digg this</div>");
  Options options;
  options.disabled_categories = {"newsletter-en", "share-container", "repeated-title"};
  EXPECT_EQ(rules_of(clean(entry, options)), std::vector<std::string>{"ad-label"});
}

TEST(Cleaner, KeepSelectorsProtect) {
  Options options;
  options.keep_selectors = {".mine", "div.box > p:first-child"};
  const auto cleaned =
      clean(entry_of(std::string(kStory) + "<p class=\"mine\">Subscribe to our newsletter!</p>"
                                           "<div class=\"box\"><p>Advertisement</p><p>Advertisement</p></div>"),
            options);
  EXPECT_EQ(rules_of(cleaned), std::vector<std::string>{"ad-label"});
  EXPECT_NE(cleaned.text.find("Subscribe to our newsletter!"), std::string::npos);
}

TEST(Cleaner, DropSelectorsTakeWhateverTheyMatch) {
  Options options;
  options.drop_selectors = {"aside", "p[data-kind^=promo]", "this is > no selector >"};
  const auto cleaned = clean(
      entry_of("<aside>" + std::string(kStory) + "</aside>" + kStory + "<p data-kind=\"promo-2\">Buy an oven.</p>"),
      options);
  EXPECT_EQ(cleaned.html, kStory);
  EXPECT_EQ(rules_of(cleaned), (std::vector<std::string>{"drop-selector", "drop-selector"}));
}

TEST(Cleaner, KeepIsStrongerThanDrop) {
  Options options;
  options.drop_selectors = {"aside"};
  options.keep_selectors = {"aside p"};
  EXPECT_TRUE(clean(entry_of("<aside>" + std::string(kStory) + "</aside>" + kStory), options).stripped.empty());
}

TEST(Cleaner, SelectorsAreChecked) {
  EXPECT_TRUE(check_selector("div.a > p:not(.b), #c [href^='x' i]"));
  for (const auto* wrong : {"", "p >", "p:hover", "[a", "..a", "p,,q"}) {
    const auto checked = check_selector(wrong);
    ASSERT_FALSE(checked) << wrong;
    EXPECT_EQ(checked.error().code, Errc::invalid);
  }
}

TEST(Cleaner, RemovalsSayWhereTheyWere) {
  const auto cleaned = clean(entry_of("<p>Advertisement</p>" + std::string(kStory) + "<p>Advertisement</p>" + kStory +
                                      "<p>Share this post</p>"));
  ASSERT_EQ(cleaned.stripped.size(), 3U);
  EXPECT_EQ(cleaned.stripped[0].where, "head");
  EXPECT_EQ(cleaned.stripped[1].where, "body");
  EXPECT_EQ(cleaned.stripped[2].where, "tail");
}

TEST(Cleaner, PlainTextKeepsItsParagraphs) {
  Entry entry = entry_of("");
  entry.text = "First paragraph of it.\n\nSecond one & more.\n\nSubscribe to our newsletter!";
  const auto cleaned = clean(entry);
  EXPECT_EQ(cleaned.text, "First paragraph of it.\n\nSecond one & more.");
  EXPECT_EQ(rules_of(cleaned), std::vector<std::string>{"newsletter-en"});
}

TEST(Cleaner, LineBreaksInsideOfTagsAreNoneOfTheText) {
  const auto cleaned =
      clean(entry_of("It rose.<img\n\nsrc=\"/a.png\" alt=\"Flour\n\nin > sacks\"> So say\n\nthe bakers."));
  EXPECT_EQ(cleaned.text, "It rose. So say\n\nthe bakers.");
  EXPECT_THAT(cleaned.html, testing::HasSubstr("alt=\"Flour  in"));
}

// Cleaning cleaned output changes nothing.
class Idempotence : public testing::TestWithParam<const char*> {};
TEST_P(Idempotence, NothingIsLeftToTake) {
  const auto once = clean(entry_of(GetParam()));
  const auto twice = clean(entry_of(once.html));
  EXPECT_EQ(twice.html, once.html);
  EXPECT_EQ(twice.text, once.text);
  for (const auto& removal : twice.stripped) ADD_FAILURE() << removal.rule << ": " << removal.text;
}
INSTANTIATE_TEST_SUITE_P(
    Entries, Idempotence,
    testing::Values(
        "<h1>The price of flour</h1><p>It rose by a third in the year, say the bakers.</p><p>The post The price of "
        "flour appeared first on Example.</p>",
        "<span>It rose\nby a third\n\nin the year.</span>",
        "It rose by a third.<img src=\"/a.png\" alt=\"Flour\n\nin sacks\"> So say\n\nthe bakers.",
        "<p><br><img src=https://t.example/p.gif width=1 height=1> </p><p>It rose by a third.</p>",
        "<p>It rose. Read more</p><p>Share this</p><hr><hr><p>Advertisement</p><ul><li></li><li>One</li></ul>",
        "<p>It rose by a third &hellip; <a href=\"https://example.org/flour\">Continue reading</a> | <a href=\"/c\">5 "
        "comments</a></p>",
        "line one<br><br><br>line two<br>Follow us on Twitter<br>",
        "<div><div><p>a</p></div><table><tr><td>Advertisement<td>cell</table></div>",
        "<p><b>Related:</b></p><ul><li><a href=/a>A story</a></li></ul><p>It rose by a third in the year, say the "
        "bakers.</p>",
        "<blockquote>quoted<blockquote>twice</blockquote></blockquote><p></p><pre>  code\n\n  more</pre>"));

}  // namespace
}  // namespace newswire::clean
