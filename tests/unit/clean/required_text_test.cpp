#include "clean/detail/required_text.h"

#include <gtest/gtest.h>

#include <string>

#include "clean/detail/atom_finder.h"
#include "clean/detail/compiled_rules.h"
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

Characters set_of(std::string_view bytes) {
  Characters all = 0;
  for (const char c : bytes) all |= character_of(static_cast<unsigned char>(c));
  return all;
}

constexpr std::string_view kBeyond = "\x80";
constexpr auto kUnbounded = Shape::kUnbounded;

struct Shaped {
  const char* name;
  std::string_view pattern;
  Shape shape;
};
class ShapeOf : public testing::TestWithParam<Shaped> {};
TEST_P(ShapeOf, IsReadOffThePattern) {
  const auto shape = shape_of(GetParam().pattern);
  EXPECT_EQ(shape.first, GetParam().shape.first);
  EXPECT_EQ(shape.least, GetParam().shape.least);
  EXPECT_EQ(shape.most, GetParam().shape.most);
}

INSTANTIATE_TEST_SUITE_P(
    Patterns, ShapeOf,
    testing::Values(
        Shaped{"nothing", "", {0, 0, 0}}, Shaped{"literal", "bread", {set_of("b"), 5, 5}},
        Shaped{"case", "BREAD", {set_of("b"), 5, 5}}, Shaped{"digits", "24 hours", {set_of("2"), 8, 8}},
        Shaped{"not_a_letter", "\\(c\\)", {set_of("!"), 3, 3}},
        Shaped{"characters_not_bytes",
               "über",
               {set_of("\xC3"
                       "ks"),
                4, 4}},
        Shaped{"letters_with_capitals_beyond_ascii", "(k|s)", {set_of("ks\x80"), 1, 1}},
        Shaped{"alternatives", "bread|a|tea", {set_of("bat"), 1, 5}},
        Shaped{"optional", "(the )?bread", {set_of("tb"), 5, 9}},
        Shaped{"optional_inside", "bread( rolls)?", {set_of("b"), 5, 11}},
        Shaped{"any_number", "(the )*bread", {set_of("tb"), 5, kUnbounded}},
        Shaped{"at_least_once", "(the )+bread", {set_of("t"), 9, kUnbounded}},
        Shaped{"all_optional", "a?b*", {set_of("ab"), 0, kUnbounded}},
        Shaped{"counted", "a{2,3}b{0,2}c{2}d{1,}", {set_of("a"), 5, kUnbounded}},
        Shaped{"counted_group", "(ab|c){2,3}", {set_of("ac"), 2, 6}}, Shaped{"none", "a{0}b", {set_of("ab"), 1, 1}},
        Shaped{"anything", ".{1,80}", {kAnyCharacter, 1, 80}}, Shaped{"free", ".*", Shape{}},
        Shaped{"class", "[ab]c", {set_of("ab"), 2, 2}}, Shaped{"range", "[a-c0-2]+", {set_of("abc012"), 1, kUnbounded}},
        Shaped{"range_over_k", "[j-l]", {set_of("jkl\x80"), 1, 1}},
        Shaped{"range_beyond_ascii", "[а-я]", {set_of("\x80ks"), 1, 1}},
        Shaped{"range_into_beyond", "[z-я]", {kAnyCharacter, 1, 1}}, Shaped{"bracket", "[]a-]", {set_of("!a"), 1, 1}},
        Shaped{"escaped_range", "[\\--\\.]", {set_of("!"), 1, 1}}, Shaped{"negated", "[^ab]", {kAnyCharacter, 1, 1}},
        Shaped{"named_class", "[[:alpha:]]", {kAnyCharacter, 1, 1}}, Shaped{"digit", "\\d", {kAnyCharacter, 1, 1}},
        Shaped{"property", "\\p{L}\\pN", {kAnyCharacter, 2, 2}},
        Shaped{"borders", "^\\bapps?\\b$", {set_of("a"), 3, 4}},
        Shaped{"flags", "(?i)(?-i:Bread)", {set_of("b"), 5, 5}}, Shaped{"bytes_are_not_known", "\\Cread", Shape{}},
        Shaped{"unbalanced", "(bread", Shape{}}, Shaped{"brace_that_counts_not", "a{1x}", Shape{}},
        Shaped{"sizes_beyond_counting", "((a{1000}){1000}){9000}", {set_of("a"), 0, kUnbounded}}),
    [](const auto& tested) { return std::string(tested.param.name); });

// The promise: what a pattern matches has its shape. (These require no text.)
TEST(ShapeOfMatches, IsThatOfThePattern) {
  struct Match {
    const char* pattern;
    const char* text;
  };
  for (const auto& [pattern, text] :
       {Match{"subscribe", "\xC5\xBFubscribe"}, Match{"k.", "\xE2\x84\xAA!"}, Match{"\xC5\xBFo", "So"},
        Match{"\xE2\x84\xAA|b", "k"}, Match{"[j-l]", "\xE2\x84\xAA"}, Match{"[ſ-ƀ]", "S"}, Match{"[ßb]", "ẞ"},
        Match{"подписка.{0,3}", "ПОДПИСКА購読"}, Match{"[^ .]{2}", "é購"}, Match{"(?-i:[A-Z][A-Z.'-]+)", "KYIV"},
        Match{"a??b+?", "bb"}, Match{"[\\w.-]+", "A.b"}}) {
    ASSERT_TRUE(LazyPattern("^(?:" + std::string(pattern) + ")$").is_in(text)) << pattern;
    PhraseSet phrases;
    phrases.add(pattern, 3, false);
    phrases.compile();
    std::vector<std::uint32_t> found;
    phrases.match(text, found);
    EXPECT_EQ(found, (std::vector<std::uint32_t>{3})) << pattern;
  }
}

TEST(ShapeOfMatches, LetsNoTextThroughThatIsNone) {
  PhraseSet phrases;
  phrases.add("bread.*", 1, false);
  phrases.add(".*", 2, false);
  phrases.add(".{3,4}", 3, false);
  phrases.compile();
  std::vector<std::uint32_t> found;
  phrases.match("", found);
  EXPECT_EQ(found, (std::vector<std::uint32_t>{2}));
  phrases.match("bread", found);
  EXPECT_EQ(found, (std::vector<std::uint32_t>{1, 2}));
  phrases.match("\xC3\xA9\xC3\xA9\xC3\xA9", found);
  EXPECT_EQ(found, (std::vector<std::uint32_t>{2, 3}));
  phrases.match("\xFF\xC3", found);  // no UTF-8
  EXPECT_TRUE(found.empty());
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
