#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace newswire::daemon {

/// What progress is written to, and how.
struct ProgressSink {
  std::FILE* file = stderr;
  bool terminal = false;     ///< redraw one line in place; else whole lines, far between
  bool colour = false;       ///< the bar in colour; never without a terminal
  std::size_t columns = 80;  ///< width of the terminal
  bool silent = false;       ///< nothing at all
};

/// Standard error as it is: a terminal or not (TERM=dumb counts as none), its width (COLUMNS, else what the terminal
/// says, else 80), colour unless NO_COLOR is set (no-color.org).
ProgressSink progress_on_stderr();

/// One line of at most `columns` columns: `what`, a bar, the share in per cent, `left` (may be empty). What does not
/// fit goes in this order: bar, `left`, the end of `what`. Pure.
std::string progress_line(std::string_view what, double share, std::string_view left, std::size_t columns, bool colour);

/// The same for work whose length nobody knows: `what`, a bar in which a block wanders, `note`. `step`: where it is;
/// one more moves it by one column. Pure.
std::string wandering_line(std::string_view what, std::size_t step, std::string_view note, std::size_t columns,
                           bool colour);

/// Tells how far long work is. On a terminal a bar is redrawn ten times a second at most, from half a second on, and
/// gone when the work is done; elsewhere a plain line is written every ten seconds, so that quick work says nothing.
/// One thread.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  Progress(ProgressSink sink, std::string what, Clock::time_point now);
  /// Takes the bar away.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` of `total`, any unit.
  void advance(std::uint64_t done, std::uint64_t total, Clock::time_point now);
  /// Something has been done, and nobody knows how much is left; `note` says what.
  void note(std::string_view note, Clock::time_point now);
  /// The next part of the work begins, if it is another than the one under way; it is shown without delay.
  void begin(std::string_view what, Clock::time_point now);

 private:
  bool is_due(Clock::time_point now) const { return !sink_.silent && now >= next_; }
  void show(const std::string& bar, const std::string& plain, Clock::time_point now);

  ProgressSink sink_;
  std::string what_;
  Clock::time_point started_;
  Clock::time_point next_;
  std::size_t step_ = 0;  ///< of a wandering block
  bool shown_ = false;
};

}  // namespace newswire::daemon
