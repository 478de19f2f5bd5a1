#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "schedule/detail/slots.h"

namespace newswire::schedule {

/// A timing wheel over Slots, keyed by state.due: one list a second for the next day and a half, one list for every 2.3
/// hours after that, which is dealt out when it comes near. insert, erase and pop touch a list head and two neighbours.
///
/// The cursor only moves forward, and never past a feed. What is due before it stands in its own second.
class Wheel {
 public:
  Wheel(Slots& slots, Stamp start);

  void insert(std::uint32_t i);
  /// Needs state.due as it was at insert().
  void erase(std::uint32_t i);

  /// Takes out a feed that is due at `now`, or gives kNil; moves the cursor up to `now`.
  std::uint32_t pop(Stamp now);

  /// When pop may give something: not later than that, sometimes sooner. kNever if empty.
  Stamp next() const noexcept;

  /// Empties it (the links of its feeds are then meaningless) and starts over.
  void reset(Stamp start);

  std::size_t size() const noexcept { return size_; }
  std::size_t bytes() const noexcept;

 private:
  static constexpr unsigned kBlockBits = 13;  // 2.3 hours
  static constexpr Stamp kNearBlocks = 16;
  static constexpr Stamp kSeconds = kNearBlocks << kBlockBits;  // 36.4 hours of one-second lists
  static constexpr Stamp kFarLists = 1024;                      // 97 days; what is later shares them
  static constexpr Stamp kEnd = kNever - kSeconds;

  std::uint32_t& list_of(Stamp due) noexcept;
  void link(std::uint32_t& head, std::uint32_t i) noexcept;
  void mark(Stamp second, bool full) noexcept;
  /// The first full second at or after the cursor, or kNever.
  Stamp first_full() const noexcept;
  void move_cursor(Stamp to);
  void deal_out(Stamp block);

  Slots& slots_;
  Stamp cursor_;
  std::size_t size_ = 0;
  std::size_t far_size_ = 0;
  std::vector<std::uint32_t> near_;
  std::vector<std::uint32_t> far_;
  std::vector<std::uint64_t> full_;        // a bit a second
  std::vector<std::uint64_t> full_words_;  // a bit a word of full_
};

}  // namespace newswire::schedule
