#pragma once

#include <CLI/CLI.hpp>

namespace newswire::daemon {

/// The commands that ask the running daemon: status, feeds, poll, pause, resume, reload, explain, learned, consumers,
/// config, log-level. `status` gets the exit status: 0, or 1 when the daemon refused or could not be reached.
void add_control(CLI::App& app, int& status);

}  // namespace newswire::daemon
