#include "fetch/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/async.h"
#include "loop.h"

namespace newswire::fetch::test {
namespace {

using testing::HasSubstr;

constexpr const char* kRss = "<rss version=\"2.0\"><channel><title>t</title></channel></rss>";

TEST(Client, GivesStatusHeadersAndBody) {
  Fixture f;
  f.server.on("/feed.xml", Answer(200, kRss).header("ETag", "W/\"a b\"").header("Content-Type", "application/rss+xml"));
  const auto got = f.get();
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, kRss);
  EXPECT_EQ(got->etag, "W/\"a b\"");
  EXPECT_EQ(got->content_type, "application/rss+xml");
  EXPECT_EQ(got->final_url, f.server.url("/feed.xml"));
  EXPECT_EQ(got->http_version, "1.1");
  EXPECT_EQ(got->remote_address, "127.0.0.1");
  EXPECT_GT(got->wire_bytes, got->body.size());
}

asio::awaitable<void> fetch_into(Client& client, Request request, std::vector<Result<Response>>& answers) {
  auto got = co_await client.get(std::move(request));
  answers.push_back(std::move(got));
}

struct Many : Fixture {
  using Fixture::Fixture;
  void start(Request request) {
    ++open;
    asio::co_spawn(loop.context(), fetch_into(client, std::move(request), answers), [this](std::exception_ptr error) {
      EXPECT_FALSE(error);
      --open;
    });
  }
  void finish() {
    loop.drive([this] { return open == 0; });
  }
  std::vector<Result<Response>> answers;
  int open = 0;
};

TEST(Client, CarriesManyTransfersWithinItsBound) {
  ClientOptions options;
  options.max_transfers = 8;
  Many f({}, options);
  f.server.on("*", Answer(200, kRss));
  for (int i = 0; i < 100; ++i) f.start(f.request("/" + std::to_string(i)));
  unsigned most = 0;
  f.loop.drive([&] {
    most = std::max(most, f.client.stats().in_flight);
    return f.open == 0;
  });
  EXPECT_EQ(most, 8U);
  ASSERT_EQ(f.answers.size(), 100U);
  for (const auto& answer : f.answers) ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(f.server.requests().size(), 100U);
  EXPECT_EQ(f.client.stats().requests, 100U);
}

TEST(Client, StopEndsEveryTransferAndLetsNoMoreIn) {
  ClientOptions options;
  options.max_transfers = 3;
  Many f({}, options);
  f.server.on("/feed.xml", Answer(200, kRss).stall());
  for (int i = 0; i < 6; ++i) f.start(f.request());
  f.loop.drive([&] { return f.client.stats().in_flight == 3 && f.client.stats().waiting == 3; });
  f.loop.run(f.client.stop());
  EXPECT_EQ(f.answers.size(), 6U);
  for (const auto& answer : f.answers) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::cancelled);
  }
  f.finish();
  const auto late = f.get();
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::cancelled);
}

asio::awaitable<Errc> get_for(Client& client, Request request, std::chrono::milliseconds limit) {
  auto got = co_await with_timeout(client.get(std::move(request)), limit);
  co_return got ? Errc::invalid : got.error().code;
}

TEST(Client, OtherOptionsCountForWhatStartsThen) {
  ClientOptions options;
  options.max_transfers = 1;
  options.user_agent = "before/1";
  Fixture f({}, options);
  f.server.on("/slow", Answer(200, kRss).stall());
  f.server.on("/feed.xml", Answer(200, kRss));
  const auto ignore = [](std::exception_ptr, Result<Response>) {};
  asio::co_spawn(f.loop.context(), f.client.get(f.request("/slow")), ignore);
  f.loop.drive([&f] { return f.client.stats().in_flight == 1; });
  asio::co_spawn(f.loop.context(), f.client.get(f.request("/queued")), ignore);
  f.loop.drive([&f] { return f.client.stats().waiting == 1; });
  options.max_transfers = 3;
  options.user_agent = "after/2";
  f.client.set_options(options);
  ASSERT_TRUE(f.get());
  ASSERT_TRUE(f.server.wait_for(3)) << "each has a connection of its own, and the server may read them in any order";
  EXPECT_EQ(f.server.count("/queued"), 1U) << "who waited was let in first";
  EXPECT_EQ(f.server.requests("/slow").at(0).header("user-agent"), "before/1");
  EXPECT_EQ(f.server.requests("/feed.xml").at(0).header("user-agent"), "after/2");
}

TEST(Client, ATransferCanBeCancelledAndItsPlaceIsFree) {
  ClientOptions options;
  options.max_transfers = 1;
  Fixture f({}, options);
  f.server.on("/stall", Answer(200, kRss).stall());
  f.server.on("/feed.xml", Answer(200, kRss));
  EXPECT_EQ(f.loop.run(get_for(f.client, f.request("/stall"), 30ms)), Errc::timeout);
  EXPECT_EQ(f.client.stats().in_flight, 0U);
  EXPECT_TRUE(f.get());
}

TEST(Client, AQueuedRequestCanBeCancelled) {
  ClientOptions options;
  options.max_transfers = 1;
  Many f({}, options);
  f.server.on("/stall", Answer(200, kRss).stall());
  f.start(f.request("/stall"));
  EXPECT_EQ(f.loop.run(get_for(f.client, f.request(), 30ms)), Errc::timeout);
  EXPECT_EQ(f.client.stats().waiting, 0U);
  f.loop.run(f.client.stop());
  f.finish();
}

struct BadCase {
  const char* name;
  const char* url;
  Errc code;
};

class BadUrl : public testing::TestWithParam<BadCase> {};

TEST_P(BadUrl, IsRefusedBeforeAnythingIsSent) {
  Fixture f;
  auto request = f.request();
  request.url = GetParam().url;
  const auto got = f.get(std::move(request));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, GetParam().code) << to_string(got.error());
}

INSTANTIATE_TEST_SUITE_P(Urls, BadUrl,
                         testing::Values(BadCase{"empty", "", Errc::invalid},
                                         BadCase{"relative", "/feed.xml", Errc::invalid},
                                         BadCase{"no_host", "http:///x", Errc::invalid},
                                         BadCase{"file", "file:///etc/passwd", Errc::refused},
                                         BadCase{"gopher", "gopher://x/", Errc::refused},
                                         BadCase{"line_break", "http://127.0.0.1/a\r\nX: y", Errc::invalid},
                                         BadCase{"tab", "http://127.0.0.1/a\tb", Errc::invalid},
                                         BadCase{"space_in_host", "http://127.0.0.1 x/", Errc::invalid},
                                         BadCase{"port", "http://127.0.0.1:80a/", Errc::invalid},
                                         BadCase{"name_too_long_for_idn", "http://\xff\xff.example/", Errc::invalid}),
                         [](const auto& tested) { return std::string(tested.param.name); });

struct HeaderCase {
  const char* name;
  Header header;
};

class HeaderInjection : public testing::TestWithParam<HeaderCase> {};

TEST_P(HeaderInjection, IsRefused) {
  Fixture f;
  auto request = f.request();
  request.headers = {GetParam().header};
  const auto got = f.get(std::move(request));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::invalid);
  EXPECT_TRUE(f.server.requests().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Fields, HeaderInjection,
    testing::Values(HeaderCase{"value", {"X-A", "b\r\nX-C: d"}}, HeaderCase{"newline", {"X-A", "b\nX-C: d"}},
                    HeaderCase{"nul", {"X-A", std::string("b\0c", 3)}}, HeaderCase{"name", {"X-A: b\r\nX-C", "d"}},
                    HeaderCase{"space_in_name", {"X A", "b"}}, HeaderCase{"empty_name", {"", "b"}},
                    HeaderCase{"host", {"Host", "other.example"}}, HeaderCase{"length", {"content-length", "5"}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(HeaderInjection, ByValidatorsCookiesAgentOrTokenIsRefused) {
  Fixture f;
  const std::vector<void (*)(Request&)> spoil = {[](Request& r) {
                                                   r.validators = {r.url, "\"a\"\r\nX: y", ""};
                                                 },
                                                 [](Request& r) {
                                                   r.validators = {r.url, "", "monday\nX: y"};
                                                 },
                                                 [](Request& r) { r.cookies = "a=b\r\nX: y"; },
                                                 [](Request& r) { r.user_agent = "x\r\nX: y"; },
                                                 [](Request& r) { r.accept = "x\nX: y"; },
                                                 [](Request& r) {
                                                   r.auth = {Auth::Scheme::bearer, "", "t\r\nX: y"};
                                                 }};
  for (const auto& change : spoil) {
    auto request = f.request();
    change(request);
    const auto got = f.get(std::move(request));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::invalid);
  }
  EXPECT_TRUE(f.server.requests().empty());
}

TEST(Guard, ALiteralPrivateAddressIsRefusedWithoutAConnection) {
  Fixture f;
  for (const std::string host : {"127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]"}) {
    auto request = f.request();
    request.url = "http://" + host + ":" + std::to_string(f.server.port()) + "/feed.xml";
    request.allow_private = false;
    const auto got = f.get(std::move(request));
    ASSERT_FALSE(got) << host;
    EXPECT_EQ(got.error().code, Errc::refused) << to_string(got.error());
  }
  EXPECT_EQ(f.server.connections(), 0U);
}

TEST(Guard, ANameIsJudgedByTheAddressItResolvesTo) {
  Fixture f;
  auto request = f.request();
  request.url = f.server.url_by_name("/feed.xml");
  request.allow_private = false;
  const auto got = f.get(std::move(request));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::refused) << to_string(got.error());
  EXPECT_EQ(f.server.connections(), 0U);
  EXPECT_GE(f.client.stats().refused_addresses, 1U);
}

TEST(Guard, APooledConnectionOfAnAllowedFeedIsNotForTheOthers) {
  Fixture f;
  f.server.on("/feed.xml", Answer(200, kRss));
  auto request = f.request();
  request.url = f.server.url_by_name("/feed.xml");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(f.get(request));
  EXPECT_GE(f.client.stats().reused_connections, 1U);
  request.allow_private = false;
  const auto got = f.get(std::move(request));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::refused) << to_string(got.error());
  EXPECT_EQ(f.server.requests().size(), 3U);
}

TEST(Proxy, IsUsedAndNotJudgedByTheGuard) {
  Fixture f;
  f.server.on("http://feeds.example/feed.xml", Answer(200, kRss));
  auto request = f.request();
  request.allow_private = false;
  request.url = "http://feeds.example/feed.xml";
  request.proxy = f.server.url("");
  const auto got = f.get(request);
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->body, kRss);
  request.url = "http://10.0.0.1/feed.xml";  // nobody behind a proxy either
  const auto literal = f.get(std::move(request));
  ASSERT_FALSE(literal);
  EXPECT_EQ(literal.error().code, Errc::refused);
}

ServerOptions secure(bool h2 = false) {
  ServerOptions options;
  options.tls = true;
  options.offer_h2 = h2;
  return options;
}

TEST(Tls, ACertificateIsCheckedByDefault) {
  Fixture f(secure());
  f.server.on("/feed.xml", Answer(200, kRss));
  auto request = f.request();
  const auto good = f.get(request);
  ASSERT_TRUE(good) << to_string(good.error());
  request.ca_file.clear();
  const auto unknown = f.get(request);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::tls) << to_string(unknown.error());
  request.verify_tls = false;
  EXPECT_TRUE(f.get(std::move(request)));
}

TEST(Tls, AClientCertificateIsShownWhereItIsConfigured) {
  auto options = secure();
  options.wants_certificate = true;
  Fixture f(options);
  f.server.on("/feed.xml", Answer(200, kRss));
  auto request = f.request();
  const auto without = f.get(request);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, Errc::tls) << to_string(without.error());
  EXPECT_THAT(without.error().what, HasSubstr("client_certificate"));
  request.certificate.certificate = f.server.ca_file();  // the key is in the same file
  const auto with = f.get(std::move(request));
  ASSERT_TRUE(with) << to_string(with.error());
  EXPECT_EQ(with->body, kRss);
}

TEST(Tls, AClientCertificateStaysWithItsOrigin) {
  auto options = secure();
  options.wants_certificate = true;
  HttpServer other(options);
  other.on("/feed.xml", Answer(200, kRss));
  Fixture f(options);
  f.server.on("/feed.xml", Answer(302).header("Location", other.url("/feed.xml")));
  auto request = f.request();
  request.verify_tls = false;
  request.certificate.certificate = f.server.ca_file();
  const auto got = f.get(std::move(request));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::tls) << to_string(got.error());
  EXPECT_EQ(f.server.count("/feed.xml"), 1U);
  EXPECT_EQ(other.count("/feed.xml"), 0U);
}

TEST(R18_Http2, AProtocolErrorIsTriedOnceOver11AndRemembered) {
  Fixture f(secure(true));
  f.server.on("/feed.xml", Answer(200, kRss));
  const auto got = f.get();
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->http_version, "1.1");
  EXPECT_EQ(f.client.stats().http2_fallbacks, 1U);
  EXPECT_EQ(f.server.connections(), 2U);
  ASSERT_TRUE(f.get());
  EXPECT_EQ(f.client.stats().http2_fallbacks, 1U);
}

TEST(R18_Http2, CanBeSwitchedOffForAFeed) {
  Fixture f(secure(true));
  f.server.on("/feed.xml", Answer(200, kRss));
  auto request = f.request();
  request.http_version = HttpVersion::http1_1;
  ASSERT_TRUE(f.get(std::move(request)));
  EXPECT_EQ(f.server.connections(), 1U);
}

}  // namespace
}  // namespace newswire::fetch::test
