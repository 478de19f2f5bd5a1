#include "serve/article_server.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <unordered_map>
#include <utility>

#include "base/log_value.h"
#include "serve/detail/place.h"
#include "serve/detail/subscriber.h"
#include "spool/published.h"

namespace newswire::serve {

namespace {

using Protocol = asio::local::stream_protocol;
constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);
constexpr auto kAcceptPause = std::chrono::milliseconds(250);  // after "too many open files"
constexpr int kMaxAcceptsATurn = 256;

void log_escaped(const std::exception_ptr& escaped, std::string_view where) {
  if (!escaped) return;
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception& e) {
    spdlog::error("subscriber.exception_escaped where={} what={}", where, log_value(e.what()));
  }
}

}  // namespace

struct ArticleServer::Impl : SubscriberHost, std::enable_shared_from_this<ArticleServer::Impl> {
  using Subscribers = std::unordered_map<std::uint64_t, std::shared_ptr<Subscriber>>;

  Impl(asio::any_io_executor loop, std::vector<ListenSocket> sockets, const spool::Published& articles, AckStore store,
       ArticleServerLimits limits)
      : executor(std::move(loop)),
        listening(std::move(sockets)),
        published(articles),
        book(executor, std::move(store)),
        bounds(std::move(limits)),
        announced(articles.snapshot()->next),
        retained(articles.snapshot()->first()),
        changed(executor) {
    changed.expires_at(asio::steady_timer::time_point::max());
  }

  // What a subscriber needs.
  const spool::Published& spool() const override { return published; }
  AckBook& acks() override { return book; }
  const ArticleServerLimits& limits() const override { return bounds; }
  ArticleServerCounters& counters() override { return counts; }
  void take_over(const std::string& consumer, Subscriber& subscriber) override;
  void closed(Subscriber& subscriber) override;

  static asio::awaitable<void> accept_loop(std::shared_ptr<Impl> self, std::size_t index);
  static asio::awaitable<void> sweep_loop(std::shared_ptr<Impl> self);
  /// Takes who waits, a bounded number of them. False: out of file descriptors or memory.
  bool accept_waiting(int listener);
  void take(Fd fd);
  void refuse(int fd, std::string_view code, std::string_view message);
  void run(asio::awaitable<void> task, std::string_view name);
  asio::awaitable<void> wait_finished(std::chrono::steady_clock::time_point deadline);
  /// A copy, since whoever is called may close and so leave the map.
  std::vector<std::shared_ptr<Subscriber>> everybody() const;

  asio::any_io_executor executor;
  std::vector<ListenSocket> listening;
  std::vector<Protocol::acceptor> acceptors;
  const spool::Published& published;
  AckBook book;
  ArticleServerLimits bounds;
  ArticleServerCounters counts;
  Subscribers subscribers;
  std::uint64_t last_id = 0;
  Seq announced;               // the next number at the last notify_committed(): where a new silent client begins
  Seq retained;                // the first kept number that was last seen
  std::size_t running = 0;     // coroutines
  asio::steady_timer changed;  // cancelled when a coroutine or a connection ends
  std::optional<asio::steady_timer> sweep_timer;
  bool stopping = false;
};

void ArticleServer::Impl::run(asio::awaitable<void> task, std::string_view name) {
  ++running;
  auto ended = [self = shared_from_this(), name](const std::exception_ptr& escaped) {
    log_escaped(escaped, name);
    --self->running;
    self->changed.cancel();
  };
  asio::co_spawn(executor, std::move(task), std::move(ended));
}

asio::awaitable<void> ArticleServer::Impl::accept_loop(std::shared_ptr<Impl> self, std::size_t index) {
  bool said = false;
  while (!self->stopping) {
    auto& acceptor = self->acceptors[index];
    const auto [ec] = co_await acceptor.async_wait(Protocol::acceptor::wait_read, kQuiet);
    if (self->stopping || ec) break;
    if (self->accept_waiting(acceptor.native_handle())) {
      said = false;
      continue;
    }
    ++self->counts.accept_failures;
    if (!std::exchange(said, true)) {
      spdlog::error("subscriber.accept_failed error={} hint={}", log_value(std::strerror(errno)),
                    log_value("raise LimitNOFILE= or lower sockets.max_connections"));
    }
    asio::steady_timer pause(self->executor, kAcceptPause);
    co_await pause.async_wait(kQuiet);
  }
}

bool ArticleServer::Impl::accept_waiting(int listener) {
  for (int i = 0; i < kMaxAcceptsATurn; ++i) {
    Fd fd(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd) {
      take(std::move(fd));
      continue;
    }
    if (errno == EAGAIN) return true;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) return false;
    // ECONNABORTED, EINTR and the like: the next one.
  }
  return true;
}

void ArticleServer::Impl::take(Fd fd) {
  const auto peer = peer_of(fd.get());
  if (subscribers.size() >= bounds.max_connections) {
    return refuse(
        fd.get(), "too_many_connections",
        "all " + std::to_string(bounds.max_connections) + " connections are taken; raise sockets.max_connections");
  }
  if (!may_connect(fd.get(), peer, bounds.allowed_groups)) {
    spdlog::warn("subscriber.not_allowed uid={} gid={} pid={}", peer.uid, peer.gid, peer.pid);
    return refuse(fd.get(), "refused", "your user is in none of the groups that may read (sockets.allow_groups)");
  }
  auto cursor = cursor_before(published, announced);
  if (!cursor) cursor = spool::Cursor::at_end(published);
  ++counts.accepted;
  const auto id = ++last_id;
  spdlog::debug("subscriber.connected id={} uid={} gid={} pid={}", id, peer.uid, peer.gid, peer.pid);
  Subscriber::Socket socket(executor, Protocol(), fd.release());
  auto subscriber = std::make_shared<Subscriber>(shared_from_this(), std::move(socket), id, *std::move(cursor));
  subscribers.emplace(id, subscriber);
  run(Subscriber::read_requests(subscriber), "requests");
  subscriber->pump();
}

void ArticleServer::Impl::refuse(int fd, std::string_view code, std::string_view message) {
  ++counts.refused;
  const auto line = error_line(code, message);
  // A fresh socket has room for one line.
  if (::send(fd, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
    spdlog::debug("subscriber.refusal_unsent errno={}", errno);
  }
}

void ArticleServer::Impl::take_over(const std::string& consumer, Subscriber& subscriber) {
  for (const auto& other : everybody()) {
    if (other.get() == &subscriber || other->consumer() != consumer) continue;
    ++counts.taken_over;
    spdlog::info("consumer.taken_over consumer={} from={} to={}", log_value(consumer), other->id(), subscriber.id());
    other->end_taken_over();
  }
}

void ArticleServer::Impl::closed(Subscriber& subscriber) {
  subscribers.erase(subscriber.id());
  changed.cancel();
}

std::vector<std::shared_ptr<Subscriber>> ArticleServer::Impl::everybody() const {
  std::vector<std::shared_ptr<Subscriber>> all;
  all.reserve(subscribers.size());
  for (const auto& [id, subscriber] : subscribers) all.push_back(subscriber);
  return all;
}

asio::awaitable<void> ArticleServer::Impl::sweep_loop(std::shared_ptr<Impl> self) {
  while (!self->stopping) {
    self->sweep_timer->expires_after(self->bounds.sweep_interval);
    co_await self->sweep_timer->async_wait(kQuiet);
    if (self->stopping) break;
    const auto first = self->published.snapshot()->first();
    const auto now = std::chrono::steady_clock::now();
    // Asked at every sweep while somebody may stand on what is gone, not only when it moves.
    const bool moved = first > self->retained || first > Seq{1};
    self->retained = first;
    for (const auto& subscriber : self->everybody()) subscriber->sweep(now, moved);
  }
}

asio::awaitable<void> ArticleServer::Impl::wait_finished(std::chrono::steady_clock::time_point deadline) {
  while ((!subscribers.empty() || running > 0) && std::chrono::steady_clock::now() < deadline) {
    changed.expires_at(deadline);
    co_await changed.async_wait(kQuiet);
  }
}

ArticleServer::ArticleServer(asio::any_io_executor executor, std::vector<ListenSocket> sockets,
                             const spool::Published& spool, AckStore acks, ArticleServerLimits limits)
    : impl_(
          std::make_shared<Impl>(std::move(executor), std::move(sockets), spool, std::move(acks), std::move(limits))) {}

ArticleServer::~ArticleServer() = default;

void ArticleServer::start() {
  std::signal(SIGPIPE, SIG_IGN);  // sendfile() has no MSG_NOSIGNAL
  impl_->sweep_timer.emplace(impl_->executor);
  for (const auto& socket : impl_->listening) {
    // The acceptor gets a descriptor of its own; ours stays with the ListenSocket, which removes the file.
    impl_->acceptors.emplace_back(impl_->executor, Protocol(), ::fcntl(socket.native(), F_DUPFD_CLOEXEC, 0));
  }
  for (std::size_t i = 0; i < impl_->acceptors.size(); ++i) impl_->run(Impl::accept_loop(impl_, i), "accept");
  impl_->run(Impl::sweep_loop(impl_), "sweep");
}

void ArticleServer::notify_committed() {
  // Who connected before this commit begins with it.
  for (auto& acceptor : impl_->acceptors) {
    if (acceptor.is_open() && !impl_->accept_waiting(acceptor.native_handle())) break;
  }
  impl_->announced = impl_->published.snapshot()->next;
  for (const auto& subscriber : impl_->everybody()) {
    if (subscriber->idle()) subscriber->pump();
  }
}

void ArticleServer::notify_retained() {
  const auto now = std::chrono::steady_clock::now();
  for (const auto& subscriber : impl_->everybody()) subscriber->sweep(now, true);
}

void ArticleServer::publish_feed_event(std::string json_line) {
  json_line += '\n';
  for (const auto& subscriber : impl_->everybody()) subscriber->health(json_line);
}

asio::awaitable<void> ArticleServer::stop(std::chrono::milliseconds limit) {
  const auto self = impl_;
  const auto deadline = std::chrono::steady_clock::now() + limit;
  self->stopping = true;
  for (auto& acceptor : self->acceptors) {
    boost::system::error_code ignored;  // nothing can be done about it, and it is going
    acceptor.close(ignored);
  }
  self->listening.clear();
  if (self->sweep_timer) self->sweep_timer->cancel();
  for (const auto& subscriber : self->everybody()) subscriber->end_with_bye();
  co_await self->wait_finished(deadline);
  if (!self->subscribers.empty()) spdlog::info("subscriber.cut_off count={}", self->subscribers.size());
  for (const auto& subscriber : self->everybody()) subscriber->close();
  co_await self->wait_finished(std::chrono::steady_clock::now() + std::chrono::seconds(5));
}

std::size_t ArticleServer::connections() const noexcept { return impl_->subscribers.size(); }

std::vector<SubscriberInfo> ArticleServer::subscribers() const {
  std::vector<SubscriberInfo> all;
  for (const auto& subscriber : impl_->everybody()) all.push_back(subscriber->info());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return all;
}

ArticleServerCounters ArticleServer::counters() const noexcept { return impl_->counts; }

void ArticleServer::set_limits(ArticleServerLimits limits) { impl_->bounds = std::move(limits); }

}  // namespace newswire::serve
