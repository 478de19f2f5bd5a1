#include "clean/detail/match_text.h"

#include <gtest/gtest.h>

#include <string>

namespace newswire::clean {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::string matched;
};
class MatchText : public testing::TestWithParam<Case> {};
TEST_P(MatchText, IsWrittenAsPhrasesAre) { EXPECT_EQ(match_text(GetParam().text), GetParam().matched); }

INSTANTIATE_TEST_SUITE_P(
    Texts, MatchText,
    testing::Values(Case{"empty", "", ""}, Case{"plain", "Read more!", "Read more!"},
                    Case{"white_space", "\t Read\n\v \xC2\xA0more\xE3\x80\x80", "Read more"},
                    Case{"only_white_space", " \xE2\x80\x8B ", ""}, Case{"quotes", "`a’ “b„", "'a' \"b\""},
                    Case{"dashes_and_dots", "a – b…", "a - b..."},
                    Case{"invisible", "sub\xC2\xADscribe\xEF\xB8\x8F", "subscribe"},
                    Case{"other_alphabets", "Mehr über 記事 ", "Mehr über 記事"},
                    Case{"null_and_control", std::string("a\0b\x01", 4), std::string("a\0b\x01", 4)},
                    Case{"invalid", "a\xFF \xE2\x80", "a\xFF \xE2\x80"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(MatchPieces, CoverTheTextAndTakeOrdinaryLettersTogether) {
  std::string_view text = "Bread`s price … 3\xFF";
  std::vector<std::string> pieces;
  while (!text.empty()) {
    const auto piece = match_piece(text);
    pieces.emplace_back(piece.text);
    ASSERT_GT(piece.size, 0U);
    text.remove_prefix(piece.size);
  }
  EXPECT_EQ(pieces, (std::vector<std::string>{"Bread", "'", "s", " ", "price", " ", "...", " ", "3", "\xFF"}));
}

struct Words {
  const char* name;
  std::string_view text;
  std::uint32_t count;
};
class CountWords : public testing::TestWithParam<Words> {};
TEST_P(CountWords, CountsAsPeopleDo) { EXPECT_EQ(count_words(GetParam().text), GetParam().count); }

INSTANTIATE_TEST_SUITE_P(Texts, CountWords,
                         testing::Values(Words{"empty", "", 0}, Words{"blank", " \n ", 0}, Words{"one", "bread", 1},
                                         Words{"some", " fresh\tbread, and\n\nrolls ", 4},
                                         Words{"accents", "été à Orléans", 3}, Words{"dense", "新しい記事", 3},
                                         Words{"mixed", "RSSを読む now", 4}, Words{"invalid", "a\xFF \xFF\xFE b", 3}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::clean
