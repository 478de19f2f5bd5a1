#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/result.h"

namespace newswire::daemon {

/// Where the daemon's sockets are: `--sockets DIR`, else as `--config FILE` says, else the default place.
struct SocketsPlace {
  std::string sockets;
  std::string config;
};

/// Adds the two options to a command; the place is filled when the command line is parsed.
std::shared_ptr<SocketsPlace> add_sockets_options(CLI::App& command);

/// The folder. Errc::invalid, Errc::io: the configuration could not be read.
Result<std::string> sockets_dir(const SocketsPlace& place);

}  // namespace newswire::daemon
