// newswirectl's offline commands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon_process.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

using testing::HasSubstr;

const std::string kDemo = NEWSWIRE_SOURCE_DIR "/config/demo/";

TEST(Parse, PrintsOneJsonFeedADocumentInOrder) {
  const auto parsed = run({NEWSWIRECTL, "parse", kDemo + "harbour-herald.xml", kDemo + "slow-computing.atom",
                           kDemo + "tide-tables.json", kDemo + "workshop-notes.xml"});
  EXPECT_EQ(parsed.status, 0) << parsed.errors;
  const auto lines = lines_of(parsed.output);
  ASSERT_EQ(lines.size(), 4U);
  const char* const formats[] = {"rss20", "atom10", "jsonfeed11", "rss20"};
  const std::size_t items[] = {2, 1, 1, 2};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto feed = boost::json::parse(lines[i]).as_object();
    EXPECT_EQ(feed.at("version").as_string(), "https://jsonfeed.org/version/1.1");
    EXPECT_EQ(feed.at("_newswire").as_object().at("format").as_string(), formats[i]);
    EXPECT_EQ(feed.at("items").as_array().size(), items[i]);
  }
  EXPECT_FALSE(boost::json::parse(lines[3]).as_object().at("_newswire").as_object().at("repairs").as_array().empty());
}

TEST(Parse, AnInputThatIsNoFeedIsAnErrorLineAndStatusOne) {
  TemporaryFolder folder;
  folder.write("page.html", "<!DOCTYPE html><html><head><title>x</title></head><body>no feed</body></html>");
  const auto parsed = run({NEWSWIRECTL, "parse", folder / "page.html", kDemo + "tide-tables.json"});
  EXPECT_EQ(parsed.status, 1);
  const auto lines = lines_of(parsed.output);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], HasSubstr(R"({"error":{"code":"html_page","message":)"));
}

TEST(Preview, GivesTheLinesThatTheDaemonSpools) {
  HttpServer server;
  const auto document = rss({{"2", "Second"}, {"1", "First"}});
  server.serve_feed("/feed", document);
  Daemon daemon("  - {id: one, url: '" + server.url("/feed") + "'}\n");
  daemon.start();
  ASSERT_TRUE(daemon.wait_for(2));
  daemon.stop();
  const auto previewed = run({NEWSWIRECTL, "preview", "--allow-private", server.url("/feed")});
  EXPECT_EQ(previewed.status, 0) << previewed.errors;
  const auto lines = lines_of(previewed.output);
  const auto spooled = daemon.spool_lines();
  ASSERT_EQ(lines.size(), spooled.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto mine = boost::json::parse(lines[i]).as_object();
    auto theirs = boost::json::parse(spooled[i]).as_object();
    // What only the daemon knows: its feed's id (and so the uid), the spool's checksum, the time.
    for (auto* const line : {&mine, &theirs}) {
      auto& own = line->at("_newswire").as_object();
      for (const char* const member : {"uid", "received", "sum", "feed"}) own.erase(member);
    }
    EXPECT_TRUE(boost::json::value(mine) == boost::json::value(theirs)) << lines[i] << '\n' << spooled[i];
  }
}

TEST(Preview, ShowsPeopleWhatGoesAndWhy) {
  const auto shown = run({NEWSWIRECTL, "preview", "--diff", kDemo + "harbour-herald.xml"});
  EXPECT_EQ(shown.status, 0) << shown.errors;
  EXPECT_THAT(shown.output, HasSubstr("== Ferry returns to the old pier after nine years"));
  EXPECT_THAT(shown.output, HasSubstr("- The post Ferry returns"));
}

TEST(Explain, TellsOfAFileWhatGoesAndWhy) {
  const auto shown = run({NEWSWIRECTL, "explain", kDemo + "harbour-herald.xml"});
  EXPECT_EQ(shown.status, 0) << shown.errors;
  EXPECT_THAT(shown.output, HasSubstr("- The post Ferry returns"));
  EXPECT_THAT(shown.output, HasSubstr("feed-footer, rule appeared-first-en (feed-footer.yaml:"));
  const auto lines = lines_of(run({NEWSWIRECTL, "explain", "--json", kDemo + "harbour-herald.xml"}).output);
  ASSERT_EQ(lines.size(), 2U);
  for (const auto& line : lines) {
    const auto told = boost::json::parse(line).as_object();
    for (const auto& removal : told.at("stripped").as_array())
      EXPECT_FALSE(removal.at("why").at("what").as_string().empty()) << line;
  }
}

TEST(Explain, TellsOfTextThatLostItsMarkup) {
  TemporaryFolder folder;
  folder.write(
      "page.txt",
      "Ferry returns to the old pier\n\nFerry returns to the old pier\n\nThe ferry came back to the old pier on "
      "Monday after nine years, and some hundred people stood there to see it, the harbour office said.\n\n"
      "DOWNLOAD THE APP\n");
  const auto shown = run({NEWSWIRECTL, "explain", "--json", folder / "page.txt"});
  EXPECT_EQ(shown.status, 0) << shown.errors;
  EXPECT_THAT(shown.output, HasSubstr("\"rule\":\"repeated-title\""));
  EXPECT_THAT(shown.output, HasSubstr("\"what\":\"invites to install an app\""));
}

TEST(Explain, WhatIsNeitherFileNorArticleIsStatusOne) {
  TemporaryFolder folder;
  const auto shown = run({NEWSWIRECTL, "explain", "--spool", folder / "", "nothing-of-the-kind"});
  EXPECT_EQ(shown.status, 1);
  EXPECT_THAT(shown.errors, HasSubstr("newswirectl: "));
}

TEST(Explain, AMistypedFileIsNotSoughtInTheSpool) {
  const auto shown = run({NEWSWIRECTL, "explain", "no/such/page.html"});
  EXPECT_EQ(shown.status, 1);
  EXPECT_THAT(shown.errors, HasSubstr("no/such/page.html: no such file, and no uid or number of an article"));
}

TEST(Output, ThatCannotBeWrittenIsAFailure) {
  TemporaryFolder folder;
  folder.write("feed.xml",
               "<rss version='2.0'><channel><title>t</title><item><title>One</title></item></channel></rss>");
  for (const std::string command : {"preview", "parse", "explain"}) {
    const auto shown = run({"sh", "-c", NEWSWIRECTL " " + command + " " + (folder / "feed.xml") + " > /dev/full"});
    EXPECT_EQ(shown.status, 1) << command;
    EXPECT_THAT(shown.errors, HasSubstr("standard output cannot be written")) << command;
  }
  // A reader that has seen enough is told nothing.
  const auto piped = run({"sh", "-c", NEWSWIRECTL " --help-all | true"});
  EXPECT_EQ(piped.errors, "");
}

TEST(Verify, TellsProgramsAsJson) {
  TemporaryFolder folder;
  folder.write("articles.ndjson", "no line of ours\n");
  const auto shown = run({NEWSWIRECTL, "verify", "--json", folder / ""});
  EXPECT_EQ(shown.status, 1);
  const auto told = boost::json::parse(shown.output).as_object();
  EXPECT_EQ(told.at("sound"), false);
  EXPECT_EQ(told.at("files").as_array().at(0).at("name"), "articles.ndjson");
  EXPECT_FALSE(told.at("files").as_array().at(0).at("problems").as_array().empty());
}

TEST(Verify, AFolderWithoutASpoolIsNotSound) {
  TemporaryFolder folder;
  for (const auto* const command : {"verify", "cat"}) {
    const auto shown = run({NEWSWIRECTL, command, folder / ""});
    EXPECT_EQ(shown.status, 1) << command;
    EXPECT_THAT(shown.errors, HasSubstr("no spool here: the folder has no articles.ndjson")) << command;
  }
}

TEST(Extract, GivesTheArticleOfAPage) {
  TemporaryFolder folder;
  std::string paragraphs;
  for (int i = 0; i < 6; ++i) {
    paragraphs +=
        "<p>The tide table for the week shows an unusual spring tide, said the harbour office in its note number " +
        std::to_string(i) + ", and boats that draw more than two metres should wait for it, if they can.</p>";
  }
  folder.write("page.html",
               "<!DOCTYPE html><html lang=en><head><title>Spring tide | Site</title></head><body><nav><a "
               "href=/>Home</a> <a href=/b>News</a></nav>"
               "<article><h1>Spring tide</h1>" +
                   paragraphs + "</article><footer>Copyright Site. All rights reserved.</footer></body></html>");
  const auto extracted = run({NEWSWIRECTL, "extract", "--url", "https://site.example/tide", folder / "page.html"});
  EXPECT_EQ(extracted.status, 0) << extracted.errors;
  const auto page = boost::json::parse(lines_of(extracted.output).at(0)).as_object();
  EXPECT_EQ(page.at("title").as_string(), "Spring tide");
  EXPECT_THAT(std::string(page.at("content_text").as_string()), HasSubstr("note number 5"));
  EXPECT_THAT(std::string(page.at("content_text").as_string()), testing::Not(HasSubstr("All rights reserved")));
}

class BadInput : public testing::TestWithParam<const char*> {};
TEST_P(BadInput, IsAnErrorThatNamesIt) {
  const TemporaryFolder folder;
  folder.write("empty", "");
  for (const auto& input : {folder.path(), folder / "empty", folder / "missing"}) {
    const auto ended = run({NEWSWIRECTL, GetParam(), input});
    EXPECT_EQ(ended.status, 1) << input;
    EXPECT_THAT(ended.output + ended.errors, HasSubstr(input));
    EXPECT_THAT(ended.output + ended.errors, testing::Not(HasSubstr("bug of newswire")));
  }
}
INSTANTIATE_TEST_SUITE_P(Commands, BadInput, testing::Values("parse", "preview", "extract"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(Explain, OfAFolderOrAnEmptyFileSaysSo) {
  const TemporaryFolder folder;
  folder.write("empty", "");
  const auto of_folder = run({NEWSWIRECTL, "explain", folder.path()});
  EXPECT_EQ(of_folder.status, 1);
  EXPECT_THAT(of_folder.errors, HasSubstr(folder.path() + ": cannot read the file: Is a directory"));
  const auto of_empty = run({NEWSWIRECTL, "explain", folder / "empty"});
  EXPECT_EQ(of_empty.status, 1);
  EXPECT_THAT(of_empty.errors, HasSubstr("empty"));
}

}  // namespace
}  // namespace newswire::test
