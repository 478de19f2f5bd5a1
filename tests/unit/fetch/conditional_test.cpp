// The request as it arrives at a server, and what is made of the answer (R1–R16, on the wire).
#include <gtest/gtest.h>

#include <algorithm>

#include "fetch/outcome.h"
#include "fetch/validators.h"
#include "loop.h"

namespace newswire::fetch::test {
namespace {

constexpr const char* kRss = "<rss version=\"2.0\"><channel><title>t</title></channel></rss>";
constexpr const char* kMonday = "Mon, 23 Nov 2026 08:00:00 GMT";

// Polls as the pipeline does: what is stored after one answer goes into the next request.
struct Poller : Fixture {
  Response poll() {
    auto next = request();
    next.validators = validators;
    auto got = get(std::move(next));
    EXPECT_TRUE(got) << to_string(got.error());
    if (!got) return {};
    validators = updated_validators(validators, *got);
    return *std::move(got);
  }
  Seen seen(std::size_t index) const { return server.requests().at(index); }
  Validators validators;
};

TEST(R1_Wire, TheFirstRequestIsUnconditionalEveryLaterOneIsNot) {
  Poller p;
  p.server.on("/feed.xml", {Answer(200, kRss).header("ETag", "\"a\"").header("Last-Modified", kMonday), Answer(304)});
  p.poll();
  EXPECT_FALSE(p.seen(0).has("if-none-match"));
  EXPECT_FALSE(p.seen(0).has("if-modified-since"));
  EXPECT_FALSE(p.seen(0).has("a-im"));
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(p.poll().status, 304);
    EXPECT_EQ(p.seen(i).header("if-none-match"), "\"a\"");
    EXPECT_EQ(p.seen(i).header("if-modified-since"), kMonday);
    EXPECT_EQ(p.seen(i).header("a-im"), "feed");
  }
}

TEST(R2_Wire, AnIllegalEtagComesBackAsItWas) {
  Poller p;
  p.server.on("/feed.xml", Answer(200, kRss).header("ETag", "W/abc \"d\", e"));
  p.poll();
  p.poll();
  EXPECT_EQ(p.seen(1).header("if-none-match"), "W/abc \"d\", e");
}

TEST(R5_Wire, SameBodyWithANewEtagNeverLatchesTheOldOne) {
  Poller p;
  p.server.on("/feed.xml",
              {Answer(200, kRss).header("ETag", "\"a\""), Answer(200, kRss).header("ETag", "\"b\""), Answer(304)});
  p.poll();
  p.poll();
  p.poll();
  EXPECT_EQ(p.seen(2).header("if-none-match"), "\"b\"");
}

TEST(R5_Wire, AValidatorThatTheNew200LacksIsGone) {
  Poller p;
  p.server.on("/feed.xml", {Answer(200, kRss).header("ETag", "\"a\"").header("Last-Modified", kMonday),
                            Answer(200, kRss).header("ETag", "\"b\""), Answer(304)});
  p.poll();
  p.poll();
  p.poll();
  EXPECT_EQ(p.seen(2).header("if-none-match"), "\"b\"");
  EXPECT_FALSE(p.seen(2).has("if-modified-since"));
}

TEST(R6_Wire, ANewEtagOfA304IsUsedNextTime) {
  Poller p;
  p.server.on("/feed.xml", {Answer(200, kRss).header("ETag", "\"a\"").header("Last-Modified", kMonday),
                            Answer(304).header("ETag", "\"b\""), Answer(304)});
  p.poll();
  p.poll();
  p.poll();
  EXPECT_EQ(p.seen(2).header("if-none-match"), "\"b\"");
  EXPECT_EQ(p.seen(2).header("if-modified-since"), kMonday);
}

TEST(R6_Wire, A304CarriesItsFreshness) {
  Poller p;
  p.server.on("/feed.xml", {Answer(200, kRss).header("ETag", "\"a\""),
                            Answer(304).header("Cache-Control", "max-age=7200").header("Age", "200")});
  p.poll();
  const auto second = p.poll();
  EXPECT_EQ(second.cache.max_age, 7200s);
  EXPECT_EQ(second.cache.age, 200s);
}

TEST(R9_Wire, ValidatorsGoToTheHopThatGaveThemAndToNoOther) {
  Poller p;
  p.server.on("/feed.xml", {Answer(302).header("Location", "/a.xml"), Answer(302).header("Location", "/a.xml"),
                            Answer(302).header("Location", "/b.xml")});
  p.server.on("/a.xml", {Answer(200, kRss).header("ETag", "\"a\""), Answer(304)});
  p.server.on("/b.xml", Answer(200, kRss).header("ETag", "\"b\""));
  p.poll();
  EXPECT_EQ(p.validators.url, p.server.url("/a.xml"));
  const auto second = p.poll();
  EXPECT_EQ(second.status, 304);
  EXPECT_TRUE(second.sent_validators);
  EXPECT_FALSE(p.server.requests("/feed.xml")[1].has("if-none-match"));
  EXPECT_EQ(p.server.requests("/a.xml")[1].header("if-none-match"), "\"a\"");
  const auto third = p.poll();  // another target now
  EXPECT_FALSE(p.server.requests("/b.xml")[0].has("if-none-match"));
  EXPECT_FALSE(third.sent_validators);
}

TEST(R11_Wire, NoCookieNoRefererNothingAdded) {
  Poller p;
  p.server.on("/feed.xml", Answer(200, kRss).header("Set-Cookie", "id=1; Path=/").header("ETag", "\"a\""));
  p.poll();
  p.poll();
  for (const auto& seen : p.server.requests()) {
    EXPECT_FALSE(seen.has("cookie"));
    EXPECT_FALSE(seen.has("referer"));
    EXPECT_EQ(seen.method, "GET");
  }
}

struct TargetCase {
  const char* name;
  const char* configured;
  const char* sent;
};

class R11_Target : public testing::TestWithParam<TargetCase> {};

TEST_P(R11_Target, IsSentAsConfigured) {
  Fixture f;
  f.server.on("*", Answer(200, kRss));
  ASSERT_TRUE(f.get(GetParam().configured));
  EXPECT_EQ(f.server.requests().at(0).target, GetParam().sent);
}

INSTANTIATE_TEST_SUITE_P(
    Urls, R11_Target,
    testing::Values(TargetCase{"plain", "/a/b.xml?x=1&y", "/a/b.xml?x=1&y"}, TargetCase{"no_slash_added", "/a", "/a"},
                    TargetCase{"empty_query_kept", "/a?", "/a?"}, TargetCase{"dots_kept", "/a/../b/./c", "/a/../b/./c"},
                    TargetCase{"escapes_kept", "/%7e%2F%c3%a9", "/%7e%2F%c3%a9"},
                    TargetCase{"double_slash_kept", "/a//b", "/a//b"},
                    TargetCase{"fragment_stays_here", "/a#frag", "/a"},
                    TargetCase{"space_escaped", "/a b?c d", "/a%20b?c%20d"},
                    TargetCase{"utf8_escaped", "/caf\xc3\xa9", "/caf%C3%A9"}, TargetCase{"empty_path", "", "/"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(R12_Wire, UserAgentIsTheClientsOrTheFeeds) {
  EXPECT_EQ(default_user_agent("1.2.3", "https://example.org/bot"), "newswire/1.2.3 (+https://example.org/bot)");
  ClientOptions options;
  options.user_agent = "newswire/1.2.3 (+https://example.org/bot)";
  Fixture f({}, options);
  f.server.on("/feed.xml", Answer(200, kRss));
  auto own = f.request();
  own.user_agent = "mine/1";
  ASSERT_TRUE(f.get());
  ASSERT_TRUE(f.get(std::move(own)));
  EXPECT_EQ(f.server.requests()[0].header("user-agent"), "newswire/1.2.3 (+https://example.org/bot)");
  EXPECT_EQ(f.server.requests()[1].header("user-agent"), "mine/1");
}

TEST(R13_Wire, OffersCompressionAndPrefersFeedTypes) {
  Fixture f;
  f.server.on("/feed.xml", Answer(200, kRss));
  ASSERT_TRUE(f.get());
  const auto seen = f.server.requests().at(0);
  for (const auto* coding : {"gzip", "br", "zstd"})
    EXPECT_NE(seen.header("accept-encoding").find(coding), std::string::npos) << coding;
  EXPECT_EQ(seen.header("accept").find("application/atom+xml"), 0U);
  EXPECT_TRUE(seen.header("accept").ends_with("*/*;q=0.1"));
}

TEST(R13_Wire, AConfiguredHeaderTakesThePlaceOfOurs) {
  Fixture f;
  f.server.on("/feed.xml", Answer(200, kRss));
  auto request = f.request();
  request.headers = {{"Accept", "text/x-mine"}, {"User-Agent", "mine/2"}, {"Accept-Encoding", "gzip"}};
  ASSERT_TRUE(f.get(std::move(request)));
  const auto seen = f.server.requests().at(0);
  const std::vector<std::pair<std::string, std::string>> wanted = {
      {"accept", "text/x-mine"}, {"user-agent", "mine/2"}, {"accept-encoding", "gzip"}};
  for (const auto& [name, value] : wanted) {
    EXPECT_EQ(seen.header(name), value);
    const auto same = [&field_name = name](const auto& field) { return field.first == field_name; };
    EXPECT_EQ(std::count_if(seen.headers.begin(), seen.headers.end(), same), 1);
  }
}

TEST(R14_Wire, ADeltaIsRecognized) {
  Poller p;
  p.server.on("/feed.xml", {Answer(200, kRss).header("ETag", "\"a\""),
                            Answer(226, kRss).header("IM", "feed").header("ETag", "\"b\""), Answer(304)});
  p.poll();
  auto delta = p.poll();
  EXPECT_TRUE(delta.im_feed);
  EXPECT_TRUE(delta.sent_a_im);
  EXPECT_EQ(classify(Result<Response>(std::move(delta))).kind, OutcomeKind::delta);
  p.poll();
  EXPECT_EQ(p.seen(2).header("if-none-match"), "\"b\"");
}

TEST(R15_Wire, OnePollIsOneRequest) {
  Fixture f;
  f.server.on("/feed.xml", Answer(200, "this is no feed"));
  ASSERT_TRUE(f.get());
  EXPECT_EQ(f.server.requests().size(), 1U);
}

TEST(R18_Wire, ConnectionsToAHostThatIsVisitedAgainAreReused) {
  Fixture f;
  f.server.on("/feed.xml", Answer(200, kRss));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(f.get());
  EXPECT_LE(f.server.connections(), 2U);  // after the first visit nobody knows yet
  EXPECT_GE(f.client.stats().reused_connections, 3U);
}

}  // namespace
}  // namespace newswire::fetch::test
