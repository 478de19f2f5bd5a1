#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "schedule/feed_schedule.h"

namespace newswire::schedule {

inline constexpr std::uint32_t kNil = 0xFFFFFFFF;

/// Where a feed is: always in one place only.
enum class Place : std::uint8_t {
  free,
  waiting,  ///< in the wheel
  in_lane,  ///< in the wheel, with a time from the catch-up lane
  spaced,   ///< likewise, and apart from the other feeds of its host
  parked,   ///< in its host's list
  in_flight,
  removed,  ///< in flight, to be freed when that ends
  idle,     ///< nowhere: not polled
};

/// One feed. `next` and `prev` link it into the list of its place.
struct Slot {
  FeedSchedule state;
  std::uint32_t next = kNil;
  std::uint32_t prev = kNil;
  std::uint64_t host : 45 = 0;  // enough for a million hosts: one chance in 70 that any two share a number
  std::uint64_t place : 3 = 0;
  std::uint64_t options : 16 = 0;

  Place where() const noexcept { return static_cast<Place>(place); }
  bool is_catching_up() const noexcept { return where() == Place::in_lane || where() == Place::spaced; }
  void move_to(Place to) noexcept { place = static_cast<std::uint64_t>(to) & 7; }
};
static_assert(sizeof(Slot) == 96);

/// The feeds, in pieces that never move, so that growing neither copies nor doubles.
class Slots {
 public:
  Slot& operator[](std::uint32_t i) noexcept { return pieces_[i / kPiece][i % kPiece]; }
  const Slot& operator[](std::uint32_t i) const noexcept { return pieces_[i / kPiece][i % kPiece]; }

  std::uint32_t take() {
    if (free_ != kNil) {
      const auto i = free_;
      free_ = (*this)[i].next;
      (*this)[i] = Slot{};
      return i;
    }
    if (used_ == pieces_.size() * kPiece) pieces_.push_back(std::make_unique<Slot[]>(kPiece));
    return used_++;
  }
  void give_back(std::uint32_t i) noexcept {
    (*this)[i] = Slot{};
    (*this)[i].next = free_;
    free_ = i;
  }
  /// Numbers ever given out: all feeds are below it.
  std::uint32_t end() const noexcept { return used_; }
  std::size_t bytes() const noexcept {
    return pieces_.size() * kPiece * sizeof(Slot) + pieces_.capacity() * sizeof(pieces_[0]);
  }

 private:
  static constexpr std::uint32_t kPiece = 2048;
  std::vector<std::unique_ptr<Slot[]>> pieces_;
  std::uint32_t used_ = 0;
  std::uint32_t free_ = kNil;
};

}  // namespace newswire::schedule
