#pragma once

#include "config/config.h"

namespace newswire::daemon {

/// The process's logger, to standard error: journal priorities under systemd, colour on a terminal, else plain lines
/// with a time.
void set_up_log(const config::LogConfig& log);

/// After a reload; everything else about the log only a restart changes.
void set_log_level(config::LogConfig::Level level);

}  // namespace newswire::daemon
