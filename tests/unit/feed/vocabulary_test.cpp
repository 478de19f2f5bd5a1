// Elements of RSS, its modules and CDF by the names and forms in which publishers write them.
#include <gmock/gmock.h>

#include "read.h"

namespace newswire::feed {
namespace {

using testing::ElementsAre;

// What an item's authors are, as "name <address>", joined by a semicolon.
std::string people(const std::vector<Person>& list) {
  std::string out;
  for (const auto& one : list) {
    if (!out.empty()) out += "; ";
    out += one.name;
    if (!one.email.empty()) out += " <" + one.email + ">";
  }
  return out;
}

struct PeopleCase {
  const char* name;
  std::string_view inside;
  std::string_view authors;
};
class ItemAuthors : public testing::TestWithParam<PeopleCase> {};
TEST_P(ItemAuthors, AreFound) { EXPECT_EQ(people(read_item(GetParam().inside).authors), GetParam().authors); }
INSTANTIATE_TEST_SUITE_P(
    Elements, ItemAuthors,
    testing::Values(
        PeopleCase{"rss", "<author>ann@news.example (Ann Lee)</author>", "Ann Lee <ann@news.example>"},
        PeopleCase{"turned_round", "<author>Ann Lee &lt;ann@news.example&gt;</author>", "Ann Lee <ann@news.example>"},
        PeopleCase{"editor_of_the_item", "<managingEditor>ann@news.example (Ann Lee)</managingEditor>",
                   "Ann Lee <ann@news.example>"},
        PeopleCase{"dc_creator", "<dc:creator>Ann Lee</dc:creator>", "Ann Lee"},
        PeopleCase{"dc_author", "<dc:author>Ann Lee (ann@news.example)</dc:author>", "Ann Lee <ann@news.example>"},
        PeopleCase{"itunes", "<itunes:author>The Daily Team</itunes:author>", "The Daily Team"},
        PeopleCase{"itunes_names_an_address",
                   "<author>ann@news.example</author><itunes:author>The Daily Team</itunes:author>",
                   "The Daily Team <ann@news.example>"},
        PeopleCase{"itunes_gives_way",
                   "<author>ann@news.example (Ann Lee)</author><itunes:author>The Daily Team</itunes:author>",
                   "Ann Lee <ann@news.example>"},
        PeopleCase{"itunes_last", "<itunes:author>The Daily Team</itunes:author><dc:creator>Ann Lee</dc:creator>",
                   "Ann Lee"},
        PeopleCase{"atom",
                   "<atom:author xmlns:atom='http://www.w3.org/2005/Atom'><atom:name>Ann Lee</atom:name>"
                   "<atom:email>ann@news.example</atom:email></atom:author>",
                   "Ann Lee <ann@news.example>"},
        PeopleCase{"not_the_publisher", "<dc:publisher>News Ltd</dc:publisher>", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct TagCase {
  const char* name;
  std::string_view inside;
  std::vector<std::string> tags;
};
class ItemTags : public testing::TestWithParam<TagCase> {};
TEST_P(ItemTags, AreFound) { EXPECT_EQ(read_item(GetParam().inside).tags, GetParam().tags); }
INSTANTIATE_TEST_SUITE_P(
    Elements, ItemTags,
    testing::Values(
        TagCase{"category", "<category>Sport/Tennis</category><category>Sport/Tennis</category>", {"Sport/Tennis"}},
        TagCase{"with_a_domain",
                "<category domain='http://news.example/topics'>Rail &amp;amp; Road</category>",
                {"Rail & Road"}},
        TagCase{"empty", "<category/><category> </category><category>Rail</category>", {"Rail"}},
        TagCase{
            "listed", "<categories><category>Rail</category><category>Road</category></categories>", {"Rail", "Road"}},
        TagCase{"subject", "<dc:subject>Rail</dc:subject><dc:subject>Road</dc:subject>", {"Rail", "Road"}},
        TagCase{"keywords", "<itunes:keywords>night trains, ferries</itunes:keywords>", {"night trains", "ferries"}},
        TagCase{"nested",
                "<itunes:category text='Travel'><itunes:category text='Places'/></itunes:category>",
                {"Travel", "Places"}},
        TagCase{"described",
                "<dc:subject><rdf:Description><taxo:topic rdf:resource='urn:x'/><rdf:value>Rail</rdf:value>"
                "</rdf:Description></dc:subject>",
                {"Rail"}},
        TagCase{"media", "<media:category scheme='urn:x'>arts/music</media:category>", {"arts/music"}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Channel, TakesItsPictureFromAnItunesLink) {
  const auto feed = read_channel("<itunes:link rel='image' type='video/jpeg' href='http://pod.example/cover.jpg'/>");
  EXPECT_EQ(feed.icon, "http://pod.example/cover.jpg");
}

TEST(Channel, KeepsADescriptionThatIsOnlyAPicture) {
  const auto feed = read_channel("<description>&lt;img src=\"http://news.example/logo.png\"&gt;</description>");
  EXPECT_EQ(feed.description, "<img src=\"http://news.example/logo.png\">");
}

TEST(Channel, IsNotConfusedByImageAndTextInput) {
  const auto feed = read_channel(
      "<image><title>Logo</title><url>http://news.example/i.png</url><link>http://news.example/logo</link>"
      "<description>Our logo</description></image><textInput><title>Search</title><link>http://news.example/q</link>"
      "<description>Find</description><name>q</name></textInput>"
      "<title>News</title><link>http://news.example/</link><description>All of it</description>");
  EXPECT_EQ(feed.title, "News");
  EXPECT_EQ(feed.home_page_url, "http://news.example/");
  EXPECT_EQ(feed.description, "All of it");
  EXPECT_EQ(feed.icon, "http://news.example/i.png");
}

TEST(Cdf, HasItsHrefsAsLinks) {
  const auto feed = read(
      "<CHANNEL HREF='http://ch.example/' BASE='http://ch.example/x/'><TITLE>T</TITLE>"
      "<ITEM HREF='one.html'><TITLE>One</TITLE></ITEM></CHANNEL>");
  ASSERT_EQ(feed.links.size(), 1U);
  EXPECT_EQ(feed.links.front().href, "http://ch.example/");
  EXPECT_EQ(feed.links.front().rel, "alternate");
  ASSERT_EQ(feed.entries.at(0).links.size(), 1U);
  EXPECT_EQ(feed.entries.at(0).links.front().href, "http://ch.example/x/one.html");
  EXPECT_EQ(feed.entries.at(0).url, "http://ch.example/x/one.html");
}

TEST(RssItem, TakesALinksTextBeforeAForeignHref) {
  const auto item = read_item(
      "<link xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='http://news.example/other'>"
      "http://news.example/1</link>");
  EXPECT_EQ(item.url, "http://news.example/1");
}

TEST(RssItem, TakesAForeignHrefWhereThereIsNoText) {
  const auto item = read_item("<link xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='http://news.example/1'/>");
  EXPECT_EQ(item.url, "http://news.example/1");
}

TEST(AtomEntry, ResolvesInsideXhtmlByTheDivsBase) {
  const auto entry = read_atom_entry(
      "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml' xml:base='http://blog.example/2005/'>"
      "<a href='p.html'>p</a></div></content>");
  EXPECT_EQ(entry.content_html, "<a href=\"http://blog.example/2005/p.html\">p</a>");
}

TEST(AtomEntry, AppliesARelativeBaseOnce) {
  const auto entry = read_atom_entry("<content type='html' xml:base='t/'>&lt;a href='p'&gt;p&lt;/a&gt;</content>",
                                     {.content_type = {}, .base_url = "http://blog.example/feed"});
  EXPECT_EQ(entry.content_html, "<a href='http://blog.example/t/p'>p</a>");
}

struct IdCase {
  const char* name;
  std::string_view inside;
  std::string_view id;
};
class AtomId : public testing::TestWithParam<IdCase> {};
TEST_P(AtomId, MeansTheSameElsewhere) {
  EXPECT_EQ(read_atom_entry(GetParam().inside, {.content_type = {}, .base_url = "http://blog.example/feed"}).id,
            GetParam().id);
}
INSTANTIATE_TEST_SUITE_P(Forms, AtomId,
                         testing::Values(IdCase{"tag", "<id>tag:blog.example,2005:1</id>", "tag:blog.example,2005:1"},
                                         IdCase{"to_the_letter", "<id>HTTP://Blog.example/./a/../%7eann</id>",
                                                "HTTP://Blog.example/./a/../%7eann"},
                                         IdCase{"path", "<id>/2005/1</id>", "http://blog.example/2005/1"},
                                         IdCase{"word", "<id>a1</id>", "a1"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(RssItem, MayHoldFurtherItems) {
  const auto feed = read_channel(
      "<item><title>One</title><item><title>Two</title><item><title>Three</title></item></item><category>x</category>"
      "</item><item><title>Four</title></item>");
  ASSERT_EQ(feed.entries.size(), 4U);
  EXPECT_EQ(feed.entries.at(0).title, "One");
  EXPECT_EQ(feed.entries.at(0).tags, std::vector<std::string>{"x"});
  EXPECT_EQ(feed.entries.at(1).title, "Two");
  EXPECT_EQ(feed.entries.at(2).title, "Three");
  EXPECT_EQ(feed.entries.at(3).title, "Four");
}

TEST(RdfItem, IsKnownByItsAboutBeforeAnIdentifier) {
  const auto feed = read(
      "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
      "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel/><item rdf:about='http://lab.example/1'><title>One</title>"
      "<dc:identifier>doi:10.1/1</dc:identifier></item><item><dc:identifier>doi:10.1/2</dc:identifier></item></"
      "rdf:RDF>");
  EXPECT_EQ(feed.entries.at(0).id, "http://lab.example/1");
  EXPECT_EQ(feed.entries.at(1).id, "doi:10.1/2");
}

TEST(RssItem, KeepsARelativeGuidAsItIs) {
  EXPECT_EQ(
      read_item("<guid isPermaLink='false'>2005/1</guid>", {.content_type = {}, .base_url = "http://blog.example/feed"})
          .id,
      "2005/1");
}

}  // namespace
}  // namespace newswire::feed
