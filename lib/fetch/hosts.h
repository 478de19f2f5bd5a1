#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fetch/host_book.h"

namespace newswire::fetch {

namespace asio = boost::asio;

class Hosts;

/// The right to have one request to a host in flight; given back when destroyed. Must not outlive its Hosts. Move only.
class Permit {
 public:
  Permit() = default;
  Permit(Permit&& other) noexcept;
  Permit& operator=(Permit&& other) noexcept;
  ~Permit();
  bool probe() const noexcept { return probe_; }  ///< this poll finds out whether a host that was down is back (H4)

 private:
  friend class Hosts;
  Permit(Hosts& hosts, std::string host, bool probe);
  Hosts* hosts_ = nullptr;
  std::string host_;
  bool probe_ = false;
};

/// Why a poll may not go out now.
struct HostWait {
  Time until{};  ///< not before
  enum class Reason : std::uint8_t { paused, down } reason = Reason::paused;
};

/// HostBook on the loop: waits for spacing and concurrency (short), answers pauses and outages at once (long), so that
/// no coroutine sleeps for hours. Loop thread only.
class Hosts {
 public:
  Hosts(asio::any_io_executor loop, HostLimits limits, std::function<Time()> now = {});
  ~Hosts();
  Hosts(const Hosts&) = delete;
  Hosts& operator=(const Hosts&) = delete;

  /// Waits, first come first served, until a request to the host of `url` may start (H1). If the host is paused or
  /// down, gives the error `busy` and sets `wait` (the caller re-schedules the feed; no request is sent).
  /// Errc::cancelled by the caller or stop(). `wait` must live until the awaitable is done.
  asio::awaitable<Result<Permit>> acquire(std::string url, HostWait* wait);

  HostBook& book() noexcept;             ///< pauses, outages: note() and pause() after each answer
  std::size_t waiting() const noexcept;  ///< gauge
  void stop();                           ///< ends every acquire() with Errc::cancelled

 private:
  friend class Permit;
  void release(const std::string& host);
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace newswire::fetch
