#include "article/line.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace newswire::article {
namespace {

Article full() {
  Article a;
  a.seq = 1042;
  a.uid = "01h00000000000000000000000";
  a.event = Event::updated;
  a.revision = 2;
  a.feed = {"example", "https://example.org/feed.xml", "Example", {"world"}};
  a.received = parse_rfc3339("2026-11-24T08:13:01.123Z")->utc;
  a.language_source = "detected";
  a.story_uid = "01h00000000000000000000001";
  a.story_similarity = 0.5;
  a.stripped = {{"app-download", "app-download", "tail", "DOWNLOAD THE APP"}};
  a.related = {{"Other", "https://example.org/b", "The Sun", "a day ago", "Teaser"}};
  a.backlog = true;
  a.completeness = "full";
  a.changed = {"title"};
  a.repairs = {"bare ampersand"};
  a.overflow = true;
  a.link_original = "https://example.org/a?utm_source=rss";
  a.published_raw = "yesterday";
  a.date_in_future = true;
  a.id = "urn:1";
  a.url = "https://example.org/a";
  a.external_url = "https://other.org/";
  a.title = "Title \"quoted\"\n";
  a.content_text = "One\n\nTwo";
  a.content_html = "<p>One</p><p>Two</p>";
  a.summary = "S";
  a.date_published = parse_rfc3339("2025-06-05T09:00:00+08:00");
  a.date_modified = parse_rfc3339("2025-06-06T09:00:00Z");
  a.authors = {{"A. Author", "https://example.org/~a", "a@example.org", ""}};
  a.tags = {"x", "y"};
  a.language = "en";
  a.image = "https://example.org/i.png";
  a.attachments = {{"https://example.org/a.mp3", "audio/mpeg", "", 123, 60.5}};
  return a;
}

TEST(Line, BeginsWithTheSequenceNumber) {
  EXPECT_TRUE(to_line(full()).starts_with("{\"_newswire\":{\"seq\":1042,\"schema\":1,\"uid\":\"01h"));
}

TEST(Line, IsOneLineOfJson) {
  const auto line = to_line(full());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_NO_THROW((void)boost::json::parse(line));
}

TEST(Line, RoundTrips) {
  const auto line = to_line(full());
  const auto read = parse_line(line);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_line(*read), line);
}

TEST(Line, LeavesOutWhatIsAbsent) {
  Article a;
  a.seq = 1;
  a.id = "1";
  const auto line = to_line(a);
  EXPECT_EQ(line.find("null"), std::string::npos);
  EXPECT_EQ(line.find("stripped"), std::string::npos);
  EXPECT_NE(line.find("\"content_text\":\"\""), std::string::npos);
}

TEST(Line, IsCutToItsLimitAndSaysSo) {
  auto a = full();
  a.content_text = std::string(10000, 'a') + std::string(10000, '\x01') + "ü";
  a.content_html = std::string(20000, 'b');
  for (const std::size_t limit : {5000U, 12000U, 30000U, 70000U}) {
    std::string tail;
    append_tail(tail, a, limit);
    EXPECT_LE(tail.size(), limit);
    const auto read = parse_line(R"({"_newswire":{"seq":7)" + tail);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->truncated);
    EXPECT_TRUE(read->content_html.empty());
    EXPECT_FALSE(read->content_text.empty());
  }
}

TEST(Line, AHugeTitleDoesNotBreakTheLimit) {
  auto a = full();
  a.title = std::string(1 << 20, 't');
  std::string tail;
  append_tail(tail, a, 64 << 10);
  EXPECT_LE(tail.size(), std::size_t{64} << 10);
}

TEST(ParseLine, RefusesWhatIsNoArticle) {
  for (const char* text :
       {"", "{", "[]", "{}", "{\"_newswire\":1}", "{\"_newswire\":{\"seq\":-1}}", "{\"op\":\"bye\"}"})
    EXPECT_FALSE(parse_line(text)) << text;
}

}  // namespace
}  // namespace newswire::article
