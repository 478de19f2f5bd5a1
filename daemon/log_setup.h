#pragma once

#include "config/config.h"

namespace newswire::daemon {

/// The process's logger, to standard error: journal priorities under systemd, colour on a terminal, else plain lines
/// with a time. Call again after a reload.
void set_up_log(const config::LogConfig& log);

}  // namespace newswire::daemon
