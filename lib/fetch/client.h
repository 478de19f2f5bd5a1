#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "fetch/http_message.h"

namespace newswire::fetch {

namespace asio = boost::asio;

/// "newswire/<version> (+<contact>)" (R12); `contact` is a URL or mail address of whoever runs the daemon.
std::string default_user_agent(std::string_view version, std::string_view contact);

struct ClientOptions {
  std::string user_agent = "newswire (+https://github.com/newswire/newswire)";
  unsigned max_transfers = 256;  ///< in flight at once; further get() wait their turn, first come first served
  unsigned max_resolving = 16;   ///< name resolutions at once, each a thread of libcurl
  unsigned max_idle_connections = 64;
  /// What large bodies (over 256 KiB) may take together, from their growing until their Response goes; transfers beyond
  /// that pause, within their time. One body is let in whatever its size.
  std::size_t body_memory = std::size_t{256} << 20;
  std::chrono::seconds idle_connection{60};  ///< a pooled connection older than this is not used again
  std::chrono::seconds dns_cache{60};
  /// A host seen again within this time is worth keeping a connection to; others are closed after the answer (a pool
  /// full of idle connections was measured at 40 % of the throughput).
  std::chrono::seconds keep_connection_within{90};
  /// How long a host stays on 1.1 after HTTP/2 broke (R18), and a URL without compression after a wrong label (R13).
  std::chrono::seconds remember_fallbacks{24 * 3600};
  std::function<Time()> now;  ///< wall clock; empty: the system's
};

/// Counters for metrics; all since construction, except the two gauges.
struct ClientStats {
  std::uint64_t requests = 0;  ///< hops sent
  std::uint64_t new_connections = 0;
  std::uint64_t reused_connections = 0;
  std::uint64_t wire_bytes = 0;
  std::uint64_t http2_fallbacks = 0;
  std::uint64_t refused_addresses = 0;
  std::uint64_t starved = 0;   ///< not sent: no descriptor or memory was left in this process
  unsigned in_flight = 0;      ///< gauge
  unsigned waiting = 0;        ///< gauge: queued for a slot
  unsigned paused = 0;         ///< gauge: waiting for room for a large body
  std::size_t body_bytes = 0;  ///< gauge: taken of body_memory
};

/// HTTP on libcurl's multi interface, driven by the loop (curl_multi_socket_action): no thread a transfer, no polling.
/// Loop thread only. Must outlive every get(); stop() ends them. Cookies are never stored, the environment's proxies
/// and netrc are ignored.
class Client {
 public:
  explicit Client(asio::any_io_executor loop, ClientOptions options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// One chain: the request, and the redirects it leads to, each hop checked anew (scheme, address, credentials, loop).
  /// Any HTTP status is a Response. Supports cancellation (terminal, partial, total): the transfer is dropped at once.
  ///
  /// Errors, `where` holding the URL without its secrets:
  /// - invalid: no http(s) URL, or a header or URL that would break the message
  /// - refused: address guard; another scheme, also by redirect
  /// - http_status: a redirect without a usable Location, a redirect loop, too many redirects (A4)
  /// - dns, connect, tls, timeout: as they say
  /// - too_large: headers, or the body when !cut_oversize
  /// - io: the connection broke, the body was truncated, or the answer is no HTTP
  /// - not_found, io: a file: URL
  /// - busy: this process has no descriptor or memory left; nobody was asked
  /// - cancelled: by the caller or by stop()
  asio::awaitable<Result<Response>> get(Request request);

  /// Cancels what is running, lets no more in, and returns when the last get() has ended.
  asio::awaitable<void> stop();

  /// For what starts from now on; requests under way keep what they have. `now` and the times that connections, names
  /// and hosts are remembered stay as they were.
  void set_options(ClientOptions options);

  ClientStats stats() const;

  class Impl;  // in client.cpp; public so that libcurl's callbacks can name it

 private:
  std::shared_ptr<Impl> impl_;
};

/// A file: URL as a response: 200 with the content, or 304 when `validators` still hold. The validator is the file's
/// size and modification time, as an entity tag. Blocking: call it on a worker. Errc::not_found, io, too_large (unless
/// request.cut_oversize), invalid (URL with a host, or not allowed).
Result<Response> read_file_url(const Request& request, Time now);

}  // namespace newswire::fetch
