#include "spool/spool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "spool/line.h"
#include "support.h"

namespace newswire::spool {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SpoolTest : public testing::Test {
 protected:
  Folder folder_;
};

TEST_F(SpoolTest, NumbersLinesFromOne) {
  const auto spool = open(folder_.path());
  EXPECT_EQ(spool->next_seq(), Seq{1});
  EXPECT_EQ(spool->append(tail(1)).value(), Seq{1});
  EXPECT_EQ(spool->append(tail(2)).value(), Seq{2});
  ASSERT_TRUE(spool->commit());
  EXPECT_EQ(runs(spool->published()), "1-2");
}

TEST_F(SpoolTest, WritesTheLineThatTheFormatPromises) {
  const auto spool = open(folder_.path());
  ASSERT_TRUE(spool->append(R"(,"uid":"01h"},"id":"x"})"));
  ASSERT_TRUE(spool->commit());
  const auto line = read_file(folder_ / kLiveName);
  EXPECT_TRUE(line.starts_with(R"({"_newswire":{"seq":1,"sum":")")) << line;
  EXPECT_TRUE(line.ends_with("\",\"uid\":\"01h\"},\"id\":\"x\"}\n")) << line;
}

TEST_F(SpoolTest, ShowsNothingBeforeTheCommit) {
  const auto spool = open(folder_.path());
  ASSERT_TRUE(spool->append(tail(1)));
  EXPECT_EQ(spool->pending(), 1U);
  EXPECT_THAT(read_all(spool->published()), IsEmpty());
  ASSERT_TRUE(spool->commit());
  EXPECT_EQ(spool->pending(), 0U);
  EXPECT_EQ(read_all(spool->published()).size(), 1U);
}

TEST_F(SpoolTest, ForgetsWhatIsRolledBack) {
  const auto spool = open(folder_.path());
  fill(*spool, 1, 3);
  ASSERT_TRUE(spool->append(tail(99)));
  spool->rollback();
  EXPECT_EQ(spool->next_seq(), Seq{4});
  fill(*spool, 4, 4);
  EXPECT_EQ(runs(spool->published()), "1-4");
}

TEST_F(SpoolTest, GoesOnWhereItStoppedAfterReopening) {
  fill(*open(folder_.path()), 1, 10);
  const auto spool = open(folder_.path());
  EXPECT_THAT(spool->findings(), IsEmpty());
  EXPECT_EQ(spool->next_seq(), Seq{11});
  EXPECT_EQ(spool->last_received(), at(10));
  fill(*spool, 11, 12);
  EXPECT_EQ(runs(spool->published()), "1-12");
}

TEST_F(SpoolTest, ForgetsWhatWasNotCommittedAtTheEnd) {
  {
    const auto spool = open(folder_.path());
    fill(*spool, 1, 2);
    ASSERT_TRUE(spool->append(tail(3)));
  }
  EXPECT_EQ(open(folder_.path())->next_seq(), Seq{3});
}

TEST_F(SpoolTest, ClosesAFullSegmentUnderItsFirstNumber) {
  const auto spool = open(folder_.path(), small());
  for (std::uint64_t number = 1; number <= 100; ++number) fill(*spool, number, number, 400);
  const auto names = folder_.names();
  EXPECT_EQ(names.size(), 11U);
  EXPECT_EQ(names[0], "articles-00000000000000000001.ndjson");
  EXPECT_EQ(names[1], "articles-00000000000000000011.ndjson");
  EXPECT_EQ(names.back(), "articles.ndjson");
  EXPECT_EQ(runs(spool->published()), "1-100");
  EXPECT_EQ(spool->published().snapshot()->counters.rotations, 10U);
}

TEST_F(SpoolTest, ReopensWithClosedSegmentsAndAnEmptyLiveOne) {
  {
    const auto spool = open(folder_.path(), small());
    fill(*spool, 1, 50);
    ASSERT_TRUE(spool->rotate());
  }
  const auto spool = open(folder_.path(), small());
  EXPECT_EQ(spool->next_seq(), Seq{51});
  EXPECT_EQ(spool->last_received(), at(50));
  EXPECT_EQ(runs(spool->published()), "1-50");
}

TEST_F(SpoolTest, DoesNotCloseAnEmptySegment) {
  const auto spool = open(folder_.path(), small());
  ASSERT_TRUE(spool->rotate());
  EXPECT_THAT(folder_.names(), ElementsAre("articles.ndjson"));
}

TEST_F(SpoolTest, RefusesToRotateUnderPendingLines) {
  const auto spool = open(folder_.path(), small());
  ASSERT_TRUE(spool->append(tail(1)));
  EXPECT_EQ(spool->rotate().error().code, Errc::invalid);
}

TEST_F(SpoolTest, RefusesWhatIsNoTailAndLeavesTheBatchUnharmed) {
  const auto spool = open(folder_.path());
  ASSERT_TRUE(spool->append(tail(1)));
  EXPECT_EQ(spool->append(",\"a\":\"\n\"}").error().code, Errc::invalid);
  EXPECT_EQ(spool->append("{}").error().code, Errc::invalid);
  EXPECT_EQ(spool->append("").error().code, Errc::invalid);
  ASSERT_TRUE(spool->append(tail(2)));
  ASSERT_TRUE(spool->commit());
  EXPECT_EQ(runs(spool->published()), "1-2");
}

TEST_F(SpoolTest, RefusesATailOverTheLimit) {
  Options options;
  options.max_tail = 500;
  const auto spool = open(folder_.path(), options);
  EXPECT_TRUE(spool->append(tail(1, 500)));
  EXPECT_EQ(spool->append(tail(2, 501)).error().code, Errc::too_large);
}

TEST_F(SpoolTest, HoldsALineOfFourMebibytesAndABatchOverEight) {
  const auto spool = open(folder_.path());
  fill(*spool, 1, 5, std::size_t{4} << 20);
  EXPECT_EQ(runs(spool->published()), "1-5");
}

TEST_F(SpoolTest, NeverGivesANumberTwiceThatTheStateKnows) {
  Options options;
  options.high_water = Seq{1042};
  const auto spool = open(folder_.path(), options);
  EXPECT_EQ(spool->next_seq(), Seq{1043});
  ASSERT_EQ(spool->findings().size(), 1U);
  EXPECT_EQ(spool->findings()[0].kind, Finding::Kind::missing);
  EXPECT_EQ(spool->findings()[0].to, Seq{1042});
  ASSERT_TRUE(spool->append(tail(1)));
  ASSERT_TRUE(spool->commit());
  EXPECT_EQ(spool->published().snapshot()->first(), Seq{1043});
}

TEST_F(SpoolTest, CallsItsListenerAfterEachCommit) {
  const auto spool = open(folder_.path());
  int calls = 0;
  spool->published().on_change([&calls] { ++calls; });
  fill(*spool, 1, 3);
  EXPECT_EQ(calls, 1);
  ASSERT_TRUE(spool->commit());  // nothing to do
  EXPECT_EQ(calls, 1);
  spool->published().on_change({});
  fill(*spool, 4, 4);
  EXPECT_EQ(calls, 1);
}

TEST_F(SpoolTest, IsForOneProcess) {
  const auto spool = open(folder_.path());
  const auto second = Spool::open(folder_.path(), {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::busy);
}

TEST_F(SpoolTest, CreatesItsFolder) {
  const auto spool = open(folder_ / "a/b");
  fill(*spool, 1, 1);
  EXPECT_THAT(folder_.names("a/b"), ElementsAre("articles.ndjson"));
}

TEST_F(SpoolTest, NeverFollowsASymbolicLinkInPlaceOfTheLiveSegment) {
  write_file(folder_ / "elsewhere", "precious");
  ASSERT_EQ(::symlink((folder_ / "elsewhere").c_str(), (folder_ / kLiveName).c_str()), 0);
  EXPECT_EQ(Spool::open(folder_.path(), {}).error().code, Errc::io);
  EXPECT_EQ(read_file(folder_ / "elsewhere"), "precious");
}

TEST_F(SpoolTest, LetsOtherFilesInItsFolderAlone) {
  write_file(folder_ / "README", "hello");
  write_file(folder_ / ".vector-position", "x");
  const auto spool = open(folder_.path());
  EXPECT_THAT(spool->findings(), IsEmpty());
  EXPECT_EQ(read_file(folder_ / "README"), "hello");
}

}  // namespace
}  // namespace newswire::spool
