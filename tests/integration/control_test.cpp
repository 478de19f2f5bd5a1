// newswirectl on the running daemon: feeds that come and go, what survives a restart, what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon_process.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

namespace bj = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

class Control : public testing::Test {
 protected:
  Control() {
    for (const auto* const name : {"a", "b", "c"})
      server.serve_feed(std::string("/") + name,
                        rss({{name, std::string("From ") + name}}, std::string("Feed ") + name));
  }
  std::string url(const std::string& name) const { return server.url("/" + name); }
  void start() {
    daemon.emplace("  - {id: a, url: '" + url("a") + "'}\n");
    daemon->start();
    ASSERT_TRUE(daemon->wait_for(1));
  }
  void restart() {
    daemon->stop();
    daemon->start();
  }
  /// The command's answer with --json.
  std::vector<bj::object> answer(std::vector<std::string> command) const {
    command.emplace_back("--json");
    const auto finished = daemon->ctl(std::move(command));
    EXPECT_EQ(finished.status, 0) << finished.errors;
    std::vector<bj::object> lines;
    for (const auto& line : lines_of(finished.output)) lines.push_back(bj::parse(line).as_object());
    return lines;
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const auto& feed : answer({"feeds"})) ids.emplace_back(feed.at("id").as_string());
    return ids;
  }
  std::string interval_of(const std::string& id) const {
    const auto yaml = std::string(answer({"config"}).at(0).at("yaml").as_string());
    const auto feed = yaml.find("id: " + id + "\n");
    const auto end = yaml.find("  - url:", feed);
    const auto part = yaml.substr(feed, end == std::string::npos ? end : end - feed);
    const auto value = [&part](const std::string& key) {
      const auto at = part.find(key + ": ");
      return at == std::string::npos ? std::string("default") : part.substr(at + 5, part.find('\n', at) - at - 5);
    };
    return value("min") + " " + value("max");
  }
  std::string managed_file() const { return daemon->folder() / "state/feeds.yaml"; }

  HttpServer server;
  std::optional<Daemon> daemon;
};

TEST_F(Control, AnAddedFeedIsPolledAtOnceAndAfterARestart) {
  start();
  const auto added =
      answer({"add", url("b"), "--id", "b", "--title", "B: \"it\"", "--tag", "news/world", "--tag", "x"});
  ASSERT_EQ(added.size(), 1U);
  EXPECT_EQ(added[0].at("id"), "b");
  EXPECT_EQ(added[0].at("feeds"), 2);
  ASSERT_TRUE(daemon->wait_for(2));
  EXPECT_EQ(daemon->articles()[1].feed.title, "B: \"it\"");
  EXPECT_THAT(daemon->articles()[1].feed.tags, UnorderedElementsAre("news/world", "x"));
  struct stat status {};
  ASSERT_EQ(::stat(managed_file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U) << "addresses may hold secrets";
  restart();
  EXPECT_THAT(ids(), UnorderedElementsAre("a", "b"));
  daemon->stop();
}

TEST_F(Control, ARemovedFeedIsNotPolledAnyMore) {
  start();
  answer({"add", url("b"), "--id", "b"});
  ASSERT_TRUE(daemon->wait_for(2));
  answer({"remove", url("b")});
  EXPECT_THAT(ids(), UnorderedElementsAre("a"));
  const auto polls = server.count("/b");
  ASSERT_TRUE(server.wait_for(server.requests().size() + 2));
  EXPECT_LE(server.count("/b"), polls + 1) << "one may have been under way";
  EXPECT_FALSE(std::filesystem::exists(managed_file())) << "nothing is left to keep";
  daemon->stop();
}

TEST_F(Control, AddFollowsTheFeedOfAWebPage) {
  server.on("/page", Answer(200,
                            "<html><head><link rel=alternate type='application/rss+xml' href='/gone'>"
                            "<link rel=alternate type='application/rss+xml' href='/b'></head></html>"));
  start();
  const auto page = daemon->ctl({"add", "--allow-private", server.url("/page"), "--id", "b"});
  EXPECT_EQ(page.status, 0) << page.errors;
  EXPECT_THAT(page.output, HasSubstr(url("b")));
  EXPECT_THAT(page.errors, AllOf(HasSubstr("is a web page; its feed is " + url("b")), HasSubstr("--as-is")));
  const auto as_is = daemon->ctl({"add", "--allow-private", "--as-is", server.url("/page"), "--id", "c"});
  EXPECT_EQ(as_is.status, 0) << as_is.errors;
  EXPECT_THAT(as_is.output, HasSubstr(server.url("/page")));
  EXPECT_EQ(as_is.errors, "");
  const auto missing = daemon->ctl({"add", "--allow-private", server.url("/missing"), "--id", "d"});
  EXPECT_EQ(missing.status, 0) << missing.errors;
  EXPECT_THAT(missing.output, HasSubstr(server.url("/missing"))) << "no other feed of the host in its place";
  EXPECT_THAT(ids(), UnorderedElementsAre("a", "b", "c", "d"));
  daemon->stop();
}

TEST_F(Control, WhatCannotBeAddedChangesNothing) {
  start();
  const auto twice = daemon->ctl({"add", url("a") + "/"});
  EXPECT_EQ(twice.status, 1);
  EXPECT_THAT(twice.errors, AllOf(HasSubstr("followed already: \"a\""), HasSubstr("newswire.yaml:")));
  const auto taken = daemon->ctl({"add", url("b"), "--id", "a"});
  EXPECT_THAT(taken.errors, HasSubstr("another feed has the id \"a\""));
  const auto scheme = daemon->ctl({"add", "ftp://example.org/feed"});
  EXPECT_EQ(scheme.status, 1);
  EXPECT_THAT(scheme.errors, HasSubstr("nothing was changed"));
  const auto file = daemon->ctl({"add", "file:///etc/passwd"});
  EXPECT_EQ(file.status, 1);
  EXPECT_THAT(file.errors, HasSubstr("only http and https"));
  const auto interval = daemon->ctl({"add", url("b"), "--interval", "30"});
  EXPECT_THAT(interval.errors, HasSubstr("unit"));
  EXPECT_THAT(ids(), UnorderedElementsAre("a"));
  EXPECT_FALSE(std::filesystem::exists(managed_file()));
  restart();
  daemon->stop();
}

TEST_F(Control, AFeedOfTheConfigurationIsRemovedThere) {
  start();
  const auto refused = daemon->ctl({"remove", "a"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("newswire.yaml:11"), HasSubstr("reload")));
  EXPECT_THAT(ids(), UnorderedElementsAre("a"));
  const auto unknown = daemon->ctl({"remove", "aa"});
  EXPECT_THAT(unknown.errors, HasSubstr("did you mean \"a\"?"));
  daemon->stop();
}

TEST_F(Control, AnIntervalIsSetForAnyFeedAndTakenBack) {
  start();
  answer({"add", url("b"), "--id", "b", "--interval", "2s 5s"});
  EXPECT_EQ(interval_of("b"), "2s 5s");
  const auto set = answer({"set-interval", "a", "10m", "2h"});
  EXPECT_EQ(set.at(0).at("min"), "10m");
  EXPECT_EQ(set.at(0).at("max"), "2h");
  answer({"set-interval", "b", "1h"});
  EXPECT_EQ(interval_of("a"), "10m 2h");
  EXPECT_EQ(interval_of("b"), "1h 1h");
  restart();
  EXPECT_EQ(interval_of("a"), "10m 2h") << "it lasts";
  answer({"set-interval", "a", "default"});
  answer({"set-interval", "b", "default"});
  EXPECT_EQ(interval_of("a"), "default default");
  EXPECT_EQ(interval_of("b"), "default default");
  EXPECT_EQ(daemon->ctl({"set-interval", "a", "2h", "10m"}).status, 1);
  daemon->stop();
}

TEST_F(Control, APausedFeedStaysPausedOverARestart) {
  start();
  answer({"pause", "a"});
  restart();
  EXPECT_EQ(answer({"feeds"}).at(0).at("status"), "paused");
  EXPECT_EQ(answer({"feeds", "--troubled"}).size(), 1U);
  const auto polls = server.count("/a");
  answer({"add", url("b")});
  ASSERT_TRUE(daemon->wait_for(2)) << "others are polled";
  EXPECT_EQ(server.count("/a"), polls);
  answer({"resume", "a"});
  ASSERT_TRUE(eventually([&] { return server.count("/a") > polls; }));
  daemon->stop();
}

TEST_F(Control, OpmlGoesInAndOutWithItsFolders) {
  start();
  const auto opml =
      "<?xml version='1.0'?><opml version='2.0'><body>\n"
      "<outline text='News'><outline text='World'><outline text='B' xmlUrl='" +
      url("b") +
      "'/></outline>\n"
      "<outline text='C &amp; more' title='C &amp; more' xmlUrl='" +
      url("c") +
      "' category='late'/></outline>\n"
      "<outline text='A' xmlUrl='" +
      url("a") +
      "'/>\n"
      "<outline text='bad' xmlUrl='gopher://x/'/></body></opml>";
  daemon->folder().write("in.opml", opml);
  const auto imported = daemon->ctl({"import", daemon->folder() / "in.opml"});
  EXPECT_EQ(imported.status, 1) << "something was left out";
  EXPECT_THAT(imported.output, HasSubstr("added 2, followed already 1, left out 1; 3 feeds now"));
  EXPECT_THAT(imported.errors, AllOf(HasSubstr("in.opml:5:"), HasSubstr("gopher://x/")));
  ASSERT_TRUE(daemon->wait_for(3));
  const auto exported = daemon->ctl({"export"});
  ASSERT_EQ(exported.status, 0) << exported.errors;
  EXPECT_THAT(exported.output, HasSubstr("<outline text=\"News\">"));
  EXPECT_THAT(exported.output, HasSubstr("<outline text=\"World\">"));
  daemon->folder().write("out.opml", exported.output);
  // Another daemon gets the same feeds, with the same ids, titles and folders.
  Daemon second("  []\n");
  second.start();
  EXPECT_EQ(second.ctl({"import", daemon->folder() / "out.opml"}).status, 0);
  EXPECT_EQ(second.ctl({"export"}).output, exported.output);
  const auto again = second.ctl({"import", "--json", daemon->folder() / "out.opml"});
  EXPECT_THAT(again.output, HasSubstr("\"added\":0,\"known\":3,\"refused\":0"));
  second.stop();
  daemon->stop();
}

TEST_F(Control, AListOfAddressesIsImported) {
  start();
  daemon->folder().write("urls", "# mine\n" + url("b") + " news\n" + url("c") + "\n");
  const auto imported = daemon->ctl({"import", daemon->folder() / "urls"});
  EXPECT_EQ(imported.status, 0) << imported.errors;
  EXPECT_EQ(ids().size(), 3U);
  const auto nothing = daemon->ctl({"import", daemon->folder() / "newswire.yaml", "--format", "opml"});
  EXPECT_EQ(nothing.status, 1);
  EXPECT_THAT(nothing.errors, HasSubstr(": not XML: No document element found"));
  EXPECT_THAT(nothing.output, HasSubstr("added 0, followed already 0, left out 1; 3 feeds now"));
  daemon->stop();
}

TEST_F(Control, ABrokenConfigurationKeepsChangesOut) {
  start();
  daemon->folder().write("newswire.yaml", "feeds: [{urll: x}]\n");
  const auto added = daemon->ctl({"add", url("b")});
  EXPECT_EQ(added.status, 1);
  EXPECT_THAT(added.errors, AllOf(HasSubstr("nothing was changed"), HasSubstr("newswire.yaml:1")));
  EXPECT_FALSE(std::filesystem::exists(managed_file()));
  EXPECT_THAT(ids(), UnorderedElementsAre("a"));
  daemon->stop();
}

TEST_F(Control, TheLogLevelChangesAndTheConfigurationIsShown) {
  start();
  answer({"log-level", "error"});
  EXPECT_EQ(daemon->ctl({"log-level", "loud"}).status, 64) << "a mistake in the command line";
  EXPECT_THAT(daemon->ctl({"config"}).output, AllOf(HasSubstr("min_free: 0"), HasSubstr(url("a"))));
  daemon->stop();
}

TEST_F(Control, DiscoverFindsTheFeedsOfAPage) {
  const auto page =
      "<html><head><link rel=alternate type='application/rss+xml' title='The news' href='/a'>"
      "<link rel=alternate type='application/rss+xml' href='/gone'></head></html>";
  server.on("/page", Answer(200, page).header("Content-Type", "text/html"));
  const auto found = run({NEWSWIRECTL, "discover", "--allow-private", "--json", server.url("/page")});
  EXPECT_EQ(found.status, 0) << found.errors;
  const auto lines = lines_of(found.output);
  ASSERT_EQ(lines.size(), 1U) << found.output;
  const auto feed = bj::parse(lines[0]).as_object();
  EXPECT_EQ(feed.at("url").as_string(), url("a"));
  EXPECT_EQ(feed.at("title"), "Feed a");
  EXPECT_EQ(feed.at("how"), "advertised");
  const auto itself = run({NEWSWIRECTL, "discover", "--allow-private", url("b")});
  EXPECT_THAT(itself.output, AllOf(HasSubstr(url("b")), HasSubstr("itself")));
  server.on("/door", Answer(200, "<html><meta http-equiv='refresh' content='0; url=/page'></html>"));
  const auto door = run({NEWSWIRECTL, "discover", "--allow-private", server.url("/door")});
  EXPECT_EQ(door.status, 1);
  EXPECT_THAT(door.errors, HasSubstr("on to " + server.url("/page") + ": ask for that"));
  const auto none = run({NEWSWIRECTL, "discover", url("a")});
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.errors, HasSubstr("no feed was found")) << "private addresses are refused";
}

TEST_F(Control, LearnedShowsTheEvidenceAndExplainTellsItOfAnArticle) {
  std::vector<Item> items;
  for (int i = 0; i < 6; ++i) {
    const auto number = std::to_string(i);
    items.push_back({"story-" + number, "Story " + number,
                     "<p>On day " + std::to_string(i * 17) + " the ferry crossed the river " + number +
                         " times, and nobody counted the passengers.</p>"
                         "<p>Pellentesque habitant morbi tristique senectus et netus malesuada fames.</p>"});
  }
  server.serve_feed("/stories", rss(items));
  daemon.emplace("  - {id: stories, url: '" + url("stories") + "'}\n");
  daemon->start();
  ASSERT_TRUE(daemon->wait_for(6));
  const auto article = daemon->articles().back();
  ASSERT_EQ(article.stripped.size(), 1U);

  const auto learned = answer({"learned", "site.example"});
  ASSERT_FALSE(learned.empty());
  EXPECT_EQ(learned[0].at("entries"), 6);
  EXPECT_EQ(learned[0].at("tails"), 6);
  EXPECT_THAT(std::string(learned[0].at("text").as_string()), HasSubstr("Pellentesque habitant"));
  EXPECT_EQ(learned[0].at("first_seen"), learned[0].at("last_seen"));

  const auto spool = daemon->folder() / "spool";
  for (const auto& name : {article.uid, std::to_string(article.seq)}) {
    const auto told = answer({"explain", "--spool", spool, name});
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].at("uid").as_string(), article.uid);
    const auto& removal = told[0].at("stripped").as_array().at(0);
    EXPECT_EQ(removal.at("rule"), "recurring-block");
    EXPECT_EQ(removal.at("why").at("evidence").as_array().at(0).at("tails"), 6);
  }
  daemon->stop();
  const auto alone = daemon->ctl({"explain", "--spool", spool, article.uid});
  EXPECT_EQ(alone.status, 0) << alone.errors;
  EXPECT_THAT(alone.output, AllOf(HasSubstr("- Pellentesque"), HasSubstr("could not be asked for")));
  EXPECT_EQ(daemon->ctl({"explain", "--spool", spool, "99"}).status, 1);
}

TEST(AllowGroups, AnUnknownGroupIsAnErrorAndNotAnOpenDoor) {
  Daemon daemon("  []\n");
  daemon.folder().write("newswire.yaml",
                        "spool: {dir: spool}\nstate: {dir: state}\n"
                        "sockets: {dir: run, allow_groups: [no-such-group-here]}\n");
  const auto refused = run({NEWSWIRED, "--config", daemon.config()});
  EXPECT_EQ(refused.status, 78);
  EXPECT_THAT(refused.errors, HasSubstr("no-such-group-here"));
}

}  // namespace
}  // namespace newswire::test
