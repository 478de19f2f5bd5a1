#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "schedule/rivals.h"
#include "schedule/scheduler.h"
#include "schedule/traces.h"

namespace newswire::schedule {

/// How a simulation runs (POLLING.md section 4, "Simulating honestly"): every policy learns on the first part and is
/// scored on the second, with the same number of polls there.
struct Course {
  double begin = 1'795'478'400;  ///< midnight, 2026-11-24; seconds since 1970
  double learn_days = 28;
  double score_days = 56;
  double polls_per_day = 24;  ///< a feed, in the scored part
  FeedOptions options;        ///< the clip
  double score_from() const noexcept { return begin + learn_days * 86400; }
  double end() const noexcept { return score_from() + score_days * 86400; }
};

/// How one policy did. Delays in minutes, from an item's becoming visible to the poll that would have shown it.
struct Score {
  std::string policy;
  double article_mean = 0;
  double article_median = 0;
  double article_p95 = 0;
  double feed_mean = 0;              ///< mean over feeds of each feed's mean
  std::array<double, 5> by_habit{};  ///< article mean, by Habit; 0: no such feeds
  double polls_per_day = 0;          ///< a feed
  double hit_rate = 0;               ///< polls that brought something
  double bytes_per_day = 0;          ///< a feed: 300 bytes for a 304, 20 kB and 300 for a document
  std::size_t missed = 0;            ///< items that had left the document before a poll
  std::size_t articles = 0;
  std::size_t violations = 0;  ///< polls sooner than the minimum interval
  double scale = 0;            ///< what was tuned to meet the budget
};

/// A rival with its scale tuned to the budget within 0.5 % (if the clip allows it at all).
Score simulate(const Rival& rival, const std::vector<Trace>& traces, const Course& course);

/// The daemon's own Scheduler under a virtual clock: the same code, its own controller, jitter and start-up spread
/// included; its budget corrected until the polls of the scored part agree within 0.5 %.
Score simulate(const std::string& name, const Rules& rules, const std::vector<Trace>& traces, const Course& course);

/// All of them, in the order of the tables: rivals, then the square root with learned rates, then the delay-area rule.
std::vector<Score> simulate_all(const std::vector<Trace>& traces, const Course& course);

/// What theory says for homogeneous Poisson feeds at these rates, budget and clip: article means in minutes of the best
/// possible intervals (the square-root rule) and of equal intervals.
struct Theory {
  double square_root = 0;
  double uniform = 0;
};
Theory theory(const std::vector<Trace>& traces, const Course& course);

/// The mean of several seeds' scores, policy by policy; all lists must have the same policies.
std::vector<Score> mean_of(const std::vector<std::vector<Score>>& runs);

/// A table for a terminal, and a bar chart as a whole SVG document.
std::string table(const std::vector<Score>& scores);
std::string svg(const std::vector<Score>& scores, const std::string& title);

}  // namespace newswire::schedule
