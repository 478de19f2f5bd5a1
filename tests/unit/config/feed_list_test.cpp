#include "config/feed_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace newswire::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// "line:column url|title|tag,tag", then errors as "! line:column".
std::vector<std::string> read(std::string_view text) {
  std::vector<std::string> out;
  read_url_list(
      text,
      [&](const ListedFeed& feed) {
        std::string line = std::to_string(feed.line) + ':' + std::to_string(feed.column) + ' ' + std::string(feed.url) +
                           '|' + std::string(feed.title) + '|';
        for (const auto tag : feed.tags) line += std::string(tag) + ',';
        out.push_back(std::move(line));
      },
      [&](const Error& error) { out.push_back("! " + error.where); });
  return out;
}

TEST(UrlList, HasAFeedALine) {
  EXPECT_THAT(read("https://a.b/1\n\nhttps://a.b/2"), ElementsAre("1:1 https://a.b/1||", "3:1 https://a.b/2||"));
}

TEST(UrlList, HasCommentsAndSpace) {
  EXPECT_THAT(read("# all\n  # more\n\t https://a.b/#frag # note\n#https://a.b/off\n"),
              ElementsAre("3:3 https://a.b/#frag||"));
}

TEST(UrlList, HasTagsAndTitles) {
  EXPECT_THAT(read("https://a.b/ news \"far away\" \"~My Feed\"\nhttps://a.b/2 ~Short\n"),
              ElementsAre("1:1 https://a.b/|My Feed|news,far away,", "2:1 https://a.b/2|Short|"));
}

TEST(UrlList, MayComeFromWindows) {
  EXPECT_THAT(read("\xEF\xBB\xBFhttps://a.b/1\r\nhttps://a.b/2\r\n"),
              ElementsAre("1:1 https://a.b/1||", "2:1 https://a.b/2||"));
}

TEST(UrlList, RefusesWhatIsNoTag) {
  EXPECT_THAT(read("https://a.b/1 \"x\nhttps://a.b/2 a,b\nhttps://a.b/3 \xff\nhttps://a.b/4\n"),
              ElementsAre("! 1:15", "! 2:15", "! 3:15", "4:1 https://a.b/4||"));
}

TEST(UrlList, OfNothingIsEmpty) {
  EXPECT_THAT(read(""), IsEmpty());
  EXPECT_THAT(read("\n\n\n"), IsEmpty());
}

}  // namespace
}  // namespace newswire::config
