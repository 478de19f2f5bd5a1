#pragma once

#include <CLI/CLI.hpp>

namespace newswire::daemon {

/// `newswirectl tail`: articles as they come, as JSON or for people, over restarts of the daemon; with `--exec` a
/// command for each article, acknowledged only when it succeeds. `status` gets 0; 1 if the daemon could not be reached
/// or refused; 2 if the command failed for good and there is no dead-letter file.
void add_tail(CLI::App& app, int& status);

}  // namespace newswire::daemon
