#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "config/config.h"

namespace newswire::daemon {

struct ServiceOptions {
  std::filesystem::path config_path;
  bool once = false;   ///< poll every feed once, then end
  bool print = false;  ///< titles and strippings to standard output
};

/// Exit statuses of newswired, as sysexits(3) and systemd know them.
enum Exit : int {
  ok = 0,
  some_failed = 3,     ///< --once: at least one feed could not be polled
  bad_usage = 64,      ///< EX_USAGE
  internal = 70,       ///< EX_SOFTWARE: a bug
  cannot_create = 73,  ///< EX_CANTCREAT: spool, state or sockets
  temporary = 75,      ///< EX_TEMPFAIL: another newswired runs
  bad_config = 78,     ///< EX_CONFIG
};

/// Runs the daemon until it is told to stop; gives the exit status. Everything it could not start with is said on
/// standard error.
int run_service(const ServiceOptions& options, config::Config config);

}  // namespace newswire::daemon
