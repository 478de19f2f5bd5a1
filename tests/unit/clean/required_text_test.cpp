#include "clean/detail/required_text.h"

#include <gtest/gtest.h>

#include <string>

#include "clean/detail/atom_finder.h"
#include "clean/detail/lazy_pattern.h"

namespace newswire::clean {
namespace {

struct Case {
  const char* name;
  std::string_view pattern;
  std::vector<AnyOf> required;
};
class RequiredText : public testing::TestWithParam<Case> {};
TEST_P(RequiredText, IsReadOffThePattern) { EXPECT_EQ(required_text(GetParam().pattern), GetParam().required); }

INSTANTIATE_TEST_SUITE_P(
    Patterns, RequiredText,
    testing::Values(
        Case{"literal", "bread", {{"bread"}}}, Case{"lower_case", "BrEaD", {{"bread"}}},
        Case{"long_text_is_cut", "breadcrumbs", {{"breadcru"}}}, Case{"short_text_says_nothing", "ab", {}},
        Case{"alternatives", "bread|butter", {{"bread", "butter"}}},
        Case{"one_short_alternative_says_nothing", "bread|a", {}},
        Case{"optional_letter", "posts?", {{"post", "posts"}}},
        Case{"optional_group", "(the )?post", {{"post", "the post"}}}, Case{"any_number", "(the )*post", {{"post"}}},
        Case{"at_least_once", "(bread )+", {{"bread "}}},
        Case{"repeated_by_count", "(bread ){2,3}x{0,2}", {{"bread "}}},
        Case{"free_part", "sign up .* newsletter", {{"sign up "}, {" newslet"}}},
        Case{"class", "f[uü]r alle", {{"fur alle", "für all"}}}, Case{"range", "[0-9]+ comments", {{" comment"}}},
        Case{"negated", "[^.]{2,60} editor", {{" editor"}}}, Case{"escapes", "\\bapps\\b \\(free\\)", {{"apps (fr"}}},
        Case{"digit", "read \\d minutes", {{"read "}, {" minutes"}}}, Case{"flags", "(?-i:BREAD)(?i)", {{"bread"}}},
        Case{"groups_that_capture_not", "(?:bread)", {{"bread"}}}, Case{"anchors", "^bread$", {{"bread"}}},
        Case{"quoting_is_not_known", "\\Qbread\\E", {}}, Case{"unbalanced", "(bread", {}}, Case{"nothing", "", {}},
        Case{"anything", ".*", {}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(RequiredTextOf, NestingThatIsTooDeepIsGivenUp) {
  const std::string deep = std::string(5000, '(') + "bread" + std::string(5000, ')');
  EXPECT_TRUE(required_text(deep).empty());
}

// The promise: what a pattern matches contains one string of each list.
TEST(RequiredTextOf, IsInEveryTextThatMatches) {
  struct Match {
    const char* pattern;
    const char* text;
  };
  for (const auto& [pattern, text] :
       {Match{"(please )?(share|tweet)( this)* (post|story)s?", "Tweet this this STORY"},
        Match{"лайк|подпишитесь на (канал|рассылку)", "ПОДПИШИТЕСЬ на канал"},
        Match{"(weiter|mehr) ?lesen( (auf|bei) .{1,40})?", "Weiterlesen bei Beispiel"},
        Match{"[iıİ]lgili haber(ler)?", "İlgili haberler"}, Match{"관련 ?(기사|글)", "관련기사"}}) {
    ASSERT_TRUE(LazyPattern("^(?:" + std::string(pattern) + ")$").is_in(text)) << pattern;
    const auto folded = fold_case(text);
    for (const auto& strings : required_text(pattern)) {
      bool found = false;
      for (const auto& wanted : strings) found = found || folded.find(wanted) != std::string::npos;
      EXPECT_TRUE(found) << pattern;
    }
  }
}

}  // namespace
}  // namespace newswire::clean
