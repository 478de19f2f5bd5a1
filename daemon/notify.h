#pragma once

#include <chrono>
#include <string_view>

namespace newswire::daemon {

/// Tells systemd (sd_notify(3)); nothing happens when it did not start us. Any thread.
void notify_systemd(std::string_view state);

/// Half of WatchdogSec=, the pace of "WATCHDOG=1"; zero if there is no watchdog.
std::chrono::milliseconds watchdog_pace();

}  // namespace newswire::daemon
