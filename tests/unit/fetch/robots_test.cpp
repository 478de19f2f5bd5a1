#include "fetch/robots.h"

#include <gtest/gtest.h>

#include <ctime>

namespace newswire::fetch {
namespace {

using namespace std::chrono_literals;

struct Case {
  const char* name;
  const char* text;
  const char* path;
  bool allowed;
};

class RobotsRules : public testing::TestWithParam<Case> {};

TEST_P(RobotsRules, DecideAsRfc9309Says) {
  EXPECT_EQ(Robots::parse(GetParam().text, "newswire").allows(GetParam().path), GetParam().allowed);
}

constexpr const char* kTwoGroups = "User-agent: *\nDisallow: /\n\nUser-agent: NewsWire/2.0\nDisallow: /private\n";
constexpr const char* kExample =
    "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"
    "User-Agent: foobot\nUser-Agent: newswire\nDisallow: /\nAllow: /example/page.html\nAllow: /example/allowed.gif\n";

INSTANTIATE_TEST_SUITE_P(
    Rfc9309, RobotsRules,
    testing::Values(Case{"empty_file", "", "/a", true}, Case{"disallow_all", "User-agent: *\nDisallow: /", "/a", false},
                    Case{"empty_disallow", "User-agent: *\nDisallow:", "/a", true},
                    Case{"prefix", "User-agent: *\nDisallow: /a", "/ab", false},
                    Case{"other_path", "User-agent: *\nDisallow: /a", "/b", true},
                    Case{"own_group_first", kTwoGroups, "/public", true},
                    Case{"own_group_only", kTwoGroups, "/private/x", false},
                    Case{"shared_group", kExample, "/publications/x", false},
                    Case{"shared_group_allow", kExample, "/example/allowed.gif", true},
                    Case{"longest_wins", "User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b/c", true},
                    Case{"allow_on_a_tie", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", true},
                    Case{"star", "User-agent: *\nDisallow: /*/print", "/2026/11/print", false},
                    Case{"end", "User-agent: *\nDisallow: /*.php$", "/a.php", false},
                    Case{"end_not_there", "User-agent: *\nDisallow: /*.php$", "/a.php?x", true},
                    Case{"stars_backtrack", "User-agent: *\nDisallow: /*a*b*c$", "/xaxbxbxcxc", false},
                    Case{"query", "User-agent: *\nDisallow: /*?print=", "/a?print=1", false},
                    Case{"escapes_compare_decoded", "User-agent: *\nDisallow: /%7Ejoe", "/~joe/", false},
                    Case{"bytes_compare_escaped", "User-agent: *\nDisallow: /caf\xc3\xa9", "/caf%c3%a9", false},
                    Case{"comments_and_cr", "# hi\r\nUser-agent: * # all\r\nDisallow: /a # b\r\n", "/a", false},
                    Case{"byte_order_mark", "\xef\xbb\xbfUser-agent: *\nDisallow: /", "/", false},
                    Case{"rules_before_any_group", "Disallow: /\nUser-agent: x\nDisallow: /", "/", true},
                    Case{"sitemap_ends_no_group", "User-agent: *\nSitemap: /s.xml\nDisallow: /", "/", false},
                    Case{"robots_itself", "User-agent: *\nDisallow: /", "/robots.txt", true},
                    Case{"our_name_as_prefix_only", "User-agent: newswirebot\nDisallow: /", "/", true},
                    Case{"garbage", "\x01\x02:::\nnonsense\n\n", "/", true}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Robots, UnreachableMeansNo) { EXPECT_FALSE(Robots::unreachable().allows("/")); }

TEST(Robots, CrawlDelayIsReadAndBounded) {
  EXPECT_EQ(Robots::parse("User-agent: *\nCrawl-delay: 10", "newswire").crawl_delay(), 10s);
  EXPECT_EQ(Robots::parse("User-agent: *\nCrawl-delay: 0.5", "newswire").crawl_delay(), 500ms);
  EXPECT_EQ(Robots::parse("User-agent: *\nCrawl-delay: 999999999999", "newswire").crawl_delay(), 1h);
  EXPECT_FALSE(Robots::parse("User-agent: *\nCrawl-delay: x", "newswire").crawl_delay());
  EXPECT_FALSE(Robots::parse("User-agent: *\nCrawl-delay: -5", "newswire").crawl_delay());
}

TEST(Robots, AHostileFileCostsABoundedTimeAndGetsANo) {
  std::string text = "User-agent: *\n";
  const std::string pattern = "Disallow: /" + std::string(900, '*') + std::string(900, 'a') + "b\n";
  while (text.size() < 400'000) text += pattern;
  const auto robots = Robots::parse(text, "newswire");
  const auto before = std::clock();  // processor time: others on the machine do not count
  EXPECT_FALSE(robots.allows("/" + std::string(2000, 'a')));
  EXPECT_LT(std::clock() - before, 5 * CLOCKS_PER_SEC);
}

TEST(Robots, UrlIsThatOfTheOrigin) {
  EXPECT_EQ(robots_url("https://user:pw@example.org:8443/a/b?c#d"), "https://example.org:8443/robots.txt");
  EXPECT_EQ(robots_url("ftp://example.org/"), "");
}

}  // namespace
}  // namespace newswire::fetch
