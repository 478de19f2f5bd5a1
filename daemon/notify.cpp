#include "notify.h"

#include <systemd/sd-daemon.h>

#include <sys/un.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <cstdlib>

namespace newswire::daemon {
namespace {

constexpr std::size_t kMostWaiting = 64;  ///< only reloads add to them

std::string notify_path() {
  const char* given = std::getenv("NOTIFY_SOCKET");
  std::string path = given ? given : "";
  if (path.size() >= sizeof(sockaddr_un::sun_path)) return {};  // nobody can listen there
  if (path.starts_with('@')) path.front() = '\0';
  return path;
}

}  // namespace

SystemdNotifier::SystemdNotifier(const asio::any_io_executor& executor) : path_(notify_path()), socket_(executor) {}

void SystemdNotifier::tell(std::string state) {
  if (path_.empty() || stopped_ || waiting_.size() == kMostWaiting) return;
  waiting_.push_back(std::move(state));
  if (waiting_.size() == 1) send_waiting();
}

void SystemdNotifier::beat(const std::string& state) {
  if (!path_.empty() && !stopped_ && waiting_.empty()) send(state);
}

void SystemdNotifier::stop() {
  stopped_ = true;
  boost::system::error_code closed_anyway;
  socket_.close(closed_anyway);
  waiting_.clear();
}

SystemdNotifier::Sent SystemdNotifier::send(const std::string& state) {
  boost::system::error_code failed;
  if (!socket_.is_open()) {
    socket_.open({}, failed);
    if (!failed) socket_.non_blocking(true, failed);
    if (!failed) socket_.connect({path_}, failed);
  }
  if (!failed) socket_.send(asio::buffer(state), 0, failed);
  if (!failed) return Sent::yes;
  if (failed == asio::error::would_block || failed == asio::error::no_buffer_space) return Sent::no_room;
  socket_.close(failed);  // the other end may be another one by now: the next message asks for it anew
  return Sent::failed;
}

void SystemdNotifier::send_waiting() {
  while (!waiting_.empty()) {
    if (send(waiting_.front()) == Sent::no_room) {
      socket_.async_wait(asio::socket_base::wait_write, [this](const boost::system::error_code& stopped) {
        if (!stopped) send_waiting();
      });
      return;
    }
    waiting_.pop_front();
  }
}

std::chrono::milliseconds watchdog_pace() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::chrono::milliseconds{0};
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds{microseconds / 2});
}

}  // namespace newswire::daemon
