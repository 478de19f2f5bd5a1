#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "fetch/client.h"
#include "fetch/validators.h"

namespace newswire::fetch {
namespace {

class FileUrl : public testing::Test {
 protected:
  FileUrl() {
    std::string name = (std::filesystem::temp_directory_path() / "newswire-file-url-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    write("<rss/>");
  }
  ~FileUrl() override { std::filesystem::remove_all(directory_); }
  void write(const std::string& text) const { std::ofstream(directory_ / "a feed.xml") << text; }
  Request request(std::string_view name = "a%20feed.xml") const {
    Request request;
    request.url = "file://" + directory_.string() + "/" + std::string(name);
    request.allow_file = true;
    return request;
  }
  std::filesystem::path directory_;
};

Errc code_of(const Result<Response>& got) { return got ? Errc::cancelled : got.error().code; }

TEST_F(FileUrl, IsReadAsA200AndThenNotModified) {
  const auto first = read_file_url(request(), {});
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_EQ(first->status, 200);
  EXPECT_EQ(first->body, "<rss/>");
  auto again = request();
  again.validators = updated_validators({}, *first);
  const auto second = read_file_url(again, {});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status, 304);
  write("<rss>longer</rss>");
  const auto third = read_file_url(again, {});
  ASSERT_TRUE(third);
  EXPECT_EQ(third->status, 200);
  EXPECT_EQ(third->body, "<rss>longer</rss>");
}

TEST_F(FileUrl, IsReadOnlyIfAllowed) {
  auto asked = request();
  asked.allow_file = false;
  EXPECT_EQ(code_of(read_file_url(asked, {})), Errc::refused);
}

TEST_F(FileUrl, SaysWhatIsWrong) {
  EXPECT_EQ(code_of(read_file_url(request("missing"), {})), Errc::not_found);
  EXPECT_EQ(code_of(read_file_url(request(""), {})), Errc::io);
  auto remote = request();
  remote.url = "file://server/share/feed.xml";
  EXPECT_EQ(code_of(read_file_url(remote, {})), Errc::invalid);
  ASSERT_EQ(::mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of(read_file_url(request("pipe"), {})), Errc::io);
}

TEST_F(FileUrl, IsCutAtTheLimit) {
  auto asked = request();
  asked.max_body = 3;
  const auto got = read_file_url(asked, {});
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->cut);
  EXPECT_EQ(got->body, "<rs");
  asked.cut_oversize = false;
  EXPECT_EQ(code_of(read_file_url(asked, {})), Errc::too_large);
  asked.max_body = 6;
  EXPECT_EQ(code_of(read_file_url(asked, {})), Errc::cancelled);
}

}  // namespace
}  // namespace newswire::fetch
