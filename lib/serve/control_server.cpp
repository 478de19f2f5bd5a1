#include "serve/control_server.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <cerrno>
#include <exception>
#include <list>
#include <utility>

#include "base/async.h"
#include "base/json_text.h"
#include "base/log_value.h"
#include "serve/detail/peer.h"

namespace newswire::serve {

namespace json = boost::json;
using Protocol = asio::local::stream_protocol;

namespace {

constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);
constexpr auto kAcceptPause = std::chrono::milliseconds(250);  // after "too many open files"

std::string error_answer(const Error& error) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  writer.key("op").value("error");
  writer.key("code").value(to_string(error.code));
  writer.key("message").value(error.what);
  writer.member_unless_empty("where", error.where);
  writer.end_object();
  out += '\n';
  return out;
}

struct ControlRequest {
  std::string op;
  json::object args;
};

Result<ControlRequest> parse_control_request(std::string_view line) {
  boost::system::error_code ec;
  auto value = json::parse(line, ec);
  if (ec || !value.is_object()) return Error{Errc::invalid, "a request is one JSON object on one line"};
  ControlRequest request;
  request.args = std::move(value.get_object());
  const auto* op = request.args.if_contains("op");
  if (op == nullptr || !op->is_string()) return Error{Errc::invalid, "a request has a member \"op\""};
  request.op = std::string(op->get_string());
  request.args.erase("op");
  return request;
}

}  // namespace

struct ControlServer::Impl : std::enable_shared_from_this<ControlServer::Impl> {
  struct Connection : ControlReply {
    Connection(Impl& owner, Protocol::socket taken)
        : server(owner), socket(std::move(taken)), peer(peer_of(socket.native_handle())) {}

    asio::awaitable<Result<void>> send(std::string json_line) override {
      if (!json_line.empty() && json_line.back() != '\n') json_line += '\n';
      co_return co_await write(std::move(json_line));
    }
    unsigned uid() const noexcept override { return peer.uid; }
    int pid() const noexcept override { return peer.pid; }

    asio::awaitable<Result<void>> write(std::string bytes) {
      auto sent = co_await with_timeout(write_all(bytes), server.limits.write_timeout);
      if (!sent) gone = true;
      co_return sent;
    }

    asio::awaitable<Result<void>> write_all(const std::string& bytes) {  // `bytes` is owned by write(), which waits
      const auto [ec, count] = co_await asio::async_write(socket, asio::buffer(bytes), kQuiet);
      if (ec) co_return Error{Errc::cancelled, "the client has gone"};
      co_return Result<void>{};
    }

    Impl& server;
    Protocol::socket socket;
    Peer peer;
    asio::cancellation_signal cancel;
    bool working = false;  // a handler runs: stop() lets it end
    bool gone = false;     // nothing can be written any more
  };

  Impl(asio::any_io_executor loop, std::vector<ListenSocket> sockets, ControlHandler answer, ControlServerLimits bounds)
      : executor(std::move(loop)),
        listening(std::move(sockets)),
        handler(std::move(answer)),
        limits(bounds),
        changed(executor) {
    changed.expires_at(asio::steady_timer::time_point::max());
  }

  static asio::awaitable<void> accept_loop(std::shared_ptr<Impl> self, std::size_t index);
  static asio::awaitable<void> serve(std::shared_ptr<Impl> self, std::list<Connection>::iterator connection);
  asio::awaitable<void> answer(Connection& connection, std::string line);
  void take(Protocol::socket socket);
  void ended(std::list<Connection>::iterator connection);
  /// Waits until there is no connection, at most until `deadline`.
  asio::awaitable<void> wait_empty(std::chrono::steady_clock::time_point deadline);

  asio::any_io_executor executor;
  std::vector<ListenSocket> listening;
  std::vector<Protocol::acceptor> acceptors;
  ControlHandler handler;
  ControlServerLimits limits;
  std::list<Connection> connections;
  std::size_t accepting = 0;   // accept_loop() coroutines that run
  asio::steady_timer changed;  // cancelled when something of the above ends
  bool stopping = false;
};

asio::awaitable<void> ControlServer::Impl::accept_loop(std::shared_ptr<Impl> self, std::size_t index) {
  while (!self->stopping) {
    auto [ec, socket] = co_await self->acceptors[index].async_accept(kQuiet);
    if (self->stopping) break;
    if (!ec) {
      self->take(std::move(socket));
      continue;
    }
    if (ec == asio::error::operation_aborted) break;
    spdlog::error("control.accept_failed error={}", log_value(ec.message()));
    asio::steady_timer pause(self->executor, kAcceptPause);
    co_await pause.async_wait(kQuiet);
  }
}

void ControlServer::Impl::take(Protocol::socket socket) {
  if (connections.size() >= limits.max_connections) {
    const auto line = error_answer({Errc::busy, "too many control connections; try again"});
    // A fresh socket has room for one line.
    if (::send(socket.native_handle(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
      spdlog::debug("control.refusal_unsent errno={}", errno);
    }
    return;
  }
  connections.emplace_back(*this, std::move(socket));
  const auto connection = std::prev(connections.end());
  spdlog::debug("control.connected uid={} gid={} pid={}", connection->peer.uid, connection->peer.gid,
                connection->peer.pid);
  auto self = shared_from_this();
  auto ended_then = [self, connection](const std::exception_ptr& escaped) {
    if (escaped) {
      try {
        std::rethrow_exception(escaped);
      } catch (const std::exception& e) {
        spdlog::error("control.exception_escaped what={}", log_value(e.what()));
      }
    }
    self->ended(connection);
  };
  asio::co_spawn(executor, serve(self, connection),
                 asio::bind_cancellation_slot(connection->cancel.slot(), std::move(ended_then)));
}

asio::awaitable<void> ControlServer::Impl::serve(std::shared_ptr<Impl> self,
                                                 std::list<Connection>::iterator connection) {
  // Cancelled by stop(): operations then fail by their error code, nothing is thrown.
  co_await asio::this_coro::throw_if_cancelled(false);
  std::string input;
  while (!self->stopping && !connection->gone) {
    const auto [ec, length] = co_await asio::async_read_until(
        connection->socket, asio::dynamic_buffer(input, self->limits.max_request_bytes), '\n', kQuiet);
    if (ec == asio::error::not_found) {
      auto answer = error_answer({Errc::too_large, "the request is too long"});
      const auto sent = co_await connection->write(std::move(answer));
      if (!sent) spdlog::debug("control.refusal_unsent");
      break;
    }
    if (ec && input.empty()) break;
    // A last request without its newline, from `printf … | nc -N`, counts too.
    const auto line_length = ec ? input.size() : length;
    auto line = input.substr(0, line_length);
    input.erase(0, line_length);
    connection->working = true;
    co_await self->answer(*connection, std::move(line));
    connection->working = false;
    if (ec) break;
  }
}

asio::awaitable<void> ControlServer::Impl::answer(Connection& connection, std::string line) {
  auto request = parse_control_request(line);
  line = {};
  std::string last;
  if (!request) {
    last = error_answer(request.error());
  } else {
    auto op = std::move(request->op);
    auto args = std::move(request->args);
    const auto name = log_value(op);
    spdlog::debug("control.requested op={} uid={} pid={}", name, connection.peer.uid, connection.peer.pid);
    try {
      auto lines = co_await handler(std::move(op), std::move(args), connection);
      if (lines) {
        last = *std::move(lines);
        if (!last.empty() && last.back() != '\n') last += '\n';
        last += "{\"op\":\"done\"}\n";
      } else {
        last = error_answer(lines.error());
      }
    } catch (const std::exception& e) {
      spdlog::error("control.handler_failed op={} what={}", name, log_value(e.what()));
      last = error_answer({Errc::io, "newswired has a bug here; its log says more"});
    }
  }
  if (connection.gone) co_return;
  const auto sent = co_await connection.write(std::move(last));
  if (!sent) spdlog::debug("control.answer_unsent error={}", log_value(to_string(sent.error())));
}

void ControlServer::Impl::ended(std::list<Connection>::iterator connection) {
  connections.erase(connection);
  changed.cancel();
}

asio::awaitable<void> ControlServer::Impl::wait_empty(std::chrono::steady_clock::time_point deadline) {
  while ((!connections.empty() || accepting > 0) && std::chrono::steady_clock::now() < deadline) {
    changed.expires_at(deadline);
    co_await changed.async_wait(kQuiet);
  }
}

ControlServer::ControlServer(asio::any_io_executor executor, std::vector<ListenSocket> sockets, ControlHandler handler,
                             ControlServerLimits limits)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(sockets), std::move(handler), limits)) {}

ControlServer::~ControlServer() = default;

void ControlServer::start() {
  for (const auto& socket : impl_->listening) {
    // The acceptor gets a descriptor of its own; ours stays with the ListenSocket, which removes the file.
    impl_->acceptors.emplace_back(impl_->executor, Protocol(), ::fcntl(socket.native(), F_DUPFD_CLOEXEC, 0));
  }
  for (std::size_t i = 0; i < impl_->acceptors.size(); ++i) {
    ++impl_->accepting;
    auto self = impl_;
    auto ended_then = [self](const std::exception_ptr& escaped) {
      if (escaped) spdlog::error("control.exception_escaped what=accept");
      --self->accepting;
      self->changed.cancel();
    };
    asio::co_spawn(impl_->executor, Impl::accept_loop(self, i), std::move(ended_then));
  }
}

asio::awaitable<void> ControlServer::stop(std::chrono::milliseconds limit) {
  const auto self = impl_;
  const auto deadline = std::chrono::steady_clock::now() + limit;
  self->stopping = true;
  for (auto& acceptor : self->acceptors) {
    boost::system::error_code ignored;  // nothing can be done about it, and it is going
    acceptor.close(ignored);
  }
  self->listening.clear();
  for (auto& connection : self->connections) {
    if (!connection.working) connection.socket.close();
  }
  co_await self->wait_empty(deadline);
  for (auto& connection : self->connections) {
    connection.cancel.emit(asio::cancellation_type::terminal);
    connection.socket.close();
  }
  co_await self->wait_empty(std::chrono::steady_clock::now() + std::chrono::seconds(1));
}

std::size_t ControlServer::connections() const noexcept { return impl_->connections.size(); }

}  // namespace newswire::serve
