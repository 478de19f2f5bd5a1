#include "serve/output.h"

#include <linux/sockios.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <deque>
#include <exception>
#include <random>
#include <utility>

#include "base/async.h"
#include "base/log_value.h"
#include "serve/detail/line_sender.h"
#include "serve/detail/place.h"
#include "serve/detail/unix_address.h"
#include "spool/published.h"

namespace newswire::serve {

namespace {

using Protocol = asio::local::stream_protocol;
using Clock = std::chrono::steady_clock;
constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);
constexpr auto kStorePace = std::chrono::seconds(1);        // positions are stored at most so often
constexpr auto kLookPace = std::chrono::milliseconds(200);  // at what waits in the kernel's buffer
constexpr auto kIdle = std::chrono::hours(1);
constexpr auto kStopPace = std::chrono::milliseconds(50);
constexpr auto kConnectTimeout = std::chrono::seconds(10);
constexpr std::size_t kTurnBytes = 1024 * 1024;
constexpr std::size_t kMaxMarks = 64;
constexpr std::size_t kMaxUnsaidHealth = 16 * 1024;

/// Has the other side closed? Then what the kernel still held for it was thrown away, and counts as unread.
bool hung_up(int fd) {
  pollfd waiting{.fd = fd, .events = 0, .revents = 0};
  return ::poll(&waiting, 1, 0) != 0;
}

}  // namespace

struct Output::Impl : std::enable_shared_from_this<Output::Impl> {
  Impl(asio::any_io_executor loop, OutputOptions wanted, const spool::Published& articles, AckStore store)
      : executor(std::move(loop)),
        options(std::move(wanted)),
        published(articles),
        acks(std::move(store)),
        socket(executor),
        wake_timer(executor),
        ended(executor) {
    ended.expires_at(Clock::time_point::max());
    auto chosen = std::make_shared<const LineFilter>(options.feeds, options.tags);
    if (chosen->chooses()) filter = std::move(chosen);
  }

  static asio::awaitable<void> run(std::shared_ptr<Impl> self);
  asio::awaitable<void> find_position();
  asio::awaitable<Result<void>> connect();
  asio::awaitable<void> write_lines();
  asio::awaitable<void> store_position();
  /// Sleeps until something calls wake(), at most `limit`.
  asio::awaitable<void> sleep(Clock::duration limit);
  void wake();
  void watch_input();
  void watch_output();
  /// Begins at the line behind `last`, or at the earliest one behind it that is kept.
  bool follow(Seq last);
  void note_taken();
  void failed(std::string why);

  asio::any_io_executor executor;
  OutputOptions options;
  const spool::Published& published;
  AckStore acks;
  std::shared_ptr<const LineFilter> filter;
  Protocol::socket socket;
  std::optional<LineSender> sender;  // while connected

  /// When `bytes` have been taken out of the kernel's buffer, everything up to `seq` has.
  struct Mark {
    std::uint64_t bytes;
    Seq seq;
  };
  std::deque<Mark> marks;
  Seq taken;           // up to here, the collector has it
  Seq stored;          // durable position
  bool known = false;  // `stored` means something
  Clock::time_point stored_at{};

  asio::steady_timer wake_timer;
  bool woken = false;
  bool broken = false;  // the connection is over
  bool stopping = false;
  bool running = false;
  bool said_failing = false;
  bool waits_for_room = false;
  std::uint64_t generation = 0;  // of the connection; old watchers see that they are old
  std::uint64_t reconnects = 0;
  std::string last_error;
  asio::steady_timer ended;
};

void Output::Impl::wake() {
  woken = true;
  wake_timer.cancel();
}

asio::awaitable<void> Output::Impl::sleep(Clock::duration limit) {
  if (!std::exchange(woken, false)) {
    wake_timer.expires_after(limit);
    co_await wake_timer.async_wait(kQuiet);
    woken = false;
  }
}

void Output::Impl::failed(std::string why) {
  last_error = std::move(why);
  if (std::exchange(said_failing, true)) {
    spdlog::debug("output.failed consumer={} path={} error={}", options.consumer, log_value(options.path),
                  log_value(last_error));
  } else {
    spdlog::warn("output.failed consumer={} path={} error={}", options.consumer, log_value(options.path),
                 log_value(last_error));
  }
}

/// Reads and forgets what the collector says, to notice when it closes.
void Output::Impl::watch_input() {
  socket.async_wait(
      Protocol::socket::wait_read, [self = shared_from_this(), mine = generation](const boost::system::error_code& ec) {
        if (ec || mine != self->generation) return;
        std::array<char, 4096> ignored;
        const auto got = ::recv(self->socket.native_handle(), ignored.data(), ignored.size(), MSG_DONTWAIT);
        if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))) return self->watch_input();
        self->broken = true;
        self->wake();
      });
}

void Output::Impl::watch_output() {
  if (std::exchange(waits_for_room, true)) return;
  socket.async_wait(Protocol::socket::wait_write,
                    [self = shared_from_this(), mine = generation](const boost::system::error_code& ec) {
                      if (mine != self->generation) return;
                      self->waits_for_room = false;
                      if (!ec) self->wake();
                    });
}

asio::awaitable<void> Output::Impl::find_position() {
  if (const auto position = acks.load(options.consumer)) {
    stored = *position;
  } else {
    const auto snapshot = published.snapshot();
    const auto first = options.from.kind == From::Kind::earliest ? snapshot->first() : snapshot->next;
    const auto recorded = co_await acks.store(options.consumer, first.previous());
    if (!recorded) {
      failed("the position could not be stored: " + to_string(recorded.error()));
      co_return;
    }
    stored = first.previous();
  }
  taken = stored;
  known = true;
}

asio::awaitable<Result<void>> Output::Impl::connect() {
  const auto address = unix_address(options.path);
  if (!address) co_return address.error();
  const auto [ec] = co_await socket.async_connect(Protocol::endpoint(options.path), kQuiet);
  if (ec == asio::error::operation_aborted) co_return Error{Errc::cancelled, "stopped"};
  if (ec) co_return Error{Errc::connect, "cannot connect: " + ec.message()};
  co_return Result<void>{};
}

bool Output::Impl::follow(Seq last) {
  auto wanted = last.next();
  const auto snapshot = published.snapshot();
  if (wanted > snapshot->next) {
    spdlog::error("output.ahead consumer={} acked={} next={} hint={}", options.consumer, taken.value,
                  snapshot->next.value,
                  log_value("the spool is another one than before; going on with what comes next"));
    wanted = snapshot->next;
  }
  auto cursor = cursor_before(published, wanted);
  if (!cursor && cursor.error().code == Errc::gone) {
    const auto earliest = snapshot->earliest_from(wanted);
    spdlog::warn("output.gap consumer={} from={} to={}", options.consumer, wanted.value, earliest.previous().value);
    cursor = cursor_before(published, earliest);
  }
  if (!cursor) {
    failed(to_string(cursor.error()));
    return false;
  }
  sender->follow(*std::move(cursor), filter);
  return true;
}

/// Moves `taken` to what the collector has read, by the bytes that still wait in the kernel's buffer. They are counted
/// with their overhead, so this errs on the side of sending again.
void Output::Impl::note_taken() {
  const auto passed = sender->passed();
  if (!passed) return;
  const auto bytes = sender->bytes_sent();
  if (!marks.empty() && (marks.back().bytes == bytes || marks.size() >= kMaxMarks)) marks.pop_back();
  marks.push_back({bytes, *passed});
  int waiting = 0;
  if (::ioctl(socket.native_handle(), SIOCOUTQ, &waiting) != 0 || waiting < 0) return;
  if (hung_up(socket.native_handle())) {  // asked after the count: it was thrown away, not read
    broken = true;
    return;
  }
  const auto left = std::min<std::uint64_t>(static_cast<std::uint64_t>(waiting), bytes);
  while (!marks.empty() && marks.front().bytes <= bytes - left) {
    taken = std::max(taken, marks.front().seq);
    marks.pop_front();
  }
}

asio::awaitable<void> Output::Impl::store_position() {
  if (taken <= stored) co_return;
  const auto target = taken;
  stored_at = Clock::now();
  const auto done = co_await acks.store(options.consumer, target);
  if (done) {
    stored = std::max(stored, target);
  } else {
    spdlog::error("output.ack_failed consumer={} seq={} error={}", options.consumer, target.value,
                  log_value(to_string(done.error())));
  }
}

/// One connection, from its first line to its end.
asio::awaitable<void> Output::Impl::write_lines() {
  ++generation;
  broken = waits_for_room = false;
  marks.clear();
  sender.emplace(socket.native_handle(), published);
  if (!follow(taken)) co_return;
  watch_input();
  while (!broken) {
    if (stopping) sender->pause();
    const auto outcome = sender->send(kTurnBytes);
    note_taken();
    if (broken) break;
    if (taken > stored && (stopping || Clock::now() - stored_at >= kStorePace)) co_await store_position();
    // What waits in the kernel's buffer is looked at again soon, so that the position follows.
    const Clock::duration soon = marks.empty() && taken == stored ? Clock::duration(kIdle) : Clock::duration(kLookPace);
    switch (outcome) {
      case LineSender::Outcome::turn_over: co_await asio::post(executor, asio::use_awaitable); break;
      case LineSender::Outcome::blocked:
        watch_output();
        co_await sleep(soon);
        break;
      case LineSender::Outcome::up_to_date:
      case LineSender::Outcome::paused:
        sender->release();
        // At the end, what the collector still has to read is waited for, as long as stop() does.
        if (outcome == LineSender::Outcome::paused && marks.empty()) co_return;
        co_await sleep(stopping ? Clock::duration(kStopPace) : soon);
        break;
      case LineSender::Outcome::gone: {
        const auto passed = sender->passed();
        if (!follow(passed ? *passed : taken)) co_return;
        break;
      }
      case LineSender::Outcome::closed:
      case LineSender::Outcome::broken: failed(to_string(sender->error())); co_return;
    }
  }
  if (!stopping) failed("the collector closed the connection");
}

asio::awaitable<void> Output::Impl::run(std::shared_ptr<Impl> self) {
  std::minstd_rand random(static_cast<unsigned>(Clock::now().time_since_epoch().count()));
  auto backoff = self->options.backoff_min;
  while (!self->stopping) {
    if (!self->known) co_await self->find_position();
    if (self->known) {
      const auto connected = co_await with_timeout(self->connect(), kConnectTimeout);
      if (self->stopping) break;
      if (connected) {
        const auto since = Clock::now();
        spdlog::info("output.connected consumer={} path={} from={}", self->options.consumer,
                     log_value(self->options.path), self->taken.next().value);
        self->said_failing = false;
        self->last_error.clear();
        co_await self->write_lines();
        co_await self->store_position();
        self->sender.reset();
        ++self->reconnects;
        // One that accepts and hangs up at once must not be called in a tight loop.
        if (Clock::now() - since > self->options.backoff_max) backoff = self->options.backoff_min;
      } else if (connected.error().code != Errc::cancelled) {
        self->failed(to_string(connected.error()));
      }
    }
    boost::system::error_code ignored;  // it is closed either way
    self->socket.close(ignored);
    if (self->stopping) break;
    const auto jitter = std::uniform_int_distribution<std::int64_t>(0, backoff.count() / 4)(random);
    self->woken = false;
    const auto until = Clock::now() + backoff + std::chrono::milliseconds(jitter);
    while (!self->stopping && Clock::now() < until) co_await self->sleep(until - Clock::now());
    backoff = std::min(backoff * 2, self->options.backoff_max);
  }
}

Output::Output(asio::any_io_executor executor, OutputOptions options, const spool::Published& spool, AckStore acks)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(options), spool, std::move(acks))) {}

Output::~Output() = default;

void Output::start() {
  std::signal(SIGPIPE, SIG_IGN);  // sendfile() has no MSG_NOSIGNAL
  impl_->running = true;
  auto finished = [self = impl_](const std::exception_ptr& escaped) {
    if (escaped) {
      try {
        std::rethrow_exception(escaped);
      } catch (const std::exception& e) {
        spdlog::error("output.exception_escaped consumer={} what={}", self->options.consumer, log_value(e.what()));
      }
    }
    self->running = false;
    self->ended.cancel();
  };
  asio::co_spawn(impl_->executor, Impl::run(impl_), std::move(finished));
}

void Output::notify_committed() { impl_->wake(); }

void Output::publish_feed_event(const std::string& json_line) {
  if (!impl_->options.health || !impl_->sender || impl_->sender->unsaid() > kMaxUnsaidHealth) return;
  impl_->sender->say(json_line + '\n');
  impl_->wake();
}

asio::awaitable<void> Output::stop(std::chrono::milliseconds limit) {
  const auto self = impl_;
  self->stopping = true;
  self->wake();
  if (!self->sender) self->socket.close();  // it may be connecting
  if (self->running) {
    self->ended.expires_after(limit);
    co_await self->ended.async_wait(kQuiet);
  }
  if (self->running) {
    self->broken = true;
    self->wake();
    self->ended.expires_after(std::chrono::seconds(5));
    co_await self->ended.async_wait(kQuiet);
  }
}

OutputInfo Output::info() const {
  OutputInfo info;
  info.consumer = impl_->options.consumer;
  info.path = impl_->options.path;
  info.connected = impl_->sender.has_value();
  info.acked = impl_->stored;
  const auto last = impl_->published.snapshot()->last();
  info.lag = last > impl_->taken ? last.value - impl_->taken.value : 0;
  info.reconnects = impl_->reconnects;
  info.last_error = impl_->last_error;
  return info;
}

}  // namespace newswire::serve
