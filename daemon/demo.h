#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace newswire::daemon {

/// Writes the bundled feeds and their configuration into `dir`, emptied of an earlier demonstration, and gives the
/// path of the configuration. Errc::io.
Result<std::filesystem::path> write_demo(const std::filesystem::path& dir);

/// Writes a configuration into `dir` that follows `sources` (URLs and files), and gives its path. What was seen and
/// spooled there before stays. Loopback URLs may be fetched: whoever names one means it. Errc::io, Errc::not_found for
/// a file that is not there.
Result<std::filesystem::path> write_follow(const std::filesystem::path& dir, const std::vector<std::string>& sources);

}  // namespace newswire::daemon
