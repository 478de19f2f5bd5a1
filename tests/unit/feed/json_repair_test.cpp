#include "feed/detail/json_repair.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "read.h"

namespace newswire::feed {
namespace {

using detail::repair_json;
using testing::ElementsAre;
using testing::IsEmpty;

bool is_json(std::string_view text) {
  boost::json::error_code failure;
  boost::json::parse({text.data(), text.size()}, failure);
  return !failure;
}

struct Case {
  const char* name;
  std::string_view text;
  std::string_view repaired;
  std::string_view phrase;
};
class JsonRepair : public testing::TestWithParam<Case> {};
TEST_P(JsonRepair, MakesJsonAndSaysSo) {
  const auto result = repair_json(GetParam().text);
  EXPECT_EQ(result.text, GetParam().repaired);
  EXPECT_THAT(result.repairs, ElementsAre(std::string(GetParam().phrase)));
  EXPECT_TRUE(is_json(result.text)) << result.text;
  const auto again = repair_json(result.text);
  EXPECT_EQ(again.text, result.text);
  EXPECT_THAT(again.repairs, IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(
    Faults, JsonRepair,
    testing::Values(
        Case{"line_break", "{\"a\":\"b\n\tc\"}", R"({"a":"b\n\tc"})", "control character in a JSON string (2 times)"},
        Case{"javascript_escape", R"({"a":"It\'s \x41"})", R"({"a":"It's \\x41"})",
             "unknown escape in a JSON string (2 times)"},
        Case{"short_unicode", R"({"a":"\u12 b"})", R"({"a":"\\u12 b"})", "unknown escape in a JSON string"},
        Case{"half_a_pair", R"({"a":"\ud83d\ude00\ud83d!"})", R"({"a":"\ud83d\ude00\uFFFD!"})",
             "unknown escape in a JSON string"},
        Case{"missing_commas", R"({"a":[{"b":1}{"b":2}]"c":3})", R"({"a":[{"b":1},{"b":2}],"c":3})",
             "missing comma in JSON (2 times)"},
        Case{"python", R"({"a":None,"b":[True,1]})", R"({"a":null,"b":[null,1]})", "unknown word in JSON (2 times)"},
        Case{"no_numbers", R"({"a":01,"b":.5,"c":-1.5e+3})", R"({"a":null,"b":null,"c":-1.5e+3})",
             "unknown word in JSON (2 times)"},
        Case{"endless_exponents", R"({"a":22e99999999999999999991,"b":1e-0000000000002,"c":1e4000000000})",
             R"({"a":null,"b":1e-0000000000002,"c":null})", "unknown word in JSON (2 times)"},
        Case{"cut_in_an_item", R"({"title":"T","items":[{"id":"1"},{"id":"2","ta)",
             R"({"title":"T","items":[{"id":"1"}]})", "truncated: incomplete end of the JSON dropped"},
        Case{"cut_before_an_item", R"({"items":[)", R"({"items":[]})", "truncated: incomplete end of the JSON dropped"},
        Case{"cut_in_the_head", R"({"title":"T","description":"D)", R"({"title":"T"})",
             "truncated: incomplete end of the JSON dropped"},
        Case{"cut_behind_the_items", R"({"items":[{"a":[1,{"b":2}]}],"title":tru)", R"({"items":[{"a":[1,{"b":2}]}]})",
             "truncated: incomplete end of the JSON dropped"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(JsonRepairOf, WellFormedTextDropsSpaceAndComments) {
  const auto result = repair_json("{ \"a\" : [ 1 , \"b\\u00e9\\\"\" , {} , ] , /* c */ \"d\":true // e\n}  ");
  EXPECT_EQ(result.text, R"({"a":[1,"b\u00e9\"",{}],"d":true})");
  EXPECT_THAT(result.repairs, IsEmpty());
}

TEST(JsonRepairOf, WhatIsNoObjectGivesNothing) {
  for (const auto* text : {"", "[1]", "{\"a\"}", "{\"a\" \"b\"}", "{\"a\":1]", "{a:1}", "{\"a\":{]}", "{:1}",
                           "{\"a\":}", "{\"a", "{1:2}", "{\"a\":'b'"}) {
    EXPECT_EQ(repair_json(text).text, "") << text;
  }
  std::string deep = "{\"a\":";
  for (int i = 0; i < 100'000; ++i) deep += '[';
  EXPECT_EQ(repair_json(deep).text, "");
}

TEST(JsonFeed, KeepsItsCompleteItemsAtEveryCut) {
  const std::string whole =
      R"({"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","tags":["a","b"]},{"id":"2",)"
      R"("content_html":"<p>\u00e9 \"x\"</p>"}],"language":"en"})";
  const auto first = whole.find("]},{") + 2;
  const auto second = whole.find("\"}],") + 2;
  for (auto cut = first; cut < whole.size(); ++cut) {
    const auto feed = read(std::string_view(whole).substr(0, cut));
    EXPECT_EQ(feed.title, "T");
    EXPECT_EQ(feed.entries.size(), cut >= second ? 2U : 1U) << whole.substr(0, cut);
    EXPECT_THAT(feed.repairs, ElementsAre("truncated: incomplete end of the JSON dropped"));
  }
}

TEST(JsonFeed, TakesNumbersForWhatTheyMean) {
  const auto feed =
      read(R"({"version":"https://jsonfeed.org/version/1.1","items":[{"id":1.5,"date_published":1072987200,)"
           R"("date_modified":12345}]})");
  ASSERT_EQ(feed.entries.size(), 1U);
  EXPECT_EQ(feed.entries[0].id, "1.5");
  ASSERT_TRUE(feed.entries[0].published.time);
  EXPECT_EQ(to_rfc3339(*feed.entries[0].published.time), "2004-01-01T20:00:00Z");
  EXPECT_FALSE(feed.entries[0].updated.time);
  EXPECT_EQ(feed.entries[0].updated.raw, "12345");
}

}  // namespace
}  // namespace newswire::feed
