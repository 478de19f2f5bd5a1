#include "base/time.h"

#include <gtest/gtest.h>

namespace newswire {
namespace {

TEST(Rfc3339, RoundTrips) {
  for (const char* text :
       {"2025-06-05T09:00:00+08:00", "1969-12-31T23:59:59Z", "2026-11-24T08:13:01.123Z", "2024-02-29T00:00:00-03:30"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_rfc3339(*time), text);
  }
}

TEST(Rfc3339, RefusesWhatIsNot) {
  for (const char* text :
       {"", "2025-06-05", "2025-13-05T09:00:00Z", "2025-02-30T09:00:00Z", "2025-06-05T24:00:00Z", "2025-06-05T09:00:00",
        "2025-06-05T09:00:00+8", "2025-06-05T09:00:00.Z", "2025-06-05T09:00:00Zx"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Rfc3339, WritesMillisecondsOnRequest) { EXPECT_EQ(to_rfc3339(Time{}, true), "1970-01-01T00:00:00.000Z"); }

}  // namespace
}  // namespace newswire
