#include "fetch/cache_headers.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace newswire::fetch {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr const char* kDate = "Tue, 24 Nov 2026 08:00:00 GMT";

struct Case {
  const char* name;
  std::vector<Header> headers;
  std::optional<seconds> fresh;
};

class W2_Freshness : public testing::TestWithParam<Case> {};

TEST_P(W2_Freshness, IsALowerBoundForTheNextPoll) {
  EXPECT_EQ(fresh_for(read_cache_headers(GetParam().headers)), GetParam().fresh);
}

const auto kName = [](const auto& tested) { return std::string(tested.param.name); };

INSTANTIATE_TEST_SUITE_P(
    CacheControl, W2_Freshness,
    testing::Values(
        Case{"nothing", {}, {}}, Case{"max_age", {{"cache-control", "max-age=3600"}}, 3600s},
        Case{"minus_age", {{"cache-control", "max-age=3600"}, {"age", "600"}}, 3000s},
        Case{"older_than_max_age", {{"cache-control", "max-age=3600"}, {"age", "4000"}}, {}},
        Case{"bad_age_is_zero", {{"cache-control", "max-age=3600"}, {"age", "-5"}}, 3600s},
        Case{"quoted", {{"cache-control", "public, max-age=\"60\""}}, 60s},
        Case{"any_case", {{"Cache-Control", "MAX-AGE = 60"}}, 60s},
        Case{"first_of_two", {{"cache-control", "max-age=60, max-age=7200"}}, 60s},
        Case{"two_fields", {{"cache-control", "public"}, {"cache-control", "max-age=60"}}, 60s},
        Case{"s_maxage_is_not_ours", {{"cache-control", "s-maxage=600"}}, {}},
        Case{"inside_a_quoted_string", {{"cache-control", "ext=\"a, max-age=60\""}}, {}},
        Case{"unfinished_quote", {{"cache-control", "ext=\"max-age=60"}}, {}},
        Case{"negative", {{"cache-control", "max-age=-1"}}, {}},
        Case{"fraction", {{"cache-control", "max-age=1.5"}}, {}}, Case{"no_value", {{"cache-control", "max-age"}}, {}},
        Case{"max_age_beats_expires",
             {{"cache-control", "max-age=60"}, {"date", kDate}, {"expires", "Tue, 24 Nov 2026 10:00:00 GMT"}},
             60s},
        Case{"expires", {{"date", kDate}, {"expires", "Tue, 24 Nov 2026 08:30:00 GMT"}}, 1800s},
        Case{"expires_without_date", {{"expires", "Tue, 24 Nov 2026 08:30:00 GMT"}}, {}}),
    kName);

INSTANTIATE_TEST_SUITE_P(
    W3_NoBound, W2_Freshness,
    testing::Values(Case{"no_cache", {{"cache-control", "no-cache, max-age=3600"}}, {}},
                    Case{"max_age_zero", {{"cache-control", "max-age=0"}}, {}},
                    Case{"expires_zero", {{"date", kDate}, {"expires", "0"}}, {}},
                    Case{"expires_minus_one", {{"date", kDate}, {"expires", "-1"}}, {}},
                    Case{"expires_past", {{"date", kDate}, {"expires", "Tue, 24 Nov 2026 07:00:00 GMT"}}, {}},
                    Case{"no_cache_of_one_field", {{"cache-control", "no-cache=\"set-cookie\", max-age=60"}}, 60s}),
    kName);

TEST(W4_Freshness, IsNotGuessedFromLastModified) {
  const std::vector<Header> headers = {{"date", kDate}, {"last-modified", "Tue, 24 Nov 2020 08:00:00 GMT"}};
  EXPECT_FALSE(fresh_for(read_cache_headers(headers)));
}

TEST(W3_NoStore, IsToldApart) {
  EXPECT_TRUE(read_cache_headers(std::vector<Header>{{"cache-control", "no-store"}}).no_store);
  EXPECT_FALSE(read_cache_headers(std::vector<Header>{{"cache-control", "private"}}).no_store);
}

TEST(CacheHeaders, AbsurdLifetimesDoNotOverflow) {
  const auto fresh =
      fresh_for(read_cache_headers(std::vector<Header>{{"cache-control", "max-age=99999999999999999999999"}}));
  ASSERT_TRUE(fresh);
  EXPECT_EQ(*fresh, std::chrono::duration_cast<seconds>(std::chrono::years{100}));
}

}  // namespace
}  // namespace newswire::fetch
