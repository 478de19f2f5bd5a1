#include "fetch/hosts.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <unordered_map>
#include <utility>

namespace newswire::fetch {

using Moment = HostBook::Moment;

class Hosts::Impl : public std::enable_shared_from_this<Hosts::Impl> {
 public:
  Impl(asio::any_io_executor loop, HostLimits limits, std::function<Time()> now)
      : loop_(std::move(loop)), book_(limits), now_(std::move(now)) {}

  // Somebody in a host's queue; only the first of a queue watches the clock, the others wait to be first.
  struct Waiter {
    Waiter(const asio::any_io_executor& loop, std::string name) : timer(loop), host(std::move(name)) {}
    asio::steady_timer timer;
    std::string host;
  };
  using Queue = std::list<Waiter*>;

  // Leaves the queue however the waiting ends, and hands the first place on.
  class Place {
   public:
    Place(Impl& impl, const std::string& key, Waiter& waiter) : impl_(impl), key_(key) {
      auto& queue = impl_.queues_[key_];
      at_ = queue.insert(queue.end(), &waiter);
      ++impl_.waiting_;
    }
    ~Place() {
      --impl_.waiting_;
      const auto queue = impl_.queues_.find(key_);
      const bool first = queue->second.begin() == at_;
      queue->second.erase(at_);
      if (queue->second.empty()) {
        impl_.queues_.erase(queue);
      } else if (first) {
        queue->second.front()->timer.cancel();
      }
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    bool first() const { return impl_.queues_.find(key_)->second.begin() == at_; }

   private:
    Impl& impl_;
    std::string key_;
    Queue::iterator at_;
  };

  static asio::awaitable<Result<Permit>> acquire(std::shared_ptr<Impl> self, HostKey key, HostWait* wait);

  void finished(const HostKey& key) {
    book_.finished(key, std::chrono::steady_clock::now());
    wake(key.limit);
  }

  void pause(const HostKey& key, Time until) {
    const auto left = until - now();
    if (left <= std::chrono::milliseconds{0}) return;
    book_.pause(key.host, std::chrono::steady_clock::now() + left);
    const auto queue = queues_.find(key.limit);
    if (queue == queues_.end()) return;
    for (auto* waiter : queue->second) {
      if (waiter->host == key.host) waiter->timer.cancel();
    }
  }

  void wake(const std::string& limit) {
    const auto queue = queues_.find(limit);
    if (queue != queues_.end()) queue->second.front()->timer.cancel();
  }

  void stop() {
    stopping_ = true;
    for (auto& [key, queue] : queues_) {
      for (auto* waiter : queue) waiter->timer.cancel();
    }
  }

  void set_limits(HostLimits limits) {
    book_.set_limits(limits);
    for (auto& [key, queue] : queues_) queue.front()->timer.cancel();
  }

  std::size_t waiting() const noexcept { return waiting_; }

 private:
  Time now() const {
    return now_ ? now_() : std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }

  asio::any_io_executor loop_;
  HostBook book_;
  std::function<Time()> now_;
  std::unordered_map<std::string, Queue> queues_;  // never empty ones
  std::size_t waiting_ = 0;
  bool stopping_ = false;
};

struct Permit::Held {
  Held(std::shared_ptr<Hosts::Impl> owner, HostKey name) : impl(std::move(owner)), key(std::move(name)) {}
  ~Held() { impl->finished(key); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  std::shared_ptr<Hosts::Impl> impl;
  HostKey key;
};

Permit& Permit::operator=(Permit&& other) noexcept = default;
Permit::~Permit() = default;

// Returns a Result also when the caller was cancelled: nothing is awaited any more after that.
asio::awaitable<Result<Permit>> Hosts::Impl::acquire(std::shared_ptr<Impl> self, HostKey key, HostWait* wait) {
  const auto cancelled = [&key] { return Error{Errc::cancelled, "the wait for the host was cancelled", key.host}; };
  const auto paused = [&self, &key, wait](Moment until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (wait != nullptr) wait->until = self->now() + left;
    return Error{Errc::busy, "the host asked not to be asked now", key.host};
  };
  std::optional<Waiter> waiter;
  std::optional<Place> place;
  while (true) {
    if (self->stopping_) co_return cancelled();
    const auto moment = std::chrono::steady_clock::now();
    if (const auto until = self->book_.paused_until(key.host, moment)) co_return paused(*until);
    auto until = Moment::max();
    if (place ? place->first() : !self->queues_.contains(key.limit)) {
      const auto admission = self->book_.admit(key, moment);
      if (admission.kind == Admission::Kind::paused) co_return paused(admission.until);
      if (admission.kind == Admission::Kind::go) co_return Permit(std::make_shared<Permit::Held>(self, std::move(key)));
      until = admission.until;
    }
    if (!place) {
      waiter.emplace(self->loop_, key.host);
      place.emplace(*self, key.limit, *waiter);
    }
    waiter->timer.expires_at(until);
    co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return cancelled();
  }
}

Hosts::Hosts(asio::any_io_executor loop, HostLimits limits, std::function<Time()> now)
    : impl_(std::make_shared<Impl>(std::move(loop), limits, std::move(now))) {}

Hosts::~Hosts() = default;

asio::awaitable<Result<Permit>> Hosts::acquire(std::string url, HostWait* wait) {
  return Impl::acquire(impl_, host_key(url), wait);
}

void Hosts::pause(std::string_view url, Time until) { impl_->pause(host_key(url), until); }

void Hosts::set_limits(HostLimits limits) { impl_->set_limits(limits); }

std::size_t Hosts::waiting() const noexcept { return impl_->waiting(); }

void Hosts::stop() { impl_->stop(); }

}  // namespace newswire::fetch
