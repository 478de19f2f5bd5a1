#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "config/config.h"
#include "config/feed_list.h"
#include "config/print.h"

namespace newswire::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> read(std::string_view text) {
  std::vector<std::string> out;
  read_opml(
      text,
      [&](const ListedFeed& feed) {
        auto line = std::string(feed.id) + '|' + std::string(feed.url) + '|' + std::string(feed.title) + '|';
        for (const auto tag : feed.tags) line += std::string(tag) + ',';
        out.push_back(std::move(line));
      },
      [&](const Error& error) { out.push_back("! " + to_string(error)); });
  return out;
}

std::string body(std::string_view inside) {
  return "<?xml version='1.0'?>\n<opml version='2.0'><body>\n" + std::string(inside) + "</body></opml>";
}

TEST(Opml, NestsFoldersAsTags) {
  EXPECT_THAT(
      read(body(R"(
<outline text="News"><outline text="World, big"><outline type="rss" text="A" title="A title" xmlUrl="https://a.b/?x=1&amp;y=2"/></outline>
<outline title="B" xmlurl="https://b.c/"/></outline><outline text="C" xmlUrl="https://c.d/" category="/x/y,z"/>)")),
      ElementsAre("|https://a.b/?x=1&y=2|A title|News/World big,", "|https://b.c/|B|News,", "|https://c.d/|C|x/y,z,"));
}

TEST(Opml, HasAFeedOfSeveralFoldersOnce) {
  EXPECT_THAT(read(body(R"(<outline text="X"><outline xmlUrl="https://a.b/"/></outline>
<outline text="Y"><outline text="A" xmlUrl="https://a.b/"/></outline>)")),
              ElementsAre("|https://a.b/|A|X,Y,"));
}

TEST(Opml, ThatIsNoneIsSaid) {
  EXPECT_THAT(read("<html><body/></html>"), ElementsAre(HasSubstr("no OPML")));
  EXPECT_THAT(read("https://a.b/\n"), ElementsAre(HasSubstr("not XML")));
  EXPECT_THAT(read(body("\n<outline xmlUrl='x'")), ElementsAre(HasSubstr("not XML")));
}

TEST(Opml, OfAnyDepthIsBounded) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<outline text='x'>";
  for (int i = 0; i < 100'000; ++i) deep += "</outline>";
  EXPECT_THAT(read(body(deep)), ElementsAre(HasSubstr("nested deeper than 64")));
}

TEST(Opml, RoundTrips) {
  const auto loaded = parse_yaml(R"(
feeds:
  - {url: "https://a.b/?x=1&y=<2>", id: first, title: "Title & \"quotes\"", tags: [news/world, z, "two words"]}
  - {url: https://b.c/, tags: [news]}
  - {url: https://c.d/}
)",
                                 "/x/newswire.yaml");
  ASSERT_TRUE(loaded.ok());
  EXPECT_THAT(read(write_opml(loaded.config.feeds)),
              testing::UnorderedElementsAre("first|https://a.b/?x=1&y=<2>|Title & \"quotes\"|news/world,two words,z,",
                                            "b.c|https://b.c/||news,", "c.d|https://c.d/||"));
}

TEST(Opml, FoldersSurviveOtherTags) {
  const std::string_view nested = R"(<outline text="A" xmlUrl="https://a.b/" category="aaa"/>)";
  const auto text = body("<outline text='z'><outline text='y'>" + std::string(nested) + "</outline></outline>");
  std::vector<FeedConfig> feeds(1);
  read_opml(
      text,
      [&](const ListedFeed& feed) {
        FeedLabels labels{std::string(feed.title), {feed.tags.begin(), feed.tags.end()}};
        std::sort(labels.tags.begin(), labels.tags.end());
        feeds[0].id = "a";
        feeds[0].url = feed.url;
        feeds[0].labels = std::make_shared<const FeedLabels>(std::move(labels));
      },
      [](const Error& error) { ADD_FAILURE() << to_string(error); });
  const auto written = write_opml(feeds);
  EXPECT_THAT(written, HasSubstr("<outline text=\"z\">"));
  EXPECT_THAT(written, HasSubstr("<outline text=\"y\">"));
  EXPECT_THAT(read(written), ElementsAre("a|https://a.b/|A|z/y,aaa,"));
}

}  // namespace
}  // namespace newswire::config
