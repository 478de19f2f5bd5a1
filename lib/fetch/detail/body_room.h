#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <list>
#include <memory>
#include <utility>

namespace newswire::fetch::detail {

namespace asio = boost::asio;

/// The memory that large bodies may take together. A body that grows beyond kSmall reserves the most that it may become
/// before it grows on, and keeps what it became until its Response lets go: whoever has begun can always finish, so
/// there is no deadlock. Who gets nothing waits in order, its transfer paused, and TCP holds its server back.
/// Loop thread only.
class BodyRoom : public std::enable_shared_from_this<BodyRoom> {
 public:
  /// Bodies up to here are not counted: their number is bounded by the transfers'.
  static constexpr std::size_t kSmall = std::size_t{256} << 10;

  /// Bytes that are taken until it goes out of scope.
  class Hold {
   public:
    Hold(std::shared_ptr<BodyRoom> room, std::size_t bytes) : room_(std::move(room)), bytes_(bytes) {}
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    ~Hold() { room_->give_back(bytes_); }
    /// Gives back what is beyond `bytes`.
    void shrink(std::size_t bytes);

   private:
    std::shared_ptr<BodyRoom> room_;
    std::size_t bytes_;
  };

  /// Somebody whose turn comes later. forget() it before it goes.
  class Waiter {
   public:
    virtual void room_given(std::shared_ptr<Hold> hold) = 0;

   protected:
    ~Waiter() = default;
  };

  BodyRoom(asio::any_io_executor loop, std::size_t bytes) : loop_(std::move(loop)), total_(bytes) {}
  BodyRoom(const BodyRoom&) = delete;
  BodyRoom& operator=(const BodyRoom&) = delete;

  /// Null: there is no room now, and `waiter` is told later, never from within this call. A body larger than the whole
  /// room is let in when it is alone.
  std::shared_ptr<Hold> take(std::size_t bytes, Waiter& waiter);
  void forget(Waiter& waiter);
  /// What is taken stays, though it be more than `bytes`.
  void set_total(std::size_t bytes);

  std::size_t taken() const noexcept { return taken_; }
  std::size_t waiting() const noexcept { return waiting_.size(); }

 private:
  struct Waiting {
    Waiter* who;
    std::size_t bytes;
  };

  bool fits(std::size_t bytes) const noexcept { return taken_ == 0 || bytes <= total_ - std::min(total_, taken_); }
  void give_back(std::size_t bytes);
  void wake();
  void let_in();

  asio::any_io_executor loop_;
  std::size_t total_;
  std::size_t taken_ = 0;
  std::list<Waiting> waiting_;
  bool posted_ = false;
};

}  // namespace newswire::fetch::detail
