#include <gtest/gtest.h>

#include <string>

#include "clean/cleaner.h"

namespace newswire::clean {
namespace {

constexpr const char* kStory =
    "<p>The bakers of the town met on the market square in the morning and spoke about the price of flour.</p>";

Cleaned clean(const std::string& html, const std::string& title = "Bread",
              const std::string& url = "https://example.org/bread") {
  Options options;
  options.learning = false;
  Entry entry;
  entry.html = html;
  entry.title = title;
  entry.url = url;
  SiteModel model;
  return clean_entries({&entry, 1}, options, model, Time{})[0];
}

// What looks like promotion and is not, or belongs to the article although a rule speaks of such things.
struct Kept {
  const char* name;
  const char* html;
};
class WhatBelongsToTheArticle : public testing::TestWithParam<Kept> {};
TEST_P(WhatBelongsToTheArticle, Stays) {
  const auto cleaned = clean(std::string(kStory) + GetParam().html + kStory);
  for (const auto& removal : cleaned.stripped) ADD_FAILURE() << removal.rule << " takes: " << removal.text;
}
INSTANTIATE_TEST_SUITE_P(
    Texts, WhatBelongsToTheArticle,
    testing::Values(
        Kept{"a_link_word_in_a_sentence", "<p>You find the recipe <a href=\"https://other.example/r\">here</a>.</p>"},
        Kept{"a_link_word_after_brackets",
             "<p>It is documented (briefly) <a href=\"https://other.example/r\">here</a>.</p>"},
        Kept{"a_link_word_after_a_colon",
             "<p>The list of all bakers: <a href=\"https://other.example/r\">here</a></p>"},
        Kept{"entries_of_a_list",
             "<ul><li><a href=\"https://a.example/\">NeXT</a></li><li><a "
             "href=\"https://b.example/\">More</a></li></ul>"},
        Kept{"further_reading_elsewhere",
             "<p>More on ovens</p><p><a href=\"https://a.example/1\">How ovens work and why</a></p><p><a "
             "href=\"https://b.example/2\">A history of heat</a></p>"},
        Kept{"references_to_others",
             "<p>See also: <a href=\"https://a.example/1\">Jane Doe</a>, <a href=\"https://b.example/\">John "
             "Roe</a>.</p>"},
        Kept{"whom_to_follow",
             "<p>Follow the White House on Twitter for more.</p><p>It was said by all of the bakers on the market "
             "square in the "
             "morning, and they said it again in the evening, when the flour was sold and nobody was left to hear it "
             "but the owls "
             "and the clerk, who wrote it down in his book as he does with all things that he hears in the evening of "
             "such days, "
             "and nobody asks him why.</p>"},
        Kept{"instructions", "<p>Use the Settings app in Windows to set a limit for your data.</p>"},
        Kept{"an_app_that_is_told_of", "<p>Try a free language learning app like the one from the town.</p>"},
        Kept{"share_of_something", "<p>Share your tricks with the flour is what the bakers said to one another.</p>"}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct Taken {
  const char* name;
  const char* html;
  const char* text;
  const char* category;
};
class WhatDoesNot : public testing::TestWithParam<Taken> {};
TEST_P(WhatDoesNot, GoesAndIsNamed) {
  const auto cleaned = clean(std::string(kStory) + GetParam().html);
  ASSERT_EQ(cleaned.stripped.size(), 1U);
  EXPECT_EQ(cleaned.stripped[0].text, GetParam().text);
  EXPECT_EQ(cleaned.stripped[0].category, GetParam().category);
  EXPECT_EQ(cleaned.text, clean(kStory).text);
}
INSTANTIATE_TEST_SUITE_P(
    Texts, WhatDoesNot,
    testing::Values(
        Taken{"a_link_word_to_the_entry", "<p><a href=\"https://example.org/bread\">more</a></p>", "more", "read-more"},
        Taken{"an_address_under_its_invitation", "<p>Support us on Patreon<br>https://www.patreon.com/x</p>",
              "Support us on Patreon\nhttps://www.patreon.com/x", "donation"},
        Taken{"teasers_of_the_site",
              "<p>More on ovens</p><p><a href=\"https://example.org/1\">How ovens work and why</a></p>",
              "More on ovens\nHow ovens work and why", "related"},
        Taken{"a_list_of_addresses",
              "<p>Example in social media:<br>Telegram: https://t.me/x<br>Blog: https://x.example/</p>",
              "Example in social media:\nTelegram: https://t.me/x\nBlog: https://x.example/", "social"},
        Taken{"sharing", "<p>Facebook | Twitter | Email</p>", "Facebook | Twitter | Email", "share"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Phrases, TakeTheEndOfASentenceWithoutSpace) {
  const auto cleaned =
      clean("<p>The murder of 1994 is before the court now, says the paper.Leia mais (01/03/2025 - 23h00)</p>");
  EXPECT_EQ(cleaned.text, "The murder of 1994 is before the court now, says the paper.");
}

TEST(Phrases, LeaveTheSentenceThatAnnouncesWhatFollows) {
  const auto cleaned = clean(
      "<p>This issue is brought to you by Example Computers. This week in the Weekly:<br>Review: a "
      "mint<br>News: a tumbleweed</p>");
  EXPECT_EQ(cleaned.text, "This week in the Weekly:\nReview: a mint\nNews: a tumbleweed");
  ASSERT_EQ(cleaned.stripped.size(), 1U);
  EXPECT_EQ(cleaned.stripped[0].text, "This issue is brought to you by Example Computers.");
}

TEST(Phrases, LeaveAnEntryThatIsAboutItsSponsor) {
  const auto cleaned = clean(
      "<p>My thanks to Example for sponsoring this week's feed. They make ovens that bake bread by "
      "themselves.</p><p>Their latest one is blue.</p>");
  EXPECT_TRUE(cleaned.stripped.empty());
}

TEST(Phrases, DoNotApplyToAnEntryThatIsAboutTheVeryThing) {
  const std::string html = std::string(kStory) + "<p>Sign up for our weekly newsletter.</p>";
  EXPECT_EQ(clean(html).stripped.size(), 1U);
  EXPECT_TRUE(clean(html, "Our newsletter is back").stripped.empty());
}

TEST(Phrases, ReportTeasersAsRelated) {
  const auto cleaned =
      clean(std::string(kStory) +
            "<h3>Related articles</h3><ul><li><a href=\"https://example.org/1\">One story about bread</a></li>"
            "<li><a href=\"https://example.org/2\">Another story</a></li></ul>");
  ASSERT_EQ(cleaned.related.size(), 2U);
  EXPECT_EQ(cleaned.related[0].title, "One story about bread");
  EXPECT_EQ(cleaned.related[0].url, "https://example.org/1");
  EXPECT_EQ(cleaned.related[1].title, "Another story");
}

}  // namespace
}  // namespace newswire::clean
