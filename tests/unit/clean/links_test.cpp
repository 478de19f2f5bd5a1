#include "clean/links.h"

#include <gtest/gtest.h>

#include <string>

namespace newswire::clean {
namespace {

struct Case {
  const char* name;
  std::string_view in;
  std::string_view out;
};
class Links : public testing::TestWithParam<Case> {};
TEST_P(Links, LoseWhatIsNotForTheReader) { EXPECT_EQ(clean_link(GetParam().in), GetParam().out); }
TEST_P(Links, ChangeNoMoreTheSecondTime) { EXPECT_EQ(clean_link(clean_link(GetParam().in)), GetParam().out); }

INSTANTIATE_TEST_SUITE_P(
    Tracking, Links,
    testing::Values(
        Case{"campaign", "https://example.org/a?utm_source=rss&utm_medium=feed", "https://example.org/a"},
        Case{"others_stay", "https://example.org/a?id=5&fbclid=x&page=2", "https://example.org/a?id=5&page=2"},
        Case{"fragment_stays", "https://example.org/a?utm_source=rss#part", "https://example.org/a#part"},
        Case{"any_case", "https://example.org/a?UTM_Source=rss&x=1", "https://example.org/a?x=1"},
        Case{"entities", "https://example.org/a?x=1&amp;utm_source=rss", "https://example.org/a?x=1"},
        Case{"a_word_that_begins_alike", "https://example.org/a?utmost=1", "https://example.org/a?utmost=1"},
        Case{"untouched_byte_for_byte", "HTTPS://Example.org:443/a/../b?q=%C3%A4&&y",
             "HTTPS://Example.org:443/a/../b?q=%C3%A4&&y"},
        Case{"no_url", "utm_source=rss", "utm_source=rss"}, Case{"empty", "", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Wrappers, Links,
    testing::Values(Case{"search_engine", "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa&usg=x",
                         "https://example.org/a"},
                    Case{"social_network",
                         "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3Dx&h=y",
                         "https://example.org/a"},
                    Case{"no_web_address_inside", "https://www.google.com/url?q=javascript:alert(1)",
                         "https://www.google.com/url?q=javascript:alert(1)"},
                    Case{"a_host_that_ends_alike", "https://evil-google.com/url?q=https://example.org/",
                         "https://evil-google.com/url?q=https://example.org/"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(LinksInLinks, AreUnwrappedAFewTimesOnly) {
  std::string url = "https://example.org/a";
  for (int i = 0; i < 40; ++i) url = "https://www.google.com/url?q=" + url;
  const auto cleaned = clean_link(url);
  EXPECT_LT(cleaned.size(), url.size());
  EXPECT_TRUE(cleaned.starts_with("https://"));
}

}  // namespace
}  // namespace newswire::clean
