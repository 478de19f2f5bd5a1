#include "notify.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>

namespace newswire::daemon {
namespace {

using namespace std::chrono_literals;

// A service manager with an abstract address, whose queue can be full.
class ServiceManager {
 public:
  ServiceManager() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const std::string name = "newswire-notify-test-" + std::to_string(::getpid());
    address_.sun_family = AF_UNIX;
    name.copy(address_.sun_path + 1, name.size());
    size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address_), size_), 0);
    ::setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
  }
  ~ServiceManager() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket_);
  }
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  /// Messages of others until there is no room for one more.
  void fill() {
    const int other = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    while (::sendto(other, "other", 5, 0, reinterpret_cast<const sockaddr*>(&address_), size_) == 5) ++filled_;
    EXPECT_EQ(errno, EAGAIN);
    EXPECT_GT(filled_, 0);
    ::close(other);
  }

  /// What has come since, without what fill() sent.
  std::vector<std::string> read() {
    std::vector<std::string> messages;
    char buffer[256];
    for (auto n = ::recv(socket_, buffer, sizeof buffer, 0); n > 0; n = ::recv(socket_, buffer, sizeof buffer, 0)) {
      std::string message(buffer, static_cast<std::size_t>(n));
      if (message != "other") messages.push_back(std::move(message));
    }
    return messages;
  }

 private:
  int socket_;
  sockaddr_un address_{};
  socklen_t size_ = 0;
  int filled_ = 0;
};

using Messages = std::vector<std::string>;

TEST(Notify, TellsInOrder) {
  ServiceManager manager;
  asio::io_context loop;
  SystemdNotifier notifier(loop.get_executor());
  notifier.tell("READY=1");
  notifier.beat("WATCHDOG=1");
  EXPECT_EQ(manager.read(), (Messages{"READY=1", "WATCHDOG=1"}));
}

TEST(Notify, WaitsForRoomWithoutHoldingTheLoopAndLeavesBeatsOut) {
  ServiceManager manager;
  asio::io_context loop;
  SystemdNotifier notifier(loop.get_executor());
  manager.fill();
  notifier.tell("READY=1");
  notifier.beat("WATCHDOG=1");
  notifier.tell("RELOADING=1");
  EXPECT_EQ(loop.poll(), 0U);
  EXPECT_EQ(manager.read(), Messages{});
  loop.run_for(60s);  // ends when nothing waits
  EXPECT_EQ(manager.read(), (Messages{"READY=1", "RELOADING=1"}));
  notifier.beat("WATCHDOG=1");
  EXPECT_EQ(manager.read(), Messages{"WATCHDOG=1"});
}

TEST(Notify, StoppedItLetsTheLoopEnd) {
  ServiceManager manager;
  asio::io_context loop;
  SystemdNotifier notifier(loop.get_executor());
  manager.fill();
  notifier.tell("READY=1");
  notifier.stop();
  EXPECT_EQ(loop.run_for(60s), 1U) << "the wait for room, cancelled";
  notifier.tell("STOPPING=1");
  EXPECT_EQ(loop.poll(), 0U);
}

TEST(Notify, FindsAManagerThatTookTheAddressOver) {
  asio::io_context loop;
  auto manager = std::make_unique<ServiceManager>();
  SystemdNotifier notifier(loop.get_executor());
  notifier.tell("READY=1");
  EXPECT_EQ(manager->read(), Messages{"READY=1"});
  manager.reset();
  notifier.beat("WATCHDOG=1");  // nobody is there
  manager = std::make_unique<ServiceManager>();
  notifier.beat("WATCHDOG=1");
  EXPECT_EQ(manager->read(), Messages{"WATCHDOG=1"});
}

TEST(Notify, WithoutOneNothingHappens) {
  asio::io_context loop;
  for (const auto& path : {std::string{}, std::string(200, 'x')}) {
    if (!path.empty()) ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    SystemdNotifier notifier(loop.get_executor());
    notifier.tell("READY=1");
    notifier.beat("WATCHDOG=1");
    EXPECT_EQ(loop.poll(), 0U);
  }
  ::unsetenv("NOTIFY_SOCKET");
}

}  // namespace
}  // namespace newswire::daemon
