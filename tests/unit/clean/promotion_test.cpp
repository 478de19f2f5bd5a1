// tests/data/clean/promotion: blocks of many languages that must go, and as many that only look like them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "clean/cleaner.h"

namespace newswire::clean {
namespace {

const std::filesystem::path kData = std::filesystem::path(NEWSWIRE_TEST_DATA) / "clean/promotion";

constexpr std::string_view kFirst =
    "<p>The bakers of the town met on the market square in the morning and spoke about the price of flour for an hour."
    "</p><p>Nobody there could remember a spring as dry as this one, and the oldest of them had baked since 1961.</p>";
constexpr std::string_view kLast =
    "<p>The mill at the river will be closed until the water rises again, its owner said on Monday.</p>";
constexpr std::string_view kText =
    "The bakers of the town met on the market square in the morning and spoke about the price of flour for an hour.\n\n"
    "Nobody there could remember a spring as dry as this one, and the oldest of them had baked since 1961.\n\n"
    "The mill at the river will be closed until the water rises again, its owner said on Monday.";

struct Sample {
  bool goes = false;
  std::string html;
};

std::vector<Sample> samples_of(const std::string& file) {
  std::ifstream in(kData / (file + ".txt"), std::ios::binary);
  std::vector<Sample> samples;
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    auto block = line.substr(colon + 2);
    const bool is_block = istarts_with(block, "<p") || istarts_with(block, "<h") || istarts_with(block, "<ul");
    if (!is_block) block = "<p>" + block + "</p>";
    samples.push_back({line.starts_with("strip"), std::move(block)});
  }
  return samples;
}

std::vector<std::string> files() {
  std::vector<std::string> out;
  for (const auto& file : std::filesystem::directory_iterator(kData)) {
    if (file.path().extension() == ".txt") out.push_back(file.path().stem());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Cleaned cleaned(std::string html) {
  Options options;
  options.learning = false;
  options.links = false;
  Entry entry;
  entry.html = std::move(html);
  entry.title = "The price of flour on the market square";
  entry.url = "https://example.org/flour";
  SiteModel model;
  return clean_entries({&entry, 1}, options, model, Time{})[0];
}

class Promotion : public testing::TestWithParam<std::string> {};

TEST_P(Promotion, GoesFromTheEndOfAnEntry) {
  for (const auto& sample : samples_of(GetParam())) {
    if (!sample.goes) continue;
    const auto result = cleaned(std::string(kFirst) + std::string(kLast) + sample.html);
    EXPECT_EQ(result.text, kText) << sample.html;
    EXPECT_FALSE(result.stripped.empty()) << sample.html;
  }
}

TEST_P(Promotion, IsNotSeenInWhatOnlyLooksLikeIt) {
  for (const auto& sample : samples_of(GetParam())) {
    if (sample.goes) continue;
    for (const auto& html : {std::string(kFirst) + std::string(kLast) + sample.html,
                             std::string(kFirst) + sample.html + std::string(kLast)}) {
      const auto result = cleaned(html);
      const auto taken = result.stripped.empty() ? std::string{} : result.stripped[0].rule;
      EXPECT_TRUE(result.stripped.empty())
          << sample.html << "\n  but " << taken << " took: " << result.stripped[0].text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, Promotion, testing::ValuesIn(files()),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace newswire::clean
