#include "fetch/detail/body_room.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace newswire::fetch::detail {

void BodyRoom::Hold::shrink(std::size_t bytes) {
  if (bytes >= bytes_) return;
  room_->give_back(bytes_ - bytes);
  bytes_ = bytes;
}

std::shared_ptr<BodyRoom::Hold> BodyRoom::take(std::size_t bytes, Waiter& waiter) {
  if (waiting_.empty() && fits(bytes)) {
    taken_ += bytes;
    return std::make_shared<Hold>(shared_from_this(), bytes);
  }
  waiting_.push_back({&waiter, bytes});
  return nullptr;
}

void BodyRoom::forget(Waiter& waiter) {
  waiting_.remove_if([&waiter](const Waiting& waiting) { return waiting.who == &waiter; });
}

// Whoever gives back may be anywhere; who waits goes on from the loop.
void BodyRoom::give_back(std::size_t bytes) {
  taken_ -= bytes;
  wake();
}

void BodyRoom::set_total(std::size_t bytes) {
  total_ = bytes;
  wake();
}

void BodyRoom::wake() {
  if (waiting_.empty() || std::exchange(posted_, true)) return;
  asio::post(loop_, [weak = weak_from_this()] {
    if (const auto room = weak.lock()) room->let_in();
  });
}

void BodyRoom::let_in() {
  posted_ = false;
  while (!waiting_.empty() && fits(waiting_.front().bytes)) {
    const auto next = waiting_.front();
    waiting_.pop_front();
    taken_ += next.bytes;
    next.who->room_given(std::make_shared<Hold>(shared_from_this(), next.bytes));
  }
}

}  // namespace newswire::fetch::detail
