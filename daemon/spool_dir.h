#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/result.h"

namespace newswire::daemon {

/// Where the spool is: a folder named on the command line, else what `--config FILE` says, else the default place.
struct SpoolPlace {
  std::string dir;
  std::string config;
};

/// Adds the argument and the option to a command; the place is filled when the command line is parsed.
std::shared_ptr<SpoolPlace> add_spool_options(CLI::App& command);

/// The folder. Errc::invalid, Errc::io: the configuration or the folder could not be read; not_found: it holds no
/// spool.
Result<std::string> spool_dir(const SpoolPlace& place);

}  // namespace newswire::daemon
