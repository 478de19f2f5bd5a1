#include "ctl_simulate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string_view>
#include <vector>

#include "schedule/simulation.h"

namespace newswire::daemon {
namespace {

using schedule::Course;
using schedule::Score;
using schedule::Trace;

// Recorded times bring their own course: it learns on the first third and is scored on the rest.
Result<std::vector<Trace>> read_traces(const std::string& path, Course& course) {
  std::string text;
  if (path == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{Errc::io, "cannot be read", path};
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  auto traces = schedule::parse_traces(text, path == "-" ? "standard input" : path);
  if (!traces) return traces;
  double first = 1e18;
  double last = 0;
  for (const auto& trace : *traces) {
    first = std::min(first, trace.items.front());
    last = std::max(last, trace.items.back());
  }
  const double days = (last - first) / 86400;
  if (days < 3) return Error{Errc::invalid, "recorded times must cover at least three days", path};
  course.begin = std::floor(first);
  course.learn_days = days / 3;
  course.score_days = days - course.learn_days;
  return traces;
}

void print_head(const SimulateCommand& command, const Course& course, const std::vector<Trace>& traces) {
  double items = 0;
  for (const auto& trace : traces) {
    const auto from = std::lower_bound(trace.items.begin(), trace.items.end(), course.score_from());
    items += static_cast<double>(std::lower_bound(from, trace.items.end(), course.end()) - from);
  }
  std::printf(
      "%s; %zu feeds, %.1f days to learn, %.1f scored, %.2f items a feed and day there\n",
      command.traces.empty() ? command.poisson ? "synthetic, homogeneous Poisson" : "synthetic mix" : "recorded",
      traces.size(), course.learn_days, course.score_days,
      items / static_cast<double>(traces.size()) / course.score_days);
  std::printf("%.2f polls a feed and day for every policy (within 0.5 %%), clip %.0f min to %.0f min\n",
              course.polls_per_day, command.min_minutes, command.max_minutes);
  std::printf(
      "delays in minutes; feeds: mean over feeds; hits: polls that brought something; early: polls before the "
      "minimum\n\n");
}

}  // namespace

int run_simulate(const SimulateCommand& command) {
  Course course;
  course.learn_days = command.learn_days;
  course.score_days = command.score_days;
  course.polls_per_day = command.polls_per_day;
  course.options.min_interval = std::chrono::seconds{std::llround(command.min_minutes * 60)};
  course.options.max_interval = std::chrono::seconds{std::llround(command.max_minutes * 60)};

  std::vector<std::vector<Score>> runs;
  schedule::Theory theory;
  if (!command.traces.empty()) {
    const auto traces = read_traces(command.traces, course);
    if (!traces) {
      std::fprintf(stderr, "%s\n", to_string(traces.error()).c_str());
      return 1;
    }
    print_head(command, course, *traces);
    runs.push_back(schedule::simulate_all(*traces, course));
  }
  for (unsigned run = 0; command.traces.empty() && run < command.seeds; ++run) {
    schedule::Mix mix;
    mix.feeds = command.feeds;
    mix.seed = command.seed + run;
    mix.poisson_only = command.poisson;
    const auto traces = schedule::synthetic_traces(mix, course.begin, course.end());
    if (run == 0) print_head(command, course, traces);
    runs.push_back(schedule::simulate_all(traces, course));
    const auto best = schedule::theory(traces, course);
    theory.square_root += best.square_root / command.seeds;
    theory.uniform += best.uniform / command.seeds;
    for (const auto& score : runs.back()) {
      if (command.seeds > 1) {
        std::printf("seed %llu  %-34s mean %.2f  feeds %.2f\n", static_cast<unsigned long long>(mix.seed),
                    score.policy.c_str(), score.article_mean, score.feed_mean);
      }
    }
  }
  const auto scores = schedule::mean_of(runs);
  if (command.seeds > 1 && command.traces.empty()) std::printf("\nmean of %u seeds\n", command.seeds);
  std::fputs(schedule::table(scores).c_str(), stdout);
  if (command.traces.empty()) {
    std::printf("\ntheory for homogeneous Poisson feeds at these rates and clip: square root %.1f, uniform %.1f\n",
                theory.square_root, theory.uniform);
  }
  if (command.plot.empty()) return 0;
  std::ofstream file(command.plot, std::ios::binary | std::ios::trunc);
  char title[160];
  std::snprintf(title, sizeof title, "Delay at %.4g polls a feed and day", course.polls_per_day);
  file << schedule::svg(scores, title);
  file.close();
  if (file) return 0;
  std::fprintf(stderr, "%s: cannot be written\n", command.plot.c_str());
  return 1;
}

void add_simulate(CLI::App& app, int& status) {
  auto command = std::make_shared<SimulateCommand>();
  auto* sub = app.add_subcommand("simulate", "Compare polling policies on synthetic or recorded publication times")
                  ->group("Offline");
  sub->add_option("--traces", command->traces,
                  "recorded times, a line an item: FEED TIME (RFC 3339 or seconds); - for stdin");
  sub->add_option("--plot", command->plot, "write a bar chart to this SVG file");
  sub->add_option("--feeds", command->feeds, "synthetic feeds")->check(CLI::Range(10, 100'000))->capture_default_str();
  sub->add_option("--seed", command->seed, "of the first synthetic run")->capture_default_str();
  sub->add_option("--seeds", command->seeds, "synthetic runs to average")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  sub->add_flag("--poisson", command->poisson, "only homogeneous Poisson feeds");
  sub->add_option("--learn", command->learn_days, "days to learn")
      ->check(CLI::Range(1.0, 1000.0))
      ->capture_default_str();
  sub->add_option("--score", command->score_days, "days scored")->check(CLI::Range(1.0, 1000.0))->capture_default_str();
  sub->add_option("--polls-per-day", command->polls_per_day, "budget of a feed")
      ->check(CLI::Range(0.1, 1440.0))
      ->capture_default_str();
  sub->add_option("--min", command->min_minutes, "shortest interval, minutes")
      ->check(CLI::Range(0.1, 1e5))
      ->capture_default_str();
  sub->add_option("--max", command->max_minutes, "longest interval, minutes")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  sub->callback([command, &status] { status = run_simulate(*command); });
}

}  // namespace newswire::daemon
