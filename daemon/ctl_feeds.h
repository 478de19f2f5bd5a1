#pragma once

#include <CLI/CLI.hpp>

namespace newswire::daemon {

/// The commands that change which feeds the running daemon follows: add, remove, set-interval, import, export. `status`
/// gets the exit status: 0; 1 when the daemon refused or could not be reached, or an import left something out.
void add_feeds(CLI::App& app, int& status);

}  // namespace newswire::daemon
