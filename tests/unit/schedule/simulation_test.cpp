// The goals of the adaptive schedule, on short courses; `newswirectl simulate` runs the full ones.
#include "schedule/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace newswire::schedule {
namespace {

Course short_course() {
  Course course;
  course.learn_days = 14;
  course.score_days = 14;
  return course;
}

const Score& find(const std::vector<Score>& scores, std::string_view name) {
  const auto found =
      std::find_if(scores.begin(), scores.end(), [&](const auto& s) { return s.policy.starts_with(name); });
  EXPECT_NE(found, scores.end()) << name;
  return *found;
}

TEST(Simulation, OnTheMixTheMeanDelayIsHalfOfFixedIntervalsAtEqualBudget) {
  const auto course = short_course();
  Mix mix;
  mix.feeds = 200;
  mix.seed = 11;
  const auto traces = synthetic_traces(mix, course.begin, course.end());
  const auto scores = simulate_all(traces, course);
  const auto& ours = find(scores, "newswire");
  EXPECT_LE(ours.article_mean, find(scores, "uniform").article_mean * 0.55);  // 0.49 on full courses
  for (const auto& score : scores) {
    EXPECT_EQ(score.violations, 0U) << score.policy;
    EXPECT_EQ(score.articles, ours.articles) << score.policy;
    if (score.policy != "clairvoyant" && score.policy != "StormCrawler AIMD") {
      EXPECT_NEAR(score.polls_per_day, course.polls_per_day, 0.005 * course.polls_per_day) << score.policy;
    }
  }
}

TEST(Simulation, OnPoissonFeedsItComesNearTheSquareRootOptimum) {
  const auto course = short_course();
  Mix mix;
  mix.feeds = 200;
  mix.seed = 12;
  mix.poisson_only = true;
  const auto traces = synthetic_traces(mix, course.begin, course.end());
  const auto ours = simulate("newswire", Rules{}, traces, course);
  EXPECT_LE(ours.article_mean, theory(traces, course).square_root * 1.08);  // 1.03 on full courses
}

TEST(Simulation, TheSameSeedGivesTheSameItems) {
  Mix mix;
  mix.feeds = 20;
  const auto a = synthetic_traces(mix, 1e9, 1e9 + 86400);
  const auto b = synthetic_traces(mix, 1e9, 1e9 + 86400);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].items, b[i].items);
}

TEST(Simulation, ReadsRecordedTimes) {
  const auto traces = parse_traces(
      "# feed time\n"
      "b 2026-01-02T00:00:00Z\n"
      "a 1700000000\n\n"
      "b\t2026-01-01T00:00:00+01:00  # earlier\n",
      "t.txt");
  ASSERT_TRUE(traces);
  ASSERT_EQ(traces->size(), 2U);
  EXPECT_EQ((*traces)[0].name, "a");
  EXPECT_EQ((*traces)[1].items.size(), 2U);
  EXPECT_LT((*traces)[1].items[0], (*traces)[1].items[1]);
}

TEST(Simulation, RefusesOtherTextWithItsLine) {
  for (const char* text : {"a 2026-01-01T00:00:00Z\nb yesterday\n", "x\n\n", "a nan\n", "a -5\n", ""}) {
    EXPECT_FALSE(parse_traces(text, "t.txt")) << text;
  }
  EXPECT_EQ(parse_traces("a 2026-01-01T00:00:00Z\nb yesterday\n", "t.txt").error().where, "t.txt:2");
}

TEST(Simulation, ThePlotIsEscapedSvg) {
  Score score;
  score.policy = "a<b & c";
  score.article_mean = 12;
  score.feed_mean = 30;
  const auto text = svg({score}, "x < y");
  EXPECT_NE(text.find("a&lt;b &amp; c"), std::string::npos);
  EXPECT_NE(text.find("x &lt; y"), std::string::npos);
  EXPECT_TRUE(text.starts_with("<svg"));
  EXPECT_TRUE(text.ends_with("</svg>\n"));
}

}  // namespace
}  // namespace newswire::schedule
