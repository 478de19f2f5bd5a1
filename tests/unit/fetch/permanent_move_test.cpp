#include "fetch/permanent_move.h"

#include <gtest/gtest.h>

namespace newswire::fetch {
namespace {

using namespace std::chrono_literals;

const Time kStart = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24};
constexpr const char* kNew = "https://new.example.org/feed";

struct ChainCase {
  const char* name;
  std::vector<Hop> hops;
  std::optional<std::string> target;
};

class A3_PermanentTarget : public testing::TestWithParam<ChainCase> {};

TEST_P(A3_PermanentTarget, EndsAtTheFirstTemporaryHop) {
  EXPECT_EQ(permanent_target(GetParam().hops), GetParam().target);
}

INSTANTIATE_TEST_SUITE_P(
    Chains, A3_PermanentTarget,
    testing::Values(ChainCase{"none", {}, {}}, ChainCase{"one", {{301, "http://a/", "https://a/", true}}, "https://a/"},
                    ChainCase{"two",
                              {{301, "http://a/", "https://a/", true}, {308, "https://a/", "https://b/", true}},
                              "https://b/"},
                    ChainCase{"temporary_first",
                              {{302, "http://a/", "https://a/", false}, {301, "https://a/", "https://b/", true}},
                              {}},
                    ChainCase{"temporary_later",
                              {{301, "http://a/", "https://a/", true}, {302, "https://a/", "https://login/", false}},
                              "https://a/"},
                    ChainCase{"down_to_http", {{301, "https://a/", "http://a/", true}}, {}},
                    ChainCase{"down_to_http_later",
                              {{301, "http://a/", "https://b/", true}, {301, "https://b/", "http://c/", true}},
                              "https://b/"}),
    [](const auto& tested) { return std::string(tested.param.name); });

MoveStep poll(const MoveCandidate& known, Time now, std::string target = kNew, bool same_feed = true) {
  MoveEvidence evidence;
  evidence.target = std::move(target);
  evidence.same_feed = same_feed;
  return consider_move(known, evidence, now);
}

TEST(A3_Move, NeedsFivePollsAndTwoDays) {
  MoveCandidate candidate;
  for (int i = 0; i < 4; ++i) {
    const auto step = poll(candidate, kStart + i * 24h);
    EXPECT_FALSE(step.moved) << i;
    candidate = step.candidate;
  }
  const auto last = poll(candidate, kStart + 4 * 24h);
  EXPECT_EQ(last.moved, kNew);
  EXPECT_EQ(last.candidate, MoveCandidate{});
}

TEST(A3_Move, ManyPollsWithinADayAreNotEnough) {
  MoveCandidate candidate;
  for (int i = 0; i < 48; ++i) {
    const auto step = poll(candidate, kStart + i * 1h);
    EXPECT_FALSE(step.moved);
    candidate = step.candidate;
  }
  EXPECT_TRUE(poll(candidate, kStart + 48h).moved);
}

TEST(A3_Move, ACaptivePortalsPageNeitherHelpsNorHurts) {
  const auto candidate = poll({}, kStart).candidate;
  const auto portal = poll(candidate, kStart + 1h, "https://portal.example/login", false);
  EXPECT_FALSE(portal.moved);
  EXPECT_EQ(portal.candidate, candidate);
}

TEST(A3_Move, ACaptivePortalAloneNeverMovesAFeed) {
  MoveCandidate candidate;
  for (int i = 0; i < 100; ++i) {
    const auto step = poll(candidate, kStart + i * 24h, "https://portal.example/login", false);
    EXPECT_FALSE(step.moved);
    candidate = step.candidate;
  }
}

TEST(A3_Move, AnotherTargetStartsAnew) {
  auto candidate = poll({}, kStart).candidate;
  candidate = poll(candidate, kStart + 24h).candidate;
  candidate = poll(candidate, kStart + 48h, "https://other.example.org/").candidate;
  EXPECT_EQ(candidate.polls, 1U);
  EXPECT_EQ(candidate.since, kStart + 48h);
}

TEST(A3_Move, AnAnswerWithoutARedirectForgetsTheCandidate) {
  const auto candidate = poll({}, kStart).candidate;
  MoveEvidence evidence;
  evidence.same_feed = true;
  EXPECT_EQ(consider_move(candidate, evidence, kStart + 1h).candidate, MoveCandidate{});
}

TEST(A3_Move, AClockThatStepsBackStartsAnew) {
  const auto candidate = poll({}, kStart + 48h).candidate;
  EXPECT_EQ(poll(candidate, kStart).candidate.since, kStart);
}

}  // namespace
}  // namespace newswire::fetch
