#include "managed_feeds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace newswire::daemon {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class Managed : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "newswire-managed-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
    fs::create_directories(folder / "state");
  }
  void TearDown() override { fs::remove_all(folder); }

  /// The configuration as it stands with `managed` as feeds.yaml.
  config::Config load(const std::string& managed) const {
    EXPECT_TRUE(write_managed(folder / "state/feeds.yaml", managed));
    const auto loaded = config::parse_yaml(
        "state: {dir: state}\ndefaults: {interval: {min: 20m}}\nfeeds:\n  - {url: https://a.b/feed, id: a}\n",
        folder / "newswire.yaml");
    for (const auto& error : loaded.errors) ADD_FAILURE() << to_string(error) << "\n" << managed;
    return loaded.config;
  }

  fs::path folder;
};

NewFeed feed(std::string url, std::string id = {}) {
  NewFeed feed;
  feed.url = std::move(url);
  feed.id = std::move(id);
  return feed;
}

TEST_F(Managed, WhatWasAddedIsReadBack) {
  const auto before = load({});
  ManagedFeeds managed(before);
  auto wanted = feed("https://c.d/?x=1&y=\"2\"", "c");
  wanted.title = "It's: \"C\" #1";
  wanted.tags = {"z", "news/world", "z"};
  wanted.interval = config::FeedSettings::Interval{5min, 6h};
  ASSERT_TRUE(managed.add(wanted));
  const auto after = load(managed.yaml());
  ASSERT_EQ(after.feeds.size(), 2U);
  const auto& added = after.feeds[1];
  EXPECT_TRUE(config::is_managed(after, added));
  EXPECT_EQ(added.id, "c");
  EXPECT_EQ(added.url, wanted.url);
  EXPECT_EQ(config::labels_of(added).title, wanted.title);
  EXPECT_EQ(config::labels_of(added).tags, (std::vector<std::string>{"news/world", "z"}));
  EXPECT_EQ(added.settings->interval.min, 5min);
  EXPECT_EQ(added.settings->interval.max, 6h);
  EXPECT_EQ(ManagedFeeds(after).yaml(), managed.yaml()) << "and written again the same";
}

TEST_F(Managed, AFeedIsKnownUnderEachOfItsAddresses) {
  const auto config = load({});
  ManagedFeeds managed(config);
  for (const auto* const url : {"https://a.b/feed", "http://a.b/feed", "http://www.a.b/feed/"}) {
    const auto added = managed.add(feed(url));
    ASSERT_FALSE(added) << url;
    EXPECT_EQ(added.error().code, Errc::busy);
    EXPECT_THAT(added.error().what, HasSubstr("newswire.yaml:4"));
  }
  EXPECT_TRUE(managed.add(feed("https://a.b/feed?category=2")));
  EXPECT_FALSE(managed.add(feed("https://x.y/", "a"))) << "the id is taken";
}

TEST_F(Managed, AnIntervalIsTakenBackWhole) {
  const auto before = load({});
  ManagedFeeds managed(before);
  ASSERT_TRUE(managed.add(feed("https://c.d/", "c")));
  managed.set_interval(before.feeds[0], config::FeedSettings::Interval{1h, 2h});
  const auto with = load(managed.yaml());
  EXPECT_EQ(with.feeds[0].settings->interval.max, 2h);
  ManagedFeeds again(with);
  again.set_interval(with.feeds[1], config::FeedSettings::Interval{3h, 3h});
  const auto both = load(again.yaml());
  EXPECT_EQ(both.feeds[0].settings->interval.min, 1h);
  EXPECT_EQ(both.feeds[1].settings->interval.min, 3h);
  ManagedFeeds back(both);
  back.set_interval(both.feeds[0], std::nullopt);
  back.set_interval(both.feeds[1], std::nullopt);
  const auto after = load(back.yaml());
  EXPECT_EQ(after.feeds[0].settings, after.defaults);
  EXPECT_EQ(after.feeds[1].settings, after.defaults);
}

TEST_F(Managed, OnlyItsOwnFeedsAreRemoved) {
  const auto before = load({});
  ManagedFeeds managed(before);
  const auto refused = managed.remove(before.feeds[0]);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::refused);
  EXPECT_THAT(refused.error().where, HasSubstr("newswire.yaml:4"));
  auto added = feed("https://c.d/", "c");
  added.interval = config::FeedSettings::Interval{1h, 2h};
  ASSERT_TRUE(managed.add(added));
  const auto with = load(managed.yaml());
  ManagedFeeds second(with);
  ASSERT_TRUE(second.remove(with.feeds[1]));
  EXPECT_EQ(second.yaml(), "") << "its interval goes with it";
}

TEST_F(Managed, TheFileIsReplacedAtOnceAndPrivate) {
  const auto path = folder / "state/feeds.yaml";
  EXPECT_EQ(*read_managed(path), "");
  ASSERT_TRUE(write_managed(path, "feeds: []\n"));
  ASSERT_TRUE(write_managed(path, "feeds: [https://a.b/]\n"));
  EXPECT_EQ(*read_managed(path), "feeds: [https://a.b/]\n");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator(path.parent_path()), fs::directory_iterator()), 1) << "no leftovers";
  ASSERT_TRUE(write_managed(path, ""));
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(write_managed(path, "")) << "twice is fine";
  EXPECT_EQ(write_managed(folder / "none/feeds.yaml", "x").error().code, Errc::io);
}

struct IntervalCase {
  const char* name;
  std::string text;
  std::optional<std::pair<std::chrono::seconds, std::chrono::seconds>> interval;  ///< nothing: an error
};
class Interval : public testing::TestWithParam<IntervalCase> {};
TEST_P(Interval, IsOneTimeOrTwo) {
  const auto got = parse_interval(GetParam().text);
  ASSERT_EQ(got.has_value(), GetParam().interval.has_value());
  if (!got) return;
  EXPECT_EQ((*got)->min, GetParam().interval->first);
  EXPECT_EQ((*got)->max, GetParam().interval->second);
}
INSTANTIATE_TEST_SUITE_P(Texts, Interval,
                         testing::Values(IntervalCase{"one", "30m", std::pair{30min, 30min}},
                                         IntervalCase{"two", "15m 6h", std::pair{15min, 6h}},
                                         IntervalCase{"spaces", "  15m   6h ", std::pair{15min, 6h}},
                                         IntervalCase{"same", "1h 60m", std::pair{1h, 1h}},
                                         IntervalCase{"wrong_order", "6h 15m", {}},
                                         IntervalCase{"three", "1m 2m 3m", {}}, IntervalCase{"no_unit", "30", {}},
                                         IntervalCase{"empty", "", {}}, IntervalCase{"zero", "0", {}},
                                         IntervalCase{"too_short", "10ms", {}}, IntervalCase{"word", "often", {}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(IntervalDefault, TakesBack) {
  const auto got = parse_interval("default");
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, std::nullopt);
}

}  // namespace
}  // namespace newswire::daemon
