#pragma once

#include <cstdint>
#include <optional>

namespace newswire::daemon {

/// What the kernel says of this process (proc(5)): /proc/self/stat, /proc/self/fd, getrlimit(2).
struct ProcessFigures {
  double cpu_seconds = 0;  ///< user and system
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
};

/// Nothing where /proc is not mounted. O(open descriptors). Any thread.
std::optional<ProcessFigures> process_figures();

}  // namespace newswire::daemon
