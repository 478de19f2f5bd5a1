#include "fetch/validators.h"

#include <gtest/gtest.h>

namespace newswire::fetch {
namespace {

constexpr const char* kUrl = "https://example.org/feed.xml";

Validators known(std::string etag, std::string last_modified) {
  return {kUrl, std::move(etag), std::move(last_modified)};
}

Response answer(int status, std::string etag, std::string last_modified, std::string body = "<rss/>") {
  Response response;
  response.status = status;
  response.final_url = kUrl;
  response.etag = std::move(etag);
  response.last_modified = std::move(last_modified);
  if (status == 200 || status == 226) response.body = std::move(body);
  return response;
}

std::string line(const std::vector<Header>& headers, std::string_view name) {
  for (const auto& field : headers) {
    if (field.name == name) return field.value;
  }
  return "(none)";
}

TEST(R1_Validators, NothingKnownNothingSent) { EXPECT_TRUE(conditional_headers({}, kUrl, true).empty()); }

TEST(R2_Validators, EtagGoesBackByteForByteEvenIfItIsNoLegalEntityTag) {
  for (const std::string etag : {"\"abc\"", "W/\"abc\"", "abc", "\"a\"b\"", "w/\"x", "\"\xc3\xa4\""}) {
    EXPECT_EQ(line(conditional_headers(known(etag, ""), kUrl, false), "If-None-Match"), etag);
  }
}

TEST(R3_Validators, LastModifiedGoesBackByteForByteAndIsNeverInvented) {
  const auto headers = conditional_headers(known("", "yesterday, about noon"), kUrl, false);
  EXPECT_EQ(line(headers, "If-Modified-Since"), "yesterday, about noon");
  EXPECT_EQ(line(conditional_headers(known("\"a\"", ""), kUrl, false), "If-Modified-Since"), "(none)");
}

TEST(R4_Validators, BothKnownBothSent) {
  const auto headers = conditional_headers(known("\"a\"", "Tue, 24 Nov 2026 08:00:00 GMT"), kUrl, false);
  EXPECT_EQ(headers.size(), 2U);
  EXPECT_EQ(line(headers, "If-None-Match"), "\"a\"");
  EXPECT_EQ(line(headers, "If-Modified-Since"), "Tue, 24 Nov 2026 08:00:00 GMT");
}

TEST(R5_Validators, A200ReplacesThePairAsAPair) {
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(200, "\"b\"", "tuesday")), known("\"b\"", "tuesday"));
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(200, "\"b\"", "")), known("\"b\"", ""));
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(200, "", "tuesday")), known("", "tuesday"));
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(200, "", "")), known("", ""));
}

TEST(R6_Validators, A304UpdatesWhatItCarriesAndKeepsTheRest) {
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(304, "\"b\"", "")), known("\"b\"", "monday"));
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(304, "", "tuesday")), known("\"a\"", "tuesday"));
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(304, "", "")), known("\"a\"", "monday"));
}

TEST(R7_Validators, TwoEditsWithinASecondAreToldApartByTheEtag) {
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(200, "\"b\"", "monday")), known("\"b\"", "monday"));
}

TEST(R9_Validators, BelongToTheExactUrlThatAnswered) {
  EXPECT_TRUE(conditional_headers(known("\"a\"", ""), "https://example.org/feed.xml?x", true).empty());
  EXPECT_TRUE(conditional_headers(known("\"a\"", ""), "http://example.org/feed.xml", true).empty());
  auto elsewhere = answer(200, "\"b\"", "");
  elsewhere.final_url = "https://cdn.example.org/feed.xml";
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), elsewhere),
            (Validators{"https://cdn.example.org/feed.xml", "\"b\"", ""}));
  auto not_modified_elsewhere = answer(304, "\"b\"", "");
  not_modified_elsewhere.final_url = "https://cdn.example.org/feed.xml";
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), not_modified_elsewhere), known("\"a\"", "monday"));
}

TEST(R14_Validators, AimGoesOnlyWithValidatorsAndA226ReplacesThem) {
  EXPECT_EQ(line(conditional_headers(known("\"a\"", ""), kUrl, true), "A-IM"), "feed");
  EXPECT_EQ(line(conditional_headers(known("\"a\"", ""), kUrl, false), "A-IM"), "(none)");
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(226, "\"b\"", "")), known("\"b\"", ""));
}

TEST(A1_Validators, AnEmptyAnswerStoresNothing) {
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(200, "\"b\"", "tuesday", "")),
            known("\"a\"", "monday"));
  EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(204, "\"b\"", "tuesday")), known("\"a\"", "monday"));
}

TEST(Validators, ErrorsLeaveThemAlone) {
  for (const int status : {403, 404, 410, 429, 500, 503}) {
    EXPECT_EQ(updated_validators(known("\"a\"", "monday"), answer(status, "\"error\"", "now")),
              known("\"a\"", "monday"))
        << status;
  }
}

}  // namespace
}  // namespace newswire::fetch
