// Feeds: identity, settings from defaults, group and feed, files of all three kinds.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/config.h"
#include "config/feed_id.h"
#include "config/print.h"

namespace newswire::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Feeds : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "newswire-config-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, std::string_view text) const {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path;
  }
  Loaded parse(const std::string& text) const {
    return parse_yaml("state: {dir: state}\n" + text, folder_ / "newswire.yaml");
  }
  static std::vector<std::string> errors_of(const Loaded& loaded) {
    std::vector<std::string> out;
    for (const auto& error : loaded.errors) out.push_back(to_string(error));
    return out;
  }

  std::filesystem::path folder_;
};

TEST_F(Feeds, TakeSettingsFromDefaultsGroupAndThemselves) {
  const auto loaded = parse(R"(
feeds:
  - https://a.b/plain
  - {url: https://a.b/grouped, group: slow}
  - {url: https://a.b/own, group: slow, interval: {min: 7h}, tags: [own], title: "Own: title"}
  - {url: https://a.b/same, group: slow, interval: {min: 7h}}
groups: {slow: {interval: {min: 6h, max: 7d}, tags: [slow], clean: {phrases: false}}}
defaults: {interval: {min: 20m}, tags: [all], full_text: never}
)");
  ASSERT_TRUE(loaded.ok()) << errors_of(loaded)[0];
  const auto& feeds = loaded.config.feeds;
  ASSERT_EQ(feeds.size(), 4U);
  EXPECT_EQ(feeds[0].settings->interval.min, 20min);
  EXPECT_EQ(feeds[0].settings, loaded.config.defaults);
  EXPECT_THAT(labels_of(feeds[0]).tags, ElementsAre("all"));
  EXPECT_EQ(feeds[1].settings->interval.max, 7 * 24h);
  EXPECT_EQ(feeds[1].settings->full_text, FullText::never);
  EXPECT_EQ(feeds[2].settings->interval.min, 7h);
  EXPECT_EQ(feeds[2].settings->interval.max, 7 * 24h);
  EXPECT_FALSE(feeds[2].settings->clean.phrases);
  EXPECT_THAT(labels_of(feeds[2]).tags, ElementsAre("all", "own", "slow"));
  EXPECT_EQ(labels_of(feeds[2]).title, "Own: title");
  EXPECT_EQ(feeds[3].settings, feeds[2].settings) << "the same settings are stored once";
}

TEST_F(Feeds, ReadEverySettingOfARequest) {
  const auto loaded = parse(R"(
feeds:
  - url: https://a.b/
    headers: {X-Api-Key: {env: KEY}, Accept-Language: "de, en;q=0.5"}
    cookies: {consent: "yes", session: {file: secrets/session}}
    auth: {basic: {user: reader, password: {credential: reader}}}
    client_certificate: {certificate: tls/cert.pem}
    proxy: socks5h://localhost:1080
    http_version: 1.1
    initial: last 10
    max_body: 1MiB
    encoding: windows-1251
)");
  ASSERT_TRUE(loaded.ok()) << errors_of(loaded)[0];
  const auto& settings = *loaded.config.feeds[0].settings;
  ASSERT_EQ(settings.headers.size(), 2U);
  EXPECT_EQ(settings.headers[0].secret, (Secret{Secret::From::environment, "KEY"}));
  EXPECT_EQ(settings.headers[1].value, "de, en;q=0.5");
  EXPECT_EQ(settings.cookies[1].secret.name, (folder_ / "secrets/session").string());
  EXPECT_EQ(settings.auth.kind, Auth::Kind::basic);
  EXPECT_EQ(settings.auth.secret, (Secret{Secret::From::credential, "reader"}));
  EXPECT_EQ(settings.client_certificate.certificate, folder_ / "tls/cert.pem");
  EXPECT_EQ(settings.http_version, HttpVersion::http1);
  EXPECT_EQ(settings.initial, (Initial{.kind = Initial::Kind::last, .last = 10}));
}

TEST_F(Feeds, AreRefusedWhenTheyAreThereTwiceWithBothPlaces) {
  EXPECT_THAT(errors_of(parse("feeds:\n  - https://a.b/x\n  - url: https://a.b/x\n")),
              ElementsAre(testing::AllOf(HasSubstr("newswire.yaml:4:10: feed https://a.b/x is here twice, first at "),
                                         HasSubstr("newswire.yaml:3:5"))));
  EXPECT_THAT(errors_of(parse("feeds:\n  - {url: https://a.b/x, id: same}\n  - {url: https://a.b/y, id: same}\n")),
              ElementsAre(HasSubstr("id \"same\" is here twice")));
}

TEST_F(Feeds, WithOneDerivedIdAreToldApart) {
  const auto loaded =
      parse("feeds:\n  - http://a.b/x\n  - https://a.b/x\n  - {url: https://c.d/, id: a.b_y}\n  - https://a.b/y\n");
  ASSERT_TRUE(loaded.ok());
  const auto& feeds = loaded.config.feeds;
  EXPECT_EQ(feeds[1].id, "a.b_x") << "https keeps the short one, wherever it stands";
  EXPECT_THAT(feeds[0].id, testing::StartsWith("a.b_x-"));
  EXPECT_EQ(feeds[2].id, "a.b_y") << "given ids are never changed";
  EXPECT_THAT(feeds[3].id, testing::StartsWith("a.b_y-"));
}

struct UrlCase {
  const char* name;
  std::string_view written;
  std::string_view read;   // "FOLDER" stands for the file's folder; empty: refused
  std::string_view wrong;  // part of the message
};
class FeedUrl : public testing::TestWithParam<UrlCase> {};
TEST_P(FeedUrl, IsReadOrRefused) {
  const auto loaded = parse_yaml("feeds:\n  - \"" + std::string(GetParam().written) + "\"\n", "/FOLDER/newswire.yaml");
  if (GetParam().read.empty()) {
    ASSERT_EQ(loaded.errors.size(), 1U);
    EXPECT_THAT(to_string(loaded.errors[0]), HasSubstr(std::string(GetParam().wrong)));
    return;
  }
  ASSERT_TRUE(loaded.ok()) << to_string(loaded.errors[0]);
  EXPECT_EQ(loaded.config.feeds[0].url, GetParam().read);
}
INSTANTIATE_TEST_SUITE_P(
    Forms, FeedUrl,
    testing::Values(UrlCase{"exactly_as_written", "https://Example.org:8080/A?b=C#d",
                            "https://Example.org:8080/A?b=C#d", ""},
                    UrlCase{"port_and_v6", "http://[::1]:8080/f", "http://[::1]:8080/f", ""},
                    UrlCase{"international", "https://bücher.example/feed", "https://bücher.example/feed", ""},
                    UrlCase{"feed_scheme", "feed://a.b/f", "http://a.b/f", ""},
                    UrlCase{"feed_prefix", "feed:https://a.b/f", "https://a.b/f", ""},
                    UrlCase{"file_url", "file:///srv/f.xml", "file:///srv/f.xml", ""},
                    UrlCase{"relative_file_url", "file:f.xml", "file:///FOLDER/f.xml", ""},
                    UrlCase{"path", "/srv/f.xml", "file:///srv/f.xml", ""},
                    UrlCase{"relative_path", "./feeds/../f.xml", "file:///FOLDER/f.xml", ""},
                    UrlCase{"no_scheme", "example.org/feed", "", "write https://example.org/feed or ./path"},
                    UrlCase{"host_and_port_only", "example.org:80/feed", "", "write https://"},
                    UrlCase{"other_scheme", "gopher://a.b/", "", "only http, https and file"},
                    UrlCase{"javascript", "javascript:alert(1)", "", "only http, https and file"},
                    UrlCase{"no_host", "https:///feed", "", "no host"},
                    UrlCase{"bad_port", "https://a.b:99999/", "", "is no port"},
                    UrlCase{"space", "https://a.b/x y", "", "write it as %20"}, UrlCase{"empty", "", "", "empty"}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct IdCase {
  const char* name;
  std::string_view url;
  std::string_view id;  // a trailing "*" stands for "-" and 8 digits
};
class FeedId : public testing::TestWithParam<IdCase> {};
TEST_P(FeedId, IsReadable) {
  const auto id = derive_feed_id(GetParam().url);
  auto expected = GetParam().id;
  if (expected.ends_with('*')) {
    expected.remove_suffix(1);
    ASSERT_EQ(id.size(), expected.size() + 9) << id;
    EXPECT_EQ(id.substr(0, expected.size() + 1), std::string(expected) + "-");
  } else {
    EXPECT_EQ(id, expected);
  }
  EXPECT_TRUE(check_feed_id(id).has_value()) << id;
}
INSTANTIATE_TEST_SUITE_P(
    FromUrl, FeedId,
    testing::Values(IdCase{"host_and_path", "https://www.example.org/my-blog/feed.xml", "example.org_my-blog_feed.xml"},
                    IdCase{"upper_case_host", "https://Example.ORG/feed", "example.org_feed"},
                    IdCase{"upper_case_path", "https://a.b/Feed", "a.b_feed*"},
                    IdCase{"underscore_is_not_a_slash", "https://a.b/c_d", "a.b_c_d*"},
                    IdCase{"query", "https://youtube.com/feeds/videos.xml?channel_id=UC1",
                           "youtube.com_feeds_videos.xml_channel_id_uc1*"},
                    IdCase{"port", "http://localhost:8080/f", "localhost_8080_f*"},
                    IdCase{"bare_host", "https://a.b/", "a.b"}, IdCase{"file", "./feeds/x.xml", "feeds_x.xml"},
                    IdCase{"secret", "https://user:hunter2@a.b/f?token=hunter2", "a.b_f_token*"},
                    IdCase{"nothing_left", "https://\xd1\x8f/", "feed*"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(FeedIds, AreShortAndDifferForLongUrls) {
  const auto base = "https://a.b/" + std::string(500, 'x');
  const auto a = derive_feed_id(base + "1");
  const auto b = derive_feed_id(base + "2");
  EXPECT_LE(a.size(), 89U);
  EXPECT_NE(a, b);
  EXPECT_EQ(a, derive_feed_id("http://a.b/" + std::string(500, 'x') + "1")) << "a move to https keeps the id";
}

TEST_F(Feeds, ComeFromIncludedFilesOfAllKinds) {
  write("feeds.d/a.yaml", "feeds:\n  - {url: ./x.xml, interval: {min: 30m}}\n");
  write("feeds.d/b.yml", "- https://b.c/1\n- url: https://b.c/2\n");
  write("feeds.d/c.opml",
        "<opml version='1.0'><body><outline text='News'><outline text='C' "
        "xmlUrl='https://c.d/1'/></outline></body></opml>");
  write("feeds.d/d.list", "# comment\nhttps://d.e/1 tag \"two words\" ~Title # more\n");
  write("more/urls", "https://e.f/1\n");
  const auto loaded = parse(R"(
include: [feeds.d/*, {path: more/urls, group: slow, tags: [bulk]}]
groups: {slow: {interval: 12h}}
)");
  ASSERT_TRUE(loaded.ok()) << errors_of(loaded)[0];
  std::vector<std::string> urls;
  for (const auto& feed : loaded.config.feeds) urls.push_back(feed.url);
  EXPECT_THAT(urls, ElementsAre("file://" + (folder_ / "feeds.d/x.xml").string(), "https://b.c/1", "https://b.c/2",
                                "https://c.d/1", "https://d.e/1", "https://e.f/1"));
  EXPECT_EQ(loaded.config.feeds[0].settings->interval.min, 30min);
  EXPECT_THAT(labels_of(loaded.config.feeds[3]).tags, ElementsAre("News"));
  EXPECT_EQ(labels_of(loaded.config.feeds[3]).title, "C");
  EXPECT_THAT(labels_of(loaded.config.feeds[4]).tags, ElementsAre("tag", "two words"));
  EXPECT_EQ(labels_of(loaded.config.feeds[4]).title, "Title");
  EXPECT_THAT(labels_of(loaded.config.feeds[5]).tags, ElementsAre("bulk"));
  EXPECT_EQ(loaded.config.feeds[5].settings->interval.max, 12h);
  EXPECT_EQ(loaded.config.sources[loaded.config.feeds[4].where.source], (folder_ / "feeds.d/d.list").string());
  EXPECT_EQ(loaded.config.feeds[4].where.line, 2U);
}

TEST_F(Feeds, OfIncludedFilesAreReportedInTheirPlace) {
  write("a.list", "https://a.b/1\n\n  nonsense tag\nhttps://a.b/1\nhttps://a.b/2 \"open\n");
  write("b.opml", "<opml><body>\n<outline xmlUrl='mailto:x'/></body></opml>");
  write("c.opml", "<opml><body>");
  write("d.yaml", "spool: {dir: x}\nfeeds:\n  - url: https://a.b/3\n    paused: perhaps\n");
  const auto path = [&](const char* name) { return (folder_ / name).string(); };
  EXPECT_THAT(
      errors_of(parse("include: [a.list, b.opml, c.opml, d.yaml]\n")),
      ElementsAre(
          HasSubstr(path("a.list") + ":3:3: \"nonsense\" is neither a URL nor a file here"),
          HasSubstr(path("a.list") + ":4:1: feed https://a.b/1 is here twice, first at " + path("a.list") + ":1:1"),
          HasSubstr(path("a.list") + ":5:15: a quote that is not closed"), HasSubstr(path("b.opml") + ":2:"),
          HasSubstr(path("c.opml") + ":1:"), HasSubstr(path("d.yaml") + ":1:1: an included file has only \"feeds\""),
          HasSubstr(path("d.yaml") + ":4:13: \"perhaps\" is neither true nor false")));
}

TEST_F(Feeds, AddedAtRunTimeAreIncludedByThemselves) {
  write("state/feeds.yaml", "feeds:\n  - url: https://added.example/\n");
  const auto loaded = parse("feeds: [https://a.b/]\n");
  ASSERT_EQ(loaded.config.feeds.size(), 2U);
  EXPECT_EQ(managed_feeds(loaded.config), folder_ / "state/feeds.yaml");
  EXPECT_EQ(loaded.config.sources[loaded.config.feeds[1].where.source], managed_feeds(loaded.config));
}

TEST_F(Feeds, HaveTheIntervalThatWasSetAtRunTime) {
  write("state/feeds.yaml",
        "feeds: [{url: https://added.example/}]\n"
        "overrides: {a.b: {interval: {min: 5m, max: 1h}}, lost: {interval: {max: 2h}}}\n");
  const auto loaded = parse("feeds: [{url: https://a.b/, priority: 3}]\n");
  ASSERT_TRUE(loaded.ok()) << errors_of(loaded)[0];
  const auto& configured = loaded.config.feeds[0];
  EXPECT_EQ(configured.settings->interval.min, 5min);
  EXPECT_EQ(configured.settings->interval.max, 1h);
  EXPECT_EQ(configured.settings->priority, 3U) << "only the interval is overridden";
  EXPECT_EQ(loaded.config.feeds[1].settings, loaded.config.defaults);
  ASSERT_EQ(loaded.config.overrides.size(), 1U);
  EXPECT_EQ(overrides_yaml(loaded.config.overrides), "overrides:\n  a.b: {interval: {min: 5m, max: 1h}}\n");
  EXPECT_THAT(loaded.warnings, ElementsAre(HasSubstr("feed \"lost\", which is not configured any more")));
  EXPECT_FALSE(is_managed(loaded.config, configured));
  EXPECT_TRUE(is_managed(loaded.config, loaded.config.feeds[1]));
  EXPECT_EQ(place_of(loaded.config, configured), (folder_ / "newswire.yaml").string() + ":2");
}

TEST_F(Feeds, CanBeOverriddenNowhereElse) {
  write("feeds.yaml", "overrides: {a.b: {interval: {min: 5m}}}\n");
  EXPECT_THAT(errors_of(parse("include: feeds.yaml\n")), ElementsAre(HasSubstr("only \"feeds\"")));
  write("state/feeds.yaml", "overrides: {a.b: {priority: 5}, c: 7, d: {interval: {min: 5h, max: 1h}}}\n");
  const auto errors = errors_of(parse("feeds: [{url: https://a.b/}, {url: https://d.e/, id: d}]\n"));
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_THAT(errors[0], HasSubstr("priority"));
  EXPECT_THAT(errors[1], HasSubstr("is a section"));
  EXPECT_THAT(errors[2], HasSubstr("is over interval.max"));
}

TEST_F(Feeds, OfAnUnknownGroupAreRefused) {
  EXPECT_THAT(errors_of(parse("groups: {slow: {}}\nfeeds: [{url: https://a.b/, group: slw}]\n")),
              ElementsAre(HasSubstr("unknown group \"slw\"; did you mean \"slow\"?")));
}

TEST_F(Feeds, OfAListTakeLittleTimeAndMemory) {
  std::string list;
  constexpr int kFeeds = 50'000;
  for (int i = 0; i < kFeeds; ++i) list += "http://127.0.0.1:8080/feed/" + std::to_string(i) + ".xml\n";
  write("many.list", list);
  const auto loaded = parse("include: many.list\n");
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded.config.feeds.size(), static_cast<std::size_t>(kFeeds));
  EXPECT_LE(sizeof(FeedConfig), 104U);
  EXPECT_EQ(loaded.config.feeds.front().settings, loaded.config.feeds.back().settings);
  EXPECT_LE(loaded.config.feeds.capacity(), loaded.config.feeds.size() + loaded.config.feeds.size() / 8);
}

}  // namespace
}  // namespace newswire::config
