#include "printable.h"

#include <gtest/gtest.h>

namespace newswire::daemon {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  const char* shown;
};
class Printable : public testing::TestWithParam<Case> {};
TEST_P(Printable, MovesNoCursorAndFakesNoLine) { EXPECT_EQ(printable(GetParam().text), GetParam().shown); }
INSTANTIATE_TEST_SUITE_P(Texts, Printable,
                         testing::Values(Case{"plain", "caf\u00e9 \u65b0", "caf\u00e9 \u65b0"},
                                         Case{"escape", "a\x1b[2Jb", "a [2Jb"},
                                         Case{"delete",
                                              "a\x7f"
                                              "b",
                                              "a b"},
                                         Case{"c1", "a\u009b2Jb", "a 2Jb"}, Case{"lines", "a\r\nb", "a  b"},
                                         Case{"nul", {"a\0b", 3}, "a b"}, Case{"no_utf8", "a\xff", "a\xff"},
                                         Case{"empty", "", ""}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Printable, KeepsLinesWhereTheyAreWanted) { EXPECT_EQ(printable("a\nb\rc", true), "a\nb c"); }

TEST(PrintableLine, IsOneAndNotTooLong) {
  EXPECT_EQ(printable_line("  a\n\t b  "), "a b");
  EXPECT_EQ(printable_line("abc", 3), "abc");
  EXPECT_EQ(printable_line("ab\u00e9", 3), "ab\u2026") << "no half character";
}

}  // namespace
}  // namespace newswire::daemon
