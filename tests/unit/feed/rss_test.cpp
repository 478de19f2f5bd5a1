#include <gmock/gmock.h>

#include "read.h"

namespace newswire::feed {
namespace {

using namespace std::chrono_literals;

using testing::ElementsAre;

struct FormatCase {
  const char* name;
  std::string_view document;
  std::string_view format;
};
class Formats : public testing::TestWithParam<FormatCase> {};
TEST_P(Formats, AreRecognized) { EXPECT_EQ(to_string(read(GetParam().document).format), GetParam().format); }
INSTANTIATE_TEST_SUITE_P(
    All, Formats,
    testing::Values(
        FormatCase{"rss20", "<rss version='2.0'><channel/></rss>", "rss20"},
        FormatCase{"rss201", "<rss version='2.01'><channel/></rss>", "rss20"},
        FormatCase{"no_version", "<rss><channel/></rss>", "rss20"},
        FormatCase{"rss091", "<rss version='0.91'><channel/></rss>", "rss091"},
        FormatCase{"rss091_netscape",
                   "<?xml version='1.0'?><!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' "
                   "'http://my.netscape.com/publish/formats/rss-0.91.dtd'><rss version='0.91'><channel/></rss>",
                   "rss091"},
        FormatCase{"rss092", "<rss version='0.92'><channel/></rss>", "rss092"},
        FormatCase{"rss093", "<rss version='0.93'><channel/></rss>", "rss093"},
        FormatCase{"rss094", "<rss version='0.94'><channel/></rss>", "rss094"},
        FormatCase{"upper_case", "<RSS VERSION='2.0'><CHANNEL/></RSS>", "rss20"},
        FormatCase{"rss090",
                   "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
                   "xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel/></rdf:RDF>",
                   "rss090"},
        FormatCase{"rss10",
                   "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
                   "xmlns='http://purl.org/rss/1.0/'><channel/></rdf:RDF>",
                   "rss10"},
        FormatCase{"rss10_prefixed",
                   "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
                   "xmlns:x='http://purl.org/rss/1.0/'><x:channel/></r:RDF>",
                   "rss10"},
        FormatCase{"atom10", "<feed xmlns='http://www.w3.org/2005/Atom'/>", "atom10"},
        FormatCase{"atom10_prefixed", "<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>", "atom10"},
        FormatCase{"atom03", "<feed version='0.3' xmlns='http://purl.org/atom/ns#'/>", "atom03"},
        FormatCase{"atom03_no_namespace", "<feed version='0.3'/>", "atom03"},
        FormatCase{"atom_entry", "<entry xmlns='http://www.w3.org/2005/Atom'><title>x</title></entry>", "atom10"},
        FormatCase{"cdf", "<CHANNEL HREF='http://example.org/'><TITLE>x</TITLE></CHANNEL>", "cdf"},
        FormatCase{"wrong_root", "<html><body><rss version='0.92'><channel/></rss></body></html>", "rss092"},
        FormatCase{
            "inside_a_page",
            "<html xmlns='http://www.w3.org/1999/xhtml'><body><rss version='0.92'><channel><item/></channel></rss>"
            "</body></html>",
            "rss092"},
        FormatCase{"prefix_of_nobody",
                   "<x:rss xmlns:x='urn:nobody' version='0.92'><x:channel><x:item/></x:channel></x:rss>", "rss092"},
        FormatCase{"atom_by_prefix_of_nobody", "<x:feed xmlns:x='urn:nobody'><x:entry/></x:feed>", "atom10"},
        FormatCase{"no_root", "<channel><title>x</title></channel>", "rss20"},
        FormatCase{"json10", R"({"version":"https://jsonfeed.org/version/1","title":"x","items":[]})", "jsonfeed10"},
        FormatCase{"json11", R"({"version":"https://jsonfeed.org/version/1.1","title":"x","items":[]})", "jsonfeed11"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(RssItem, HasWhatItSays) {
  const auto item = read_item(
      "<title>T &amp; U</title><link>http://example.org/1</link><guid "
      "isPermaLink='false'>g1</guid><description>&lt;p&gt;D&lt;/p&gt;</description>"
      "<pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate><author>jane@example.org "
      "(Jane)</author><category>A</category><category domain='d'>B</category>"
      "<comments>http://example.org/1#c</comments><enclosure url='http://example.org/a.mp3' length='12' "
      "type='audio/mpeg'/>"
      "<source url='http://example.org/feed'>S</source>");
  EXPECT_EQ(item.title, "T & U");
  EXPECT_EQ(item.url, "http://example.org/1");
  EXPECT_EQ(item.id, "g1");
  EXPECT_EQ(item.content_html, "<p>D</p>");
  EXPECT_TRUE(item.summary.empty());
  EXPECT_EQ(to_rfc3339(*item.published.time), "2004-01-01T19:48:21Z");
  EXPECT_EQ(item.authors.at(0).name, "Jane");
  EXPECT_EQ(item.authors.at(0).email, "jane@example.org");
  EXPECT_THAT(item.tags, ElementsAre("A", "B"));
  EXPECT_EQ(item.comments, "http://example.org/1#c");
  EXPECT_EQ(item.attachments.at(0).url, "http://example.org/a.mp3");
  EXPECT_EQ(item.attachments.at(0).size_in_bytes, 12U);
  ASSERT_TRUE(item.source);
  EXPECT_EQ(item.source->title, "S");
  EXPECT_EQ(item.source->url, "http://example.org/feed");
}

TEST(RssItem, TakesContentBeforeDescription) {
  for (const std::string_view order : {"dc", "cd"}) {
    std::string inside;
    for (const char which : order)
      inside += which == 'd' ? "<description>short</description>"
                             : "<content:encoded><![CDATA[<p>long</p>]]></content:encoded>";
    const auto item = read_item(inside);
    EXPECT_EQ(item.content_html, "<p>long</p>");
    EXPECT_EQ(item.summary, "short");
  }
}

TEST(RssItem, ReadsModulesUnderAnyPrefix) {
  const auto feed = read(
      "<rss version='2.0' xmlns:x='http://purl.org/dc/elements/1.1/' "
      "xmlns:y='http://purl.org/rss/1.0/modules/content/'><channel><item>"
      "<x:creator>Jane</x:creator><x:date>2004-01-01</x:date><y:encoded>C</y:encoded></item></channel></rss>");
  EXPECT_EQ(feed.entries.at(0).authors.at(0).name, "Jane");
  EXPECT_EQ(feed.entries.at(0).content_html, "C");
  EXPECT_TRUE(feed.entries.at(0).published.time);
}

TEST(RssItem, IgnoresAPrefixBoundToSomethingElse) {
  const auto feed = read(
      "<rss version='2.0' xmlns:dc='http://example.org/other'><channel><item><title>T</title><o:title "
      "xmlns:o='http://example.org/o'>U</o:title></item></channel></rss>");
  EXPECT_EQ(feed.entries.at(0).title, "T");
}

struct LinkCase {
  const char* name;
  std::string_view inside;
  std::string_view url;
};
class Permalink : public testing::TestWithParam<LinkCase> {};
TEST_P(Permalink, OfAnItem) { EXPECT_EQ(read_item(GetParam().inside).url, GetParam().url); }
INSTANTIATE_TEST_SUITE_P(
    Rules, Permalink,
    testing::Values(
        LinkCase{"link", "<link>http://example.org/1</link><guid>http://example.org/g</guid>", "http://example.org/1"},
        LinkCase{"guid", "<guid>http://example.org/g</guid>", "http://example.org/g"},
        LinkCase{"guid_true", "<guid isPermaLink='true'>http://example.org/g</guid>", "http://example.org/g"},
        LinkCase{"guid_false", "<guid isPermaLink='false'>http://example.org/g</guid>", ""},
        LinkCase{"guid_is_no_url", "<guid>tag:example.org,2004:1</guid>", ""},
        LinkCase{"guid_is_a_number", "<guid>12345</guid>", ""},
        LinkCase{"atom_link", "<atom:link href='http://example.org/a'/>", "http://example.org/a"},
        LinkCase{"link_before_atom", "<atom:link href='http://example.org/a'/><link>http://example.org/1</link>",
                 "http://example.org/1"},
        LinkCase{"atom_self_is_none", "<atom:link rel='self' href='http://example.org/a'/>", ""},
        LinkCase{"empty_link", "<link/><guid>http://example.org/g</guid>", "http://example.org/g"},
        LinkCase{"feedburner",
                 "<link>http://feedproxy.google.com/~r/x/1</link><feedburner:origLink>http://example.org/o</"
                 "feedburner:origLink>",
                 "http://example.org/o"},
        LinkCase{"last_link", "<link>http://example.org/1</link><link>http://example.org/2</link>",
                 "http://example.org/2"},
        LinkCase{"url", "<url>http://example.org/1</url>", "http://example.org/1"},
        LinkCase{"uri_after_guid", "<uri>http://example.org/1</uri><guid>http://example.org/g</guid>",
                 "http://example.org/g"},
        LinkCase{"line_breaks", "<link>\n http://example.org/1\n</link>", "http://example.org/1"}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct HtmlCase {
  const char* name;
  std::string_view description;
  std::string_view html;
};
class Description : public testing::TestWithParam<HtmlCase> {};
TEST_P(Description, IsHtmlHoweverItIsEscaped) {
  EXPECT_EQ(read_item("<description>" + std::string(GetParam().description) + "</description>").content_html,
            GetParam().html);
}
INSTANTIATE_TEST_SUITE_P(
    Escapes, Description,
    testing::Values(HtmlCase{"once", "&lt;p&gt;A &amp;amp; B&lt;/p&gt;", "<p>A &amp; B</p>"},
                    HtmlCase{"cdata", "<![CDATA[<p>A &amp; B</p>]]>", "<p>A &amp; B</p>"},
                    HtmlCase{"not", "<p>A &amp; <b>B</b> <i>C</i><br/></p>", "<p>A &amp; <b>B</b> <i>C</i><br /></p>"},
                    HtmlCase{"twice", "&amp;lt;p&amp;gt;A&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;B&amp;lt;/p&amp;gt;",
                             "<p>A</p><p>B</p>"},
                    HtmlCase{"talk_of_a_tag", "Use &amp;lt;b&amp;gt;", "Use &lt;b&gt;"},
                    HtmlCase{"plain", " just text ", "just text"},
                    HtmlCase{"spaced_cdata", "\n <![CDATA[<p>A</p>]]>\n ", "<p>A</p>"},
                    HtmlCase{"cdata_escaped", "&lt;![CDATA[&lt;p&gt;A&lt;/p&gt;]]&gt;", "<p>A</p>"},
                    HtmlCase{"cdata_twice", "<![CDATA[ <![CDATA[<p>A</p>]]]]><![CDATA[>]]>", "<p>A</p>"},
                    HtmlCase{"cdata_in_cdata", "<![CDATA[<p>A</p><![CDATA[<p>B</p>]]> <p>C</p>]]>",
                             "<p>A</p><p>B</p> <p>C</p>"},
                    HtmlCase{"talk_of_cdata", "&lt;code&gt;&amp;lt;![CDATA[x]]&amp;gt;&lt;/code&gt;",
                             "<code>&lt;![CDATA[x]]&gt;</code>"},
                    HtmlCase{"split_cdata", "<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(RssItem, ResolvesUrlsAgainstItsPage) {
  const auto item = read_item(
      "<link>http://example.org/a/1.html</link><description>&lt;a href='2.html'&gt;x&lt;/a&gt;</description>");
  EXPECT_EQ(item.content_html, "<a href='http://example.org/a/2.html'>x</a>");
}

TEST(RssItem, ObeysXmlBaseFirst) {
  const auto item = read_item(
      "<link>http://example.org/1</link><description xml:base='http://base.org/d/'>&lt;img "
      "src='i.png'&gt;</description>");
  EXPECT_EQ(item.content_html, "<img src='http://base.org/d/i.png'>");
  EXPECT_EQ(item.image, "http://base.org/d/i.png");
}

TEST(RssItem, MergesAuthorAddressWithCreatorName) {
  const auto item = read_item("<author>desk@example.org</author><dc:creator>Jane Doe</dc:creator>");
  ASSERT_EQ(item.authors.size(), 1U);
  EXPECT_EQ(item.authors.front().name, "Jane Doe");
  EXPECT_EQ(item.authors.front().email, "desk@example.org");
}

TEST(RssItem, SplitsAListOfAuthors) {
  const auto entry = read_item("<author>a@example.org (Ann), b@example.org (Bo &amp;amp; Co); c@example.org</author>");
  ASSERT_EQ(entry.authors.size(), 3U);
  EXPECT_EQ(entry.authors[0].name, "Ann");
  EXPECT_EQ(entry.authors[0].email, "a@example.org");
  EXPECT_EQ(entry.authors[1].name, "Bo & Co");
  EXPECT_EQ(entry.authors[2].email, "c@example.org");
  // One name with a comma, and one address said twice, are no list.
  EXPECT_EQ(read_item("<author>Doe, Jane (j@example.org)</author>").authors.size(), 1U);
  EXPECT_EQ(read_item("<author>Jane, Desk, j@example.org &lt;j@example.org&gt;</author>").authors.size(), 1U);
}

TEST(RssItem, IgnoresCommentsThatAreNoAddress) {
  EXPECT_EQ(read_item("<comments>Be the first</comments>").comments, "");
  EXPECT_EQ(read_item("<comments>http://example.org/1#c</comments>").comments, "http://example.org/1#c");
}

TEST(RssItem, ReadsModulesOfComments) {
  const auto entry = read_item(
      "<slash:comments xmlns:slash='http://purl.org/rss/1.0/modules/slash/'> 12 </slash:comments>"
      "<wfw:commentRss xmlns:wfw='http://wellformedweb.org/CommentAPI/'>http://example.org/1/feed</wfw:commentRss>");
  EXPECT_EQ(entry.comments_feed, "http://example.org/1/feed");
  EXPECT_EQ(entry.comment_count, 12U);
  EXPECT_EQ(entry.comments, "");
  EXPECT_FALSE(read_item("<slash:comments>many</slash:comments>").comment_count);
}

TEST(RssItem, KeepsSeveralCreators) {
  EXPECT_EQ(
      read_item("<dc:creator>A</dc:creator><dc:creator>B</dc:creator><itunes:author>C</itunes:author>").authors.size(),
      2U);
}

TEST(RssItem, ReadsTheLinkThatHtmlEmptied) {
  EXPECT_EQ(read_item("<title>t</title><link/>http://example.org/a\n<guid>g</guid>").url, "http://example.org/a");
  EXPECT_EQ(read_channel("<link/> https://example.org/ <item/>").home_page_url, "https://example.org/");
  EXPECT_EQ(read_item("<link/>http://example.org/a and more").url, "");
  EXPECT_EQ(read_item("<link/><title>http://example.org/a</title>").url, "");
}

TEST(RssItem, ReadsPodcasts) {
  const auto item = read_item(
      "<enclosure url='http://example.org/e.mp3' length='100' "
      "type='audio/mpeg'/><itunes:duration>1:02:03</itunes:duration><itunes:author>Host</itunes:author>"
      "<itunes:image href='http://example.org/i.jpg'/><itunes:summary>S</itunes:summary><itunes:keywords>a, "
      "b</itunes:keywords><podcast:person img='http://example.org/p.jpg'>Guest</podcast:person>");
  EXPECT_EQ(item.attachments.at(0).duration_in_seconds, 3723);
  EXPECT_EQ(item.authors.at(0).name, "Host");
  EXPECT_EQ(item.image, "http://example.org/i.jpg");
  EXPECT_EQ(item.content_html, "S");
  EXPECT_THAT(item.tags, ElementsAre("a", "b"));
  EXPECT_EQ(item.contributors.at(0).name, "Guest");
}

TEST(RssItem, ReadsWhatPodcastsAddToAnEpisode) {
  const auto feed = read(
      "<rss version='2.0' xmlns:p='https://podcastindex.org/namespace/1.0'><channel><p:guid>917393e3</p:guid>"
      "<p:person href='http://example.org/ann' role='host'>Ann</p:person><item>"
      "<enclosure url='http://example.org/e.mp3' length='100' type='audio/mpeg'/>"
      "<p:transcript url='http://example.org/e.vtt' type='text/vtt' language='de'/><p:chapters "
      "url='http://example.org/c' "
      "type='application/json+chapters'/><p:alternateEnclosure type='video/mp4' length='9' title='HD'>"
      "<p:source uri='ipfs://x'/><p:source uri='http://example.org/e.mp4'/><p:source uri='http://example.org/2'/>"
      "</p:alternateEnclosure><p:alternateEnclosure><p:source uri='http://example.org/e.mp3'/></p:alternateEnclosure>"
      "</item></channel></rss>");
  EXPECT_EQ(feed.id, "917393e3");
  ASSERT_EQ(feed.contributors.size(), 1U);
  EXPECT_EQ(feed.contributors[0].url, "http://example.org/ann");
  ASSERT_EQ(feed.entries.size(), 1U);
  const auto& attachments = feed.entries[0].attachments;
  ASSERT_EQ(attachments.size(), 2U);
  EXPECT_EQ(attachments[1].url, "http://example.org/e.mp4");
  EXPECT_EQ(attachments[1].mime_type, "video/mp4");
  EXPECT_EQ(attachments[1].title, "HD");
  EXPECT_EQ(attachments[1].size_in_bytes, 9U);
  std::vector<std::string> links;
  for (const auto& link : feed.entries[0].links) links.push_back(link.rel + " " + link.href + " " + link.hreflang);
  EXPECT_THAT(links,
              testing::IsSupersetOf({"transcript http://example.org/e.vtt de", "chapters http://example.org/c "}));
}

TEST(RssItem, ReadsMediaRss) {
  const auto item = read_item(
      "<media:group><media:content url='http://example.org/v.mp4' type='video/mp4' fileSize='5' duration='10' "
      "medium='video'/>"
      "<media:thumbnail url='http://example.org/t.jpg' width='10'/><media:credit>C</media:credit></media:group>");
  ASSERT_EQ(item.media.size(), 2U);
  EXPECT_EQ(item.media[0].credit, "C");
  EXPECT_EQ(item.media[0].thumbnail, "http://example.org/t.jpg");
  EXPECT_EQ(item.media[1].medium, "thumbnail");
  EXPECT_EQ(item.attachments.at(0).duration_in_seconds, 10);
  EXPECT_EQ(item.image, "http://example.org/t.jpg");
}

TEST(RssItem, KeepsDatesThatCannotBeRead) {
  const auto item = read_item("<pubDate>next week</pubDate>");
  EXPECT_EQ(item.published.raw, "next week");
  EXPECT_FALSE(item.published.time);
}

TEST(RssItem, PrefersADateThatCanBeRead) {
  const auto item = read_item("<pubDate>next week</pubDate><dc:date>2004-01-01</dc:date>");
  ASSERT_TRUE(item.published.time);
  EXPECT_EQ(item.published.raw, "2004-01-01");
}

TEST(RssChannel, HasWhatItSays) {
  const auto feed = read_channel(
      "<title>T</title><link>http://example.org/</link><description>D</description><language>en_US</"
      "language><copyright>C</copyright>"
      "<managingEditor>e@example.org "
      "(E)</managingEditor><webMaster>w@example.org</webMaster><generator>G</generator><ttl>60</ttl>"
      "<lastBuildDate>Thu, 01 Jan 2004 19:48:21 "
      "GMT</lastBuildDate><skipHours><hour>0</hour><hour>24</hour><hour>13</hour></skipHours>"
      "<skipDays><day>Sunday</day></skipDays><image><url>http://example.org/i.png</url><title>other</title><link>http:/"
      "/other.org/</link></image>"
      "<atom:link rel='self' href='http://example.org/feed'/><atom:link rel='hub' "
      "href='http://hub.org/'/><category>K</category>"
      "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency><itunes:new-feed-url>http://"
      "example.org/new</itunes:new-feed-url>");
  EXPECT_EQ(feed.title, "T");
  EXPECT_EQ(feed.home_page_url, "http://example.org/");
  EXPECT_EQ(feed.description, "D");
  EXPECT_EQ(feed.language, "en-US");
  EXPECT_EQ(feed.rights, "C");
  EXPECT_EQ(feed.authors.at(0).name, "E");
  EXPECT_EQ(feed.generator, "G");
  EXPECT_EQ(feed.hints.ttl, std::chrono::minutes{60});
  EXPECT_EQ(feed.hints.update_interval, std::chrono::hours{12});
  EXPECT_THAT(feed.hints.skip_hours, ElementsAre(0, 0, 13));
  EXPECT_THAT(feed.hints.skip_days, ElementsAre(0));
  EXPECT_THAT(feed.skip_hours_raw, ElementsAre("0", "24", "13"));
  EXPECT_EQ(feed.icon, "http://example.org/i.png");
  EXPECT_EQ(feed.feed_url, "http://example.org/feed");
  EXPECT_THAT(feed.hubs, ElementsAre("http://hub.org/"));
  EXPECT_THAT(feed.tags, ElementsAre("K"));
  EXPECT_EQ(feed.new_feed_url, "http://example.org/new");
  EXPECT_TRUE(feed.updated.time);
  EXPECT_TRUE(feed.repairs.empty());
}

struct SyndicationCase {
  const char* name;
  std::string_view inside;
  std::chrono::seconds interval;
};
class W7_Syndication : public testing::TestWithParam<SyndicationCase> {};
TEST_P(W7_Syndication, IsAPeriodDividedByAFrequency) {
  EXPECT_EQ(read_channel(GetParam().inside).hints.update_interval, GetParam().interval);
}
INSTANTIATE_TEST_SUITE_P(
    Module, W7_Syndication,
    testing::Values(
        SyndicationCase{"none", "", 0s}, SyndicationCase{"period", "<sy:updatePeriod>hourly</sy:updatePeriod>", 1h},
        SyndicationCase{"both", "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
                        6h},
        SyndicationCase{"order_means_nothing",
                        "<sy:updateFrequency> 2 </sy:updateFrequency><sy:updatePeriod> Weekly\n</sy:updatePeriod>",
                        84h},
        SyndicationCase{"frequency_alone_is_daily", "<sy:updateFrequency>4</sy:updateFrequency>", 6h},
        SyndicationCase{"zero_is_ignored",
                        "<sy:updateFrequency>0</sy:updateFrequency><sy:updatePeriod>daily</sy:updatePeriod>", 24h},
        SyndicationCase{"zero_alone", "<sy:updateFrequency>0</sy:updateFrequency>", 0s},
        SyndicationCase{"unknown_period", "<sy:updatePeriod>often</sy:updatePeriod>", 0s}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Rdf, FindsItemsAndImageBesideTheChannel) {
  const auto feed = read(
      "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
      "<channel rdf:about='http://example.org/'><title>T</title><image rdf:resource='http://example.org/ref.png'/>"
      "<items><rdf:Seq><rdf:li rdf:resource='http://example.org/1'/></rdf:Seq></items></channel>"
      "<image><url>http://example.org/i.png</url></image><item "
      "rdf:about='http://example.org/1'><title>I</title></item></rdf:RDF>");
  EXPECT_EQ(feed.title, "T");
  EXPECT_EQ(feed.icon, "http://example.org/i.png");
  ASSERT_EQ(feed.entries.size(), 1U);
  EXPECT_EQ(feed.entries[0].id, "http://example.org/1");
}

TEST(Rdf, FindsContentInABagOfDescriptions) {
  const auto item = read_item(
      "<description>D</description><content:items><rdf:Bag><rdf:li><content:item><content:format "
      "rdf:resource='http://www.w3.org/1999/xhtml'/><rdf:value>&lt;p&gt;A&lt;/p&gt;</rdf:value></content:item></rdf:li>"
      "<rdf:li><content:item><rdf:value>B</rdf:value></content:item></rdf:li></rdf:Bag></content:items>");
  EXPECT_EQ(item.content_html, "<p>A</p>");
  EXPECT_EQ(item.summary, "D");
}

// The note of March 1997 has values in attributes.
TEST(Cdf, ReadsValues) {
  const auto feed = read(
      "<Channel HREF='http://example.org/'><Title VALUE='T &amp;amp; U'/><Abstract VALUE='D'/>"
      "<LastMod VALUE='1994.11.05T08:15-0500'/><Author VALUE='Jane'/><Item HREF='http://example.org/1'>"
      "<Title VALUE='I'/><Abstract VALUE='A'/><PublicationDate VALUE='1994-11-04'/><Category VALUE='c'/></Item>"
      "<Item><A HREF='http://example.org/2'>Two</A></Item></Channel>");
  EXPECT_EQ(feed.title, "T & U");
  EXPECT_EQ(feed.description, "D");
  ASSERT_TRUE(feed.updated.time);
  EXPECT_EQ(to_rfc3339(*feed.updated.time), "1994-11-05T08:15:00-05:00");
  ASSERT_EQ(feed.authors.size(), 1U);
  EXPECT_EQ(feed.authors[0].name, "Jane");
  ASSERT_EQ(feed.entries.size(), 2U);
  EXPECT_EQ(feed.entries[0].title, "I");
  EXPECT_EQ(feed.entries[0].content_html, "A");
  EXPECT_TRUE(feed.entries[0].published.time);
  EXPECT_EQ(feed.entries[0].tags, std::vector<std::string>{"c"});
  EXPECT_EQ(feed.entries[1].title, "Two");
}

TEST(Cdf, ReadsLinksOfHtml) {
  const auto feed = read(
      "<Channel><A HREF='http://example.org/'>x</A><Title>T</Title><Item><A HREF='http://example.org/1'/>"
      "<Title>I</Title></Item></Channel>");
  EXPECT_EQ(to_string(feed.format), "cdf");
  EXPECT_EQ(feed.home_page_url, "http://example.org/");
  ASSERT_EQ(feed.entries.size(), 1U);
  EXPECT_EQ(feed.entries[0].url, "http://example.org/1");
}

TEST(Cdf, ReadsAttributes) {
  const auto feed = read(
      "<CHANNEL HREF='http://example.org/' LASTMOD='2004-01-01T10:00'><TITLE>T</TITLE><ABSTRACT>D</ABSTRACT><LOGO "
      "HREF='i.gif' STYLE='ICON'/>"
      "<ITEM HREF='http://example.org/1' "
      "LASTMOD='2004-01-02T10:00'><TITLE>I</TITLE><ABSTRACT>A</ABSTRACT></ITEM></CHANNEL>");
  EXPECT_EQ(feed.home_page_url, "http://example.org/");
  EXPECT_EQ(feed.description, "D");
  EXPECT_TRUE(feed.updated.time);
  ASSERT_EQ(feed.entries.size(), 1U);
  EXPECT_EQ(feed.entries[0].url, "http://example.org/1");
  EXPECT_EQ(feed.entries[0].title, "I");
  EXPECT_EQ(feed.entries[0].content_html, "A");
  EXPECT_TRUE(feed.entries[0].updated.time);
}

TEST(DoubleEncoding, IsUndoneWhereAWholeTextMakesSenseThatWay) {
  const auto feed = read_channel(
      "<title>Br\xC3\x83\xC2\xB8ndby</title><item><title>Caf\xC3\xA9</title></item>"
      "<item><title>It\xC3\xA2\xC2\x80\xC2\x99s</title></item>"            // with controls
      "<item><title>Br\xC3\x83\xC2\xB8ndby \xE2\x82\xAC</title></item>");  // and with an honest euro sign
  EXPECT_EQ(feed.title, "Brøndby");
  ASSERT_EQ(feed.entries.size(), 3U);
  EXPECT_EQ(feed.entries[0].title, "Café");
  EXPECT_EQ(feed.entries[1].title, "It’s");
  EXPECT_EQ(feed.entries[2].title, "BrÃ¸ndby €");
}

TEST(DoubleEncoding, OfWindows1252IsKept) {
  EXPECT_EQ(read_channel("<title>It\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s</title>").title, "Itâ€™s");
}

}  // namespace
}  // namespace newswire::feed
