#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace newswire::daemon {

/// Keeps a log readable when something goes wrong again and again: of lines that say the same, a few a minute pass, the
/// others are counted. Two lines say the same when they differ in nothing but numbers, the name of a feed, host,
/// consumer or file excepted. Bounded memory. One thread at a time; time comes in.
class LogRepeats {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr unsigned kPass = 5;  ///< of the same, within kWindow
  static constexpr std::chrono::seconds kWindow{60};
  static constexpr std::size_t kMostKinds = 1024;  ///< remembered at once; beyond that everything passes

  /// May this line be written?
  bool passes(std::string_view line, Clock::time_point now);

  /// What was held back in windows that have ended by `now` (or, with `all`, in every one): `event=NAME times=N`, one a
  /// kind. Each is told once.
  std::vector<std::string> ended(Clock::time_point now, bool all = false);

 private:
  struct Kind {
    std::string event;
    Clock::time_point since;
    unsigned passed = 0;
    std::uint64_t held_back = 0;
  };
  std::unordered_map<std::uint64_t, Kind> kinds_;
  Clock::time_point next_sweep_{};  ///< of kinds that are over, when there are too many
  Clock::time_point next_look_ = Clock::time_point::max();
};

}  // namespace newswire::daemon
