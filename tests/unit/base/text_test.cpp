#include "base/text.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/log_value.h"

namespace newswire {
namespace {

struct Utf8Case {
  const char* name;
  std::string_view bytes;
  bool valid;
};
class IsUtf8 : public testing::TestWithParam<Utf8Case> {};
TEST_P(IsUtf8, FollowsRfc3629) { EXPECT_EQ(is_utf8(GetParam().bytes), GetParam().valid); }
INSTANTIATE_TEST_SUITE_P(
    Rfc3629, IsUtf8,
    testing::Values(Utf8Case{"ascii", "plain text, longer than a word", true}, Utf8Case{"two", "\xC3\xA9", true},
                    Utf8Case{"three", "\xE2\x82\xAC", true}, Utf8Case{"four", "\xF0\x9F\x98\x80", true},
                    Utf8Case{"overlong", "\xC0\xAF", false}, Utf8Case{"overlong_three", "\xE0\x80\xAF", false},
                    Utf8Case{"surrogate", "\xED\xA0\x80", false}, Utf8Case{"too_high", "\xF4\x90\x80\x80", false},
                    Utf8Case{"cut", "abc\xE2\x82", false}, Utf8Case{"stray", "a\x80z", false}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(FoldSpace, FoldsAllWhiteSpaceToOneSpace) {
  EXPECT_EQ(fold_space(" a\n\t b\xC2\xA0\xE3\x80\x80"
                       "c "),
            "a b c");
  EXPECT_EQ(fold_space(" \n"), "");
}

TEST(CutUtf8, NeverCutsACharacter) {
  EXPECT_EQ(cut_utf8("a\xE2\x82\xAC", 3), "a");
  EXPECT_EQ(cut_utf8("a\xE2\x82\xAC", 4), "a\xE2\x82\xAC");
}

TEST(Nearest, FindsASlipOfTheFingersOnly) {
  EXPECT_EQ(nearest("intervall", {"interval", "include"}), "interval");
  EXPECT_EQ(nearest("zzzzzz", {"interval", "include"}), std::nullopt);
}

TEST(LogValue, CannotForgeALine) {
  EXPECT_EQ(log_value("plain"), "plain");
  EXPECT_EQ(log_value("two words"), "\"two words\"");
  EXPECT_EQ(log_value("a\nlevel=error"), "\"a\\nlevel=error\"");
  EXPECT_EQ(log_value(""), "\"\"");
}

TEST(Hash, IsStableAcrossVersions) {
  EXPECT_EQ(to_hex(hash64("newswire")), to_hex(hash64("newswire")));
  EXPECT_EQ(to_base32({0, 31}), "0000000000000000000000000z");
  EXPECT_EQ(to_hex(255), "00000000000000ff");
}

}  // namespace
}  // namespace newswire
