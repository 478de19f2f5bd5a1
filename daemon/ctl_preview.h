#pragma once

#include <CLI/CLI.hpp>

namespace newswire::daemon {

/// `newswirectl preview FILE|URL…`: the article lines exactly as the daemon would spool them; `--diff` shows people
/// what goes and why. `status` gets 0, or 1 if an input could not be read.
void add_preview(CLI::App& app, int& status);

}  // namespace newswire::daemon
