#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

namespace newswire::ingest {

namespace asio = boost::asio;

/// One poll at a time between reading a site's learned boilerplate and storing it: two feeds of one site would else
/// forget each other's lessons. Loop thread only; held across awaits by design (it is no mutex). Outlives its Held.
class SiteLock {
  struct Place {
    std::size_t users = 0;
    bool taken = false;
    std::unique_ptr<asio::steady_timer> freed;
  };

 public:
  /// Released when it goes.
  class Held {
   public:
    Held(SiteLock& lock, std::string site) : lock_(&lock), site_(std::move(site)) {}
    Held(Held&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)), site_(std::move(other.site_)) {}
    Held& operator=(Held&&) = delete;
    ~Held() {
      if (lock_ != nullptr) lock_->release(site_);
    }

   private:
    SiteLock* lock_;
    std::string site_;
  };

  asio::awaitable<Held> acquire(std::string site) {
    auto& place = places_[site];
    ++place.users;
    if (!place.freed) {  // never expires: it is cancelled for one waiter at a time
      place.freed = std::make_unique<asio::steady_timer>(co_await asio::this_coro::executor,
                                                         asio::steady_timer::time_point::max());
    }
    while (place.taken) {
      co_await place.freed->async_wait(asio::as_tuple(asio::use_awaitable));
    }
    place.taken = true;
    co_return Held(*this, std::move(site));
  }

 private:
  void release(const std::string& site) {
    const auto found = places_.find(site);
    found->second.taken = false;
    if (--found->second.users == 0) {
      places_.erase(found);
    } else {
      found->second.freed->cancel_one();
    }
  }

  std::unordered_map<std::string, Place> places_;  // references stay valid while users > 0
};

}  // namespace newswire::ingest
