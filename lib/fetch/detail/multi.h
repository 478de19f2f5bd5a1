#pragma once

#include <curl/curl.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace newswire::fetch::detail {

namespace asio = boost::asio;

/// libcurl's multi handle on the loop: libcurl says which sockets and which moment it waits for, and
/// curl_multi_socket_action does the work. The sockets are in an epoll set of our own, and Asio waits for that one
/// descriptor: what became ready together is handled together, and a socket costs one system call a transfer (a
/// descriptor of Asio's for each cost five, and a wake-up of the loop an event). Loop thread only. Owned by shared_ptr,
/// since waits may end after it.
class Multi : public std::enable_shared_from_this<Multi> {
 public:
  /// `finished` is told of each transfer that ended, after it was taken out of the multi handle.
  using Finished = std::function<void(CURL* easy, CURLcode code)>;

  Multi(asio::any_io_executor loop, long max_connections, Finished finished);
  ~Multi();
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  /// Starts a transfer; its progress comes later, from the loop. Not CURLM_OK: it was not started.
  CURLMcode add(CURL* easy);
  void set_max_connections(long count);
  /// Drops a transfer that has not finished.
  void remove(CURL* easy);
  /// Closes all sockets; nothing is told any more.
  void close();

 private:
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* watch) noexcept;
  static int on_timer(CURLM* multi, long timeout_ms, void* self) noexcept;

  void watch(curl_socket_t socket, int what);
  void arm();
  void ready();
  void schedule(long timeout_ms);
  void kick_soon();
  void arm_timer(std::chrono::steady_clock::time_point at);
  void kick();
  void collect();

  asio::any_io_executor loop_;
  CURLM* multi_;
  Finished finished_;
  asio::steady_timer timer_;
  std::uint64_t timer_epoch_ = 0;  // an expiry that was overtaken is stale
  // When libcurl wants to be called, and when the timer goes off: never later, but often earlier, since setting it anew
  // for each transfer costs more than looking at the clock.
  std::chrono::steady_clock::time_point wanted_at_ = std::chrono::steady_clock::time_point::max();
  std::chrono::steady_clock::time_point armed_at_ = std::chrono::steady_clock::time_point::max();
  bool kick_posted_ = false;
  asio::posix::stream_descriptor sockets_;  // the epoll set
  std::size_t watched_ = 0;                 // sockets that libcurl waits for
  std::vector<char> wanted_;                // by socket: whether libcurl waits for it
  bool armed_ = false;                      // a wait for it is under way; never with an empty set for long
};

}  // namespace newswire::fetch::detail
