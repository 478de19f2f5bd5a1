#pragma once

#include "base/result.h"
#include "state/detail/sqlite.h"
#include "state/rows.h"

namespace newswire::state {

/// Writes every row of `batch`, within the caller's transaction.
Result<void> write_batch(Database& database, const Batch& batch);

}  // namespace newswire::state
