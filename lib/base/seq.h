#pragma once

#include <compare>
#include <cstdint>

namespace newswire {

/// The number of an article's line in the spool: 1, 2, 3 … without gaps for the life of the spool. It is the cursor of
/// every reader and the unit of every acknowledgement. Seq{0} stands before the first line ("nothing yet").
struct Seq {
  std::uint64_t value = 0;

  constexpr Seq next() const noexcept { return Seq{value + 1}; }
  constexpr Seq previous() const noexcept { return Seq{value == 0 ? 0 : value - 1}; }
  friend constexpr auto operator<=>(const Seq&, const Seq&) = default;
};

}  // namespace newswire
