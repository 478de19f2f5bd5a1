#pragma once

#include <CLI/CLI.hpp>

namespace newswire::daemon {

/// Reads the arguments and runs the command that they name. Gives `status`, which the command has set; 0 after help, 64
/// for arguments that cannot be read, 70 for a bug.
int run_app(CLI::App& app, int argc, char** argv, const int& status);

}  // namespace newswire::daemon
