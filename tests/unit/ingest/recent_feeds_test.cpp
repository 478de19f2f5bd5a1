#include "ingest/recent_feeds.h"

#include <gtest/gtest.h>

#include <string>

namespace newswire::ingest {
namespace {

FeedMemory of(const std::string& id, std::uint64_t polls = 1) {
  FeedMemory memory;
  memory.hot.id = id;
  memory.hot.polls = polls;
  memory.http.id = id;
  return memory;
}

TEST(RecentFeeds, GivesWhatWasPutOnce) {
  RecentFeeds recent(8);
  recent.put(3, of("a", 7));
  const auto taken = recent.take(3, "a", 0);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->hot.polls, 7U);
  EXPECT_EQ(taken->http.id, "a");
  EXPECT_FALSE(recent.take(3, "a", 0)) << "a poll that did not end leaves nothing";
  EXPECT_FALSE(recent.take(4, "a", 0));
}

TEST(RecentFeeds, TheLastOneCounts) {
  RecentFeeds recent(4);
  recent.put(1, of("a", 1));
  recent.put(2, of("b", 1));  // a full generation: the next put begins a new one
  recent.put(1, of("a", 2));
  EXPECT_EQ(recent.size(), 2U);
  EXPECT_EQ(recent.take(1, "a", 0)->hot.polls, 2U);
  EXPECT_FALSE(recent.take(1, "a", 0));
}

TEST(RecentFeeds, ASlotOfAnotherFeedForgetsTheFormer) {
  RecentFeeds recent(8);
  recent.put(1, of("a"));
  EXPECT_FALSE(recent.take(1, "b", 0));
  EXPECT_FALSE(recent.take(1, "a", 0));
}

TEST(RecentFeeds, RowsOfAStoreThatIsGoneAreForgotten) {
  RecentFeeds recent(8);
  recent.put(1, of("a"));
  EXPECT_FALSE(recent.take(1, "a", 1));
  EXPECT_FALSE(recent.take(1, "a", 0));
}

TEST(RecentFeeds, KeepsTheLatestHalfAtLeastAndNeverMoreThanAll) {
  constexpr std::uint32_t kMost = 100;
  RecentFeeds recent(kMost);
  for (std::uint32_t slot = 0; slot < 1000; ++slot) {
    recent.put(slot, of(std::to_string(slot)));
    ASSERT_LE(recent.size(), kMost);
  }
  for (std::uint32_t slot = 950; slot < 1000; ++slot) EXPECT_TRUE(recent.take(slot, std::to_string(slot), 0)) << slot;
  EXPECT_FALSE(recent.take(850, "850", 0));
}

}  // namespace
}  // namespace newswire::ingest
