#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "fetch/host_book.h"

namespace newswire::fetch {

namespace asio = boost::asio;

class Hosts;

/// The right to have one request to a host in flight; given back when destroyed. Move only; loop thread only.
class Permit {
 public:
  Permit() = default;
  Permit(Permit&& other) noexcept = default;
  Permit& operator=(Permit&& other) noexcept;
  ~Permit();

 private:
  friend class Hosts;
  struct Held;
  explicit Permit(std::shared_ptr<Held> held) : held_(std::move(held)) {}
  std::shared_ptr<Held> held_;
};

/// Why a request may not go out now.
struct HostWait {
  Time until{};  ///< the host asked for silence until then
};

/// HostBook on the loop: a request waits its turn for spacing and concurrency (H1); when the host is paused (H3), also
/// while it waits, it is sent back at once, so that no coroutine sleeps for hours. Loop thread only.
class Hosts {
 public:
  /// `now`: the wall clock, for `HostWait`; empty: the system's.
  Hosts(asio::any_io_executor loop, HostLimits limits, std::function<Time()> now = {});
  ~Hosts();
  Hosts(const Hosts&) = delete;
  Hosts& operator=(const Hosts&) = delete;

  /// Waits, first come first served, until a request to the host of `url` may start. Errc::busy if the host is paused:
  /// no request is to be sent, and `wait`, if given, says until when; it must live until the awaitable is done.
  /// Errc::cancelled by the caller or stop().
  asio::awaitable<Result<Permit>> acquire(std::string url, HostWait* wait = nullptr);

  /// An answer asked for silence (Outcome::pauses_host): those that wait for this host are sent back. `url`: any of it.
  void pause(std::string_view url, Time until);

  void set_limits(HostLimits limits);
  std::size_t waiting() const noexcept;  ///< gauge
  void stop();                           ///< ends every acquire() with Errc::cancelled

 private:
  friend class Permit;
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace newswire::fetch
