#include "serve/detail/subscriber.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <exception>
#include <utility>

#include "base/log_value.h"
#include "base/text.h"
#include "serve/detail/place.h"

namespace newswire::serve {

namespace {

constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxUnsaid = 64 * 1024;        // answers that wait; beyond, no request is read
constexpr std::size_t kMaxUnsaidHealth = 16 * 1024;  // beyond, health lines are dropped
constexpr auto kOverdue = std::chrono::seconds(5);   // a blocked client on a removed segment is let go after this

}  // namespace

Subscriber::Subscriber(std::shared_ptr<SubscriberHost> host, Socket socket, std::uint64_t id, spool::Cursor from)
    : host_(std::move(host)),
      socket_(std::move(socket)),
      id_(id),
      peer_(peer_of(socket_.native_handle())),
      sender_(socket_.native_handle(), host_->spool()),
      drained_(socket_.get_executor()) {
  drained_.expires_at(Clock::time_point::max());
  sender_.follow(std::move(from), nullptr);
}

// ---- sending

void Subscriber::pump() {
  if (closed_ || waiting_ || peer_gone_) return;
  const bool had_text = sender_.unsaid() > 0;
  const auto before = sender_.bytes_sent();
  const auto now = Clock::now();
  auto outcome = sender_.send(host_->limits().turn_bytes);
  if (health_lost_ > 0 && sender_.unsaid() == 0) {
    sender_.say(health_lost_line(std::exchange(health_lost_, 0)));
    if (outcome != LineSender::Outcome::blocked) outcome = sender_.send(host_->limits().turn_bytes);
  }
  if (const auto sent = sender_.bytes_sent() - before; sent > 0) {
    host_->counters().bytes_sent += sent;
    last_sent_ = blocked_since_ = now;
  } else if (!stuck_) {
    blocked_since_ = now;
  }
  stuck_ = outcome == LineSender::Outcome::blocked;
  if (had_text && sender_.unsaid() == 0) drained_.cancel();
  switch (outcome) {
    case LineSender::Outcome::up_to_date:
    case LineSender::Outcome::paused:
      sender_.release();
      if (ending_ && sender_.unsaid() == 0) close();
      return;
    case LineSender::Outcome::turn_over:
      if (turn_posted_) return;
      turn_posted_ = true;
      asio::post(socket_.get_executor(), [self = shared_from_this()] {
        self->turn_posted_ = false;
        self->pump();
      });
      return;
    case LineSender::Outcome::blocked: wait_writable(); return;
    case LineSender::Outcome::gone: fell_off(); return;
    case LineSender::Outcome::closed:
      // Requests that it sent before it went (an acknowledgement) are still in our buffer: the reader ends it.
      peer_gone_ = true;
      drained_.cancel();
      return;
    case LineSender::Outcome::broken:
      spdlog::error("subscriber.broken id={} consumer={} error={}", id_, log_value(consumer_),
                    log_value(to_string(sender_.error())));
      close();
      return;
  }
}

void Subscriber::wait_writable() {
  waiting_ = true;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const boost::system::error_code& ec) {
    self->waiting_ = false;
    if (!ec) self->pump();
  });
}

/// Retention, or damage, has taken what comes next.
void Subscriber::fell_off() {
  ++host_->counters().gone;
  const auto snapshot = host_->spool().snapshot();
  const auto passed = sender_.passed();
  const auto wanted = passed ? passed->next() : snapshot->first();
  const auto earliest = snapshot->earliest_from(wanted);
  spdlog::warn("subscriber.gone id={} consumer={} wanted={} earliest={}", id_, log_value(consumer_), wanted.value,
               earliest.value);
  if (continue_on_gap_) {
    auto cursor = cursor_before(host_->spool(), earliest);
    if (cursor) {
      sender_.say(gap_line(wanted, earliest.previous()));
      sender_.resume(*std::move(cursor));
      pump();
      return;
    }
  }
  sender_.pause();
  if (spoke_) sender_.say(gone_line(earliest));
  end();
}

void Subscriber::end() {
  ending_ = true;
  pump();
}

void Subscriber::end_taken_over() {
  sender_.pause();
  sender_.say(taken_over_line(consumer_));
  taken_consumer_ = std::exchange(consumer_, {});
  end();
}

void Subscriber::end_with_bye() {
  if (ending_) return;
  if (spoke_) {
    // The line under way is going to be finished before the bye is said.
    const auto passed = sender_.passed();
    auto next = passed ? passed->next() : host_->spool().snapshot()->next;
    if (sender_.mid_line()) next = next.next();
    sender_.say(bye_line(next));
  }
  sender_.pause();
  end();
}

void Subscriber::close() {
  if (std::exchange(closed_, true)) return;
  boost::system::error_code ignored;  // it is closed either way
  socket_.close(ignored);
  drained_.cancel();
  host_->closed(*this);
}

void Subscriber::health(std::string_view line) {
  if (!health_ || ending_ || peer_gone_) return;
  if (sender_.unsaid() + line.size() > kMaxUnsaidHealth) {
    ++health_lost_;
    ++host_->counters().health_dropped;
    return;
  }
  sender_.say(line);
  pump();
}

void Subscriber::sweep(Clock::time_point now, bool retention_moved) {
  if (closed_) return;
  if (!waiting_) {
    if (heartbeat_ > heartbeat_.zero() && now - last_sent_ >= heartbeat_ && subscribed_ && !ending_) {
      if (const auto passed = sender_.passed()) sender_.say(ping_line(*passed));
      pump();
    }
    return;
  }
  const auto blocked = now - blocked_since_;
  if (blocked >= host_->limits().sweep_interval && sender_.holds_block()) sender_.release();
  if (ending_ && blocked >= kOverdue) return close();
  if (!consumer_.empty() && blocked >= host_->limits().stall_timeout) {
    ++host_->counters().stalled_closed;
    spdlog::warn("subscriber.stalled id={} consumer={} seconds={}", id_, log_value(consumer_),
                 std::chrono::duration_cast<std::chrono::seconds>(blocked).count());
    return close();
  }
  if (retention_moved && blocked >= std::min<Clock::duration>(kOverdue, host_->limits().stall_timeout)) {
    // It holds a removed file open, which keeps the disk full: let it go. It cannot be told, its socket is full.
    const auto passed = sender_.passed();
    if (passed && passed->next() < host_->spool().snapshot()->first()) {
      ++host_->counters().gone;
      spdlog::warn("subscriber.gone id={} consumer={} wanted={} stalled=true", id_, log_value(consumer_),
                   passed->next().value);
      close();
    }
  }
}

SubscriberInfo Subscriber::info() {
  SubscriberInfo info;
  info.id = id_;
  info.consumer = consumer_;
  const auto next = host_->spool().snapshot()->next;
  const auto passed = sender_.passed();
  info.next_seq = passed ? passed->next() : next;
  info.lag = next > info.next_seq ? next.value - info.next_seq.value : 0;
  info.pid = peer_.pid;
  info.uid = peer_.uid;
  info.filtered = sender_.filtered();
  info.stalled = waiting_ && Clock::now() - blocked_since_ > host_->limits().sweep_interval;
  info.age = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - connected_);
  return info;
}

// ---- requests

asio::awaitable<void> Subscriber::read_requests(std::shared_ptr<Subscriber> self) {
  for (bool more = true; more;) more = co_await self->read_some();
  if (self->closed_) co_return;
  // A request without its newline at the end of input: printf '{"op":"subscribe"}' | nc -U …
  if (!trim(self->input_).empty() && !self->discarding_) co_await self->handle(std::exchange(self->input_, {}));
  self->input_ = {};
  if (self->closed_) co_return;
  if (self->peer_gone_) {
    self->close();
    co_return;
  }
  // Half-closed: it still listens, until it hangs up.
  const auto [ec] = co_await self->socket_.async_wait(Socket::wait_error, kQuiet);
  if (!ec) self->close();
}

/// Takes what has arrived, a bounded part of it. False: the end of input.
bool Subscriber::receive() {
  std::array<char, 16 * 1024> chunk;
  const auto got = ::recv(socket_.native_handle(), chunk.data(), chunk.size(), MSG_DONTWAIT);
  if (got > 0) {
    input_.append(chunk.data(), static_cast<std::size_t>(got));
    return true;
  }
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got < 0) peer_gone_ = true;
  return false;
}

/// Reads once and handles the requests that are complete. False: there is nothing more to come.
asio::awaitable<bool> Subscriber::read_some() {
  while (sender_.unsaid() > kMaxUnsaid && !closed_ && !peer_gone_) co_await drained_.async_wait(kQuiet);
  if (closed_) co_return false;
  const auto [ec] = co_await socket_.async_wait(Socket::wait_read, kQuiet);
  if (ec || closed_) co_return false;
  if (!receive()) co_return false;
  std::size_t begin = 0;
  for (auto end = input_.find('\n'); end != std::string::npos; end = input_.find('\n', begin)) {
    auto line = input_.substr(begin, end - begin);
    begin = end + 1;
    if (std::exchange(discarding_, false) || trim(line).empty()) continue;
    co_await handle(std::move(line));
    if (closed_) co_return false;
  }
  input_.erase(0, begin);
  if (input_.size() > kMaxRequestBytes) {
    if (!std::exchange(discarding_, true)) {
      spoke_ = true;
      if (!subscribed_) sender_.pause();
      refuse({.code = "too_long", .message = "a request is one line of at most 65536 bytes"});
      pump();
    }
    input_ = {};
  }
  if (input_.empty()) input_ = {};
  co_return true;
}

asio::awaitable<void> Subscriber::handle(std::string line) {
  spoke_ = true;
  if (ending_) co_return;
  auto request = parse_request(line);
  if (auto* wanted = std::get_if<Subscribe>(&request)) {
    auto owned = std::move(*wanted);
    co_await subscribe(std::move(owned));
  } else if (const auto* ack = std::get_if<Ack>(&request)) {
    acknowledge(ack->seq);
  } else if (std::holds_alternative<Ping>(request)) {
    if (const auto passed = sender_.passed()) sender_.say(ping_line(*passed));
  } else {
    const auto& refusal = std::get<Refusal>(request);
    // Whoever tries to say what it wants gets nothing else instead: a typo must not mean "everything".
    if (!subscribed_ || refusal.subscribing) sender_.pause();
    refuse(refusal);
  }
  pump();
}

void Subscriber::refuse(const Refusal& refusal) {
  ++host_->counters().bad_requests;
  spdlog::debug("subscriber.refused id={} code={} message={}", id_, refusal.code, log_value(refusal.message));
  sender_.say(error_line(refusal.code, refusal.message));
}

asio::awaitable<void> Subscriber::subscribe(Subscribe request) {
  sender_.pause();
  subscribed_ = false;
  if (!consumer_.empty() && request.consumer != consumer_) {
    Refusal refusal{.code = "bad_value", .message = "this connection is consumer \"" + consumer_ + "\"; connect again"};
    refuse(refusal);
    co_return;
  }
  auto start = place(request);
  if (!start) {
    cannot_start(start.error(), request);
    co_return;
  }
  if (!request.consumer.empty()) {
    consumer_ = request.consumer;
    host_->take_over(consumer_, *this);
    if (!host_->acks().position(consumer_)) {
      // From now on nothing is lost for this name, whatever happens before its first acknowledgement.
      const auto known = co_await host_->acks().store(consumer_, start->first.previous());
      if (closed_ || ending_) co_return;
      if (!known) {
        Refusal refusal{.code = known.error().code == Errc::refused ? "refused" : "io", .message = known.error().what};
        refuse(refusal);
        co_return;
      }
    }
    acked_ = host_->acks().position(consumer_).value_or(Seq{0});
  }
  confirm_ = request.confirm_acks;
  heartbeat_ = request.heartbeat;
  health_ = request.health;
  continue_on_gap_ = request.continue_on_gap;
  subscribed_ = true;
  ack_floor_ = start->first.previous();
  sender_.say(subscribed_line(start->first));
  if (start->gap_from) sender_.say(gap_line(*start->gap_from, start->first.previous()));
  auto filter = std::make_shared<const LineFilter>(request.feeds, request.tags);
  if (!filter->chooses()) filter = nullptr;
  sender_.follow(std::move(start->cursor), std::move(filter));
  spdlog::debug("subscriber.subscribed id={} consumer={} from={}", id_, log_value(consumer_), start->first.value);
}

/// Where the subscription begins. Errc::gone, Errc::invalid (ahead of the spool) and those of reading.
Result<Subscriber::Start> Subscriber::place(const Subscribe& request) const {
  const auto& spool = host_->spool();
  const auto snapshot = spool.snapshot();
  auto wanted = snapshot->next;
  switch (request.from.kind) {
    case From::Kind::latest: break;
    case From::Kind::earliest: wanted = snapshot->first(); break;
    case From::Kind::seq: wanted = request.from.seq; break;
    case From::Kind::acked:
      if (const auto acked = host_->acks().position(request.consumer)) wanted = acked->next();
      break;
    case From::Kind::time: wanted = Seq{1}; break;  // what is missing before a time is not known
  }
  auto cursor = request.from.kind == From::Kind::time ? spool::Cursor::at(spool, request.from.time)
                                                      : cursor_before(spool, wanted);
  if (cursor) {
    const auto first = next_of(spool, *cursor);
    if (!first) return first.error();
    return Start{*std::move(cursor), *first, std::nullopt};
  }
  if (cursor.error().code != Errc::gone || !request.continue_on_gap) return cursor.error();
  const auto earliest = snapshot->earliest_from(wanted);
  auto behind = cursor_before(spool, earliest);
  if (!behind) return behind.error();
  return Start{*std::move(behind), earliest, wanted};
}

void Subscriber::cannot_start(const Error& error, const Subscribe& request) {
  ++host_->counters().bad_requests;
  const auto snapshot = host_->spool().snapshot();
  if (error.code == Errc::gone) {
    auto wanted = Seq{1};
    if (request.from.kind == From::Kind::seq) wanted = request.from.seq;
    if (request.from.kind == From::Kind::acked) {
      wanted = host_->acks().position(request.consumer).value_or(Seq{0}).next();
    }
    sender_.say(gone_line(snapshot->earliest_from(wanted)));
  } else if (error.code == Errc::invalid) {
    sender_.say(ahead_line(snapshot->next));
  } else {
    spdlog::error("subscriber.broken id={} error={}", id_, log_value(to_string(error)));
    sender_.say(error_line("io", "the spool cannot be read; newswired's log says more"));
  }
}

void Subscriber::acknowledge(Seq seq) {
  if (consumer_.empty()) {
    return refuse({.code = "no_consumer", .message = "an ack needs a subscription with a consumer"});
  }
  if (!subscribed_) return refuse({.code = "not_subscribed", .message = "an ack needs a subscription"});
  if (seq > ack_floor_) {
    const auto passed = sender_.passed();
    if (!passed) return refuse({.code = "io", .message = "the spool cannot be read; newswired's log says more"});
    ack_floor_ = std::max(ack_floor_, *passed);
    if (seq > ack_floor_) {
      return refuse({.code = "ack_beyond_sent",
                     .message = "ack of " + std::to_string(seq.value) + ", but the last one sent is " +
                                std::to_string(ack_floor_.value)});
    }
  }
  ++host_->counters().acks;
  acked_ = std::max(acked_, seq);
  if (storing_) return;  // store_acks() sees the new position when it is done with the old one
  storing_ = true;
  asio::co_spawn(socket_.get_executor(), store_acks(shared_from_this()),
                 [self = shared_from_this()](const std::exception_ptr& escaped) {
                   self->storing_ = false;
                   if (escaped) spdlog::error("subscriber.exception_escaped what=store_acks");
                 });
}

asio::awaitable<void> Subscriber::store_acks(std::shared_ptr<Subscriber> self) {
  Seq asked;
  do {
    const auto consumer = self->consumer_.empty() ? self->taken_consumer_ : self->consumer_;
    asked = self->acked_;
    const auto stored = co_await self->host_->acks().store(consumer, asked);
    if (!stored) {
      spdlog::error("subscriber.ack_failed consumer={} seq={} error={}", log_value(consumer), asked.value,
                    log_value(to_string(stored.error())));
      if (!self->closed_)
        self->refuse({.code = "io", .message = "the position could not be stored: " + stored.error().what});
    } else if (self->confirm_ && !self->closed_) {
      self->sender_.say(acked_line(*stored));
    }
    self->pump();
  } while (self->acked_ > asked);
}

}  // namespace newswire::serve
