#pragma once

#include <string>

#include "base/result.h"
#include "config/config.h"

namespace newswire::config {

/// The secret itself: the file's content, the variable, or the file of that name in $CREDENTIALS_DIRECTORY; one
/// trailing line break is dropped. Blocking I/O. Errc::not_found, Errc::io, Errc::too_large (over 64 KiB),
/// Errc::invalid (empty, or with line breaks or NUL inside, which no header can carry). The message never holds the
/// secret.
Result<std::string> read_secret(const Secret& secret);

/// "file:/etc/…", "env:NAME", "credential:NAME": for messages and the effective configuration.
std::string describe(const Secret& secret);

}  // namespace newswire::config
