#include <gtest/gtest.h>

#include "fetch/outcome.h"
#include "fetch/permanent_move.h"
#include "loop.h"

namespace newswire::fetch::test {
namespace {

constexpr const char* kRss = "<rss version=\"2.0\"><channel><title>t</title></channel></rss>";

Answer to(int status, std::string location) { return Answer(status).header("Location", std::move(location)); }

class A4_Redirect : public testing::TestWithParam<int> {};

TEST_P(A4_Redirect, IsFollowedAndClassified) {
  Fixture f;
  f.server.on("/feed.xml", to(GetParam(), "new.xml?a=b"));
  f.server.on("/new.xml?a=b", Answer(200, kRss));
  const auto got = f.get();
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->body, kRss);
  EXPECT_EQ(got->final_url, f.server.url("/new.xml?a=b"));
  ASSERT_EQ(got->hops.size(), 1U);
  EXPECT_EQ(got->hops[0].status, GetParam());
  EXPECT_EQ(got->hops[0].permanent, GetParam() == 301 || GetParam() == 308);
  EXPECT_EQ(permanent_target(got->hops).has_value(), got->hops[0].permanent);
  EXPECT_EQ(f.server.connections(), 1U);  // kept for the next hop
}

INSTANTIATE_TEST_SUITE_P(Statuses, A4_Redirect, testing::Values(300, 301, 302, 303, 307, 308),
                         testing::PrintToStringParamName());

TEST(A4_Redirects, ALoopIsAnError) {
  Fixture f;
  f.server.on("/feed.xml", to(302, "/b"));
  f.server.on("/b", to(302, "/feed.xml"));
  const auto got = f.get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::http_status);
  EXPECT_NE(got.error().what.find("loop"), std::string::npos);
  EXPECT_EQ(classify(got).kind, OutcomeKind::redirect_error);
  EXPECT_EQ(f.server.requests().size(), 2U);
}

TEST(A4_Redirects, TenAreFollowedElevenAreTooMany) {
  Fixture f;
  for (int i = 0; i < 11; ++i) f.server.on("/" + std::to_string(i), to(302, "/" + std::to_string(i + 1)));
  f.server.on("/11", Answer(200, kRss));
  const auto ten = f.get("/1");
  ASSERT_TRUE(ten) << to_string(ten.error());
  EXPECT_EQ(ten->hops.size(), 10U);
  const auto eleven = f.get("/0");
  ASSERT_FALSE(eleven);
  EXPECT_NE(eleven.error().what.find("more than 10"), std::string::npos);
}

struct BadCase {
  const char* name;
  const char* location;
  Errc code;
};

class RefusedRedirect : public testing::TestWithParam<BadCase> {};

TEST_P(RefusedRedirect, IsNotFollowed) {
  Fixture f;
  f.server.on("/feed.xml", *GetParam().location == '\0' ? Answer(302) : to(302, GetParam().location));
  auto request = f.request();
  request.allow_file = true;  // what the configuration may name, a server may not
  const auto got = f.get(std::move(request));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, GetParam().code) << to_string(got.error());
}

INSTANTIATE_TEST_SUITE_P(Targets, RefusedRedirect,
                         testing::Values(BadCase{"file", "file:///etc/passwd", Errc::refused},
                                         BadCase{"ftp", "ftp://example.org/", Errc::refused},
                                         BadCase{"gopher", "gopher://127.0.0.1:6379/_x", Errc::refused},
                                         BadCase{"data", "data:text/xml,<rss/>", Errc::refused},
                                         BadCase{"missing", "", Errc::http_status},
                                         BadCase{"no_host", "http://", Errc::http_status},
                                         BadCase{"bad_port", "http://127.0.0.1:x/", Errc::http_status},
                                         BadCase{"itself", "/feed.xml", Errc::http_status}),
                         [](const auto& tested) { return std::string(tested.param.name); });

// A public feed, asked through a proxy so that the test needs no public host, sends us to where no feed may lead: every
// hop is judged, in every spelling of the address.
class GuardedHop : public testing::TestWithParam<BadCase> {};

TEST_P(GuardedHop, IsRefusedWithoutARequest) {
  Fixture f;
  f.server.on("http://feeds.example/feed.xml", to(301, "http://feeds.example/second"));
  f.server.on("http://feeds.example/second", to(302, GetParam().location));
  auto request = f.request();
  request.allow_private = false;
  request.url = "http://feeds.example/feed.xml";
  request.proxy = f.server.url("");
  const auto got = f.get(std::move(request));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, GetParam().code) << to_string(got.error());
  EXPECT_EQ(f.server.requests().size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Targets, GuardedHop,
                         testing::Values(BadCase{"loopback", "http://127.0.0.1:9/x", Errc::refused},
                                         BadCase{"octal", "http://0177.0.0.1/x", Errc::refused},
                                         BadCase{"decimal", "http://2130706433/x", Errc::refused},
                                         BadCase{"metadata", "http://169.254.169.254/latest", Errc::refused},
                                         BadCase{"mapped", "http://[::ffff:10.0.0.1]/x", Errc::refused},
                                         BadCase{"mapped_hex", "http://[::ffff:a9fe:a9fe]/x", Errc::refused},
                                         BadCase{"nat64", "http://[64:ff9b::127.0.0.1]/x", Errc::refused},
                                         BadCase{"nat64_local", "http://[64:ff9b:1::1]/x", Errc::refused},
                                         BadCase{"unique_local", "http://[fd00::1]/x", Errc::refused}),
                         [](const auto& tested) { return std::string(tested.param.name); });

struct Secrets : Fixture {
  Request secret_request() const {
    auto r = request();
    r.auth = {Auth::Scheme::basic, "user", "password"};
    r.cookies = "session=1";
    r.headers = {{"X-Token", "secret"}};
    return r;
  }
};

TEST(R19_Credentials, GoToTheOriginTheyAreFor) {
  Secrets f;
  f.server.on("/feed.xml", to(302, "/b"));
  f.server.on("/b", Answer(200, kRss));
  ASSERT_TRUE(f.get(f.secret_request()));
  for (const auto& seen : f.server.requests()) {
    EXPECT_EQ(seen.header("authorization"), "Basic dXNlcjpwYXNzd29yZA==");
    EXPECT_EQ(seen.header("cookie"), "session=1");
    EXPECT_EQ(seen.header("x-token"), "secret");
  }
}

TEST(R19_Credentials, AreDroppedOnAnotherOriginAndStayDroppedOnTheWayBack) {
  Secrets f;
  f.server.on("/feed.xml", to(302, f.server.url_by_name("/b")));
  f.server.on("/b", to(302, f.server.url("/c")));
  f.server.on("/c", Answer(200, kRss));
  ASSERT_TRUE(f.get(f.secret_request()));
  for (const auto* target : {"/b", "/c"}) {
    const auto seen = f.server.requests(target).at(0);
    EXPECT_FALSE(seen.has("authorization")) << target;
    EXPECT_FALSE(seen.has("cookie")) << target;
    EXPECT_FALSE(seen.has("x-token")) << target;
  }
}

TEST(R19_Credentials, BearerTokensLikewise) {
  Fixture f;
  f.server.on("/feed.xml", to(302, f.server.url_by_name("/b")));
  f.server.on("/b", Answer(200, kRss));
  auto request = f.request();
  request.auth = {Auth::Scheme::bearer, "", "token-1"};
  ASSERT_TRUE(f.get(std::move(request)));
  EXPECT_EQ(f.server.requests("/feed.xml").at(0).header("authorization"), "Bearer token-1");
  EXPECT_FALSE(f.server.requests("/b").at(0).has("authorization"));
}

TEST(R19_Credentials, OfTheUrlAreUsedButNotShown) {
  Fixture f;
  f.server.on("/feed.xml", Answer(200, kRss));
  auto request = f.request();
  request.url = "http://us%65r:p%40ss@127.0.0.1:" + std::to_string(f.server.port()) + "/feed.xml";
  const auto got = f.get(std::move(request));
  ASSERT_TRUE(got);
  EXPECT_EQ(f.server.requests().at(0).header("authorization"), "Basic dXNlcjpwQHNz");
  EXPECT_EQ(got->final_url, f.server.url("/feed.xml"));
}

TEST(R19_Credentials, OfARedirectsUrlAreIgnored) {
  Fixture f;
  f.server.on("/feed.xml", to(302, "http://evil:x@127.0.0.1:" + std::to_string(f.server.port()) + "/b"));
  f.server.on("/b", Answer(200, kRss));
  ASSERT_TRUE(f.get());
  EXPECT_FALSE(f.server.requests("/b").at(0).has("authorization"));
}

TEST(E1_Redirect, RetryAfterOnTheWayIsKept) {
  Fixture f;
  f.server.on("/feed.xml", to(302, "/b").header("Retry-After", "600"));
  f.server.on("/b", Answer(200, kRss).header("Retry-After", "5"));
  const auto got = f.get();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->retry_after, 600s);
}

TEST(Redirects, AnErrorNamesWhereItStarted) {
  Fixture f;
  f.server.on("/feed.xml?token=hunter2", to(302, "/b"));
  f.server.on("/b", Answer(200, kRss).reset_after(0));
  const auto got = f.get("/feed.xml?token=hunter2");
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().what.find("redirected from"), std::string::npos);
  EXPECT_EQ(to_string(got.error()).find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace newswire::fetch::test
