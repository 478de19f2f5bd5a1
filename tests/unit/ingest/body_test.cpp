#include "ingest/body.h"

#include <gtest/gtest.h>

namespace newswire::ingest {
namespace {

struct Case {
  const char* name;
  feed::Entry entry;
  const char* html;
  const char* text;
  bool from_summary;
};

feed::Entry entry(std::string html, std::string text, std::string summary, bool summary_is_html) {
  feed::Entry one;
  one.content_html = std::move(html);
  one.content_text = std::move(text);
  one.summary = std::move(summary);
  one.summary_is_html = summary_is_html;
  return one;
}

class BodyOf : public testing::TestWithParam<Case> {};
TEST_P(BodyOf, TakesTheFullestText) {
  const auto body = body_of(GetParam().entry);
  EXPECT_EQ(body.html, GetParam().html);
  EXPECT_EQ(body.text, GetParam().text);
  EXPECT_EQ(body.from_summary, GetParam().from_summary);
}
INSTANTIATE_TEST_SUITE_P(
    Publishers, BodyOf,
    testing::Values(Case{"content", entry("<p>long content</p>", "", "short", false), "<p>long content</p>", "", false},
                    Case{"text_content", entry("", "content", "short", false), "", "content", false},
                    Case{"only_a_summary", entry("", "", "<p>s</p>", true), "<p>s</p>", "", true},
                    Case{"only_a_plain_summary", entry("", "", "s", false), "", "s", true},
                    Case{"swapped", entry("teaser", "", "the whole article stands in the summary", true),
                         "the whole article stands in the summary", "", true},
                    Case{"nothing", entry("", "", "", false), "", "", true}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::ingest
