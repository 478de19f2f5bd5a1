#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <memory>
#include <optional>
#include <utility>

namespace newswire::fetch::detail {

namespace asio = boost::asio;

/// Something that happens once; one coroutine waits for it. Loop thread only.
class Event {
 public:
  explicit Event(const asio::any_io_executor& loop) : timer_(loop) {
    timer_.expires_at(asio::steady_timer::time_point::max());
  }
  /// Returns after set(), interrupt() or the caller's cancellation; see happened().
  asio::awaitable<void> wait() {
    if (!happened_) co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  void set() {
    happened_ = true;
    timer_.cancel();
  }
  /// Ends the wait although nothing happened.
  void interrupt() { timer_.cancel(); }
  void reset() { happened_ = false; }
  bool happened() const noexcept { return happened_; }

 private:
  asio::steady_timer timer_;
  bool happened_ = false;
};

/// A counting semaphore for coroutines, first come first served. Loop thread only; must outlive its holds.
class Slots {
 public:
  Slots(asio::any_io_executor loop, unsigned count) : loop_(std::move(loop)), count_(count) {}

  class Hold {
   public:
    explicit Hold(Slots& slots) : slots_(&slots) {}
    Hold(Hold&& other) noexcept : slots_(std::exchange(other.slots_, nullptr)) {}
    Hold& operator=(Hold&& other) noexcept {
      std::swap(slots_, other.slots_);
      return *this;
    }
    ~Hold() {
      if (slots_ != nullptr) slots_->release();
    }

   private:
    Slots* slots_;
  };

  /// Nothing if the caller was cancelled or close() was called before its turn came.
  asio::awaitable<std::optional<Hold>> acquire() {
    if (closed_) co_return std::nullopt;
    if (held_ < count_ && waiting_.empty()) {
      ++held_;
      co_return std::optional<Hold>(std::in_place, *this);
    }
    auto waiter = std::make_shared<Waiter>(loop_);
    const auto place = waiting_.insert(waiting_.end(), waiter);
    co_await waiter->turn.wait();
    if (!waiter->granted) {
      if (!closed_) waiting_.erase(place);
      co_return std::nullopt;
    }
    co_return std::optional<Hold>(std::in_place, *this);
  }

  /// Everybody who waits, or comes later, gets nothing.
  void close() {
    closed_ = true;
    for (const auto& waiter : waiting_) waiter->turn.set();
    waiting_.clear();
  }

  /// Who holds one keeps it, though there be fewer from now on.
  void set_count(unsigned count) {
    count_ = count;
    let_in();
  }

  std::size_t waiting() const noexcept { return waiting_.size(); }

 private:
  struct Waiter {
    explicit Waiter(const asio::any_io_executor& loop) : turn(loop) {}
    Event turn;
    bool granted = false;
  };

  void release() {
    --held_;
    let_in();
  }

  void let_in() {
    while (held_ < count_ && !waiting_.empty()) {
      const auto next = std::move(waiting_.front());
      waiting_.pop_front();
      ++held_;
      next->granted = true;
      next->turn.set();
    }
  }

  asio::any_io_executor loop_;
  std::list<std::shared_ptr<Waiter>> waiting_;
  unsigned count_;
  unsigned held_ = 0;
  bool closed_ = false;
};

}  // namespace newswire::fetch::detail
