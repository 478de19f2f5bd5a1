#pragma once

#include <CLI/CLI.hpp>

namespace newswire::daemon {

/// `newswirectl explain FILE|UID|SEQ…`: what was taken out of an article, why, and what stays. Files (feeds, pages,
/// plain text) are cleaned here; an article of the spool is told from its line, its learned removals with what the
/// daemon knows today. `status` gets 0, 1 if an input could not be explained, 64 for a bad option.
void add_explain(CLI::App& app, int& status);

}  // namespace newswire::daemon
