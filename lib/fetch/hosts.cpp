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
  Impl(asio::any_io_executor loop, HostLimits limits) : loop_(std::move(loop)), book_(limits) {}

  // Somebody in a host's queue; only the first of a queue watches the clock, the others wait to be first.
  struct Waiter {
    explicit Waiter(const asio::any_io_executor& loop) : timer(loop) {}
    asio::steady_timer timer;
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

  static asio::awaitable<Result<Permit>> acquire(std::shared_ptr<Impl> self, HostKey key);

  void finished(const HostKey& key) {
    book_.finished(key, std::chrono::steady_clock::now());
    wake(key.limit);
  }

  std::chrono::milliseconds turn(const HostKey& key) {
    constexpr std::size_t kLongestQueue = 8;  // for each request that the host takes at a time
    const auto queue = queues_.find(key.limit);
    if (queue == queues_.end() || queue->second.size() < kLongestQueue * key.parallel) return {};
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::ceil<std::chrono::milliseconds>(book_.next_turn(key, queue->second.size(), now) - now);
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
    book_.set_limits(limits, std::chrono::steady_clock::now());
    for (auto& [key, queue] : queues_) queue.front()->timer.cancel();
  }

  std::size_t waiting() const noexcept { return waiting_; }

 private:
  asio::any_io_executor loop_;
  HostBook book_;
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
asio::awaitable<Result<Permit>> Hosts::Impl::acquire(std::shared_ptr<Impl> self, HostKey key) {
  const auto cancelled = [&key] { return Error{Errc::cancelled, "the wait for the host was cancelled", key.limit}; };
  std::optional<Waiter> waiter;
  std::optional<Place> place;
  while (true) {
    if (self->stopping_) co_return cancelled();
    const auto moment = std::chrono::steady_clock::now();
    auto until = Moment::max();
    if (place ? place->first() : !self->queues_.contains(key.limit)) {
      const auto admission = self->book_.admit(key, moment);
      if (admission.kind == Admission::Kind::go) co_return Permit(std::make_shared<Permit::Held>(self, std::move(key)));
      until = admission.until;
    }
    if (!place) {
      waiter.emplace(self->loop_);
      place.emplace(*self, key.limit, *waiter);
    }
    waiter->timer.expires_at(until);
    co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return cancelled();
  }
}

Hosts::Hosts(asio::any_io_executor loop, HostLimits limits) : impl_(std::make_shared<Impl>(std::move(loop), limits)) {}

Hosts::~Hosts() = default;

asio::awaitable<Result<Permit>> Hosts::acquire(std::string url) { return Impl::acquire(impl_, host_key(url)); }

std::chrono::milliseconds Hosts::turn(std::string_view url) {
  if (impl_->waiting() == 0) return {};  // spares the key
  return impl_->turn(host_key(url));
}

void Hosts::set_limits(HostLimits limits) { impl_->set_limits(limits); }

std::size_t Hosts::waiting() const noexcept { return impl_->waiting(); }

void Hosts::stop() { impl_->stop(); }

}  // namespace newswire::fetch
