#include "fetch/retry_after.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace newswire::fetch {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

const auto kNow = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 8h;

struct Case {
  const char* name;
  std::string_view value;
  std::optional<seconds> wait;  // nullopt: Errc::invalid
};

class E1_RetryAfter : public testing::TestWithParam<Case> {};

TEST_P(E1_RetryAfter, GivesTheWaitInSeconds) {
  const auto got = parse_retry_after(GetParam().value, kNow);
  ASSERT_EQ(got.has_value(), GetParam().wait.has_value());
  if (got) {
    EXPECT_EQ(*got, *GetParam().wait);
  } else {
    EXPECT_EQ(got.error().code, Errc::invalid);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rfc9110, E1_RetryAfter,
    testing::Values(
        Case{"seconds", "120", 120s}, Case{"zero", "0", 0s}, Case{"surrounding_space", " 120\t", 120s},
        Case{"imf_fixdate", "Tue, 24 Nov 2026 08:02:00 GMT", 120s}, Case{"asctime", "Tue Nov 24 08:02:00 2026", 120s},
        Case{"asctime_padded_day", "Tue Dec  1 08:00:00 2026", 7 * 24h},
        Case{"rfc850", "Tuesday, 24-Nov-26 08:02:00 GMT", 120s}, Case{"no_day_name", "24 Nov 2026 08:02:00 GMT", 120s},
        Case{"utc_by_offset", "Tue, 24 Nov 2026 08:02:00 +0000", 120s},
        Case{"past", "Tue, 24 Nov 2026 07:00:00 GMT", 0s}, Case{"absurd_is_forever", "99999999999999999999", kForever},
        Case{"huge_is_forever", "9999999999999", kForever}, Case{"negative", "-1", {}}, Case{"fraction", "1.5", {}},
        Case{"words", "soon", {}}, Case{"empty", "", {}}, Case{"other_zone", "Tue, 24 Nov 2026 08:02:00 PST", {}},
        Case{"impossible_day", "Tue, 31 Nov 2026 08:02:00 GMT", {}},
        Case{"impossible_hour", "Tue, 24 Nov 2026 25:02:00 GMT", {}}, Case{"no_time", "Tue, 24 Nov 2026", {}},
        Case{"too_many_words", "a b c d e f g h i", {}}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct LimitCase {
  const char* name;
  std::vector<Header> headers;
  std::optional<seconds> wait;
};

class A10_RateLimitReset : public testing::TestWithParam<LimitCase> {};

TEST_P(A10_RateLimitReset, TellsWhenTheQuotaIsRenewed) {
  EXPECT_EQ(rate_limit_reset(GetParam().headers, kNow), GetParam().wait);
}

std::string epoch_in(seconds later) { return std::to_string((kNow + later).time_since_epoch().count()); }

INSTANTIATE_TEST_SUITE_P(
    Headers, A10_RateLimitReset,
    testing::Values(
        LimitCase{"none", {}, {}}, LimitCase{"draft_field", {{"ratelimit", "limit=100, remaining=0, reset=30"}}, 30s},
        LimitCase{"structured", {{"ratelimit", "\"default\";r=0;t=30"}}, 30s},
        LimitCase{"structured_left", {{"ratelimit", "\"default\";r=7;t=30"}}, {}},
        LimitCase{"separate", {{"ratelimit-reset", "45"}}, 45s},
        LimitCase{"reddit_fractions", {{"x-ratelimit-remaining", "0.0"}, {"x-ratelimit-reset", "213"}}, 213s},
        LimitCase{"quota_left", {{"x-ratelimit-remaining", "58"}, {"x-ratelimit-reset", "213"}}, {}},
        LimitCase{"github_epoch", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", epoch_in(90s)}}, 90s},
        LimitCase{"epoch_in_the_past", {{"x-ratelimit-reset", epoch_in(-90s)}}, 0s},
        LimitCase{"twitter", {{"x-rate-limit-reset", epoch_in(10s)}}, 10s},
        LimitCase{"garbage", {{"x-ratelimit-reset", "soon"}}, {}},
        LimitCase{"garbage_number", {{"x-ratelimit-reset", "12x"}}, {}}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::fetch
