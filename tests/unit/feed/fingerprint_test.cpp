#include "feed/fingerprint.h"

#include <gtest/gtest.h>

#include <ctime>
#include <string>

namespace newswire::feed {
namespace {

std::string rss(const std::string& channel, const std::string& items, const std::string& after = "") {
  return "<rss version=\"2.0\"><channel><title>Harbour</title>" + channel + items + "</channel></rss>" + after;
}

const std::string kItem = "<item><title>Ferry</title><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate></item>";

struct Case {
  const char* name;
  std::string one;
  std::string other;
  bool same;
};

class Fingerprint : public testing::TestWithParam<Case> {};

TEST_P(Fingerprint, TellsWhetherSomethingElseThanTheChannelsMomentsChanged) {
  EXPECT_EQ(fingerprint(GetParam().one) == fingerprint(GetParam().other), GetParam().same);
}

const std::string kMonday = "<lastBuildDate>Mon, 23 Nov 2026 08:00:00 GMT</lastBuildDate>";
const std::string kTuesday = "<lastBuildDate>Tue, 24 Nov 2026 08:00:00 GMT</lastBuildDate>";

INSTANTIATE_TEST_SUITE_P(
    Documents, Fingerprint,
    testing::Values(
        Case{"same_bytes", rss(kMonday, kItem), rss(kMonday, kItem), true},
        Case{"build_date", rss(kMonday, kItem), rss(kTuesday, kItem), true},
        Case{"build_date_of_another_length", rss(kMonday, kItem),
             rss("<lastBuildDate>2026-11-24T08:00:00Z</lastBuildDate>", kItem), true},
        Case{"two_moments", rss(kMonday + "<pubDate>1</pubDate>", kItem), rss(kTuesday + "<pubDate>2</pubDate>", kItem),
             true},
        Case{"atom_updated", "<feed><title>a</title><updated>2026-11-23T08:00:00Z</updated><entry/></feed>",
             "<feed><title>a</title><updated>2026-11-24T08:00:00Z</updated><entry/></feed>", true},
        Case{"comment_behind_the_root", rss(kMonday, kItem, "\n<!-- generated in 0.12 seconds -->\n<!-- cached -->"),
             rss(kMonday, kItem, "\n<!-- generated in 0.34 seconds -->"), true},
        Case{"another_title", rss("<description>a</description>", kItem), rss("<description>b</description>", kItem),
             false},
        Case{"another_ttl", rss(kMonday + "<ttl>60</ttl>", kItem), rss(kMonday + "<ttl>90</ttl>", kItem), false},
        Case{"another_item", rss(kMonday, kItem), rss(kMonday, kItem + kItem), false},
        Case{"date_of_an_item", rss(kMonday, kItem),
             rss(kMonday, "<item><title>Ferry</title><pubDate>Tue, 24 Nov 2026 08:00:00 GMT</pubDate></item>"), false},
        Case{"date_behind_the_items", rss("", kItem + kMonday), rss("", kItem + kTuesday), false},
        Case{"date_became_missing", rss(kMonday, kItem), rss("", kItem), false},
        Case{"date_moved", rss(kMonday + "<ttl>1</ttl>", kItem), rss("<ttl>1</ttl>" + kMonday, kItem), false},
        Case{"markup_in_place_of_a_date", rss("<pubDate><b>x</b></pubDate>", kItem),
             rss("<pubDate><b>y</b></pubDate>", kItem), false},
        Case{"text_behind_the_root", rss(kMonday, kItem, "<!-- a -->x"), rss(kMonday, kItem, "<!-- b -->x"), false},
        Case{"comment_in_front_of_a_cut", "<rss><channel><item>a<!-- 1 -->", "<rss><channel><item>a<!-- 2 -->", false},
        Case{"no_entries", "<rss><channel><pubDate>1</pubDate></channel></rss>",
             "<rss><channel><pubDate>2</pubDate></channel></rss>", false},
        Case{"json", R"({"items":[1]})", R"({"items":[2]})", false}, Case{"empty", "", " ", false},
        Case{"tag_at_the_very_end", "<updated>", "<updated><", false}),
    [](const auto& tested) { return std::string(tested.param.name); });

// Quadratic in the number of comments or of openings, this would take minutes.
TEST(Fingerprint, TakesLinearTimeOnHostileTrailersAndHeads) {
  std::string trailers = "<rss><item></item></rss>";
  for (int i = 0; i < 300'000; ++i) trailers += "<!---->";
  std::string openings;
  for (int i = 0; i < 300'000; ++i) openings += "<updated>";
  const auto start = std::clock();  // processor time: others on the machine do not count
  EXPECT_EQ(fingerprint(trailers), fingerprint("<rss><item></item></rss>"));
  EXPECT_NE(fingerprint(openings + "<item>"), fingerprint(trailers));
  std::string closed = "x-->";
  for (int i = 0; i < 300'000; ++i) closed += "-->";
  EXPECT_NE(fingerprint("<!--" + closed), fingerprint(closed));
  EXPECT_LT(std::clock() - start, 10 * CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace newswire::feed
