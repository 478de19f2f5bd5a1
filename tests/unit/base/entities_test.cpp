#include "base/entities.h"

#include <gtest/gtest.h>

namespace newswire {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  std::string_view decoded;
};
class DecodeEntities : public testing::TestWithParam<Case> {};
TEST_P(DecodeEntities, ReadsAsABrowserDoes) { EXPECT_EQ(decode_entities(GetParam().text), GetParam().decoded); }
INSTANTIATE_TEST_SUITE_P(
    Whatwg, DecodeEntities,
    testing::Values(Case{"named", "caf&eacute;", "café"}, Case{"legacy_without_semicolon", "caf&eacute !", "café !"},
                    Case{"not_legacy_needs_semicolon", "&hellip x", "&hellip x"}, Case{"decimal", "&#8217;", "’"},
                    Case{"hexadecimal", "&#x2019;", "’"}, Case{"c1_is_windows_1252", "&#146;", "’"},
                    Case{"once_only", "&amp;lt;", "&lt;"}, Case{"bare", "a & b && c", "a & b && c"},
                    Case{"unknown", "&nosuch;", "&nosuch;"}, Case{"null", "&#0;", "\xEF\xBF\xBD"},
                    Case{"controls", "a&#27;&#x7;b&#9;c&#10;d", "ab\tc\nd"},
                    Case{"no_character", "&#xFFFF;&#65534;", "\xEF\xBF\xBD\xEF\xBF\xBD"},
                    Case{"too_high", "&#x110000;", "\xEF\xBF\xBD"},
                    Case{"huge", "&#99999999999999999999;", "\xEF\xBF\xBD"}, Case{"at_the_end", "&", "&"},
                    Case{"prefix_of_a_word", "&notit;", "¬it;"}, Case{"empty_number", "&#;", "&#;"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(HtmlEscape, EscapesQuotesInAttributesOnly) {
  std::string text;
  append_html_escaped(text, "a<b>&\"");
  EXPECT_EQ(text, "a&lt;b&gt;&amp;\"");
  text.clear();
  append_html_escaped(text, "\"", true);
  EXPECT_EQ(text, "&quot;");
}

}  // namespace
}  // namespace newswire
