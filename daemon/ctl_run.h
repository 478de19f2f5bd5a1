#pragma once

#include <CLI/CLI.hpp>

namespace newswire::daemon {

/// Reads the arguments and runs the command that they name. Gives `status`, which the command has set; 0 after help, 64
/// for arguments that cannot be read, 70 for a bug; 1 instead of 0 if the output could not be written.
int run_app(CLI::App& app, int argc, char** argv, const int& status);

/// Says on standard error that standard output cannot be written, unless its reader has just gone, as behind `| head`.
void complain_of_output();

}  // namespace newswire::daemon
