#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace newswire::ingest {

/// What passed within one minute.
struct MinuteCounts {
  std::uint32_t fresh = 0;         ///< polls that brought something new
  std::uint32_t unchanged = 0;     ///< polls whose answer, though not a 304, held nothing new
  std::uint32_t not_modified = 0;  ///< polls answered with 304
  std::uint32_t failed = 0;        ///< polls that did not go well
  std::uint32_t articles = 0;      ///< lines for the spool: new, updated, removed
  std::uint64_t bytes = 0;         ///< received, before decompression

  friend bool operator==(const MinuteCounts&, const MinuteCounts&) = default;
};

/// The last kMinutes minutes of wall clock, for plots; some 60 KB, whatever passes. A clock that is set back counts on
/// in the minutes that it has again. Loop thread only.
class Throughput {
 public:
  static constexpr std::size_t kMinutes = 24 * 60;

  Throughput() : slots_(kMinutes) {}

  /// Adds `counts` to the minute of `now`.
  void add(Time now, const MinuteCounts& counts);
  /// The `minutes` (1 to kMinutes) up to and with the one of `now`, which is not over yet; oldest first. Minutes in
  /// which nothing passed are zeros.
  std::vector<MinuteCounts> last(Time now, std::size_t minutes) const;

 private:
  struct Slot {
    std::int64_t minute = -1;  ///< since 1970
    MinuteCounts counts;
  };
  std::vector<Slot> slots_;  ///< by minute modulo kMinutes
};

}  // namespace newswire::ingest
