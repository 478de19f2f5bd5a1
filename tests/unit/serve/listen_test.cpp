#include "serve/listen.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "serve/control_client.h"
#include "serve_fixture.h"

namespace newswire::serve {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

class Listen : public testing::Test {
 protected:
  ListenOptions options(unsigned mode = 0660) const { return {.path = path, .mode = mode, .group = {}}; }
  TemporaryFolder folder;
  std::string path = folder / "s.sock";
};

TEST_F(Listen, GivesTheFileItsModeAndRemovesItAtTheEnd) {
  {
    const auto socket = listen_unix(options());
    ASSERT_TRUE(socket) << to_string(socket.error());
    EXPECT_EQ(mode_of(path), mode_t{0660});
    EXPECT_TRUE(connect_unix(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(Listen, TheModeDoesNotDependOnTheUmask) {
  const auto before = ::umask(0077);
  const auto socket = listen_unix(options());
  ::umask(before);
  ASSERT_TRUE(socket);
  EXPECT_EQ(mode_of(path), mode_t{0660});
}

TEST_F(Listen, AStaleSocketIsReplaced) {
  {
    auto dead = listen_unix(options());
    ASSERT_TRUE(dead);
    std::filesystem::rename(path, path + ".kept");  // so that it is not removed: as after kill -9
  }
  std::filesystem::rename(path + ".kept", path);
  ASSERT_TRUE(std::filesystem::exists(path));
  EXPECT_TRUE(listen_unix(options()));
}

TEST_F(Listen, ASocketThatAnswersIsLeftAlone) {
  const auto first = listen_unix(options());
  ASSERT_TRUE(first);
  const auto second = listen_unix(options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::busy);
  EXPECT_NE(second.error().what.find("another newswired runs here"), std::string::npos);
  EXPECT_TRUE(connect_unix(path));
}

TEST_F(Listen, AFileThatIsNoSocketIsNotTouched) {
  std::ofstream(path) << "precious";
  const auto socket = listen_unix(options());
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().code, Errc::invalid);
  EXPECT_EQ(std::filesystem::file_size(path), 8U);
}

TEST_F(Listen, AnotherOnesFileIsNotRemovedAtTheEnd) {
  auto first = listen_unix(options());
  ASSERT_TRUE(first);
  std::filesystem::remove(path);  // somebody cleaned up, and somebody else listens now
  const auto second = listen_unix(options());
  ASSERT_TRUE(second);
  first->close();
  EXPECT_TRUE(connect_unix(path));
}

TEST_F(Listen, SaysWhatToDo) {
  EXPECT_NE(listen_unix({.path = folder / "none/s.sock", .mode = 0600, .group = {}}).error().what.find("create it"),
            std::string::npos);
  const auto long_path = listen_unix({.path = "/tmp/" + std::string(120, 'x'), .mode = 0600, .group = {}});
  EXPECT_EQ(long_path.error().code, Errc::invalid);
  EXPECT_NE(long_path.error().what.find("shorter"), std::string::npos);
  const auto group = listen_unix({.path = path, .mode = 0660, .group = "no-such-group-here"});
  EXPECT_EQ(group.error().code, Errc::not_found);
  EXPECT_NE(group.error().what.find("groupadd"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(Listen, TheGroupIsGiven) {
  const auto gid = std::to_string(::getegid());
  const auto socket = listen_unix({.path = path, .mode = 0660, .group = gid});
  ASSERT_TRUE(socket) << to_string(socket.error());
  struct stat status {};
  ASSERT_EQ(::lstat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_gid, ::getegid());
}

/// As systemd does it: descriptors from 3 on, described by the environment. In a child, since it is about the process.
TEST_F(Listen, SocketsOfSystemdAreAdoptedByNameAndNeverRemoved) {
  const auto check = [this] {
    auto given = listen_unix(options());
    if (!given || ::dup2(given->native(), 3) != 3) std::_Exit(10);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", "1", 1);
    ::setenv("LISTEN_FDNAMES", "articles.sock", 1);
    {
      auto adopted = adopt_systemd_sockets();
      if (!adopted || adopted->size() != 1) std::_Exit(11);
      const auto& socket = adopted->front();
      if (socket.name != "articles.sock" || socket.socket.native() != 3 || socket.socket.path() != path) std::_Exit(12);
    }
    if (std::getenv("LISTEN_FDS") != nullptr) std::_Exit(13);
    if (!std::filesystem::exists(path)) std::_Exit(14);
    const auto again = adopt_systemd_sockets();
    std::_Exit(again && again->empty() ? 0 : 15);
  };
  EXPECT_EXIT(check(), testing::ExitedWithCode(0), "");
}

TEST_F(Listen, ADescriptorThatDoesNotListenIsRefused) {
  const auto check = [] {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (::dup2(fd, 3) != 3) std::_Exit(10);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", "1", 1);
    std::_Exit(adopt_systemd_sockets() ? 11 : 0);
  };
  EXPECT_EXIT(check(), testing::ExitedWithCode(0), "");
}

TEST(AdoptedSockets, AreNoneWhenMeantForAnotherProcess) {
  ::setenv("LISTEN_PID", "1", 1);
  ::setenv("LISTEN_FDS", "1", 1);
  const auto adopted = adopt_systemd_sockets();
  ASSERT_TRUE(adopted);
  EXPECT_TRUE(adopted->empty());
}

}  // namespace
}  // namespace newswire::serve
