#include "clean/detail/units.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace newswire::clean {
namespace {

// A line of `text`; "^" marks the places that are expected.
struct Marked {
  Line line;
  std::vector<std::uint32_t> places;
};

Marked marked(std::string_view text) {
  Marked result;
  for (const char c : text) {
    if (c == '^')
      result.places.push_back(static_cast<std::uint32_t>(result.line.text.size()));
    else
      result.line.text += c;
  }
  result.line.end = static_cast<std::uint32_t>(result.line.text.size());
  return result;
}

struct Case {
  const char* name;
  std::string_view text;
};
class Borders : public testing::TestWithParam<Case> {};
TEST_P(Borders, AreWhereSomethingBegins) {
  const auto [line, places] = marked(GetParam().text);
  EXPECT_EQ(end_borders(line), places);
  auto descending = start_borders(line);
  std::reverse(descending.begin(), descending.end());
  EXPECT_EQ(descending, places);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, Borders,
    testing::Values(Case{"empty", ""}, Case{"blank", " "}, Case{"words", "one two, three"},
                    Case{"sentences", "One. ^Two! ^Three? ^Four."}, Case{"closing", "\"One.\" ^(Two.) ^Three"},
                    Case{"separators", "One | ^two - ^three: ^four > ^five"}, Case{"hyphens", "a well-known word"},
                    Case{"brackets", "One ^[two] ^three ^(four)"}, Case{"no_space", "In 1994.^Read more"},
                    Case{"abbreviations", "The U.S.A and e.g.This"}, Case{"dense", "一。^二！^三」四"},
                    Case{"accents", "Été où. ^École, naïve"}, Case{"accent_and_no_space", "Là é.^Now"},
                    Case{"bullets", "One • ^two » ^three"}, Case{"arabic", "ما؟ ^نعم۔ ^لا"},
                    Case{"invalid", "One\xFF. ^Two\xC3 three\xE2\x80. ^\xFF"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(BordersOfALine, AreInWhatIsLeftOfIt) {
  auto line = marked("One. Two. Three. Four.").line;
  EXPECT_EQ(end_borders(line), (std::vector<std::uint32_t>{5, 10, 17}));
  line.begin = 5;
  line.end = 16;
  EXPECT_EQ(end_borders(line), (std::vector<std::uint32_t>{10}));
  line.end = line.begin;
  EXPECT_TRUE(end_borders(line).empty());
  EXPECT_TRUE(start_borders(line).empty());
}

TEST(BordersOfALine, AreThoseOfLinksToo) {
  auto line = marked("See here for more").line;
  line.links.push_back({4, 8, 1});
  EXPECT_EQ(end_borders(line), (std::vector<std::uint32_t>{4, 9}));
}

TEST(BordersOfALine, AreTheOuterOnesOfMany) {
  std::string text;
  while (text.size() < 4 * 2 * kMaxBorders) text += "Ab. ";
  const auto line = marked(text).line;
  const auto from_end = end_borders(line);
  ASSERT_EQ(from_end.size(), kMaxBorders);
  EXPECT_EQ(from_end.front(), line.end - 4 * kMaxBorders);
  EXPECT_EQ(from_end.back(), line.end - 4);
  const auto from_start = start_borders(line);
  ASSERT_EQ(from_start.size(), kMaxBorders);
  EXPECT_EQ(from_start.front(), 4 * kMaxBorders);
  EXPECT_EQ(from_start.back(), 4U);
}

// The distance is counted in bytes, and a character is not cut.
TEST(BordersOfALine, AreNearItsEnds) {
  std::string text = "A. ";
  while (text.size() < 3 * kMaxUnit) text += "é";
  const auto line = marked(text + ". B").line;
  EXPECT_EQ(end_borders(line), (std::vector<std::uint32_t>{line.end - 1}));
  EXPECT_EQ(start_borders(line), (std::vector<std::uint32_t>{3}));
}

}  // namespace
}  // namespace newswire::clean
