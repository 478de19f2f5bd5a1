#include "config/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace newswire::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Config parse(std::string_view text) {
  auto loaded = parse_yaml(text, "/x/newswire.yaml");
  EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : to_string(loaded.errors[0]));
  return std::move(loaded.config);
}

TEST(Difference, OfTheSameIsEmpty) {
  constexpr auto text = "defaults: {interval: 1h}\nfeeds: [https://a.b/1, {url: https://a.b/2, tags: [x]}]\n";
  EXPECT_TRUE(diff(parse(text), parse(text)).empty());
}

TEST(Difference, NamesFeeds) {
  const auto before =
      parse("feeds: [{url: https://a.b/1, id: one}, {url: https://a.b/2, id: two}, {url: https://a.b/3, id: three}]");
  const auto after = parse(
      "feeds: [{url: https://a.b/4, id: four}, {url: https://a.b/2b, id: two}, {url: https://a.b/3, id: three, "
      "interval: 1h}]");
  const auto got = diff(before, after);
  EXPECT_THAT(got.added, ElementsAre(0U));
  EXPECT_THAT(got.removed, ElementsAre(0U));
  ASSERT_EQ(got.changed.size(), 2U);
  EXPECT_EQ(got.changed[0].before, 1U);
  EXPECT_EQ(got.changed[0].after, 1U);
  EXPECT_TRUE(got.changed[0].url);
  EXPECT_FALSE(got.changed[0].settings);
  EXPECT_FALSE(got.changed[1].url);
  EXPECT_TRUE(got.changed[1].settings);
}

TEST(Difference, OfTagsIsAChange) {
  const auto got =
      diff(parse("feeds: [{url: https://a.b/, tags: [x]}]"), parse("feeds: [{url: https://a.b/, tags: [y]}]"));
  ASSERT_EQ(got.changed.size(), 1U);
  EXPECT_TRUE(got.changed[0].settings);
}

TEST(Difference, TellsWhatNeedsARestart) {
  const auto got =
      diff(parse("workers: 1\nfetch: {per_host: 1}\ndefaults: {priority: 1}"),
           parse("workers: 2\nfetch: {per_host: 2}\ndefaults: {priority: 2}\noutputs: [{connect: unix:/x}]"));
  EXPECT_THAT(got.restart, ElementsAre("workers"));
  EXPECT_THAT(got.keys, ElementsAre("fetch.per_host", "defaults.priority"));
  EXPECT_TRUE(got.outputs);
}

TEST(Difference, OfDefaultsReachesTheFeeds) {
  const auto got = diff(parse("defaults: {priority: 1}\nfeeds: [https://a.b/, {url: https://a.b/2, priority: 3}]"),
                        parse("defaults: {priority: 2}\nfeeds: [https://a.b/, {url: https://a.b/2, priority: 3}]"));
  ASSERT_EQ(got.changed.size(), 1U);
  EXPECT_EQ(got.changed[0].after, 0U);
}

}  // namespace
}  // namespace newswire::config
