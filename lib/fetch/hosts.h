#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
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

/// HostBook on the loop: a request waits its turn for spacing and concurrency (H1). Loop thread only.
class Hosts {
 public:
  Hosts(asio::any_io_executor loop, HostLimits limits);
  ~Hosts();
  Hosts(const Hosts&) = delete;
  Hosts& operator=(const Hosts&) = delete;

  /// Waits, first come first served, until a request to the host of `url` may start. Errc::cancelled by the caller or
  /// stop().
  asio::awaitable<Result<Permit>> acquire(std::string url);

  /// How long to stay away before acquire(): zero while the host's queue is short. Else the caller is given its turn,
  /// so that a crowd of one host waits where waiting costs nothing, and the other hosts get their share of the
  /// transfers.
  std::chrono::milliseconds turn(std::string_view url);

  void set_limits(HostLimits limits);
  std::size_t waiting() const noexcept;  ///< gauge
  void stop();                           ///< ends every acquire() with Errc::cancelled

 private:
  friend class Permit;
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace newswire::fetch
