#include "config/units.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace newswire::config {
namespace {

using namespace std::chrono_literals;

struct DurationCase {
  const char* name;
  std::string_view text;
  std::optional<std::chrono::milliseconds> value;  // nullopt: refused
};
class Duration : public testing::TestWithParam<DurationCase> {};
TEST_P(Duration, IsReadOrRefused) {
  const auto got = parse_duration(GetParam().text);
  ASSERT_EQ(got.has_value(), GetParam().value.has_value()) << (got ? "" : got.error().what);
  if (got) {
    EXPECT_EQ(*got, *GetParam().value);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Spellings, Duration,
    testing::Values(DurationCase{"milliseconds", "250ms", 250ms}, DurationCase{"seconds", "10s", 10s},
                    DurationCase{"minutes", "15m", 15min}, DurationCase{"minutes_in_letters", "15 min", 15min},
                    DurationCase{"compound", "1h30m", 90min}, DurationCase{"compound_with_space", "1h 30m", 90min},
                    DurationCase{"days", "7d", 168h}, DurationCase{"weeks", "2w", 336h},
                    DurationCase{"fraction", "1.5h", 90min}, DurationCase{"zero", "0", 0ms},
                    DurationCase{"upper_case", "1H", 1h}, DurationCase{"no_unit", "15", {}},
                    DurationCase{"no_number", "m", {}}, DurationCase{"empty", "", {}},
                    DurationCase{"negative", "-5m", {}}, DurationCase{"unknown_unit", "5y", {}},
                    DurationCase{"too_fine", "0.5ms", {}}, DurationCase{"longer_than_a_century", "40000d", {}},
                    DurationCase{"overflow", "99999999999999999999999999w", {}},
                    DurationCase{"two_points", "1.2.3h", {}}, DurationCase{"words", "soon", {}}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct SizeCase {
  const char* name;
  std::string_view text;
  std::optional<std::uint64_t> value;
};
class Size : public testing::TestWithParam<SizeCase> {};
TEST_P(Size, IsReadOrRefused) {
  const auto got = parse_bytes(GetParam().text);
  ASSERT_EQ(got.has_value(), GetParam().value.has_value()) << (got ? "" : got.error().what);
  if (got) {
    EXPECT_EQ(got->count, *GetParam().value);
  }
}
INSTANTIATE_TEST_SUITE_P(Spellings, Size,
                         testing::Values(SizeCase{"plain", "4096", 4096}, SizeCase{"kibi", "64KiB", 65536},
                                         SizeCase{"short", "64k", 65536}, SizeCase{"decimal", "4MB", 4'000'000},
                                         SizeCase{"space", "10 MiB", 10U << 20U},
                                         SizeCase{"fraction", "1.5GiB", 1610612736}, SizeCase{"zero", "0", 0},
                                         SizeCase{"terabytes", "2TiB", 2ULL << 40U}, SizeCase{"negative", "-1", {}},
                                         SizeCase{"words", "much", {}}, SizeCase{"empty", "", {}},
                                         SizeCase{"unknown_unit", "3 apples", {}},
                                         SizeCase{"part_of_a_byte", "0.5", {}},
                                         SizeCase{"too_much", "99999999999TiB", {}}, SizeCase{"trailing", "1MiB!", {}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Units, PrintWhatTheyReadBack) {
  for (const auto duration : {0ms, 1ms, 1500ms, 60000ms, 90min + 0ms, 24h + 0ms, 25h + 3min + 4s + 5ms}) {
    EXPECT_EQ(*parse_duration(to_string(duration)), duration) << to_string(duration);
  }
  for (const std::uint64_t count : {0ULL, 1ULL, 1023ULL, 1024ULL, 1536ULL, 64ULL << 20U, 3ULL << 40U}) {
    EXPECT_EQ(parse_bytes(to_string(Bytes{count}))->count, count) << to_string(Bytes{count});
  }
  EXPECT_EQ(to_string(90min + 0ms), "1h30m");
  EXPECT_EQ(to_string(mebibytes(64)), "64MiB");
}

}  // namespace
}  // namespace newswire::config
