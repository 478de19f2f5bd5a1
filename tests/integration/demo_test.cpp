#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "daemon_process.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

using testing::HasSubstr;

TEST(Demo, PrintsTitlesAndWhatWasStrippedWithoutAnyNetwork) {
  TemporaryFolder folder;
  Process demo({NEWSWIRED, "--demo", folder.path()});
  ASSERT_TRUE(eventually([&] {
    const auto text = demo.output();
    return text.find("Ferry returns") != std::string::npos &&
           text.find("A queue is a promise & a debt") != std::string::npos &&
           text.find("Spring tide") != std::string::npos &&
           text.find("Glue that holds & glue that doesn’t") != std::string::npos;
  })) << demo.output()
      << demo.errors();
  const auto text = demo.output();
  EXPECT_THAT(text, HasSubstr("stripped"));
  EXPECT_THAT(text, HasSubstr("appeared first on"));
  EXPECT_THAT(text, HasSubstr("repaired"));
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
    ASSERT_TRUE(server.wait_for(server.count("/feed") + 2, kPatience)) << follow.errors();
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
