#pragma once

#include <CLI/CLI.hpp>

namespace newswire::daemon {

/// `newswirectl discover URL`: the feeds of a page, by its address, by what it advertises, and at the usual places,
/// each fetched once. Needs no daemon. `status` gets the exit status: 0, or 1 when there is none.
void add_discover(CLI::App& app, int& status);

}  // namespace newswire::daemon
