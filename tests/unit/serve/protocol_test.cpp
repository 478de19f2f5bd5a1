#include "serve/protocol.h"

#include <gtest/gtest.h>

#include <string>

namespace newswire::serve {
namespace {

struct RefusalCase {
  const char* name;
  std::string line;
  std::string code;
  std::string says;
};

class Refused : public testing::TestWithParam<RefusalCase> {};

TEST_P(Refused, WithCodeAndReason) {
  const auto request = parse_request(GetParam().line);
  ASSERT_TRUE(std::holds_alternative<Refusal>(request));
  const auto& refusal = std::get<Refusal>(request);
  EXPECT_EQ(refusal.code, GetParam().code);
  EXPECT_NE(refusal.message.find(GetParam().says), std::string::npos) << refusal.message;
}

INSTANTIATE_TEST_SUITE_P(
    Requests, Refused,
    testing::Values(
        RefusalCase{"nothing", "", "bad_json", "JSON object"}, RefusalCase{"words", "hello", "bad_json", "JSON object"},
        RefusalCase{"http", "GET / HTTP/1.1", "bad_json", "JSON object"},
        RefusalCase{"array", "[1]", "bad_json", "JSON object"},
        RefusalCase{"cut", R"({"op":"subscribe")", "bad_json", "JSON object"},
        RefusalCase{"two_objects", R"({"op":"ping"}{"op":"ping"})", "bad_json", "JSON object"},
        RefusalCase{"nested_deeply",
                    R"({"op":"subscribe","feeds":)" + std::string(1000, '[') + std::string(1000, ']') + "}", "bad_json",
                    "JSON object"},
        RefusalCase{"not_utf8", "{\"op\":\"\xff\"}", "bad_json", "JSON object"},
        RefusalCase{"too_long", std::string(kMaxRequestBytes + 1, ' '), "too_long", "65536"},
        RefusalCase{"no_op", R"({"from":"earliest"})", "unknown_op", "subscribe"},
        RefusalCase{"op_is_a_number", R"({"op":1})", "unknown_op", "subscribe"},
        RefusalCase{"unknown_op", R"({"op":"subscrib"})", "unknown_op", "\"subscrib\""},
        RefusalCase{"typo_in_member", R"({"op":"subscribe","feed":["a"]})", "unknown_member", "did you mean \"feeds\""},
        RefusalCase{"unknown_member", R"({"op":"subscribe","colour":"red"})", "unknown_member", "\"colour\""},
        RefusalCase{"member_of_ack", R"({"op":"ack","seq":1,"consumer":"a"})", "unknown_member", "consumer"},
        RefusalCase{"member_of_ping", R"({"op":"ping","seq":1})", "unknown_member", "ping"},
        RefusalCase{"from_zero", R"({"op":"subscribe","from":0})", "bad_value", "earliest"},
        RefusalCase{"from_negative", R"({"op":"subscribe","from":-1})", "bad_value", "from"},
        RefusalCase{"from_fraction", R"({"op":"subscribe","from":1.5})", "bad_value", "from"},
        RefusalCase{"from_quoted_number", R"({"op":"subscribe","from":"12"})", "bad_value", "no quotes"},
        RefusalCase{"from_null", R"({"op":"subscribe","from":null})", "bad_value", "from"},
        RefusalCase{"from_date_only", R"({"op":"subscribe","from":"2026-11-24"})", "bad_value", "RFC 3339"},
        RefusalCase{"acked_without_consumer", R"({"op":"subscribe","from":"acked"})", "bad_value", "consumer"},
        RefusalCase{"confirm_without_consumer", R"({"op":"subscribe","ack":"confirm"})", "bad_value", "consumer"},
        RefusalCase{"consumer_with_slash", R"({"op":"subscribe","consumer":"a/b"})", "bad_value", "consumer"},
        RefusalCase{"consumer_empty", R"({"op":"subscribe","consumer":""})", "bad_value", "consumer"},
        RefusalCase{"consumer_too_long", R"({"op":"subscribe","consumer":")" + std::string(65, 'a') + "\"}",
                    "bad_value", "consumer"},
        RefusalCase{"feeds_no_list", R"({"op":"subscribe","feeds":"a"})", "bad_value", "feeds"},
        RefusalCase{"feeds_empty", R"({"op":"subscribe","feeds":[]})", "bad_value", "leave it out"},
        RefusalCase{"tags_of_numbers", R"({"op":"subscribe","tags":[1]})", "bad_value", "tags"},
        RefusalCase{"on_gap_word", R"({"op":"subscribe","on_gap":"skip"})", "bad_value", "on_gap"},
        RefusalCase{"heartbeat_text", R"({"op":"subscribe","heartbeat":"30s"})", "bad_value", "heartbeat"},
        RefusalCase{"heartbeat_absurd", R"({"op":"subscribe","heartbeat":99999999999})", "bad_value", "heartbeat"},
        RefusalCase{"health_text", R"({"op":"subscribe","health":"yes"})", "bad_value", "health"},
        RefusalCase{"ack_without_seq", R"({"op":"ack"})", "bad_value", "seq"},
        RefusalCase{"ack_zero", R"({"op":"ack","seq":0})", "bad_value", "seq"},
        RefusalCase{"ack_text", R"({"op":"ack","seq":"7"})", "bad_value", "seq"}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct FromCase {
  const char* name;
  std::string line;
  From from;
};

class Starts : public testing::TestWithParam<FromCase> {};

TEST_P(Starts, WhereTheClientSays) {
  const auto request = parse_request(GetParam().line);
  ASSERT_TRUE(std::holds_alternative<Subscribe>(request));
  EXPECT_EQ(std::get<Subscribe>(request).from, GetParam().from);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, Starts,
    testing::Values(
        FromCase{"default_is_latest", R"({"op":"subscribe"})", {From::Kind::latest, {}, {}}},
        FromCase{"default_of_a_consumer_is_acked", R"({"op":"subscribe","consumer":"a"})", {From::Kind::acked, {}, {}}},
        FromCase{"earliest", R"({"op":"subscribe","from":"earliest"})", {From::Kind::earliest, {}, {}}},
        FromCase{"seq", R"({"op":"subscribe","from":1042})", {From::Kind::seq, Seq{1042}, {}}},
        FromCase{"largest_seq",
                 R"({"op":"subscribe","from":18446744073709551615})",
                 {From::Kind::seq, Seq{18446744073709551615U}, {}}},
        FromCase{"time",
                 R"({"op":"subscribe","from":"1970-01-01T01:00:01+01:00"})",
                 {From::Kind::time, {}, Time{std::chrono::seconds{1}}}},
        FromCase{"consumer_from_latest",
                 R"({"op":"subscribe","from":"latest","consumer":"a"})",
                 {From::Kind::latest, {}, {}}},
        FromCase{"carriage_return_is_white_space", "{\"op\":\"subscribe\"}\r", {From::Kind::latest, {}, {}}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Request, CarriesEveryMember) {
  const auto request = parse_request(
      R"({"op":"subscribe","consumer":"mail-1","from":"acked","feeds":["a","b"],"tags":["world"],"on_gap":"continue",)"
      R"("ack":"confirm","heartbeat":30,"health":true})");
  ASSERT_TRUE(std::holds_alternative<Subscribe>(request));
  const auto& subscribe = std::get<Subscribe>(request);
  EXPECT_EQ(subscribe.consumer, "mail-1");
  EXPECT_EQ(subscribe.feeds, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(subscribe.tags, std::vector<std::string>{"world"});
  EXPECT_TRUE(subscribe.continue_on_gap);
  EXPECT_TRUE(subscribe.confirm_acks);
  EXPECT_TRUE(subscribe.health);
  EXPECT_EQ(subscribe.heartbeat, std::chrono::seconds(30));
}

TEST(Request, ARefusedSubscriptionSaysThatItWasOne) {
  EXPECT_TRUE(std::get<Refusal>(parse_request(R"({"op":"subscribe","x":1})")).subscribing);
  EXPECT_FALSE(std::get<Refusal>(parse_request(R"({"op":"ack"})")).subscribing);
}

TEST(Answer, IsOneLineOfJson) {
  EXPECT_EQ(subscribed_line(Seq{7}), "{\"op\":\"subscribed\",\"from\":7}\n");
  EXPECT_EQ(acked_line(Seq{7}), "{\"op\":\"acked\",\"seq\":7}\n");
  EXPECT_EQ(ping_line(Seq{7}), "{\"op\":\"ping\",\"seq\":7}\n");
  EXPECT_EQ(bye_line(Seq{8}), "{\"op\":\"bye\",\"next\":8}\n");
  EXPECT_EQ(gap_line(Seq{3}, Seq{9}), "{\"op\":\"gap\",\"from\":3,\"to\":9}\n");
  EXPECT_EQ(error_line("x", "a\n\"b\"", {{"earliest", 4}}),
            "{\"op\":\"error\",\"code\":\"x\",\"message\":\"a\\n\\\"b\\\"\",\"earliest\":4}\n");
}

TEST(ConsumerName, IsSafeAsAFileName) {
  EXPECT_TRUE(is_consumer_name("a"));
  EXPECT_TRUE(is_consumer_name("Mail_2.x-y"));
  EXPECT_FALSE(is_consumer_name(""));
  EXPECT_FALSE(is_consumer_name(".."));
  EXPECT_FALSE(is_consumer_name("a b"));
  EXPECT_FALSE(is_consumer_name("a/b"));
  EXPECT_FALSE(is_consumer_name(std::string("a\0b", 3)));
}

}  // namespace
}  // namespace newswire::serve
