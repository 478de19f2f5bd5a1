#include "ingest/throughput.h"

#include <gtest/gtest.h>

namespace newswire::ingest {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 8h};

MinuteCounts fresh(std::uint32_t polls) { return {.fresh = polls}; }

TEST(Throughput, SumsUpWhatPassesInAMinute) {
  Throughput throughput;
  throughput.add(kStart, {.fresh = 1, .articles = 3, .bytes = 5'000'000'000});
  throughput.add(kStart + 59s, {.failed = 1, .bytes = 7});
  throughput.add(kStart + 60s, {.unchanged = 1});
  throughput.add(kStart + 61s, {.not_modified = 1});
  const auto counts = throughput.last(kStart + 119s, 2);
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0], (MinuteCounts{.fresh = 1, .failed = 1, .articles = 3, .bytes = 5'000'000'007}));
  EXPECT_EQ(counts[1], (MinuteCounts{.unchanged = 1, .not_modified = 1}));
}

TEST(Throughput, MinutesWithoutAnythingAreZeros) {
  Throughput throughput;
  throughput.add(kStart, fresh(1));
  throughput.add(kStart + 3min, fresh(2));
  const auto counts = throughput.last(kStart + 4min, 6);
  EXPECT_EQ(counts, (std::vector{fresh(0), fresh(1), fresh(0), fresh(0), fresh(2), fresh(0)}));
}

TEST(Throughput, ForgetsWhatIsOlderThanADay) {
  Throughput throughput;
  throughput.add(kStart, fresh(1));
  throughput.add(kStart + 1min, fresh(2));
  const auto counts = throughput.last(kStart + 24h, Throughput::kMinutes);
  ASSERT_EQ(counts.size(), Throughput::kMinutes);
  EXPECT_EQ(counts.front(), fresh(2)) << "of the minute after the start";
  EXPECT_EQ(counts.back(), fresh(0)) << "the same slot as the start's";
  throughput.add(kStart + 24h, fresh(4));
  EXPECT_EQ(throughput.last(kStart + 24h, 1).front(), fresh(4)) << "nothing of yesterday is in it";
}

TEST(Throughput, AClockThatIsSetBackCountsOn) {
  Throughput throughput;
  throughput.add(kStart + 10min, fresh(1));
  throughput.add(kStart, fresh(2));
  throughput.add(kStart + 10min, fresh(4));
  EXPECT_EQ(throughput.last(kStart, 2), (std::vector{fresh(0), fresh(2)}));
  EXPECT_EQ(throughput.last(kStart + 10min, 1).front(), fresh(5));
}

TEST(Throughput, GivesNoMoreThanThereIs) {
  const Throughput throughput;
  EXPECT_EQ(throughput.last(kStart, 1'000'000).size(), Throughput::kMinutes);
  EXPECT_EQ(throughput.last(kStart, 0).size(), 1U);
  EXPECT_EQ(throughput.last(Time{-1min}, 2).size(), 2U);
}

}  // namespace
}  // namespace newswire::ingest
