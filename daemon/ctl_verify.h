#pragma once

#include <CLI/CLI.hpp>

namespace newswire::daemon {

/// `newswirectl verify [DIR]`: reads every line of a spool, running daemon or not, and says what is wrong with it.
/// `status` gets 0; 1 for a spool that is not sound or cannot be read.
void add_verify(CLI::App& app, int& status);

}  // namespace newswire::daemon
