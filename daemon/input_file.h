#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace newswire::daemon {

/// The largest input that the offline commands take: what a feed's max_body may be.
inline constexpr std::size_t kLargestInput = std::size_t{1} << 30U;

/// The bytes of a file that a command was given, or of standard input ("-"). Errc::io with the system's reason (no such
/// file, no permission, a directory); Errc::too_large over `most`.
Result<std::string> read_input(const std::string& name, std::size_t most = kLargestInput);

}  // namespace newswire::daemon
