#include "serve/http_request.h"

#include <gtest/gtest.h>

namespace newswire::serve {
namespace {

struct HostCase {
  const char* name;
  std::string host;
  bool own;
};
class OwnHost : public testing::TestWithParam<HostCase> {};
TEST_P(OwnHost, KeepsOthersPagesOut) {
  EXPECT_EQ(is_own_host(GetParam().host, {"news.example", "192.0.2.7", "2001:db8::7"}), GetParam().own);
}
INSTANTIATE_TEST_SUITE_P(
    Hosts, OwnHost,
    testing::Values(HostCase{"localhost", "localhost:9898", true}, HostCase{"case", "LocalHost", true},
                    HostCase{"v4", "127.0.0.1:9898", true}, HostCase{"v6", "[::1]:9898", true},
                    HostCase{"trailing_dot", "localhost.:1", true}, HostCase{"configured", "news.example:80", true},
                    HostCase{"configured_v4", "192.0.2.7", true}, HostCase{"configured_v6", "[2001:db8::7]:1", true},
                    HostCase{"rebound", "evil.example:9898", false},
                    HostCase{"prefix", "localhost.evil.example", false}, HostCase{"suffix", "evil-localhost", false},
                    HostCase{"credentials", "localhost:1@evil.example", false}, HostCase{"empty", "", false},
                    HostCase{"port_only", ":9898", false}, HostCase{"open_bracket", "[::1", false},
                    HostCase{"bracket_and_more", "[::1]evil", false}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Target, IsDecoded) {
  const auto target = parse_target("/a%20b?x=1&y=a%26b+c&flag&&z=");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a b");
  const std::vector<std::pair<std::string, std::string>> expected{{"x", "1"}, {"y", "a&b c"}, {"flag", ""}, {"z", ""}};
  EXPECT_EQ(target->query, expected);
}

TEST(Target, BrokenOnesAreErrors) {
  for (const auto* target : {"", "articles", "*", "http://x/", "/%", "/%4", "/%zz", "/?a=%f"}) {
    EXPECT_FALSE(parse_target(target)) << target;
  }
}

Result<ArticlesQuery> query(std::string_view target, std::string_view last_event_id = {}) {
  const auto parsed = parse_target(target);
  if (!parsed) return parsed.error();
  return parse_articles_query(*parsed, last_event_id);
}

TEST(Articles, EverythingThatIsThereOrWhatComes) {
  EXPECT_EQ(query("/articles")->from.kind, From::Kind::earliest);
  EXPECT_FALSE(query("/articles")->follow);
  EXPECT_EQ(query("/articles?follow")->from.kind, From::Kind::latest);
  EXPECT_TRUE(query("/articles?follow=1")->follow);
  EXPECT_FALSE(query("/articles?follow=0")->follow);
}

TEST(Articles, FromFeedsTagsLimit) {
  const auto got = query("/articles?from=7&feed=a&feed=b&tag=c&limit=3");
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->from.seq, Seq{7});
  EXPECT_EQ(got->feeds, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(got->tags, std::vector<std::string>{"c"});
  EXPECT_EQ(got->limit, 3U);
  EXPECT_EQ(query("/articles?from=1970-01-01T00%3A00%3A01Z")->from.time, Time{std::chrono::seconds{1}});
}

TEST(Articles, ABrowserGoesOnBehindItsLastEvent) {
  EXPECT_EQ(query("/articles?follow&from=latest", "41")->from.seq, Seq{42});
  EXPECT_EQ(query("/articles?follow", "nonsense")->from.kind, From::Kind::latest);
}

TEST(Articles, TyposAreErrors) {
  for (const auto* target : {"/articles?feeds=a", "/articles?from=yesterday", "/articles?from=0",
                             "/articles?feed=", "/articles?limit=0", "/articles?follow=maybe", "/articles?from=-1"}) {
    EXPECT_FALSE(query(target)) << target;
  }
}

Result<std::optional<ReadRequest>> reading(std::string_view target) {
  return parse_read_request(*parse_target(target));
}

TEST(Lists, AreAskedForWithBounds) {
  const auto feeds = reading("/api/feeds?match=a%20b&troubled=1&limit=20");
  ASSERT_TRUE(feeds && *feeds);
  EXPECT_EQ((*feeds)->op, "feeds");
  EXPECT_EQ((*feeds)->match, "a b");
  EXPECT_TRUE((*feeds)->troubled);
  EXPECT_EQ((*feeds)->limit, 20U);
  EXPECT_EQ((*reading("/api/feeds"))->limit, kMaxRows) << "never without a bound";
  EXPECT_EQ((*reading("/api/status"))->op, "status");
  EXPECT_EQ((*reading("/api/throughput"))->minutes, 60U);
  EXPECT_EQ((*reading("/api/throughput?minutes=1440"))->minutes, kMaxMinutes);
  EXPECT_FALSE(*reading("/api/reload"));
  for (const auto* wrong :
       {"/api/feeds?limit=0", "/api/feeds?limit=99999999", "/api/feeds?limit=x", "/api/feeds?troubled=no",
        "/api/status?match=x", "/api/consumers?limit=3", "/api/throughput?minutes=0", "/api/throughput?minutes=1441",
        "/api/throughput?limit=3", "/api/feeds?minutes=3"}) {
    EXPECT_FALSE(reading(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace newswire::serve
