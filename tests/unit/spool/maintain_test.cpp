#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <algorithm>
#include <string>

#include "spool/spool.h"
#include "spool/verify.h"
#include "support.h"

namespace newswire::spool {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Calls it until nothing is left to do; everything that was done.
Maintained settle(Spool& spool, Time now, std::optional<Seq> acknowledged = std::nullopt) {
  Maintained all;
  for (bool more = true; more;) {
    auto done = spool.maintain(now, acknowledged);
    if (!done) throw std::runtime_error(to_string(done.error()));
    more = done->more;
    all.rotated = all.rotated || done->rotated;
    all.clock_stepped = all.clock_stepped || done->clock_stepped;
    all.compressed.insert(all.compressed.end(), done->compressed.begin(), done->compressed.end());
    all.removed.insert(all.removed.end(), done->removed.begin(), done->removed.end());
    all.findings.insert(all.findings.end(), done->findings.begin(), done->findings.end());
  }
  return all;
}

class MaintainTest : public testing::Test {
 protected:
  /// Ten closed segments of ten articles each, received at(1) to at(100).
  std::unique_ptr<Spool> build(Options options) {
    auto spool = open(folder_.path(), std::move(options));
    for (std::uint64_t number = 1; number <= 100; ++number) fill(*spool, number, number, 400);
    return spool;
  }
  Folder folder_;
};

TEST_F(MaintainTest, CompressesAllClosedSegmentsButTheNewest) {
  auto options = small();
  options.compress = true;
  const auto spool = build(options);
  const auto done = settle(*spool, at(100));
  EXPECT_EQ(done.compressed.size(), 9U);
  const auto names = folder_.names();
  EXPECT_EQ(names[0], "articles-00000000000000000001.ndjson.zst");
  EXPECT_EQ(names[9], "articles-00000000000000000091.ndjson");
  EXPECT_EQ(names.size(), 11U);
  EXPECT_EQ(runs(spool->published()), "1-100");
  EXPECT_EQ(spool->published().snapshot()->counters.compressed_segments, 9U);
  EXPECT_TRUE(verify(folder_.path())->ok());
}

TEST_F(MaintainTest, ReadsCompressedSegmentsAfterReopening) {
  auto options = small();
  options.compress = true;
  settle(*build(options), at(100));
  const auto spool = open(folder_.path(), options);
  EXPECT_THAT(spool->findings(), IsEmpty());
  EXPECT_EQ(runs(spool->published()), "1-100");
}

TEST_F(MaintainTest, CommitsBetweenSlicesOfCompression) {
  auto options = small(1 << 20);
  options.compress = true;
  const auto spool = open(folder_.path(), options);
  fill(*spool, 1, 1100, 1000);
  fill(*spool, 1101, 2200, 1000);
  std::uint64_t number = 2200;
  int slices = 0;
  for (bool more = true; more; ++slices) {
    more = spool->maintain(at(0), std::nullopt).value().more;
    ++number;
    fill(*spool, number, number);
  }
  EXPECT_GE(slices, 5);
  EXPECT_EQ(runs(spool->published()), "1-" + std::to_string(number));
}

TEST_F(MaintainTest, SetsASegmentAsideThatDoesNotVerifyWhenCompressed) {
  auto options = small();
  options.compress = true;
  const auto spool = build(options);
  const auto path = folder_ / segment_name(Seq{41}, false);
  auto bytes = read_file(path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file(path, bytes);
  const auto done = settle(*spool, at(100));
  ASSERT_EQ(done.findings.size(), 1U);
  EXPECT_EQ(done.findings[0].kind, Finding::Kind::damaged);
  EXPECT_EQ(done.findings[0].from, done.findings[0].to);
  EXPECT_EQ(folder_.names("set-aside").size(), 1U);
  EXPECT_EQ(spool->published().snapshot()->counters.damaged_segments, 1U);
}

TEST_F(MaintainTest, RemovesTheOldestSegmentsOverTheSize) {
  auto options = small();
  options.retention.bytes = 20'000;
  const auto spool = build(options);
  const auto done = settle(*spool, at(100));
  EXPECT_EQ(done.removed.front(), "articles-00000000000000000001.ndjson");
  EXPECT_LE(spool->published().snapshot()->total_bytes(), 20'000U);
  EXPECT_GT(spool->published().snapshot()->total_bytes(), 15'000U);
  EXPECT_EQ(folder_.names().size() + done.removed.size(), 11U);
}

TEST_F(MaintainTest, RemovesSegmentsWhoseLastLineIsTooOld) {
  auto options = small();
  options.retention.age = hours(1);
  const auto spool = build(options);
  EXPECT_THAT(settle(*spool, at(3600 + 30)).removed,
              ElementsAre("articles-00000000000000000001.ndjson", "articles-00000000000000000011.ndjson"));
  EXPECT_EQ(spool->published().snapshot()->first(), Seq{21});
}

TEST_F(MaintainTest, KeepsWhatAConsumerHasNotAcknowledged) {
  auto options = small();
  options.retention.bytes = 20'000;
  options.retention.protected_bytes = 1 << 20;
  const auto spool = build(options);
  EXPECT_THAT(settle(*spool, at(100), Seq{25}).removed,
              ElementsAre("articles-00000000000000000001.ndjson", "articles-00000000000000000011.ndjson"));
}

TEST_F(MaintainTest, ProtectsUnacknowledgedSegmentsOnlyUpToTheirOwnLimit) {
  auto options = small();
  options.retention.bytes = 12'000;
  options.retention.protected_bytes = 30'000;
  const auto spool = build(options);
  settle(*spool, at(100), Seq{0});
  const auto total = spool->published().snapshot()->total_bytes();
  EXPECT_LE(total, 30'000U);
  EXPECT_GT(total, 20'000U);
}

TEST_F(MaintainTest, RemovesNothingByAgeRightAfterTheClockJumped) {
  auto options = small();
  options.retention.age = hours(1);
  const auto spool = build(options);
  EXPECT_THAT(settle(*spool, at(200)).removed, IsEmpty());
  const auto year = std::int64_t{365} * 24 * 3600;
  auto done = settle(*spool, at(year));
  EXPECT_TRUE(done.clock_stepped);
  EXPECT_THAT(done.removed, IsEmpty());
  // Corrected: nothing was lost. That is a jump again.
  EXPECT_TRUE(settle(*spool, at(210)).clock_stepped);
  // Or it stays: then it was right.
  settle(*spool, at(year));
  for (std::int64_t minute = 1; minute < 60; ++minute)
    EXPECT_THAT(settle(*spool, at(year + minute * 60)).removed, IsEmpty());
  EXPECT_EQ(settle(*spool, at(year + 3600)).removed.size(), 10U);
}

TEST_F(MaintainTest, ClosesALiveSegmentThatIsOldEnough) {
  auto options = small();
  options.segment_age = hours(24);
  const auto spool = open(folder_.path(), options);
  fill(*spool, 1, 3);
  EXPECT_FALSE(settle(*spool, at(24 * 3600)).rotated);
  EXPECT_TRUE(settle(*spool, at(24 * 3600 + 1)).rotated);
  EXPECT_FALSE(settle(*spool, at(72 * 3600)).rotated);
  fill(*spool, 4, 4);
  EXPECT_EQ(runs(spool->published()), "1-4");
}

TEST_F(MaintainTest, ClosesALiveSegmentThatWasTooYoungWhenItBecameFull) {
  auto options = small();
  options.segment_min_age = hours(1);
  const auto spool = open(folder_.path(), options);
  fill(*spool, 1, 100);
  EXPECT_FALSE(settle(*spool, at(0)).rotated);
  spool->set_options(small());
  EXPECT_TRUE(settle(*spool, at(0)).rotated);
  EXPECT_FALSE(settle(*spool, at(0)).rotated);
  EXPECT_EQ(runs(spool->published()), "1-100");
}

TEST_F(MaintainTest, IsNotConfusedByALiveSegmentFromTheFuture) {
  auto options = small();
  options.segment_age = hours(24);
  const auto spool = open(folder_.path(), options);
  fill(*spool, 3'000'000, 3'000'000);  // received a month ahead: the clock was wrong then
  EXPECT_FALSE(settle(*spool, at(0)).rotated);
  EXPECT_TRUE(settle(*spool, at(24 * 3600)).rotated);
}

TEST_F(MaintainTest, DoesNotRotateOrRemoveUnderPendingLines) {
  auto options = small();
  options.segment_age = hours(1);
  const auto spool = open(folder_.path(), options);
  fill(*spool, 1, 1);
  ASSERT_TRUE(spool->append(tail(2)));
  EXPECT_FALSE(settle(*spool, at(9999)).rotated);
  ASSERT_TRUE(spool->commit());
  EXPECT_EQ(runs(spool->published()), "1-2");
}

/// A file system of 256 KiB, gone with the test.
class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (::mount("newswire-test", folder_.path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=256k") != 0) {
      GTEST_SKIP() << "needs the right to mount a tmpfs; crash_test injects the same";
    }
    mounted_ = true;
  }
  void TearDown() override {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  void remount(unsigned long flags, const char* options) {
    ASSERT_EQ(
        ::mount("newswire-test", folder_.path().c_str(), "tmpfs", MS_REMOUNT | MS_NOSUID | MS_NODEV | flags, options),
        0);
  }
  Folder folder_;
  bool mounted_ = false;
};

TEST_F(FullDisk, KeepsWhatIsCommittedReadableAndGoesOnWhenThereIsRoom) {
  const auto spool = open(folder_.path(), small(64 << 10));
  std::uint64_t number = 1;
  Result<void> done{};
  for (; done; number += done ? 3U : 0U) {
    for (std::uint64_t i = 0; i < 3; ++i) ASSERT_TRUE(spool->append(tail(number + i, 2000)));
    done = spool->commit();
    ASSERT_LT(number, 1000U);
  }
  EXPECT_EQ(done.error().code, Errc::no_space);
  EXPECT_THAT(done.error().what, HasSubstr("free some space"));
  const auto committed = number - 1;
  EXPECT_EQ(spool->next_seq(), Seq{number});
  EXPECT_EQ(runs(spool->published()), "1-" + std::to_string(committed));
  EXPECT_TRUE(verify(folder_.path())->ok());
  EXPECT_EQ(spool->published().snapshot()->counters.no_space_failures, 1U);
  // Still full.
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(spool->append(tail(number, 2000)));
  EXPECT_EQ(spool->commit().error().code, Errc::no_space);
  remount(0, "size=1m");
  fill(*spool, number, number + 20, 2000);
  EXPECT_EQ(runs(spool->published()), "1-" + std::to_string(number + 20));
  EXPECT_TRUE(verify(folder_.path())->ok());
}

TEST_F(FullDisk, StartsOnAFullDiskAndServesHistory) {
  fill(*open(folder_.path(), small()), 1, 50);
  write_file(folder_ / "ballast", std::string(300'000, 'x'));
  const auto spool = open(folder_.path(), small());
  EXPECT_EQ(runs(spool->published()), "1-50");
  ASSERT_TRUE(spool->append(tail(51, 3000)));
  ASSERT_TRUE(spool->append(tail(52, 3000)));
  EXPECT_EQ(spool->commit().error().code, Errc::no_space);
}

TEST_F(FullDisk, DoesNotCompressOnAFullDiskAndTriesAgainLater) {
  auto options = small(40 << 10);
  options.compress = true;
  const auto spool = open(folder_.path(), options);
  fill(*spool, 1, 25, 2000);
  fill(*spool, 26, 50, 2000);
  write_file(folder_ / "ballast", std::string(300'000, 'x'));
  auto done = spool->maintain(at(0), std::nullopt);
  while (done && done->more) done = spool->maintain(at(0), std::nullopt);
  if (!done) {  // it may just fit: articles of one letter compress well
    EXPECT_EQ(done.error().code, Errc::no_space);
    EXPECT_TRUE(spool->maintain(at(10), std::nullopt));  // waits
  }
  std::remove((folder_ / "ballast").c_str());
  for (bool more = true; more;) more = spool->maintain(at(120), std::nullopt).value().more;
  EXPECT_EQ(folder_.names().front(), "articles-00000000000000000001.ndjson.zst");
  EXPECT_EQ(runs(spool->published()), "1-50");
}

TEST_F(FullDisk, ReadOnlyIsAnErrorThatSaysWhatToDo) {
  {
    const auto spool = open(folder_.path(), small());
    fill(*spool, 1, 10);
  }
  remount(MS_RDONLY, "size=256k");
  const auto opened = Spool::open(folder_.path(), small());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::io);
  EXPECT_THAT(opened.error().what, HasSubstr("remount it writable"));
  EXPECT_EQ(runs(**open_for_reading(folder_.path())), "1-10");  // and `newswirectl cat` works
}

TEST_F(MaintainTest, GoesOnWithTooManyOpenFiles) {
  auto options = small(1 << 20);
  const auto spool = open(folder_.path(), options);
  fill(*spool, 1, 5);
  // UBSan looks at an object's type through a pipe when it meets the type for the first time: while there are no
  // descriptors it would see none.
  ASSERT_TRUE(spool->rotate());
  ASSERT_TRUE(open_for_reading(folder_.path()));
  fill(*spool, 6, 10);
  struct rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  auto few = before;
  few.rlim_cur = 3;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  fill(*spool, 11, 20);  // needs no new file
  const auto rotated = spool->rotate();
  const auto opened = open_for_reading(folder_.path());
  EXPECT_FALSE(spool->append(tail(21)) && spool->commit());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(rotated);
  EXPECT_THAT(rotated.error().what, HasSubstr("LimitNOFILE"));
  EXPECT_FALSE(opened);
  fill(*spool, 21, 30);
  EXPECT_EQ(runs(spool->published()), "1-30");
  EXPECT_TRUE(verify(folder_.path())->ok());
}

}  // namespace
}  // namespace newswire::spool
