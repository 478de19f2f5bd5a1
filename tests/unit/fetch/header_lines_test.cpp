#include "fetch/detail/header_lines.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace newswire::fetch::detail {
namespace {

std::vector<std::string> texts(HeaderLines& lines) {
  std::vector<std::string> found;
  for (const auto* node = lines.list(); node != nullptr; node = node->next) found.emplace_back(node->data);
  return found;
}

TEST(HeaderLines, AreALineEachInOrder) {
  HeaderLines lines;
  lines.add("Accept", "*/*");
  lines.add("X-Long", std::string(5000, 'x'));  // the buffer moves
  lines.add("A-IM", "feed");
  EXPECT_THAT(texts(lines), testing::ElementsAre("Accept: */*", "X-Long: " + std::string(5000, 'x'), "A-IM: feed"));
}

TEST(HeaderLines, AnEmptyValueIsWrittenAsLibcurlWantsIt) {
  HeaderLines lines;
  lines.add("X-Empty", "");
  EXPECT_THAT(texts(lines), testing::ElementsAre("X-Empty;"));
}

TEST(HeaderLines, CanBeUsedAgain) {
  HeaderLines lines;
  EXPECT_EQ(lines.list(), nullptr);
  lines.add("Authorization", "Bearer secret");
  ASSERT_NE(lines.list(), nullptr);
  lines.clear();
  EXPECT_EQ(lines.list(), nullptr);
  lines.add("A-IM", "feed");
  EXPECT_THAT(texts(lines), testing::ElementsAre("A-IM: feed"));
}

}  // namespace
}  // namespace newswire::fetch::detail
