#include <gmock/gmock.h>

#include "read.h"

namespace newswire::feed {
namespace {

using testing::ElementsAre;

TEST(AtomFeed, HasWhatItSays) {
  const auto feed = read(
      "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en-GB' xml:base='http://example.org/'><id>urn:1</id><title "
      "type='html'>T &lt;b&gt;x&lt;/b&gt;</title>"
      "<subtitle>S</subtitle><updated>2004-01-01T00:00:00Z</updated><rights>R</rights><generator uri='http://g.org' "
      "version='1'>G</generator><icon>favicon.ico</icon>"
      "<logo>logo.png</logo><link href='/'/><link rel='self' href='/feed'/><link rel='hub' "
      "href='http://hub.org'/><link rel='next' href='/feed?2'/>"
      "<author><name>A</name><uri>about</uri><email>a@example.org</email></author><contributor><name>C</name></"
      "contributor><category term='k' label='K'/></feed>");
  EXPECT_EQ(feed.id, "urn:1");
  EXPECT_EQ(feed.title, "T x");
  EXPECT_EQ(feed.description, "S");
  EXPECT_EQ(feed.language, "en-GB");
  EXPECT_EQ(feed.rights, "R");
  EXPECT_EQ(feed.generator, "G");
  EXPECT_EQ(feed.favicon, "http://example.org/favicon.ico");
  EXPECT_EQ(feed.icon, "http://example.org/logo.png");
  EXPECT_EQ(feed.home_page_url, "http://example.org/");
  EXPECT_EQ(feed.feed_url, "http://example.org/feed");
  EXPECT_EQ(feed.next_url, "http://example.org/feed?2");
  EXPECT_EQ(feed.authors.at(0).url, "http://example.org/about");
  EXPECT_EQ(feed.contributors.at(0).name, "C");
  EXPECT_THAT(feed.tags, ElementsAre("k"));
}

struct ConstructCase {
  const char* name;
  std::string_view content;
  std::string_view html;
  std::string_view text;
};
class Content : public testing::TestWithParam<ConstructCase> {};
TEST_P(Content, OfItsType) {
  const auto entry = read_atom_entry(GetParam().content);
  EXPECT_EQ(entry.content_html, GetParam().html);
  EXPECT_EQ(entry.content_text, GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(
    Types, Content,
    testing::Values(
        ConstructCase{"untyped", "<content>A &amp; B</content>", "", "A & B"},
        ConstructCase{"text", "<content type='text'>1 &lt; 2</content>", "", "1 < 2"},
        ConstructCase{"text_that_is_html", "<content type='text'>&lt;p&gt;A&lt;/p&gt;</content>", "<p>A</p>", ""},
        ConstructCase{"html", "<content type='html'>&lt;p&gt;A &amp;amp; B&lt;/p&gt;</content>", "<p>A &amp; B</p>",
                      ""},
        ConstructCase{"text_html", "<content type='text/html'>&lt;p&gt;A&lt;/p&gt;</content>", "<p>A</p>", ""},
        ConstructCase{
            "xhtml",
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A &lt; <b>B</b><br/></div></content>",
            "A &lt; <b>B</b><br />", ""},
        ConstructCase{
            "xhtml_prefixed",
            "<content type='xhtml'><h:div xmlns:h='http://www.w3.org/1999/xhtml'><h:p>A</h:p></h:div></content>",
            "<p>A</p>", ""},
        ConstructCase{"two_divs", "<content type='xhtml'><div>A</div><div>B</div></content>",
                      "<div>A</div><div>B</div>", ""},
        ConstructCase{"space_between_inline", "<content type='xhtml'><div><b>A</b> <i>B</i></div></content>",
                      "<b>A</b> <i>B</i>", ""},
        ConstructCase{"empty_element_of_html", "<content type='xhtml'><div><a name='x'/>A</div></content>",
                      "<a name=\"x\"></a>A", ""},
        ConstructCase{"base64", "<content type='application/octet-stream'>RXhhbXBsZSA8Yj5BdG9tPC9iPg==</content>",
                      "Example <b>Atom</b>", ""},
        ConstructCase{"alternatives",
                      "<content type='multipart/alternative'><content type='text/plain'>A</content><content "
                      "type='text/html' mode='escaped'>&lt;p&gt;A&lt;/p&gt;</content></content>",
                      "<p>A</p>", ""},
        ConstructCase{"picture", "<content type='image/png'>iVBORw0KGgo=</content>", "", ""},
        ConstructCase{"json", "<content type='application/json'>{\"a\":1}</content>", "", "{\"a\":1}"},
        ConstructCase{"escaped_in_div", "<content type='html'><div>&lt;p&gt;A&lt;/p&gt;</div></content>", "<p>A</p>",
                      ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Atom03, ReadsModes) {
  const auto entry = [](std::string_view inside) {
    return read("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry>" + std::string(inside) +
                "</entry></feed>")
        .entries.at(0);
  };
  EXPECT_EQ(entry("<content type='text/html' mode='escaped'>&lt;b&gt;A&lt;/b&gt;</content>").content_html, "<b>A</b>");
  EXPECT_EQ(entry("<content type='application/xhtml+xml' mode='xml'><div><b>A</b></div></content>").content_html,
            "<div><b>A</b></div>");  // RFC 4287's rule that the div is none of the content came later
  EXPECT_EQ(entry("<content mode='base64' type='text/html'>PGI+QTwvYj4=</content>").content_html, "<b>A</b>");
  EXPECT_EQ(entry("<content type='text/plain'>A</content>").content_text, "A");
  EXPECT_EQ(entry("<modified>2004-01-01T00:00:00Z</modified>").updated.raw, "2004-01-01T00:00:00Z");
  EXPECT_EQ(entry("<issued>2004-01-01T00:00:00Z</issued>").published.raw, "2004-01-01T00:00:00Z");
}

TEST(AtomEntry, ChoosesTheHtmlAlternate) {
  const auto entry = read_atom_entry(
      "<id>tag:1</id><link rel='alternate' type='application/pdf' href='http://example.org/1.pdf'/><link "
      "rel='alternate' type='text/html' href='http://example.org/1'/>"
      "<link rel='enclosure' type='audio/mpeg' length='5' href='http://example.org/1.mp3'/><link rel='replies' "
      "href='http://example.org/1#c'/>");
  EXPECT_EQ(entry.url, "http://example.org/1");
  EXPECT_EQ(entry.id, "tag:1");
  EXPECT_EQ(entry.attachments.at(0).mime_type, "audio/mpeg");
  EXPECT_EQ(entry.attachments.at(0).size_in_bytes, 5U);
  EXPECT_EQ(entry.comments, "http://example.org/1#c");
  EXPECT_EQ(entry.links.size(), 4U);
}

TEST(AtomEntry, InheritsBaseAndLanguage) {
  const auto feed = read(
      "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://example.org/a/' xml:lang='en'><entry xml:base='b/' "
      "xml:lang='de'>"
      "<link href='c'/><content type='html' xml:base='d/'>&lt;img src='e.png'/&gt;</content></entry><entry><link "
      "href='c'/></entry></feed>");
  EXPECT_EQ(feed.entries.at(0).url, "http://example.org/a/b/c");
  EXPECT_EQ(feed.entries.at(0).content_html, "<img src='http://example.org/a/b/d/e.png'/>");
  EXPECT_EQ(feed.entries.at(0).language, "de");
  EXPECT_EQ(feed.entries.at(1).url, "http://example.org/a/c");
  EXPECT_TRUE(feed.entries.at(1).language.empty());
}

// XML Base, section 4: the element it stands on counts, also within XHTML.
TEST(AtomEntry, ObeysXmlBaseInsideXhtml) {
  const auto entry = read_atom_entry(
      "<content type='xhtml' xml:base='http://example.org/a/'><div xmlns='http://www.w3.org/1999/xhtml'>"
      "<a href='1'>x</a><p xml:base='b/'><a href='2'>y</a><img xml:base='c/' src='3'/><a href='4'>z</a></p>"
      "<p xml:base='http://example.com/'><a href='5'>v</a></p><a href='6'>w</a></div></content>");
  EXPECT_EQ(entry.content_html,
            "<a href=\"http://example.org/a/1\">x</a><p><a href=\"http://example.org/a/b/2\">y</a>"
            "<img src=\"http://example.org/a/b/c/3\" /><a href=\"http://example.org/a/b/4\">z</a></p>"
            "<p><a href=\"http://example.com/5\">v</a></p><a href=\"http://example.org/a/6\">w</a>");
}

TEST(AtomEntry, UsesTheDocumentsAddressAsBase) {
  EXPECT_EQ(read_atom_entry("<link href='c'/>", {.content_type = {}, .base_url = "http://example.org/a/feed"}).url,
            "http://example.org/a/c");
}

TEST(AtomEntry, ReadsReplies) {
  const auto entry = read_atom_entry(
      "<link rel='replies' type='application/atom+xml' href='http://example.org/1/f' thr:count='3' "
      "xmlns:thr='http://purl.org/syndication/thread/1.0'/><link rel='replies' type='text/html' "
      "href='http://example.org/1/c'/>");
  EXPECT_EQ(entry.comments, "http://example.org/1/c");
  EXPECT_EQ(entry.comments_feed, "http://example.org/1/f");
  EXPECT_EQ(entry.comment_count, 3U);
}

TEST(AtomEntry, ReadsItsSource) {
  const auto entry = read_atom_entry(
      "<title>T</title><source><id>urn:s</id><title>S</title><link "
      "href='http://s.org'/><author><name>SA</name></author></source>");
  ASSERT_TRUE(entry.source);
  EXPECT_EQ(entry.source->id, "urn:s");
  EXPECT_EQ(entry.source->title, "S");
  EXPECT_EQ(entry.source->url, "http://s.org");
  EXPECT_EQ(entry.title, "T");
  EXPECT_EQ(entry.authors.at(0).name, "SA");
}

TEST(AtomEntry, HasSummaryBesideContent) {
  const auto entry =
      read_atom_entry("<summary type='html'>&lt;i&gt;S&lt;/i&gt;</summary><content type='html'>C</content>");
  EXPECT_EQ(entry.summary, "<i>S</i>");
  EXPECT_TRUE(entry.summary_is_html);
  EXPECT_EQ(entry.content_html, "C");
}

TEST(AtomEntry, KeepsPublishedAndUpdatedApart) {
  const auto entry =
      read_atom_entry("<published>2004-01-01T00:00:00Z</published><updated>2004-02-01T00:00:00+01:00</updated>");
  EXPECT_EQ(to_rfc3339(*entry.published.time), "2004-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(*entry.updated.time), "2004-02-01T00:00:00+01:00");
}

TEST(AtomEntry, SplitsBloggersAuthor) {
  const auto entry = read_atom_entry("<author><name>noreply@blogger.com (Mike)</name></author>");
  EXPECT_EQ(entry.authors.at(0).name, "Mike");
  EXPECT_EQ(entry.authors.at(0).email, "noreply@blogger.com");
}

TEST(AtomFeed, ReadsArchivesAndTombstones) {
  const auto feed = read(
      "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:fh='http://purl.org/syndication/history/1.0' "
      "xmlns:at='http://purl.org/atompub/tombstones/1.0'>"
      "<fh:archive/><fh:complete/><at:deleted-entry ref='urn:x' when='2004-01-01T00:00:00Z'/><link rel='prev-archive' "
      "href='http://example.org/1'/></feed>");
  EXPECT_TRUE(feed.archive);
  EXPECT_TRUE(feed.complete);
  EXPECT_THAT(feed.deleted_ids, ElementsAre("urn:x"));
  EXPECT_EQ(feed.next_url, "http://example.org/1");
}

}  // namespace
}  // namespace newswire::feed
