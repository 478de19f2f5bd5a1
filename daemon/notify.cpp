#include "notify.h"

#include <systemd/sd-daemon.h>

#include <string>

namespace newswire::daemon {

void notify_systemd(std::string_view state) {
  (void)sd_notify(0, std::string(state).c_str());  // without a service manager there is nobody to tell
}

std::chrono::milliseconds watchdog_pace() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::chrono::milliseconds{0};
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds{microseconds / 2});
}

}  // namespace newswire::daemon
