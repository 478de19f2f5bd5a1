#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <chrono>
#include <deque>
#include <string>

#include "base/async.h"

namespace newswire::daemon {

/// Tells systemd how the service is, in the words of sd_notify(3), and never waits for it: sd_notify() itself blocks
/// when the other end does not read, and then a supervisor that hangs would stop all polling. Without NOTIFY_SOCKET
/// every call does nothing. One strand.
class SystemdNotifier {
 public:
  explicit SystemdNotifier(const asio::any_io_executor& executor);

  /// A change of state ("READY=1"): in order, and sent later if the other end has no room for it now.
  void tell(std::string state);
  /// A sign of life ("WATCHDOG=1"), worth nothing later: left out if there is no room for it now.
  void beat(const std::string& state);
  /// Gives up what could not be sent, so that the loop can end.
  void stop();

 private:
  enum class Sent { yes, no_room, failed };
  Sent send(const std::string& state);
  void send_waiting();

  std::string path_;  ///< of NOTIFY_SOCKET, an abstract one with its leading NUL; empty: systemd did not start us
  asio::local::datagram_protocol::socket socket_;
  std::deque<std::string> waiting_;
  bool stopped_ = false;
};

/// Half of WatchdogSec=, the pace of "WATCHDOG=1"; zero if there is no watchdog.
std::chrono::milliseconds watchdog_pace();

}  // namespace newswire::daemon
