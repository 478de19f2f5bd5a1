#include "base/count_of.h"

#include <gtest/gtest.h>

namespace newswire {
namespace {

TEST(CountOf, OneStandsAlone) {
  EXPECT_EQ(count_of(0, "feed"), "0 feeds");
  EXPECT_EQ(count_of(1, "feed"), "1 feed");
  EXPECT_EQ(count_of(2, "feed"), "2 feeds");
  EXPECT_EQ(count_of(11, "feed"), "11 feeds");
}

TEST(CountOf, NounsWithAPluralOfTheirOwn) {
  EXPECT_EQ(count_of(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(count_of(2, "entry", "entries"), "2 entries");
}

}  // namespace
}  // namespace newswire
