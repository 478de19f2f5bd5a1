#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "schedule/traces.h"

namespace newswire::schedule {

/// What a simulated policy sees at a poll: the trace up to now, as its database would have it.
struct Look {
  const Trace& trace;
  double now = 0;
  std::size_t seen = 0;      ///< items published until now
  std::size_t fresh = 0;     ///< of these, new since the last poll
  double last_interval = 0;  ///< seconds; 0 at the first poll
};

/// Another scheduler's rule, reduced to one feed and one scale: the interval after a look, in seconds, before the clip
/// to [min, max]. A larger scale means longer intervals. The rules follow the projects' sources as POLLING.md has them.
struct Rival {
  std::string name;
  double (*interval)(const Look& look, double scale);
};

/// Uniform, proportional, Miniflux, CommaFeed, NewsBlur, StormCrawler, the square-root rule with the true rate,
/// and a clairvoyant, which needs fewer polls than it may make.
const std::vector<Rival>& rivals();

}  // namespace newswire::schedule
