#include "fetch/outcome.h"

#include <gtest/gtest.h>

namespace newswire::fetch {
namespace {

using namespace std::chrono_literals;

Response answer(int status, std::string body = {}, std::vector<Header> headers = {}) {
  Response response;
  response.status = status;
  response.final_url = "https://example.org/feed.xml";
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

Outcome outcome_of(Response response) { return classify(Result<Response>(std::move(response))); }
Outcome outcome_of(Errc code) {
  return classify(Result<Response>(Error{code, "what happened", "https://example.org/"}));
}

struct Case {
  const char* name;
  int status;
  OutcomeKind kind;
  Backoff backoff;
  bool failed;
};

class Statuses : public testing::TestWithParam<Case> {};

TEST_P(Statuses, AreClassified) {
  const auto outcome = outcome_of(answer(GetParam().status, "some text"));
  EXPECT_EQ(outcome.kind, GetParam().kind) << to_string(outcome.kind);
  EXPECT_EQ(outcome.backoff, GetParam().backoff);
  EXPECT_EQ(outcome.failed, GetParam().failed);
  EXPECT_EQ(outcome.status, GetParam().status);
  EXPECT_EQ(outcome.message.empty(), !GetParam().failed && GetParam().kind != OutcomeKind::rate_limited);
}

INSTANTIATE_TEST_SUITE_P(
    A1_to_A11, Statuses,
    testing::Values(Case{"A1_200", 200, OutcomeKind::content, Backoff::none, false},
                    Case{"A1_226_unasked", 226, OutcomeKind::content, Backoff::none, false},
                    Case{"A1_203", 203, OutcomeKind::content, Backoff::none, false},
                    Case{"A1_204", 204, OutcomeKind::empty, Backoff::none, false},
                    Case{"A1_205", 205, OutcomeKind::empty, Backoff::none, false},
                    Case{"A2_304_unasked", 304, OutcomeKind::unexpected_304, Backoff::none, true},
                    Case{"A6_410", 410, OutcomeKind::gone, Backoff::stop, true},
                    Case{"A7_404", 404, OutcomeKind::missing, Backoff::from_hour, true},
                    Case{"A7_400", 400, OutcomeKind::client_error, Backoff::from_hour, true},
                    Case{"A7_405", 405, OutcomeKind::client_error, Backoff::from_hour, true},
                    Case{"A7_451", 451, OutcomeKind::client_error, Backoff::from_hour, true},
                    Case{"A7_300_without_location", 300, OutcomeKind::client_error, Backoff::from_hour, true},
                    Case{"A8_401", 401, OutcomeKind::unauthorized, Backoff::from_hour, true},
                    Case{"A8_407", 407, OutcomeKind::unauthorized, Backoff::from_hour, true},
                    Case{"A8_403", 403, OutcomeKind::forbidden, Backoff::from_hour, true},
                    Case{"A9_500", 500, OutcomeKind::server_error, Backoff::from_interval, true},
                    Case{"A9_502", 502, OutcomeKind::server_error, Backoff::from_interval, true},
                    Case{"A9_503", 503, OutcomeKind::server_error, Backoff::from_interval, true},
                    Case{"A10_429", 429, OutcomeKind::rate_limited, Backoff::from_hour, false},
                    Case{"A11_425", 425, OutcomeKind::retry_later, Backoff::from_interval, true},
                    Case{"A11_508", 508, OutcomeKind::redirect_error, Backoff::from_hour, true},
                    Case{"A11_421_twice", 421, OutcomeKind::client_error, Backoff::from_hour, true},
                    Case{"odd_status", 999, OutcomeKind::server_error, Backoff::from_interval, true}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(A1_Outcome, A200WithoutABodyIsEmpty) { EXPECT_EQ(outcome_of(answer(200)).kind, OutcomeKind::empty); }

TEST(A2_Outcome, A304IsFineOnlyIfWeAskedConditionally) {
  auto response = answer(304);
  response.sent_validators = true;
  EXPECT_EQ(outcome_of(response).kind, OutcomeKind::not_modified);
  response.sent_validators = false;
  EXPECT_EQ(outcome_of(response).kind, OutcomeKind::unexpected_304);
}

TEST(R14_Outcome, A226IsADeltaOnlyIfAskedForAndSaidSo) {
  auto response = answer(226, "<rss/>");
  response.sent_a_im = response.im_feed = true;
  EXPECT_EQ(outcome_of(response).kind, OutcomeKind::delta);
  response.im_feed = false;
  EXPECT_EQ(outcome_of(response).kind, OutcomeKind::content);
  response.im_feed = true;
  response.sent_a_im = false;
  EXPECT_EQ(outcome_of(response).kind, OutcomeKind::content);
}

TEST(A8_Outcome, TellsWhichCredentialsAreMissing) {
  EXPECT_NE(outcome_of(answer(401)).message.find("give the feed user and password"), std::string::npos);
  EXPECT_NE(outcome_of(answer(407)).message.find("into the feed's proxy"), std::string::npos);
}

struct WallCase {
  const char* name;
  int status;
  std::vector<Header> headers;
  const char* body;
  bool blocked;
};

class A8_BotWall : public testing::TestWithParam<WallCase> {};

TEST_P(A8_BotWall, IsToldApartFromARefusal) {
  auto response = answer(GetParam().status, GetParam().body, GetParam().headers);
  if (const auto* type = response.header("content-type")) response.content_type = *type;
  const auto outcome = outcome_of(response);
  EXPECT_EQ(outcome.kind == OutcomeKind::blocked, GetParam().blocked) << to_string(outcome.kind);
  if (GetParam().blocked) {
    EXPECT_EQ(outcome.code, Errc::blocked);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Marks, A8_BotWall,
    testing::Values(
        WallCase{"cloudflare_header", 403, {{"cf-mitigated", "challenge"}}, "", true},
        WallCase{"cloudflare_page",
                 503,
                 {{"content-type", "text/html"}},
                 "<html><head><title>Just a moment...</title>",
                 true},
        WallCase{"cloudflare_script", 403, {}, "<!DOCTYPE html><script src=/cdn-cgi/challenge-platform/h/b>", true},
        WallCase{"datadome", 403, {{"x-datadome", "protected"}}, "", true},
        WallCase{"aws_with_202", 202, {{"x-amzn-waf-action", "challenge"}}, "", true},
        WallCase{"anubis", 403, {}, "<html><script src=\"/.within.website/x/cmd/anubis/static/js/main.mjs\">", true},
        WallCase{"plain_403", 403, {{"content-type", "text/html"}}, "<html>Forbidden</html>", false},
        WallCase{"words_in_a_feed", 200, {{"content-type", "application/rss+xml"}}, "<rss>cf_chl_opt</rss>", false},
        WallCase{"marks_in_json", 403, {{"content-type", "application/json"}}, "{\"x\":\"cf_chl_opt\"}", false},
        WallCase{"other_status", 404, {{"content-type", "text/html"}}, "<html>g-recaptcha</html>", false}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(A10_Outcome, RetryAfterComesBeforeTheRateLimitReset) {
  auto response = answer(429);
  response.rate_limit_reset = 60s;
  EXPECT_EQ(outcome_of(response).retry_after, 60s);
  response.retry_after = 90s;
  EXPECT_EQ(outcome_of(response).retry_after, 90s);
}

TEST(A10_Outcome, RedditsForbiddenWithAUsedUpQuotaIsARateLimit) {
  auto response = answer(403);
  response.rate_limit_reset = 200s;
  const auto outcome = outcome_of(response);
  EXPECT_EQ(outcome.kind, OutcomeKind::rate_limited);
  EXPECT_FALSE(outcome.failed);
  EXPECT_EQ(outcome.retry_after, 200s);
}

TEST(H3_Outcome, A429AndA503WithRetryAfterPauseTheHost) {
  EXPECT_TRUE(outcome_of(answer(429)).pauses_host);
  auto unavailable = answer(503);
  EXPECT_FALSE(outcome_of(unavailable).pauses_host);
  unavailable.retry_after = 3600s;
  EXPECT_TRUE(outcome_of(unavailable).pauses_host);
  EXPECT_EQ(outcome_of(unavailable).retry_after, 3600s);
}

TEST(H4_Outcome, NamesWhatFeedsOfAHostMayShare) {
  EXPECT_EQ(outcome_of(Errc::dns).host_failure, HostFailure::dns);
  EXPECT_EQ(outcome_of(Errc::connect).host_failure, HostFailure::connect);
  EXPECT_EQ(outcome_of(Errc::tls).host_failure, HostFailure::tls);
  EXPECT_EQ(outcome_of(answer(502)).host_failure, HostFailure::server_error);
  EXPECT_EQ(outcome_of(answer(404)).host_failure, HostFailure::missing);
  EXPECT_EQ(outcome_of(answer(403)).host_failure, HostFailure::none);
}

TEST(E1_Outcome, RetryAfterOfARedirectCounts) {
  auto response = answer(200, "<rss/>");
  response.hops.push_back({302, "a", "b", false});
  response.retry_after = 120s;
  EXPECT_EQ(outcome_of(response).retry_after, 120s);
}

TEST(A4_Outcome, MetaRefreshIsNamedButNotFollowed) {
  auto response = answer(400, "<html><head><META http-equiv=\"Refresh\" content=\"0; URL='/new?a=1&amp;b=2'\"></head>");
  EXPECT_EQ(refresh_target(response), "https://example.org/new?a=1&b=2");
  EXPECT_NE(outcome_of(response).message.find("https://example.org/new"), std::string::npos);
  EXPECT_EQ(refresh_target(answer(200, "", {{"refresh", "5;url=https://example.com/"}})), "https://example.com/");
  EXPECT_EQ(refresh_target(answer(200, "<meta name=refresh content=\"30\">")), "");
}

TEST(A9_Outcome, NetworkErrorsBackOffFromTheInterval) {
  for (const auto code : {Errc::dns, Errc::connect, Errc::tls, Errc::timeout, Errc::io}) {
    const auto outcome = outcome_of(code);
    EXPECT_EQ(outcome.kind, OutcomeKind::network);
    EXPECT_EQ(outcome.backoff, Backoff::from_interval);
    EXPECT_TRUE(outcome.failed);
  }
}

TEST(Outcome, CancelledAndBusyAreNoFailures) {
  for (const auto code : {Errc::cancelled, Errc::busy}) {
    EXPECT_EQ(outcome_of(code).kind, OutcomeKind::cancelled);
    EXPECT_FALSE(outcome_of(code).failed);
  }
}

TEST(Outcome, MessagesHideSecrets) {
  auto response = answer(500);
  response.final_url = "https://example.org/feed?token=hunter2";
  EXPECT_EQ(outcome_of(response).message.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace newswire::fetch
