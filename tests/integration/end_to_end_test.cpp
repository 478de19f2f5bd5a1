#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "daemon_process.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string feed_at(const std::string& url, const std::string& id = "one") {
  return "  - {id: " + id + ", url: '" + url + "'}\n";
}

TEST(EndToEnd, EveryNewArticleArrivesCleanedInTheSpool) {
  HttpServer server;
  server.serve_feed("/feed",
                    rss({{"2", "Second"},
                         {"1", "First",
                          "<p>Text of it.</p><p>The post <a href='http://site.example/1'>First</a> appeared first on "
                          "<a href='http://site.example'>Site</a>.</p><script>alert(1)</script>"}}));
  Daemon daemon(feed_at(server.url("/feed")));
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(2));
  const auto articles = daemon.articles();
  EXPECT_EQ(articles[0].title, "First");
  EXPECT_EQ(articles[1].title, "Second");
  EXPECT_EQ(articles[0].content_text, "Text of it.");
  EXPECT_THAT(articles[0].content_html, Not(HasSubstr("script")));
  ASSERT_FALSE(articles[0].stripped.empty());
  EXPECT_THAT(articles[0].stripped[0].text, HasSubstr("appeared first on"));
  EXPECT_TRUE(articles[0].backlog);
  EXPECT_EQ(articles[0].feed.id, "one");
  EXPECT_EQ(articles[0].uid.size(), 26U);
  daemon.stop();
}

TEST(EndToEnd, ASecondPollOfAnUnchangedFeedMovesNoBodyAndEmitsNothing) {
  HttpServer server;
  server.serve_feed("/feed", rss({{"1", "First"}}));
  Daemon daemon(feed_at(server.url("/feed")));
  daemon.start();
  ASSERT_TRUE(server.wait_for(3));
  const auto requests = server.requests("/feed");
  EXPECT_FALSE(requests[0].has("if-none-match"));
  EXPECT_TRUE(requests[1].has("if-none-match"));
  EXPECT_TRUE(requests[2].has("if-none-match"));
  EXPECT_EQ(daemon.spool_lines().size(), 1U);
  const auto status = daemon.ctl({"status", "--json"});
  EXPECT_EQ(status.status, 0) << status.errors;
  EXPECT_THAT(status.output, HasSubstr("\"fresh\":1"));
  daemon.stop();
}

TEST(EndToEnd, AFeedMayHaveRulesOfItsOwn) {
  const Item item{"1", "A day at the pier",
                  "<p>The ferry came back to the old pier in the morning, and many had waited for it there.</p>"
                  "<p>Order the harbour mug in our shop</p>"};
  HttpServer server;
  server.serve_feed("/own", rss({item}));
  server.serve_feed("/other", rss({item}));
  Daemon daemon("  - {id: own, url: '" + server.url("/own") +
                "', clean: {rules: [mugs.yaml]}}\n  - {id: other, url: '" + server.url_by_name("/other") + "'}\n");
  daemon.folder().write("mugs.yaml",
                        "category: ad\nrules:\n  - name: own-mug\n    where: [line]\n"
                        "    patterns: ['order the harbour mug .{1,40}']\n    strip: ['Order the harbour mug now']\n"
                        "    keep: ['He wanted to order the harbour mug.']\n");
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(2));
  for (const auto& article : daemon.articles()) {
    const bool own = article.feed.id == "own";
    EXPECT_EQ(article.content_text.find("mug") == std::string::npos, own) << article.feed.id << article.content_text;
    EXPECT_EQ(article.stripped.size(), own ? 1U : 0U);
  }
  daemon.stop();
}

TEST(EndToEnd, OnlyWhatIsNewOrReallyChangedIsEmitted) {
  HttpServer server;
  Daemon daemon(feed_at(server.url("/feed")));
  server.serve_feed("/feed", rss({{"2", "Second"}, {"1", "First"}}));
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(2));
  // Another order, another markup, one changed title, one new entry.
  server.serve_feed(
      "/feed", rss({{"1", "First",
                     "<div><p>Something  happened, and this is the report of it in one <b>sentence</b>.</p></div>"},
                    {"3", "Third"},
                    {"2", "Second, corrected"}}));
  ASSERT_TRUE(daemon.wait_for(4));
  const auto polls = server.count("/feed");
  ASSERT_TRUE(server.wait_for(polls + 2));
  const auto articles = daemon.articles();
  ASSERT_EQ(articles.size(), 4U);
  std::vector<std::string> later{articles[2].title, articles[3].title};
  EXPECT_THAT(later, testing::UnorderedElementsAre("Third", "Second, corrected"));
  const auto& update = articles[2].event == article::Event::updated ? articles[2] : articles[3];
  EXPECT_EQ(update.revision, 2U);
  EXPECT_EQ(update.uid, articles[1].uid);
  EXPECT_THAT(update.changed, ElementsAre("title"));
  daemon.stop();
}

TEST(EndToEnd, ARestartRepeatsNothing) {
  HttpServer server;
  server.on("/feed", Answer(200, rss({{"2", "Second"}, {"1", "First"}})));  // no validators: the body comes every time
  Daemon daemon(feed_at(server.url("/feed")));
  for (int start = 0; start < 3; ++start) {
    daemon.start();
    ASSERT_TRUE(server.wait_for(server.count("/feed") + 1));
    ASSERT_TRUE(daemon.wait_for(2));
    daemon.stop();
  }
  EXPECT_THAT(daemon.titles(), ElementsAre("First", "Second"));
}

TEST(EndToEnd, ARestartWithoutItsStateRebuildsItFromTheSpool) {
  HttpServer server;
  server.serve_feed("/feed", rss({{"2", "Second"}, {"1", "First"}}));
  Daemon daemon(feed_at(server.url("/feed")));
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(2));
  daemon.stop();
  std::filesystem::remove_all(daemon.folder() / "state");
  server.serve_feed("/feed", rss({{"3", "Third"}, {"2", "Second"}, {"1", "First"}}));
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(3));
  ASSERT_TRUE(server.wait_for(server.count("/feed") + 2));
  EXPECT_THAT(daemon.titles(), ElementsAre("First", "Second", "Third"));
  EXPECT_THAT(daemon.process().errors(), HasSubstr("state.reapplied lines=2"));
  daemon.stop();
}

TEST(EndToEnd, KilledAtAnyTimeNothingIsLostAndNothingRepeated) {
  HttpServer server;
  std::vector<Item> items;
  Daemon daemon(feed_at(server.url("/feed")));
  const char* const wanted = std::getenv("NEWSWIRE_KILLS");
  const int rounds = wanted == nullptr ? 8 : std::atoi(wanted);
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < 5; ++i)
      items.insert(items.begin(), {std::to_string(round) + "-" + std::to_string(i),
                                   "Title " + std::to_string(round) + "." + std::to_string(i)});
    server.serve_feed("/feed", rss(items));
    const auto before = server.count("/feed");
    daemon.start();
    server.wait_for(before + 1);
    // Killed in the middle of taking it in, a little later each round.
    eventually([&] { return daemon.spool_lines().size() >= static_cast<std::size_t>(round + 1) * 5; },
               std::chrono::milliseconds{20 * (round % 16)});
    daemon.kill();
  }
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(items.size()));
  ASSERT_TRUE(server.wait_for(server.count("/feed") + 2));
  auto titles = daemon.titles();
  EXPECT_EQ(titles.size(), items.size());
  std::sort(titles.begin(), titles.end());
  EXPECT_EQ(std::unique(titles.begin(), titles.end()), titles.end());
  daemon.stop();
}

TEST(EndToEnd, AFailingFeedIsToldOnceAndItsRecoveryToo) {
  HttpServer server;
  server.on("/feed", {Answer(500), Answer(500), Answer(200, rss({{"1", "First"}}))});
  Daemon daemon(feed_at(server.url("/feed")));
  daemon.start();
  const auto told = [&daemon](const std::string& event) {
    const auto lines = lines_of(daemon.process().errors());
    return std::count_if(lines.begin(), lines.end(), [&event](const std::string& line) {
      return line.find(' ' + event + " feed=one ") != std::string::npos;
    });
  };
  // With an interval of a second its back-off is one of seconds.
  ASSERT_TRUE(eventually([&] { return told("feed.recovered") == 1; })) << daemon.process().errors();
  EXPECT_EQ(told("feed.failed"), 1);
  EXPECT_THAT(daemon.titles(), ElementsAre("First"));
  EXPECT_GE(server.count("/feed"), 3U);
  daemon.stop();
}

TEST(EndToEnd, ABrokenDocumentGivesItsCompleteEntries) {
  HttpServer server;
  auto broken = rss({{"2", "Tom & Jerry"}, {"1", "First"}});
  broken.resize(broken.size() - 30);
  server.on("/feed", Answer(200, broken));
  Daemon daemon(feed_at(server.url("/feed")));
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(1));
  const auto articles = daemon.articles();
  EXPECT_FALSE(articles[0].repairs.empty());
  daemon.stop();
}

TEST(EndToEnd, AWebPageInsteadOfAFeedIsNamedWithTheFeedsItAdvertises) {
  HttpServer server;
  server.on("/feed", Answer(200,
                            "<!DOCTYPE html><html><head><link rel=alternate type=application/rss+xml "
                            "href=/rss.xml></head><body>Hello</body></html>")
                         .header("Content-Type", "text/html"));
  Daemon daemon(feed_at(server.url("/feed")));
  daemon.start();
  ASSERT_TRUE(eventually([&] { return daemon.process().errors().find("code=html_page") != std::string::npos; }));
  EXPECT_THAT(daemon.process().errors(), HasSubstr("/rss.xml"));
  daemon.stop();
}

TEST(EndToEnd, AnEntryThatIsOnlyASummaryGetsItsPageIfRobotsAllow) {
  HttpServer server;
  std::string paragraphs;
  for (int i = 0; i < 8; ++i) {
    paragraphs += "<p>The ferry returned to the old pier on Monday, and the harbour office wrote in its note number " +
                  std::to_string(i) +
                  " that the crossing takes eleven minutes and costs the same as a tram ticket.</p>";
  }
  const auto page =
      "<!DOCTYPE html><html><head><title>Ferry</title></head><body><nav><a "
      "href=/>Home</a></nav><article><h1>Ferry</h1>" +
      paragraphs + "</article></body></html>";
  const auto item = [&](const std::string& name) {
    return "<item><title>Ferry " + name + "</title><guid>" + name + "</guid><link>" + server.url("/" + name) +
           "</link><description>The ferry returned to the old pier on Monday…</description></item>";
  };
  server.on("/robots.txt", Answer(200, "User-agent: *\nDisallow: /private\n").header("Content-Type", "text/plain"));
  server.on("/open", Answer(200, page).header("Content-Type", "text/html"));
  server.on("/private", Answer(200, page).header("Content-Type", "text/html"));
  server.on("/feed", Answer(200, "<rss version='2.0'><channel><title>t</title>" + item("open") + item("private") +
                                     "</channel></rss>"));
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "', full_text: auto}\n");
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(2));
  for (const auto& article : daemon.articles()) {
    if (article.title == "Ferry open") {
      EXPECT_EQ(article.completeness, "full");
      EXPECT_THAT(article.content_text, HasSubstr("note number 7"));
      EXPECT_THAT(article.summary, HasSubstr("on Monday"));
    } else {
      EXPECT_EQ(article.completeness, "summary");
    }
  }
  EXPECT_EQ(server.count("/private"), 0U);
  daemon.stop();
}

}  // namespace
}  // namespace newswire::test
