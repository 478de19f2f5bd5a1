#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "serve/http_request.h"
#include "spool/published.h"

namespace newswire::serve {

namespace asio = boost::asio;

/// What the listener shows, given by whoever knows it. Called on the loop.
struct HttpHooks {
  /// Prometheus text exposition (metrics_text.h).
  std::function<asio::awaitable<std::string>()> metrics;
  /// /healthz: nothing while the daemon does its work, else one sentence.
  std::function<std::optional<std::string>()> unhealthy;
  /// /readyz: nothing once it serves, else one sentence.
  std::function<std::optional<std::string>()> not_ready;
  /// What the status page reads, as lines of JSON: the answers of the control socket's operations `status`, `feeds` and
  /// `consumers`, and `throughput` (docs/protocol.md). Nothing else is ever asked.
  std::function<asio::awaitable<Result<std::string>>(ReadRequest request)> read;
};

struct HttpOptions {
  std::string listen;              ///< "127.0.0.1:9898", "[::1]:9898"; port 0: any free one
  bool allow_remote = false;       ///< may be another than a loopback address
  std::vector<std::string> hosts;  ///< further names that the Host header may carry
  bool articles = true;            ///< serve /articles
  std::size_t max_connections = 64;
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(30);   ///< for a request to be complete
  std::chrono::milliseconds write_timeout = std::chrono::seconds(60);  ///< for a client to take what is sent
};

/// The optional HTTP listener: /metrics, /healthz, /readyz, /articles (NDJSON, or server-sent events by Accept) and the
/// status page. Reads only, GET and HEAD only, and only for its own host names. Loop thread only; stop() is awaited
/// before it is destroyed.
class HttpServer {
 public:
  /// Binds. Errc::invalid: no such address, or not a loopback one and not allowed; busy: the port is taken; refused;
  /// io.
  static Result<std::unique_ptr<HttpServer>> listen(asio::any_io_executor executor, HttpOptions options,
                                                    HttpHooks hooks, const spool::Published& spool);
  ~HttpServer();

  void start();
  /// After a reload: host names, articles, max_connections and the timeouts of `options` hold for what comes next;
  /// the address stays.
  void set_options(const HttpOptions& options);
  /// After each commit, on the loop.
  void notify_committed();
  asio::awaitable<void> stop(std::chrono::milliseconds limit);
  unsigned short port() const;
  std::size_t connections() const noexcept;

 private:
  struct Impl;
  explicit HttpServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

}  // namespace newswire::serve
