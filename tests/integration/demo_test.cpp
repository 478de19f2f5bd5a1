#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

#include "daemon_process.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

TEST(Demo, PrintsTitlesAndWhatWasStrippedWithoutAnyNetwork) {
  TemporaryFolder folder;
  Process demo({NEWSWIRED, "--demo", folder.path()});
  const std::vector<std::string> wanted = {"Ferry returns", "A queue is a promise & a debt",
                                           "Spring tide",   "Glue that holds & glue that doesn’t",
                                           "stripped",      "appeared first on",
                                           "repaired"};
  ASSERT_TRUE(eventually([&] {
    const auto text = demo.output();
    return std::all_of(wanted.begin(), wanted.end(),
                       [&text](const auto& part) { return text.find(part) != std::string::npos; });
  })) << demo.output()
      << demo.errors();
  demo.signal(SIGTERM);
  EXPECT_EQ(demo.wait(), 0) << demo.errors();
}

TEST(Follow, FollowsUrlsAndFilesAndRemembersThem) {
  HttpServer server;
  server.serve_feed("/feed", rss({{"1", "By HTTP"}}));
  TemporaryFolder folder;
  folder.write("local.xml", rss({{"2", "By file"}}));
  for (const bool first : {true, false}) {
    Process follow({NEWSWIRED, "--follow", folder / "work", server.url("/feed"), folder / "local.xml"});
    // Up to ten seconds apart: this alone takes a good part of anybody's patience.
    ASSERT_TRUE(server.wait_for(server.count("/feed") + 2, 3 * kPatience)) << follow.errors();
    if (first) {
      ASSERT_TRUE(eventually([&] {
        return follow.output().find("By HTTP") != std::string::npos &&
               follow.output().find("By file") != std::string::npos;
      })) << follow.output();
    }
    follow.signal(SIGTERM);
    EXPECT_EQ(follow.wait(), 0) << follow.errors();
    if (!first) {
      EXPECT_EQ(follow.output().find("By "), std::string::npos) << follow.output();
    }
  }
}

}  // namespace
}  // namespace newswire::test
