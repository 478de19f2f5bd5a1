#pragma once

#include <CLI/CLI.hpp>

namespace newswire::daemon {

/// `newswirectl cat [DIR] [--from FROM] [--to SEQ] [--count N]`: the lines of a spool, compressed or not, without the
/// daemon. `status` gets 0; 1 if something could not be read, lines are missing, or `--from` is no longer there.
void add_cat(CLI::App& app, int& status);

}  // namespace newswire::daemon
