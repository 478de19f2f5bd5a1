#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/config.h"

namespace newswire::config {

/// What a reload changes. Feeds are matched by id; the numbers are indices into `feeds` of the old or new Config.
struct Difference {
  std::vector<std::size_t> added;    ///< into new
  std::vector<std::size_t> removed;  ///< into old
  struct Pair {
    std::size_t before;
    std::size_t after;
    bool url;       ///< the URL changed: validators are void
    bool settings;  ///< settings or labels changed
  };
  std::vector<Pair> changed;
  std::vector<std::string> keys;     ///< of the other sections, dotted, applied at once
  std::vector<std::string> restart;  ///< likewise, but only a restart applies them (spool.dir …)
  bool outputs = false;
  bool empty() const {
    return added.empty() && removed.empty() && changed.empty() && keys.empty() && restart.empty() && !outputs;
  }
};

/// O(n log n) in the number of feeds. Pure.
Difference diff(const Config& before, const Config& after);

}  // namespace newswire::config
