#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace newswire::serve {

/// Runs `/bin/sh -c command` with `line` and a newline on its standard input, and `environment` beside ours; its output
/// is ours. Gives its exit status, 128 + signal if one ended it. A command that does not read its input is fine.
/// Errc::io: it could not be started. When `stop` becomes true (a signal ends waiting) the command gets SIGTERM, and
/// its end is awaited. Blocking; one thread.
Result<int> run_line_command(const std::string& command, std::string_view line,
                             const std::vector<std::pair<std::string, std::string>>& environment,
                             const std::function<bool()>& stop);

}  // namespace newswire::serve
