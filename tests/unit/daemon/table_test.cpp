#include "table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace newswire::daemon {
namespace {

using testing::HasSubstr;

const std::vector<TableColumn> kColumns{{"id"}, {"status"}, {"error"}};
const std::vector<std::vector<std::string>> kRows{
    {"harbour-herald-of-the-whole-coast", "failing", "the server answered 404 (not found) to every request since noon"},
    {"新聞", "ok", "-"}};

TEST(Table, ElsewhereThanOnATerminalNothingIsCut) {
  EXPECT_EQ(table_text(kColumns, kRows, 0),
            "id                                 status   error\n"
            "harbour-herald-of-the-whole-coast  failing  the server answered 404 (not found) to every request since "
            "noon\n"
            "新聞                               ok       -\n");
}

TEST(Table, FitsATerminalOfAnyWidth) {
  for (const std::size_t width : {40U, 60U, 80U, 120U}) {
    const auto text = table_text(kColumns, kRows, width);
    for (const auto line : split(text, '\n')) EXPECT_LE(width_of(line), width) << text;
    EXPECT_THAT(text, HasSubstr("harbour"));
  }
}

TEST(Table, AnAddressIsWholeEvenIfItStandsOver) {
  const std::string url = "https://example.org/a/very/long/address/of/a/feed.xml";
  const auto text = table_text({{"url", true}, {"title"}}, {{url, "A title that is longer than the room for it"}}, 60);
  EXPECT_THAT(text, HasSubstr(url));
  EXPECT_THAT(text, HasSubstr("A title"));
  EXPECT_THAT(text, HasSubstr("…"));
}

TEST(Table, TimesAreToldByTheirDistance) {
  const auto now = parse_rfc3339("2026-11-24T12:00:00Z")->utc;
  EXPECT_EQ(age_text("2026-11-24T11:59:30Z", now), "30 s ago");
  EXPECT_EQ(age_text("2026-11-24T11:00:00Z", now), "60 min ago");
  EXPECT_EQ(age_text("2026-11-24T18:00:00Z", now), "in 6 h");
  EXPECT_EQ(age_text("2026-11-04T12:00:00Z", now), "20 d ago");
  EXPECT_EQ(age_text("-", now), "-");
  EXPECT_EQ(age_text("a title - of some length", now), "a title - of some length");
}

}  // namespace
}  // namespace newswire::daemon
