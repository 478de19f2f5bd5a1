// What is no feed, JSON Feed, and the written form.
#include <gmock/gmock.h>

#include <algorithm>
#include <boost/json.hpp>

#include "feed/json.h"
#include "read.h"

namespace newswire::feed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct ErrorCase {
  const char* name;
  std::string_view document;
  Errc code;
  std::string_view hint;
};
class NoFeed : public testing::TestWithParam<ErrorCase> {};
TEST_P(NoFeed, IsExplained) {
  const auto result = parse(GetParam().document, {.content_type = {}, .base_url = "http://example.org/page/"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, GetParam().code) << result.error().what;
  EXPECT_THAT(result.error().what, HasSubstr(std::string(GetParam().hint)));
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, NoFeed,
    testing::Values(ErrorCase{"empty", "", Errc::empty, "empty"},
                    ErrorCase{"blank", " \n\t", Errc::empty, "white space"},
                    ErrorCase{"mark_only", "\xEF\xBB\xBF", Errc::empty, ""},
                    ErrorCase{"page", "<!DOCTYPE html><html><head><title>Home</title></head><body><p>Hi</body></html>",
                              Errc::html_page, "Home"},
                    ErrorCase{"page_with_feeds",
                              "<html><head><link rel=alternate type=application/rss+xml href='/feed.xml' title='News "
                              "&amp; more'><link rel='alternate' "
                              "type='application/atom+xml' href='http://other.org/a'></head></html>",
                              Errc::html_page, "http://example.org/feed.xml (News & more), http://other.org/a"},
                    ErrorCase{"page_that_sends_on",
                              "<html><head><meta name=a content='url=x'><meta content='5;url=../b' "
                              "http-equiv=refresh></head></html>",
                              Errc::html_page, "on to http://example.org/b, which is not followed"},
                    ErrorCase{"fragment_of_a_page", "<div>Not found</div>", Errc::html_page, "no feeds"},
                    ErrorCase{"gzip", "\x1F\x8B\x08\x01\x02\x03", Errc::binary, "gzip"},
                    ErrorCase{"png", "\x89PNG\r\n\x1A\n", Errc::binary, "PNG"},
                    ErrorCase{"noise", std::string_view("\x01\x02\x03\x04\x05\x06\x00\x07", 8), Errc::binary, "binary"},
                    ErrorCase{"text", "Service unavailable", Errc::not_a_feed, "Service unavailable"},
                    ErrorCase{"opml", "<opml version='2.0'><body/></opml>", Errc::not_a_feed, "OPML"},
                    ErrorCase{"sitemap", "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>",
                              Errc::not_a_feed, "sitemap"},
                    ErrorCase{"declaration_only", "<?xml version='1.0' enco", Errc::not_a_feed, "before its first"},
                    ErrorCase{"other_xml", "<recipes/>", Errc::not_a_feed, "<recipes>"},
                    ErrorCase{"json", "{\"a\":1}", Errc::not_a_feed, "JSON"},
                    ErrorCase{"json_array", "[1,2]", Errc::not_a_feed, "no object"},
                    ErrorCase{"bad_json", "{\"version\": \"https://jso", Errc::not_a_feed, "not"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(WideText, IsNotTakenForBinaryData) {
  // Half of the bytes of Cyrillic in UTF-16 are 4.
  const std::u16string_view document =
      u"<rss><channel><title>\u041F\u0440\u0430\u0432\u0438\u0442\u0435\u043B\u044C\u0441\u0442\u0432\u043E "
      u"\u043E\u0431\u0441\u0443\u0434\u0438\u043B\u043E \u043D\u043E\u0432\u044B\u0439 "
      u"\u0437\u0430\u043A\u043E\u043D \u043E \u043F\u0435\u0447\u0430\u0442\u0438</title></channel></rss>";
  for (const bool mark : {false, true}) {
    for (const bool big : {false, true}) {
      std::string bytes;
      const auto put = [&bytes, big](char16_t c) {
        const char high = static_cast<char>(c >> 8U);
        const char low = static_cast<char>(c & 0xFFU);
        bytes += big ? high : low;
        bytes += big ? low : high;
      };
      if (mark) put(0xFEFF);
      std::for_each(document.begin(), document.end(), put);
      EXPECT_EQ(read(bytes).title, "Правительство обсудило новый закон о печати");
    }
  }
}

TEST(ShiftedText, IsNotTakenForBinaryData) {
  const std::string document =
      "\033$)C<?xml version='1.0' encoding='iso-2022-kr'?><rss><channel><title>\016GQ19\017 \016>n\017</title>"
      "<item><title>\016GQ\017 \01619\017 \016>n\017 \016GQ\017 \01619\017</title></item></channel></rss>";
  EXPECT_EQ(read(document).title, "\uD55C\uAD6D \uC5B4");
}

TEST(AdvertisedFeeds, AreFoundWithTheirTitles) {
  const auto feeds = advertised_feeds(
      "<base href='/b/'><!-- <link rel=alternate type=application/rss+xml href=no> --><LINK REL='Alternate' "
      "TYPE='application/feed+json' HREF='f.json'>"
      "<link rel='alternate stylesheet' type='application/rss+xml' href='no2'><link rel='alternate' type='text/html' "
      "href='no3'><link href='f.json' rel='alternate' type='application/feed+json'>",
      "http://example.org/a/");
  ASSERT_EQ(feeds.size(), 1U);
  EXPECT_EQ(feeds[0].url, "http://example.org/b/f.json");
  EXPECT_EQ(feeds[0].type, "application/feed+json");
}

TEST(JsonFeed, HasWhatItSays) {
  const auto feed = read(
      R"({"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"http://example.org/","feed_url":"http://example.org/f","description":"D",
    "icon":"i.png","favicon":"f.ico","language":"en","expired":true,"next_url":"http://example.org/2","hubs":[{"type":"WebSub","url":"http://hub.org"}],
    "authors":[{"name":"A","url":"mailto:a@example.org","avatar":"a.png"}],
    "items":[{"id":7,"url":"/1","external_url":"http://e.org","title":"I","content_html":"<img src='x.png'>","content_text":"C","summary":"S","image":"p.png","banner_image":"b.png",
      "date_published":"2004-01-01T00:00:00+01:00","date_modified":"2004-01-02T00:00:00Z","tags":["x","y"],"language":"de","author":{"name":"B"},
      "attachments":[{"url":"a.mp3","mime_type":"audio/mpeg","title":"AT","size_in_bytes":5,"duration_in_seconds":1.5}]}, 5, {}]})",
      {.content_type = {}, .base_url = "http://example.org/f"});
  EXPECT_EQ(feed.title, "T");
  EXPECT_EQ(feed.icon, "http://example.org/i.png");
  EXPECT_EQ(feed.authors.at(0).email, "a@example.org");
  EXPECT_TRUE(feed.hints.expired);
  EXPECT_THAT(feed.hubs, ElementsAre("http://hub.org"));
  ASSERT_EQ(feed.entries.size(), 2U);
  const auto& item = feed.entries[0];
  EXPECT_EQ(item.id, "7");
  EXPECT_EQ(item.url, "http://example.org/1");
  EXPECT_EQ(item.content_html, "<img src='http://example.org/x.png'>");
  EXPECT_EQ(item.content_text, "C");
  EXPECT_EQ(item.image, "http://example.org/p.png");
  EXPECT_EQ(to_rfc3339(*item.published.time), "2004-01-01T00:00:00+01:00");
  EXPECT_EQ(item.authors.at(0).name, "B");
  EXPECT_EQ(item.attachments.at(0).duration_in_seconds, 1.5);
  EXPECT_THAT(item.tags, ElementsAre("x", "y"));
}

TEST(JsonFeed, IsReadLenientlyAndSaysSo) {
  const std::string good = R"({"title":"T","feed_url":"x","items":[{"id":"1","content_text":"a"}]})";
  EXPECT_TRUE(read(good + "\n").repairs.empty());
  for (const auto& odd : {"\xEF\xBB\xBF {/* c */" + good.substr(1), good.substr(0, good.size() - 3) + ",},],}",
                          good + "<!-- made in 3 ms -->"}) {
    const auto feed = read(odd);
    EXPECT_EQ(feed.entries.size(), 1U) << odd;
    EXPECT_EQ(feed.repairs.size(), 1U) << odd;
  }
}

TEST(WrittenJson, IsJsonFeedAndReadsBack) {
  const auto feed = read(
      "<rss version='2.0'><channel><title>T \"q\" \\ "
      "\x07</title><link>http://example.org/</link><item><title>I</title><guid>http://example.org/1</guid>"
      "<description>&lt;p&gt;\xE2\x80\xA8 x&lt;/p&gt;</description><pubDate>garbage</pubDate><enclosure "
      "url='http://example.org/a.mp3'/></item></channel></rss>");
  std::string line;
  append_json_feed(line, feed);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto root = boost::json::parse(line).as_object();
  EXPECT_EQ(root.at("version").as_string(), "https://jsonfeed.org/version/1.1");
  EXPECT_EQ(root.at("_newswire").at("format").as_string(), "rss20");
  EXPECT_EQ(root.at("items").at(0).at("_newswire").at("dates").at("published").as_string(), "garbage");
  EXPECT_FALSE(root.at("items").at(0).as_object().contains("date_published"));
  const auto again = read(line);
  EXPECT_EQ(again.title, feed.title);
  EXPECT_EQ(again.entries.at(0).content_html, feed.entries.at(0).content_html);
  EXPECT_EQ(again.entries.at(0).attachments.at(0).mime_type, "audio/mpeg");
}

struct RootCase {
  const char* name;
  std::string_view document;
};
class OddRoot : public testing::TestWithParam<RootCase> {};
TEST_P(OddRoot, HoldsAFeedAllTheSame) {
  const auto feed = read(GetParam().document);
  EXPECT_EQ(feed.title, "T");
  ASSERT_EQ(feed.entries.size(), 1U);
  EXPECT_EQ(feed.entries[0].title, "A");
  EXPECT_EQ(feed.entries[0].url, "http://example.org/1");
  ASSERT_EQ(feed.entries[0].authors.size(), 1U);
  EXPECT_EQ(feed.entries[0].authors[0].name, "N");
}
INSTANTIATE_TEST_SUITE_P(
    Namespaces, OddRoot,
    testing::Values(
        RootCase{"page_with_its_namespace",
                 "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>P</title></head><body><rss><channel><title>T"
                 "</title><item><title>A</title><link>http://example.org/1</link><dc:creator>N</dc:creator></item>"
                 "</channel></rss></body></html>"},
        RootCase{
            "bindings_outside",
            "<wrap xmlns:z='http://purl.org/dc/elements/1.1/' xml:base='http://example.org/'><rss><channel><title>T"
            "</title><item><title>A</title><link>1</link><z:creator>N</z:creator></item></channel></rss></wrap>"},
        RootCase{"prefix_of_nobody",
                 "<n:rss xmlns:n='urn:nobody' xmlns:dc='http://purl.org/dc/elements/1.1/'><n:channel><n:title>T"
                 "</n:title><n:item><n:title>A</n:title><n:link>http://example.org/1</n:link><dc:creator>N</dc:creator>"
                 "</n:item></n:channel></n:rss>"},
        RootCase{"atom_by_prefix_of_nobody",
                 "<n:feed xmlns:n='urn:nobody'><n:title>T</n:title><n:entry><n:title>A</n:title><n:link "
                 "href='http://example.org/1'/><n:author><n:name>N</n:name></n:author></n:entry></n:feed>"},
        RootCase{"namespace_of_a_module",
                 "<rss xmlns='http://search.yahoo.com/mrss/'><channel><title>T</title><item><title>A</title><link>"
                 "http://example.org/1</link><author>N</author></item></channel></rss>"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(OddRootOnly, IsNoFeedWithoutItems) {
  EXPECT_FALSE(parse("<x:feed xmlns:x='urn:nobody'><x:title>T</x:title></x:feed>", {}));
  EXPECT_FALSE(parse("<x:channel xmlns:x='urn:nobody'><x:title>T</x:title></x:channel>", {}));
}

// Well-formed, since the next section's end closes the one that was forgotten.
TEST(SwallowedItem, IsTakenOutOfTheCdataThatNobodyClosed) {
  const auto item = [](const std::string& n, const std::string& end) {
    return "<item><title>" + n + "</title><description><![CDATA[<p>" + n + "</p>" + end + "</description><guid>" + n +
           "</guid></item>";
  };
  const auto feed = read("<rss version='2.0'><channel>" + item("a", "]]>") + item("b", "") + item("c", "]]>") +
                         item("d", "]]>") + "</channel></rss>");
  ASSERT_EQ(feed.entries.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string n(1, static_cast<char>('a' + i));
    EXPECT_EQ(feed.entries[i].id, n);
    EXPECT_EQ(feed.entries[i].content_html, "<p>" + n + "</p>");
  }
  EXPECT_THAT(feed.repairs, testing::ElementsAre("unclosed CDATA"));
  // Sections that stand for one another's marks are no sign of it.
  const auto whole = read(
      "<rss version='2.0'><channel><item><description><![CDATA[<p>a &lt;/item> <![CDATA[ b ]]]]><![CDATA[> c</p>]]>"
      "</description></item></channel></rss>");
  EXPECT_THAT(whole.repairs, testing::IsEmpty());
}

TEST(WrittenJson, IsTheSameStreamedOrWhole) {
  const std::string document =
      "<rss "
      "version='2.0'><channel><title>T</title><item><title>A</title><category>x</category><link>http://example.org/1</"
      "link></item><item><description>B</description></item></channel></rss>";
  std::string whole;
  append_json_feed(whole, read(document));
  std::string streamed;
  Parser parser;
  EXPECT_FALSE(parser.append_json(streamed, document, {}));
  EXPECT_EQ(streamed, whole);
  // And again with the same parser, after a document that is none.
  EXPECT_TRUE(parser.append_json(streamed, "nonsense", {}));
  EXPECT_EQ(streamed, whole);
  streamed.clear();
  EXPECT_FALSE(parser.append_json(streamed, document, {}));
  EXPECT_EQ(streamed, whole);
}

}  // namespace
}  // namespace newswire::feed
