#include "progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/text.h"

namespace newswire::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kQuick = milliseconds{500};
constexpr auto kRedraw = milliseconds{100};
constexpr auto kLine = seconds{10};
constexpr std::size_t kWidestBar = 40;
constexpr std::size_t kShortestBar = 8;
constexpr std::size_t kBlock = 3;  // that wanders
constexpr std::size_t kMinColumns = 20;

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::size_t columns_of_stderr() {
  const auto told = environment("COLUMNS");
  std::size_t columns = 0;
  std::from_chars(told.data(), told.data() + told.size(), columns);
  winsize size{};
  if (columns == 0 && ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
  return columns == 0 ? 80 : std::clamp<std::size_t>(columns, kMinColumns, 500);
}

std::string remaining(double share, Progress::Clock::duration spent) {
  if (share < 0.01) return {};
  const auto whole = std::chrono::duration<double>(spent).count() / share;
  const auto left = std::llround(whole * (1 - share));
  if (left < 1) return {};
  if (left < 100) return std::to_string(left) + " s left";
  if (left < 6000) return std::to_string((left + 59) / 60) + " min left";
  return std::to_string((left + 3599) / 3600) + " h left";
}

// `full` columns of `width` are done, behind `before` ones that are not.
std::string bar(std::size_t before, std::size_t full, std::size_t width, bool colour) {
  std::string text = " [";
  text.append(before, '.');
  if (colour) text += "\x1b[32m";
  text.append(full, '#');
  if (colour) text += "\x1b[0m";
  text.append(width - before - full, '.');
  return text + ']';
}

// `what` and `tail`, and between them what `draw` makes of the room for a bar, if there is some.
template <class Draw>
std::string with_bar(std::string_view what, const std::string& tail, std::size_t columns, Draw draw) {
  std::string line(cut_utf8(what, columns - std::min(columns, tail.size())));
  const auto room = columns - std::min(columns, line.size() + tail.size());
  if (room >= kShortestBar + 3) line += draw(std::min(kWidestBar, room - 3));
  return line + tail;
}

}  // namespace

ProgressSink progress_on_stderr() {
  ProgressSink sink;
  sink.terminal = ::isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb";
  sink.colour = sink.terminal && environment("NO_COLOR").empty();
  sink.columns = columns_of_stderr();
  return sink;
}

std::string progress_line(std::string_view what, double share, std::string_view left, std::size_t columns,
                          bool colour) {
  share = std::clamp(share, 0.0, 1.0);
  auto percent = std::to_string(static_cast<int>(share * 100)) + "%";
  percent.insert(0, 5 - percent.size(), ' ');
  std::string tail = percent;
  if (!left.empty()) tail += "  " + std::string(left);
  if (what.size() + tail.size() > columns) tail = percent;
  return with_bar(what, tail, columns, [share, colour](std::size_t width) {
    return bar(0, static_cast<std::size_t>(share * static_cast<double>(width)), width, colour);
  });
}

std::string wandering_line(std::string_view what, std::size_t step, std::string_view note, std::size_t columns,
                           bool colour) {
  std::string tail(cut_utf8(note, columns / 2));
  if (!tail.empty()) tail.insert(0, 2, ' ');
  return with_bar(what, tail, columns, [step, colour](std::size_t width) {
    const auto way = width - kBlock;  // there and back again
    const auto at = step % (2 * way);
    return bar(at < way ? at : 2 * way - at, kBlock, width, colour);
  });
}

Progress::Progress(ProgressSink sink, std::string what, Clock::time_point now)
    : sink_(sink), what_(std::move(what)), started_(now), next_(now + (sink.terminal ? kQuick : milliseconds(kLine))) {}

Progress::~Progress() {
  if (!shown_) return;
  std::fputs("\r\x1b[K", sink_.file);
  std::fflush(sink_.file);
}

void Progress::advance(std::uint64_t done, std::uint64_t total, Clock::time_point now) {
  if (total == 0 || !is_due(now)) return;
  const auto share = static_cast<double>(std::min(done, total)) / static_cast<double>(total);
  const auto left = remaining(share, now - started_);
  // The last column stays free: some terminals wrap when it is written to.
  show(progress_line(what_, share, left, sink_.columns - 1, sink_.colour),
       std::to_string(static_cast<int>(share * 100)) + "%" + (left.empty() ? "" : ", " + left), now);
}

void Progress::begin(std::string_view what, Clock::time_point now) {
  if (what == what_) return;
  what_ = what;
  started_ = now;
  if (shown_) next_ = now;
}

void Progress::note(std::string_view note, Clock::time_point now) {
  if (!is_due(now)) return;
  show(wandering_line(what_, step_++, note, sink_.columns - 1, sink_.colour), std::string(note), now);
}

void Progress::show(const std::string& bar, const std::string& plain, Clock::time_point now) {
  if (sink_.terminal) {
    next_ = now + kRedraw;
    std::fputs(("\r\x1b[K" + bar).c_str(), sink_.file);
    std::fflush(sink_.file);
    shown_ = true;
    return;
  }
  next_ = now + kLine;
  std::fputs((what_ + ": " + plain + "\n").c_str(), sink_.file);
}

}  // namespace newswire::daemon
