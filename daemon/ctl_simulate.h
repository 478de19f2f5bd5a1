#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

namespace newswire::daemon {

struct SimulateCommand {
  unsigned feeds = 1000;
  unsigned seeds = 1;  ///< runs with seed, seed + 1 …; their mean is printed
  std::uint64_t seed = 1;
  double learn_days = 28;
  double score_days = 56;
  double polls_per_day = 24;
  double min_minutes = 15;
  double max_minutes = 1440;
  bool poisson = false;  ///< homogeneous Poisson feeds only
  std::string traces;    ///< file of recorded publication times instead of synthetic feeds; "-" is standard input
  std::string plot;      ///< SVG file to write
};

/// Prints a table of all policies at the same number of polls. 0, or 1 if a file cannot be read or written.
int run_simulate(const SimulateCommand& command);

/// `newswirectl simulate [--traces FILE] [--plot FILE.svg] …`. `status` gets what run_simulate gives.
void add_simulate(CLI::App& app, int& status);

}  // namespace newswire::daemon
