#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/fwd.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "serve/listen.h"

namespace newswire::serve {

namespace asio = boost::asio;

/// Where a handler of the control socket writes lines while it works. Loop thread only; valid until the handler
/// returns.
class ControlReply {
 public:
  virtual ~ControlReply() = default;
  /// One JSON object, without its newline; waits while the client does not read. Errc::cancelled: the client has gone
  /// or the server stops, and the handler should end.
  virtual asio::awaitable<Result<void>> send(std::string json_line) = 0;
  /// Who asks: peer credentials, for the log.
  virtual unsigned uid() const noexcept = 0;
  virtual int pid() const noexcept = 0;
};

/// Answers one request. `args`: the request's other members. What it returns is sent as the last lines before
/// `{"op":"done"}`: "" or one or more JSON objects, separated by newlines. An Error becomes
/// `{"op":"error","code":to_string(code),"message":what,"where":where}` instead of done.
using ControlHandler =
    std::function<asio::awaitable<Result<std::string>>(std::string op, boost::json::object args, ControlReply& reply)>;

struct ControlServerLimits {
  std::size_t max_connections = 64;
  std::size_t max_request_bytes = 64 * 1024 * 1024;  ///< an OPML file to import may be long
  /// A client that takes nothing for so long is closed.
  std::chrono::milliseconds write_timeout = std::chrono::seconds(30);
};

/// The control socket: one request a line, `{"op":"status",…}`, answered in order; a connection may send several. Each
/// answer is zero or more lines and then `{"op":"done"}` or `{"op":"error",…}`. Loop thread only; stop() is awaited
/// before it is destroyed.
class ControlServer {
 public:
  ControlServer(asio::any_io_executor executor, std::vector<ListenSocket> sockets, ControlHandler handler,
                ControlServerLimits limits = {});
  ~ControlServer();

  void start();
  /// Stops accepting, lets running requests end within `limit`, then cancels them.
  asio::awaitable<void> stop(std::chrono::milliseconds limit);
  std::size_t connections() const noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace newswire::serve
