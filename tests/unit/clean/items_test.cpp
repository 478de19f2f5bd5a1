// tests/data/clean/items: whole entries of many languages, with what must go marked in them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "clean/cleaner.h"
#include "clean/html.h"

namespace newswire::clean {
namespace {

const std::filesystem::path kData = std::filesystem::path(NEWSWIRE_TEST_DATA) / "clean/items";
constexpr std::string_view kOpen = "⟦";
constexpr std::string_view kClose = "⟧";

struct Item {
  std::string title;
  std::string url;
  std::string marked;
};

std::vector<Item> items_of(const std::string& file) {
  std::ifstream in(kData / (file + ".txt"), std::ios::binary);
  std::vector<Item> items;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# ")) {
      const auto bar = line.rfind(" | ");
      items.push_back({line.substr(2, bar - 2), line.substr(bar + 3), {}});
    } else if (!items.empty()) {
      items.back().marked += line + "\n";
    }
  }
  return items;
}

// The item without the marks, and without what they enclose or with it.
std::string unmarked(const Item& item, bool with_promotion) {
  std::string html;
  std::string_view rest = item.marked;
  while (true) {
    const auto open = rest.find(kOpen);
    html += rest.substr(0, open);
    if (open == std::string_view::npos) return html;
    const auto close = rest.find(kClose, open);
    if (with_promotion) html += rest.substr(open + kOpen.size(), close - open - kOpen.size());
    rest.remove_prefix(close + kClose.size());
  }
}

std::vector<std::string> files() {
  std::vector<std::string> out;
  for (const auto& file : std::filesystem::directory_iterator(kData)) {
    if (file.path().extension() == ".txt") out.push_back(file.path().stem());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class Items : public testing::TestWithParam<std::string> {};

TEST_P(Items, LoseTheirPromotionAndNothingElse) {
  const auto items = items_of(GetParam());
  ASSERT_FALSE(items.empty());
  for (const auto& item : items) {
    Entry entry;
    entry.html = unmarked(item, true);
    entry.title = item.title;
    entry.url = item.url;
    SiteModel model;
    const auto cleaned = clean_entries({&entry, 1}, {}, model, Time{})[0];
    const auto wanted = Tree::parse_fragment(unmarked(item, false));
    EXPECT_EQ(fold_space(cleaned.text), fold_space(to_text(wanted, wanted.root()))) << item.title;

    entry.html = cleaned.html;
    SiteModel fresh;
    EXPECT_EQ(clean_entries({&entry, 1}, {}, fresh, Time{})[0].html, cleaned.html) << item.title;
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, Items, testing::ValuesIn(files()), [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace newswire::clean
