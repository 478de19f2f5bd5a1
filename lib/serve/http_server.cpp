#include "serve/http_server.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <charconv>
#include <exception>
#include <limits>
#include <list>
#include <utility>

#include "base/async.h"
#include "base/json_text.h"
#include "base/log_value.h"
#include "base/text.h"
#include "serve/detail/line_filter.h"
#include "serve/detail/place.h"
#include "serve/detail/status_page.h"
#include "serve/http_request.h"
#include "spool/line_reader.h"

namespace newswire::serve {

namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;

namespace {

constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);
constexpr auto kAcceptPause = std::chrono::milliseconds(250);  // after "too many open files"
constexpr auto kKeepAlive = std::chrono::seconds(30);          // a comment now and then keeps proxies from hanging up
constexpr std::size_t kChunkBytes = 256 * 1024;                // of /articles, sent at once
constexpr std::size_t kMaxHeaderBytes = 16 * 1024;
constexpr std::string_view kJson = "application/json";

/// Nothing from elsewhere, nothing inline, no frame around us.
constexpr std::string_view kSecurity =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src "
    "'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cache-Control: no-store\r\n";

struct Answer {
  unsigned status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";
  std::string body;
  std::string_view more_headers = {};
};

std::string head(const Answer& answer, std::optional<std::size_t> length, bool keep_alive) {
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + ' ';
  out += http::obsolete_reason(http::int_to_status(answer.status));
  out += "\r\nContent-Type: ";
  out += answer.content_type;
  out += "\r\n";
  if (length) out += "Content-Length: " + std::to_string(*length) + "\r\n";
  out += keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
  out += answer.more_headers;
  out += kSecurity;
  out += "\r\n";
  return out;
}

Answer json_error(unsigned status, const Error& error, std::optional<Seq> earliest = std::nullopt) {
  Answer answer{.status = status, .content_type = kJson, .body = {}};
  JsonWriter writer(answer.body);
  writer.begin_object();
  writer.key("code").value(to_string(error.code));
  writer.key("message").value(error.what);
  if (earliest) writer.key("earliest").value(earliest->value);
  writer.end_object();
  answer.body += '\n';
  return answer;
}

Result<Tcp::endpoint> endpoint_of(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos)
    return Error{Errc::invalid, "http.listen: an address and a port, 127.0.0.1:9898", listen};
  std::string_view host = std::string_view(listen).substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(host, ec);
  if (ec) return Error{Errc::invalid, "http.listen: \"" + std::string(host) + "\" is no address", listen};
  unsigned short port = 0;
  const auto* end = listen.data() + listen.size();
  const auto [stop, failed] = std::from_chars(listen.data() + colon + 1, end, port);
  if (failed != std::errc{} || stop != end) return Error{Errc::invalid, "http.listen: no such port", listen};
  return Tcp::endpoint(address, port);
}

}  // namespace

struct HttpServer::Impl : std::enable_shared_from_this<HttpServer::Impl> {
  using Request = http::request<http::empty_body>;

  struct Connection {
    explicit Connection(Tcp::socket taken) : socket(std::move(taken)), woken(socket.get_executor()) {}
    Tcp::socket socket;
    asio::steady_timer woken;  // cancelled after a commit
    bool gone = false;         // the client of a stream has hung up
  };

  Impl(asio::any_io_executor loop, HttpOptions wanted, HttpHooks given, const spool::Published& articles)
      : executor(std::move(loop)),
        options(std::move(wanted)),
        hooks(std::move(given)),
        published(articles),
        acceptor(executor),
        changed(executor) {}

  static asio::awaitable<void> accept_loop(std::shared_ptr<Impl> self);
  /// Notices when the client of a stream, which sends nothing more, hangs up.
  void watch(Connection& connection);
  static asio::awaitable<void> serve(std::shared_ptr<Impl> self, std::list<Connection>::iterator connection);
  /// Answers one request. False: the connection ends.
  asio::awaitable<bool> answer(Connection& connection, Request request);
  asio::awaitable<Answer> route(HttpTarget target);
  asio::awaitable<Answer> read_list(HttpTarget target);
  asio::awaitable<void> stream_articles(Connection& connection, Request request, HttpTarget target);
  Result<spool::Cursor> place(const ArticlesQuery& query) const;
  asio::awaitable<Result<void>> write(Connection& connection, std::string bytes);
  asio::awaitable<Result<void>> write_all(Connection& connection, const std::string& bytes);
  void run(asio::awaitable<void> task, std::function<void()> then);
  asio::awaitable<void> wait_finished(std::chrono::steady_clock::time_point deadline);

  asio::any_io_executor executor;
  HttpOptions options;
  std::string address;  ///< of `listen`
  HttpHooks hooks;
  const spool::Published& published;
  Tcp::acceptor acceptor;
  std::list<Connection> connections;
  std::size_t running = 0;
  asio::steady_timer changed;  // cancelled when something ends
  bool stopping = false;
};

void HttpServer::Impl::run(asio::awaitable<void> task, std::function<void()> then) {
  ++running;
  auto ended = [self = shared_from_this(), then = std::move(then)](const std::exception_ptr& escaped) {
    if (escaped) {
      try {
        std::rethrow_exception(escaped);
      } catch (const std::exception& e) {
        spdlog::error("http.exception_escaped what={}", log_value(e.what()));
      }
    }
    then();
    --self->running;
    self->changed.cancel();
  };
  asio::co_spawn(executor, std::move(task), std::move(ended));
}

asio::awaitable<void> HttpServer::Impl::accept_loop(std::shared_ptr<Impl> self) {
  while (!self->stopping) {
    auto [ec, socket] = co_await self->acceptor.async_accept(kQuiet);
    if (self->stopping || ec == asio::error::operation_aborted) break;
    if (ec) {
      spdlog::error("http.accept_failed error={}", log_value(ec.message()));
      asio::steady_timer pause(self->executor, kAcceptPause);
      co_await pause.async_wait(kQuiet);
      continue;
    }
    if (self->connections.size() >= self->options.max_connections) {
      const Answer busy{.status = 503, .body = "too many connections; raise http.max_connections\n"};
      auto text = head(busy, busy.body.size(), false) + busy.body;
      boost::system::error_code ignored;  // it is told if it can be, and closed either way
      socket.non_blocking(true, ignored);
      socket.write_some(asio::buffer(text), ignored);
      continue;
    }
    self->connections.emplace_back(std::move(socket));
    const auto connection = std::prev(self->connections.end());
    self->run(serve(self, connection), [impl = self.get(), connection] { impl->connections.erase(connection); });
  }
}

asio::awaitable<void> HttpServer::Impl::serve(std::shared_ptr<Impl> self, std::list<Connection>::iterator connection) {
  boost::beast::flat_buffer buffer(kMaxHeaderBytes);
  bool more = true;
  while (more && !self->stopping) {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(kMaxHeaderBytes);
    asio::steady_timer overdue(self->executor, self->options.idle_timeout);
    overdue.async_wait([self, connection](const boost::system::error_code& ec) {
      boost::system::error_code ignored;  // the read below ends either way
      if (!ec) connection->socket.cancel(ignored);
    });
    const auto [ec, size] = co_await http::async_read(connection->socket, buffer, parser, kQuiet);
    overdue.cancel();
    if (ec == http::error::body_limit || ec == http::error::unexpected_body || ec == http::error::header_limit ||
        ec == http::error::bad_method || ec == http::error::bad_target || ec == http::error::bad_version ||
        ec == http::error::bad_line_ending || ec == http::error::bad_field || ec == http::error::bad_value) {
      const Answer bad{.status = ec == http::error::header_limit ? 431U : 400U, .body = "not a request we know\n"};
      const auto sent = co_await self->write(*connection, head(bad, bad.body.size(), false) + bad.body);
      if (!sent) spdlog::debug("http.answer_unsent");
      break;
    }
    if (ec) break;
    auto request = parser.release();
    more = co_await self->answer(*connection, std::move(request));
  }
  boost::system::error_code ignored;  // the other side may have gone already
  connection->socket.shutdown(Tcp::socket::shutdown_both, ignored);
}

asio::awaitable<bool> HttpServer::Impl::answer(Connection& connection, Request request) {
  const bool keep_alive = request.keep_alive() && !stopping;
  const bool head_only = request.method() == http::verb::head;
  Answer answer;
  auto target = parse_target(std::string_view(request.target()));
  if (!is_own_host(std::string_view(request[http::field::host]), options.hosts)) {
    answer = {.status = 421, .body = "this name is not one of ours; add it to http.hosts\n"};
  } else if (request.method() != http::verb::get && !head_only) {
    answer = {
        .status = 405, .body = "this listener only reads: GET and HEAD\n", .more_headers = "Allow: GET, HEAD\r\n"};
  } else if (!target) {
    answer = json_error(400, target.error());
  } else if (target->path == "/articles" && options.articles && !head_only) {
    auto wanted = *std::move(target);
    co_await stream_articles(connection, std::move(request), std::move(wanted));
    co_return false;
  } else {
    auto wanted = *std::move(target);
    answer = co_await route(std::move(wanted));
  }
  auto text = head(answer, answer.body.size(), keep_alive);
  if (!head_only) text += answer.body;
  const auto sent = co_await write(connection, std::move(text));
  co_return sent.has_value() && keep_alive;
}

asio::awaitable<Answer> HttpServer::Impl::route(HttpTarget target) {
  Answer answer;
  if (const auto file = page_file(target.path)) {
    answer.content_type = file->content_type;
    answer.body = file->bytes;
  } else if (target.path == "/metrics") {
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
    answer.body = co_await hooks.metrics();
  } else if (target.path == "/healthz" || target.path == "/readyz") {
    const auto wrong = target.path == "/healthz" ? hooks.unhealthy() : hooks.not_ready();
    if (wrong) answer.status = 503;
    answer.body = wrong ? *wrong + "\n" : "ok\n";
  } else {
    co_return co_await read_list(std::move(target));
  }
  co_return answer;
}

asio::awaitable<Answer> HttpServer::Impl::read_list(HttpTarget target) {
  auto request = parse_read_request(target);
  if (!request) co_return json_error(400, request.error());
  Answer answer;
  if (!*request) {
    answer.status = 404;
    answer.body = "there are /, /metrics, /healthz, /readyz and /articles\n";
    co_return answer;
  }
  auto wanted = **std::move(request);
  auto lines = co_await hooks.read(std::move(wanted));
  if (!lines) co_return json_error(503, lines.error());
  answer.content_type = "application/x-ndjson";
  answer.body = *std::move(lines);
  if (!answer.body.empty() && !answer.body.ends_with('\n')) answer.body += '\n';
  co_return answer;
}

Result<spool::Cursor> HttpServer::Impl::place(const ArticlesQuery& query) const {
  const auto snapshot = published.snapshot();
  switch (query.from.kind) {
    case From::Kind::earliest: return cursor_before(published, snapshot->first());
    case From::Kind::seq: return cursor_before(published, query.from.seq);
    case From::Kind::time: return spool::Cursor::at(published, query.from.time);
    case From::Kind::latest:
    case From::Kind::acked: break;
  }
  return cursor_before(published, snapshot->next);
}

void HttpServer::Impl::watch(Connection& connection) {
  connection.socket.async_wait(Tcp::socket::wait_read,
                               [self = shared_from_this(), &connection](const boost::system::error_code& ec) {
                                 if (ec) return;  // `connection` may be gone
                                 char byte = 0;
                                 const auto fd = connection.socket.native_handle();
                                 connection.gone = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
                                 if (connection.gone) connection.woken.cancel();
                               });
}

/// The articles as the body of one answer, which the end of the connection ends.
asio::awaitable<void> HttpServer::Impl::stream_articles(Connection& connection, Request request, HttpTarget target) {
  const auto query = parse_articles_query(target, std::string_view(request["Last-Event-ID"]));
  const auto cursor = query ? place(*query) : Result<spool::Cursor>(query.error());
  if (!cursor) {
    const auto snapshot = published.snapshot();
    const bool gone = cursor.error().code == Errc::gone;
    const auto refusal = gone ? json_error(410, cursor.error(), snapshot->first()) : json_error(400, cursor.error());
    const auto refused = co_await write(connection, head(refusal, refusal.body.size(), false) + refusal.body);
    if (!refused) spdlog::debug("http.answer_unsent");
    co_return;
  }
  const bool events =
      std::string_view(request[http::field::accept]).find("text/event-stream") != std::string_view::npos;
  const Answer opening{
      .status = 200, .content_type = events ? "text/event-stream" : "application/x-ndjson", .body = {}};
  std::string chunk = head(opening, std::nullopt, false);
  const LineFilter filter(query->feeds, query->tags);
  spool::LineReader reader(*cursor);
  auto left = query->limit.value_or(std::numeric_limits<std::uint64_t>::max());
  watch(connection);
  bool more = true;
  while (more && !stopping && !connection.gone) {
    bool waiting = false;
    while (left > 0 && chunk.size() < kChunkBytes) {
      auto line = reader.next();
      if (!line) {  // retention has taken what comes next, or it is damaged: the client sees the end, and asks again
        spdlog::debug("http.articles_ended error={}", log_value(to_string(line.error())));
        more = false;
        break;
      }
      if (!*line) {
        waiting = true;
        break;
      }
      if (filter.match((*line)->text) == LineFilter::Match::no) continue;
      if (events) chunk += "id: " + std::to_string((*line)->seq.value) + "\ndata: ";
      chunk += (*line)->text;
      chunk += events ? "\n\n" : "\n";
      --left;
    }
    if (left == 0 || (waiting && !query->follow)) more = false;
    if (!chunk.empty()) {
      const auto sent = co_await write(connection, std::exchange(chunk, {}));
      if (!sent) co_return;
    } else if (more && waiting) {  // nothing came while nothing was sent, so no commit was missed
      connection.woken.expires_after(kKeepAlive);
      const auto [woken] = co_await connection.woken.async_wait(kQuiet);
      if (!woken && events) chunk = ": still here\n\n";
    }
  }
}

asio::awaitable<Result<void>> HttpServer::Impl::write(Connection& connection, std::string bytes) {
  co_return co_await with_timeout(write_all(connection, bytes), options.write_timeout);
}

asio::awaitable<Result<void>> HttpServer::Impl::write_all(Connection& connection, const std::string& bytes) {
  const auto [ec, size] = co_await asio::async_write(connection.socket, asio::buffer(bytes), kQuiet);
  if (ec) co_return Error{Errc::cancelled, "the client has gone"};
  co_return Result<void>{};
}

asio::awaitable<void> HttpServer::Impl::wait_finished(std::chrono::steady_clock::time_point deadline) {
  while (running > 0 && std::chrono::steady_clock::now() < deadline) {
    changed.expires_at(deadline);
    co_await changed.async_wait(kQuiet);
  }
}

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::any_io_executor executor, HttpOptions options,
                                                       HttpHooks hooks, const spool::Published& spool) {
  const auto endpoint = endpoint_of(options.listen);
  if (!endpoint) return endpoint.error();
  if (!endpoint->address().is_loopback() && !options.allow_remote) {
    return Error{Errc::invalid,
                 "http.listen is not a loopback address; everybody could read. http.allow_remote permits it",
                 options.listen};
  }
  auto impl = std::make_shared<Impl>(std::move(executor), std::move(options), std::move(hooks), spool);
  impl->address = endpoint->address().to_string();
  if (impl->options.allow_remote) impl->options.hosts.push_back(impl->address);
  auto& acceptor = impl->acceptor;
  boost::system::error_code ec;
  acceptor.open(endpoint->protocol(), ec);
  if (!ec) acceptor.set_option(Tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(*endpoint, ec);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) {
    const auto code = ec == asio::error::address_in_use  ? Errc::busy
                      : ec == asio::error::access_denied ? Errc::refused
                                                         : Errc::io;
    return Error{code, "cannot listen: " + ec.message(), impl->options.listen};
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::~HttpServer() = default;

void HttpServer::start() {
  impl_->run(Impl::accept_loop(impl_), [] {});
}

void HttpServer::set_options(const HttpOptions& options) {
  auto& own = impl_->options;
  auto hosts = options.hosts;
  if (own.allow_remote) hosts.push_back(impl_->address);
  own.hosts = std::move(hosts);
  own.articles = options.articles;
  own.max_connections = options.max_connections;
  own.idle_timeout = options.idle_timeout;
  own.write_timeout = options.write_timeout;
}

void HttpServer::notify_committed() {
  for (auto& connection : impl_->connections) connection.woken.cancel();
}

asio::awaitable<void> HttpServer::stop(std::chrono::milliseconds limit) {
  const auto self = impl_;
  self->stopping = true;
  boost::system::error_code ignored;  // nothing can be done about it, and it is going
  self->acceptor.close(ignored);
  for (auto& connection : self->connections) {
    connection.woken.cancel();
    connection.socket.shutdown(Tcp::socket::shutdown_receive, ignored);  // who waits for a request is done
  }
  co_await self->wait_finished(std::chrono::steady_clock::now() + limit);
  for (auto& connection : self->connections) connection.socket.close(ignored);
  co_await self->wait_finished(std::chrono::steady_clock::now() + std::chrono::seconds(5));
}

unsigned short HttpServer::port() const {
  boost::system::error_code ec;
  const auto endpoint = impl_->acceptor.local_endpoint(ec);
  return ec ? static_cast<unsigned short>(0) : endpoint.port();
}

std::size_t HttpServer::connections() const noexcept { return impl_->connections.size(); }

}  // namespace newswire::serve
