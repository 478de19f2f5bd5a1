#include "fetch/discovery.h"

#include <gtest/gtest.h>

namespace newswire::fetch {
namespace {

struct Case {
  const char* name;
  const char* page;
  const char* feed;  // the first; "" for none
};

class KnownFeeds : public testing::TestWithParam<Case> {};

TEST_P(KnownFeeds, FollowFromTheAddressOfThePage) {
  const auto feeds = known_feeds(GetParam().page);
  EXPECT_EQ(feeds.empty() ? "" : feeds.front().url, GetParam().feed);
}

INSTANTIATE_TEST_SUITE_P(
    Sites, KnownFeeds,
    testing::Values(
        Case{"youtube_channel", "https://www.youtube.com/channel/UCabc/videos",
             "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc"},
        Case{"youtube_mobile", "https://m.youtube.com/channel/UCabc",
             "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc"},
        Case{"youtube_playlist", "https://www.youtube.com/playlist?list=PL1&x=2",
             "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"},
        Case{"youtube_handle_needs_the_page", "https://www.youtube.com/@someone", ""},
        Case{"subreddit", "https://old.reddit.com/r/cpp/", "https://www.reddit.com/r/cpp/.rss"},
        Case{"subreddit_sorted", "https://www.reddit.com/r/cpp/top", "https://www.reddit.com/r/cpp/top/.rss"},
        Case{"reddit_user", "https://reddit.com/u/x", "https://www.reddit.com/user/x/.rss"},
        Case{"mastodon", "https://fosstodon.org/@someone", "https://fosstodon.org/@someone.rss"},
        Case{"mastodon_post", "https://hachyderm.io/@a/1100", "https://hachyderm.io/@a.rss"},
        Case{"mastodon_remote_profile", "https://fosstodon.org/@someone@mas.to", "https://mas.to/@someone.rss"},
        Case{"mastodon_remote_post", "https://fosstodon.org/@someone@mas.to/1100", "https://mas.to/@someone.rss"},
        Case{"mastodon_half_a_name", "https://fosstodon.org/@someone@", "https://fosstodon.org/@someone@.rss"},
        Case{"not_mastodon", "https://www.tiktok.com/@a", ""},
        Case{"bluesky", "https://bsky.app/profile/x.example", "https://bsky.app/profile/x.example/rss"},
        Case{"github_repository", "https://github.com/a/b", "https://github.com/a/b/releases.atom"},
        Case{"github_file", "https://github.com/a/b/blob/main/README.md", "https://github.com/a/b/releases.atom"},
        Case{"github_commits", "https://github.com/a/b/commits/dev", "https://github.com/a/b/commits/dev.atom"},
        Case{"github_person", "https://github.com/a", "https://github.com/a.atom"},
        Case{"github_topics", "https://github.com/topics/x", ""},
        Case{"gitlab", "https://gitlab.com/a/b", "https://gitlab.com/a/b/-/tags?format=atom"},
        Case{"codeberg", "https://codeberg.org/a/b", "https://codeberg.org/a/b.rss"},
        Case{"medium_author", "https://medium.com/@a/post-1", "https://medium.com/feed/@a"},
        Case{"medium_publication", "https://pub.medium.com/x", "https://pub.medium.com/feed"},
        Case{"medium_feed_is_one_already", "https://medium.com/feed/@a", ""},
        Case{"substack", "https://a.substack.com/p/post", "https://a.substack.com/feed"},
        Case{"tumblr", "https://www.tumblr.com/staff", "https://staff.tumblr.com/rss"},
        Case{"wordpress", "https://a.wordpress.com/2026/11/", "https://a.wordpress.com/feed/"},
        Case{"blogger", "http://a.blogspot.com/", "https://a.blogspot.com/feeds/posts/default"},
        Case{"stack_overflow", "https://stackoverflow.com/questions/tagged/c%2b%2b",
             "https://stackoverflow.com/feeds/tag?tagnames=c%2b%2b&sort=newest"},
        Case{"wikipedia", "https://en.wikipedia.org/wiki/RSS",
             "https://en.wikipedia.org/w/index.php?title=RSS&action=history&feed=atom"},
        Case{"unknown", "https://example.org/blog", ""},
        Case{"lookalike_host", "https://evilyoutube.com/channel/UC1", ""},
        Case{"feed_itself", "https://a.substack.com/feed", ""}, Case{"no_url", "youtube.com/channel/UCabc", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(KnownFeeds, AreAllThatAPageHas) {
  const auto feeds = known_feeds("https://github.com/a/b");
  ASSERT_EQ(feeds.size(), 3U);
  EXPECT_EQ(feeds[1].url, "https://github.com/a/b/commits.atom");
  EXPECT_EQ(feeds[2].title, "GitHub tags");
}

TEST(LikelyFeeds, StandOnTheOrigin) {
  const auto urls = likely_feeds("https://Example.org:8443/a/b");
  ASSERT_FALSE(urls.empty());
  EXPECT_EQ(urls.front(), "https://example.org:8443/feed");
  EXPECT_TRUE(likely_feeds("file:///x").empty());
}

}  // namespace
}  // namespace newswire::fetch
