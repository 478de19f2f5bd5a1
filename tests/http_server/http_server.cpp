#include "http_server/http_server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "http_server/delivery.h"
#include "http_server/tls.h"

namespace newswire::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using TlsStream = asio::ssl::stream<tcp::socket&>;

constexpr std::size_t kLargestRequest = 1u << 20;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Seen parse_head(const std::string& head) {
  Seen seen;
  std::size_t at = 0;
  bool first = true;
  while (at < head.size()) {
    const auto end = std::min(head.find("\r\n", at), head.size());
    const auto line = head.substr(at, end - at);
    at = end + 2;
    if (line.empty()) break;
    if (first) {
      const auto space = line.find(' ');
      const auto last = line.rfind(' ');
      seen.method = line.substr(0, space);
      if (last != std::string::npos && last > space) seen.target = line.substr(space + 1, last - space - 1);
      first = false;
      continue;
    }
    const auto colon = line.find(':');
    auto value = colon == std::string::npos ? std::string{} : line.substr(colon + 1);
    value.erase(0, std::min(value.find_first_not_of(' '), value.size()));
    seen.headers.emplace_back(lower_case(line.substr(0, colon)), std::move(value));
  }
  return seen;
}

asio::awaitable<void> pause(std::chrono::milliseconds time) {
  if (time.count() <= 0) co_return;
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(kTuple);
}

}  // namespace

bool Seen::has(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(), [name](const auto& field) { return field.first == name; });
}

std::string Seen::header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [name](const auto& field) { return field.first == name; });
  return found == headers.end() ? std::string{} : found->second;
}

class HttpServer::Impl {
 public:
  explicit Impl(ServerOptions options)
      : options_(std::move(options)), acceptor_(loop_, tcp::endpoint(asio::ip::make_address(options_.address), 0)) {
    if (options_.tls) tls_ = std::make_unique<TlsIdentity>(options_.offer_h2, options_.wants_certificate);
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(loop_, accept(), report);
    thread_ = std::thread([this] { loop_.run(); });
  }

  ~Impl() {
    loop_.stop();  // a test double: whatever is under way is dropped with the io_context
    thread_.join();
  }

  void script(std::string target, std::vector<Answer> answers) {
    const std::lock_guard lock(mutex_);
    auto& entry = scripts_[std::move(target)];
    entry = {};
    entry.answers = std::move(answers);
  }

  void handle(std::string target, Handler handler) {
    const std::lock_guard lock(mutex_);
    auto& entry = scripts_[std::move(target)];
    entry = {};
    entry.handler = std::move(handler);
  }

  std::vector<Seen> requests() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

  unsigned connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

  bool wait_for(std::size_t count, std::chrono::milliseconds limit) const {
    std::unique_lock lock(mutex_);
    return arrived_.wait_for(lock, limit, [this, count] { return seen_.size() >= count; });
  }

  void forget() {
    const std::lock_guard lock(mutex_);
    seen_.clear();
  }

  ServerOptions options_;
  std::uint16_t port_ = 0;
  std::unique_ptr<TlsIdentity> tls_;

 private:
  struct Script {
    std::vector<Answer> answers;
    std::size_t next = 0;
    Handler handler;
  };

  static void report(std::exception_ptr error) {
    if (!error) return;
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& escaped) {
      std::cerr << "test http server: " << escaped.what() << '\n';
      std::abort();
    }
  }

  asio::awaitable<void> accept() {
    while (true) {
      auto [ec, socket] = co_await acceptor_.async_accept(kTuple);
      if (ec) co_return;
      unsigned number = 0;
      {
        const std::lock_guard lock(mutex_);
        number = ++connections_;
      }
      asio::co_spawn(loop_, greet(std::move(socket), number), report);
    }
  }

  asio::awaitable<void> greet(tcp::socket socket, unsigned number) {
    if (options_.stall_handshake) {
      co_await until_closed(socket);
      co_return;
    }
    if (!tls_) {
      co_await converse(socket, socket, number);
      co_return;
    }
    TlsStream stream(socket, tls_->context());
    auto [ec] = co_await stream.async_handshake(asio::ssl::stream_base::server, kTuple);
    if (ec) co_return;
    const unsigned char* protocol = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(stream.native_handle(), &protocol, &size);
    if (size == 2) {  // h2
      const std::string garbage(64, '\xff');
      co_await asio::async_write(stream, asio::buffer(garbage), kTuple);
      co_await until_closed(socket);
      co_return;
    }
    co_await converse(stream, socket, number);
  }

  static asio::awaitable<void> until_closed(tcp::socket& socket) {
    char buffer[512];
    while (true) {
      auto [ec, size] = co_await socket.async_read_some(asio::buffer(buffer), kTuple);
      if (ec) co_return;
    }
  }

  template <class Stream>
  asio::awaitable<void> converse(Stream& stream, tcp::socket& socket, unsigned number) {
    std::string buffer;
    while (true) {
      auto [ec, size] =
          co_await asio::async_read_until(stream, asio::dynamic_buffer(buffer, kLargestRequest), "\r\n\r\n", kTuple);
      if (ec) co_return;
      auto seen = parse_head(buffer.substr(0, size));
      buffer.erase(0, size);
      seen.connection = number;
      seen.at = std::chrono::steady_clock::now();
      const auto length =
          std::min<std::size_t>(std::strtoul(seen.header("content-length").c_str(), nullptr, 10), kLargestRequest);
      if (length > buffer.size()) {
        auto [body_ec, more] = co_await asio::async_read(stream, asio::dynamic_buffer(buffer, kLargestRequest),
                                                         asio::transfer_exactly(length - buffer.size()), kTuple);
        if (body_ec) co_return;
      }
      seen.body = buffer.substr(0, length);
      buffer.erase(0, length);
      const auto delivery = Delivery::of(answer_to(std::move(seen)));
      const bool keep = co_await deliver(stream, socket, delivery);
      if (!keep) co_return;
    }
  }

  template <class Stream>
  asio::awaitable<bool> deliver(Stream& stream, tcp::socket& socket, const Delivery& delivery) {
    co_await pause(delivery.delay);
    for (const auto& send : delivery.sends) {
      co_await pause(send.pause);
      auto [ec, size] = co_await asio::async_write(stream, asio::buffer(send.bytes), kTuple);
      if (ec) co_return false;
    }
    while (!delivery.loop.empty()) {
      auto [ec, size] = co_await asio::async_write(stream, asio::buffer(delivery.loop), kTuple);
      if (ec) co_return false;
    }
    switch (delivery.end) {
      case Delivery::End::keep: co_return true;
      case Delivery::End::close: {
        boost::system::error_code ignored;  // the client may have closed first
        socket.shutdown(tcp::socket::shutdown_send, ignored);
        co_await until_closed(socket);
        co_return false;
      }
      case Delivery::End::stall: co_await until_closed(socket); co_return false;
      case Delivery::End::reset: {
        boost::system::error_code ignored;
        socket.set_option(asio::socket_base::linger(true, 0), ignored);
        socket.close(ignored);
        co_return false;
      }
    }
    co_return false;
  }

  Answer answer_to(Seen seen) {
    std::unique_lock lock(mutex_);
    seen_.push_back(seen);
    arrived_.notify_all();
    auto at = scripts_.find(seen.target);
    if (at == scripts_.end()) at = scripts_.find("*");
    if (at == scripts_.end()) return {404, "no script for " + seen.target};
    auto& script = at->second;
    if (script.handler) {
      const auto handler = script.handler;
      lock.unlock();
      return handler(seen);
    }
    if (script.answers.empty()) return {404, "empty script"};
    const auto index = std::min(script.next, script.answers.size() - 1);
    script.next = index + 1;
    return script.answers[index];
  }

  asio::io_context loop_{1};
  tcp::acceptor acceptor_;
  mutable std::mutex mutex_;
  mutable std::condition_variable arrived_;
  std::map<std::string, Script, std::less<>> scripts_;
  std::vector<Seen> seen_;
  unsigned connections_ = 0;
  std::thread thread_;
};

HttpServer::HttpServer(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
HttpServer::~HttpServer() = default;

void HttpServer::on(std::string target, std::vector<Answer> script) {
  impl_->script(std::move(target), std::move(script));
}

void HttpServer::on(std::string target, Answer answer) {
  std::vector<Answer> script;
  script.push_back(std::move(answer));
  impl_->script(std::move(target), std::move(script));
}

void HttpServer::handle(std::string target, Handler handler) { impl_->handle(std::move(target), std::move(handler)); }

void HttpServer::serve_feed(std::string target, std::string body, std::string content_type) {
  const auto tag = '"' + std::to_string(std::hash<std::string>{}(body)) + '"';
  auto feed = [tag, body = std::move(body), content_type = std::move(content_type)](const Seen& seen) {
    if (seen.header("if-none-match") == tag) return Answer(304).header("ETag", tag);
    return Answer(200, body).header("ETag", tag).header("Content-Type", content_type);
  };
  impl_->handle(std::move(target), std::move(feed));
}

std::uint16_t HttpServer::port() const noexcept { return impl_->port_; }

std::string HttpServer::url(std::string_view target) const {
  return std::string(impl_->tls_ ? "https://" : "http://") + impl_->options_.address + ":" +
         std::to_string(impl_->port_) + std::string(target);
}

std::string HttpServer::url_by_name(std::string_view target) const {
  return std::string(impl_->tls_ ? "https://" : "http://") + "localhost:" + std::to_string(impl_->port_) +
         std::string(target);
}

std::string HttpServer::ca_file() const { return impl_->tls_ ? impl_->tls_->ca_file() : std::string{}; }

std::vector<Seen> HttpServer::requests() const { return impl_->requests(); }

std::vector<Seen> HttpServer::requests(std::string_view target) const {
  auto all = impl_->requests();
  std::erase_if(all, [target](const Seen& seen) { return seen.target != target; });
  return all;
}

std::size_t HttpServer::count(std::string_view target) const { return requests(target).size(); }

unsigned HttpServer::connections() const { return impl_->connections(); }

bool HttpServer::wait_for(std::size_t count, std::chrono::milliseconds limit) const {
  return impl_->wait_for(count, limit);
}

void HttpServer::forget() { impl_->forget(); }

}  // namespace newswire::test
