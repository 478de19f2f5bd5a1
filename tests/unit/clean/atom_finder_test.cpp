#include "clean/detail/atom_finder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

namespace newswire::clean {
namespace {

std::set<std::string> found_in(const std::vector<std::string>& atoms, std::string_view text) {
  std::vector<std::uint32_t> found = {7};
  AtomFinder(atoms).find(text, found);
  std::set<std::string> texts;
  for (const auto id : found) texts.insert(atoms.at(id));
  return texts;
}

struct Case {
  const char* name;
  std::vector<std::string> atoms;
  std::string text;
  std::set<std::string> found;
};
class AtomFinderOf : public testing::TestWithParam<Case> {};
TEST_P(AtomFinderOf, FindsWhatIsThere) { EXPECT_EQ(found_in(GetParam().atoms, GetParam().text), GetParam().found); }

INSTANTIATE_TEST_SUITE_P(
    Texts, AtomFinderOf,
    testing::Values(Case{"no_atoms", {}, "bread", {}}, Case{"no_text", {"bread"}, "", {}},
                    Case{"shorter_text", {"bread"}, "brea", {}}, Case{"shortest_text", {"bre", "brea"}, "bre", {"bre"}},
                    Case{"the_whole", {"bread"}, "bread", {"bread"}},
                    Case{"at_the_end", {"rolls"}, "bread, rolls", {"rolls"}},
                    Case{"at_the_end_of_a_long_one", {"and rolls"}, "bread and butter and rolls", {}},
                    Case{"eight_bytes", {"nd rolls"}, "bread and butter and rolls", {"nd rolls"}},
                    Case{"often", {"ana", "nan"}, "bananana", {"ana", "nan"}},
                    Case{"one_in_the_other",
                         {"sub", "subs", "subscri", "subscrib", "bscr"},
                         "subscribe",
                         {"sub", "subs", "subscri", "subscrib", "bscr"}},
                    Case{"the_same_head", {"newsle", "newsstan", "newspap"}, "newspaper", {"newspap"}},
                    Case{"case_counts", {"bread"}, "Bread", {}}, Case{"too_short_to_be_found", {"ab", ""}, "abc", {}},
                    Case{"other_alphabets", {"рас", "문", "購読"}, "на рассылку, 뉴스 購読する", {"рас", "購読"}},
                    Case{"invalid_bytes",
                         {"bread", "\xFF\xFE\xFF"},
                         "\xC3"
                         "bread\xFF\xFE\xFF",
                         {"bread", "\xFF\xFE\xFF"}},
                    Case{"null_bytes",
                         {std::string("\0\0\0", 3), std::string("a\0b", 3)},
                         std::string("a\0b\0\0", 5),
                         {std::string("a\0b", 3)}}),
    [](const auto& tested) { return std::string(tested.param.name); });

// Against a search for one after the other, in texts of few letters, where much is the beginning of much.
TEST(AtomFinder, FindsWhatASearchForEachFinds) {
  const auto* const given = std::getenv("NEWSWIRE_SEED");  // NOLINT(concurrency-mt-unsafe): no other thread
  const auto seed = given == nullptr ? std::random_device{}() : static_cast<unsigned>(std::strtoul(given, nullptr, 10));
  SCOPED_TRACE("NEWSWIRE_SEED=" + std::to_string(seed));
  std::mt19937 random(seed);
  const auto word = [&random](std::size_t size) {
    std::string text;
    while (text.size() < size) text += "ab\xC3 "[random() % 4];
    return text;
  };
  for (int round = 0; round < 50; ++round) {
    std::set<std::string> distinct;
    for (int i = 0; i < 60; ++i) distinct.insert(word(3 + random() % 6));
    const std::vector<std::string> atoms(distinct.begin(), distinct.end());
    const auto text = word(random() % 80);
    std::set<std::string> expected;
    for (const auto& atom : atoms) {
      if (text.find(atom) != std::string::npos) expected.insert(atom);
    }
    EXPECT_EQ(found_in(atoms, text), expected) << text;
  }
}

struct Fold {
  const char* name;
  std::string_view text;
  std::string_view folded;
};
class FoldCase : public testing::TestWithParam<Fold> {};
TEST_P(FoldCase, LowersTheAlphabetsOfRules) { EXPECT_EQ(fold_case(GetParam().text), GetParam().folded); }

INSTANTIATE_TEST_SUITE_P(Texts, FoldCase,
                         testing::Values(Fold{"empty", "", ""}, Fold{"ascii", "Sign UP [now]", "sign up [now]"},
                                         Fold{"accents_between", "ÉCOUTEZ LÀ", "écoutez là"},
                                         Fold{"other_size", "İLGİLİ ſo", "ilgili so"},
                                         Fold{"cyrillic", "ПОДПИШИТЕСЬ Now", "подпишитесь now"},
                                         Fold{"without_case", "購読 뉴스", "購読 뉴스"},
                                         Fold{"invalid", "A\xFF\xC3Z\xE2\x80", "a\xFF\xC3z\xE2\x80"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::clean
