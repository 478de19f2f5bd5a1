#include "serve/detail/line_filter.h"

#include <gtest/gtest.h>

#include <string>

namespace newswire::serve {
namespace {

using Match = LineFilter::Match;

std::string line(const std::string& feed) {
  return R"({"_newswire":{"seq":7,"sum":"00000000","uid":"u","event":"new","feed":)" + feed +
         R"(,"received":"x"},"id":"feed","tags":["local"]})";
}

struct Case {
  const char* name;
  std::string front;
  std::vector<std::string> feeds;
  std::vector<std::string> tags;
  Match match;
};

class Filter : public testing::TestWithParam<Case> {};

TEST_P(Filter, ChoosesByTheFeed) {
  const LineFilter filter(GetParam().feeds, GetParam().tags);
  EXPECT_EQ(filter.match(GetParam().front), GetParam().match);
}

const std::string kSun = R"({"id":"sun","url":"https://x/?a={[","title":"a \"b\\","tags":["world","uk"]})";

INSTANTIATE_TEST_SUITE_P(
    Lines, Filter,
    testing::Values(
        Case{"no_choice_is_everything", "whatever", {}, {}, Match::yes},
        Case{"the_feed", line(kSun), {"moon", "sun"}, {}, Match::yes},
        Case{"another_feed", line(kSun), {"moon"}, {}, Match::no},
        Case{"part_of_a_name", line(kSun), {"su", "sunny"}, {}, Match::no},
        Case{"one_of_the_tags", line(kSun), {}, {"uk", "de"}, Match::yes},
        Case{"none_of_the_tags", line(kSun), {}, {"de"}, Match::no},
        Case{"the_articles_own_tags_do_not_count", line(kSun), {}, {"local"}, Match::no},
        Case{"feed_and_tag", line(kSun), {"sun"}, {"uk"}, Match::yes},
        Case{"feed_without_tag", line(kSun), {"sun"}, {"de"}, Match::no},
        Case{"no_tags_at_all", line(R"({"id":"sun"})"), {"sun"}, {"de"}, Match::no},
        Case{"empty_tags", line(R"({"id":"sun","tags":[]})"), {}, {"de"}, Match::no},
        Case{"escaped_like_the_writer_does", line(R"({"id":"a\"b\\c\n"})"), {"a\"b\\c\n"}, {}, Match::yes},
        Case{"members_in_another_order",
             R"({"title":"x","n":[1,{"a":"]"}],"_newswire":{"feed":{"tags":["t"],"id":"i"}}})",
             {"i"},
             {"t"},
             Match::yes},
        Case{"white_space", "{ \"_newswire\" : { \"feed\" : { \"id\" : \"i\" } } }", {"i"}, {}, Match::yes},
        Case{"a_decoy_in_a_string",
             R"({"title":"\"_newswire\":{\"feed\":{\"id\":\"i\"}}","_newswire":{"feed":{"id":"j"}}})",
             {"i"},
             {},
             Match::no},
        Case{"cut_before_the_feed", line(kSun).substr(0, 60), {"sun"}, {}, Match::unknown},
        Case{"cut_in_a_string", line(kSun).substr(0, line(kSun).find("tags") + 9), {}, {"uk"}, Match::unknown},
        Case{"not_json", "hello", {"sun"}, {}, Match::unknown}, Case{"nothing", "", {"sun"}, {}, Match::unknown},
        Case{"no_newswire_member", R"({"id":"x"})", {"sun"}, {}, Match::unknown},
        Case{"ends_in_a_backslash", R"({"_newswire":{"feed":{"id":"\)", {"sun"}, {}, Match::unknown},
        Case{"unbalanced", R"({"a":]]}}},"_newswire")", {"sun"}, {}, Match::unknown}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::serve
