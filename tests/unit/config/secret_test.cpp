#include "config/secret.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace newswire::config {
namespace {

class Secrets : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "newswire-secret-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  Secret file(std::string_view text) const {
    std::ofstream(folder_ / "secret", std::ios::binary) << text;
    return {Secret::From::file, (folder_ / "secret").string()};
  }
  std::filesystem::path folder_;
};

TEST_F(Secrets, ComeFromAFileWithoutItsLineBreak) {
  EXPECT_EQ(*read_secret(file("s3cret\n")), "s3cret");
  EXPECT_EQ(*read_secret(file("s3cret\r\n")), "s3cret");
  EXPECT_EQ(*read_secret(file(" s3 cret")), " s3 cret");
}

TEST_F(Secrets, ThatNoHeaderCanCarryAreRefused) {
  EXPECT_EQ(read_secret(file("")).error().code, Errc::invalid);
  EXPECT_EQ(read_secret(file("\n")).error().code, Errc::invalid);
  EXPECT_EQ(read_secret(file("a\nHost: b\n")).error().code, Errc::invalid);
  EXPECT_EQ(read_secret(file(std::string_view("a\0b", 3))).error().code, Errc::invalid);
  const auto large = read_secret(file(std::string(70'000, 's')));
  EXPECT_EQ(large.error().code, Errc::too_large);
  EXPECT_THAT(to_string(large.error()), testing::Not(testing::HasSubstr("ssss")));
}

TEST_F(Secrets, ComeFromTheEnvironment) {
  ASSERT_EQ(setenv("NEWSWIRE_TEST_SECRET", "from env", 1), 0);
  EXPECT_EQ(*read_secret({Secret::From::environment, "NEWSWIRE_TEST_SECRET"}), "from env");
  ASSERT_EQ(unsetenv("NEWSWIRE_TEST_SECRET"), 0);
  EXPECT_EQ(read_secret({Secret::From::environment, "NEWSWIRE_TEST_SECRET"}).error().code, Errc::not_found);
}

TEST_F(Secrets, ComeFromSystemdsCredentials) {
  const auto made = file("credential\n");
  ASSERT_EQ(setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1), 0);
  EXPECT_EQ(*read_secret({Secret::From::credential, "secret"}), "credential");
  EXPECT_EQ(read_secret({Secret::From::credential, "other"}).error().code, Errc::not_found);
  ASSERT_EQ(unsetenv("CREDENTIALS_DIRECTORY"), 0);
  EXPECT_EQ(read_secret({Secret::From::credential, "secret"}).error().code, Errc::not_found);
}

}  // namespace
}  // namespace newswire::config
