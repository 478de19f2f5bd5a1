#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

/// What the pipeline counts since start, for status and metrics. Plain values of the loop's thread.
namespace newswire::ingest {

/// How long something took: counts in fixed buckets, as Prometheus wants a histogram.
class Durations {
 public:
  /// Upper bounds in seconds; what is longer goes into one bucket more.
  static constexpr std::array<double, 14> kUpper{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                 0.25,  0.5,    1,     2.5,  5,     10,   30};

  void add(std::chrono::steady_clock::duration took) noexcept;
  const std::array<std::uint64_t, kUpper.size() + 1>& counts() const noexcept { return counts_; }
  double sum_seconds() const noexcept { return sum_; }

 private:
  std::array<std::uint64_t, kUpper.size() + 1> counts_{};
  double sum_ = 0;
};

/// The stages of a poll. `wait`: for the host's turn; `clean`: comparing, cleaning and making articles; `pages`: full
/// text; `commit`: until the articles are on the disk; `poll`: all of it.
enum class Stage : std::uint8_t { wait, fetch, parse, clean, pages, commit, poll };
inline constexpr std::array<std::string_view, 7> kStageNames{"wait",  "fetch",  "parse", "clean",
                                                             "pages", "commit", "poll"};

/// What may happen to a feed's health: the states of health events, one counter each.
inline constexpr std::array<std::string_view, 8> kHealthStates{"failing", "recovered", "moved", "gone",
                                                               "dead",    "archive",   "stale", "overflow"};

struct PipelineStats {
  std::uint64_t polls = 0;
  std::uint64_t failed = 0;
  std::uint64_t not_modified = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t fresh = 0;
  std::uint64_t articles_new = 0;
  std::uint64_t articles_updated = 0;
  std::uint64_t articles_removed = 0;
  std::uint64_t duplicates = 0;  ///< entries of documents that were read and found known
  std::uint64_t held_back = 0;   ///< new entries that `initial` did not let through
  std::uint64_t stripped = 0;
  std::uint64_t wire_bytes = 0;
  std::uint64_t pages = 0;                                        ///< articles completed from their page
  std::map<std::string, std::uint64_t, std::less<>> by_outcome;   ///< polls; the spellings of PollReport::outcome
  std::map<std::string, std::uint64_t, std::less<>> by_category;  ///< what was stripped; see count_category
  std::array<std::uint64_t, kHealthStates.size()> by_health{};
  std::array<Durations, kStageNames.size()> stages;

  Durations& stage(Stage which) noexcept { return stages[static_cast<std::size_t>(which)]; }
  /// Rule files may bring any number of categories; what comes after the first kMaxCategories counts as "other".
  static constexpr std::size_t kMaxCategories = 64;
  void count_category(std::string_view category);
  void count_health(std::string_view state) noexcept;
};

}  // namespace newswire::ingest
