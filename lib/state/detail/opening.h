#pragma once

#include <string>

#include "base/result.h"
#include "state/detail/sqlite.h"
#include "state/store.h"

namespace newswire::state {

/// A store that is open, locked, checked and of the current version.
struct Ready {
  Database database;
  Opened opened;
};

/// See Store::open.
Result<Ready> open_or_begin(const std::string& path, const Options& options);

}  // namespace newswire::state
