#pragma once

#include "ingest/pipeline.h"

namespace newswire::daemon {

/// Prints each new article's title, and what was stripped of it, to standard output: for people who watch the daemon
/// in the foreground.
void print_poll(const ingest::PollReport& report);

}  // namespace newswire::daemon
