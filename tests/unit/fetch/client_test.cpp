#include "fetch/client.h"

#include <gtest/gtest.h>

#include "loop.h"

namespace newswire::fetch::test {
namespace {

constexpr const char* kRss = "<rss version=\"2.0\"><channel><title>t</title></channel></rss>";

TEST(Client, GivesStatusHeadersAndBody) {
  Fixture f;
  f.server.on("/feed.xml", Answer(200, kRss).header("ETag", "W/\"a b\"").header("Content-Type", "application/rss+xml"));
  const auto got = f.get();
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, kRss);
  EXPECT_EQ(got->etag, "W/\"a b\"");
  EXPECT_EQ(got->content_type, "application/rss+xml");
  EXPECT_EQ(got->final_url, f.server.url("/feed.xml"));
  EXPECT_EQ(got->http_version, "1.1");
  EXPECT_EQ(got->remote_address, "127.0.0.1");
  EXPECT_GT(got->wire_bytes, got->body.size());
}

}  // namespace
}  // namespace newswire::fetch::test
