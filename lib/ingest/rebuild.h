#pragma once

#include <cstdint>

#include "base/result.h"
#include "base/seq.h"
#include "spool/published.h"
#include "state/store.h"

namespace newswire::ingest {

/// Tells the state about the lines from `from` to the end of the spool: which entries each feed has shown. After a
/// crash these are the lines behind the high-water mark; when the state was lost, all that are retained. Validators are
/// not in the spool: such feeds are fetched whole once. Gives the number of lines. Blocking; memory bounded.
Result<std::uint64_t> reapply(const spool::Published& published, Seq from, state::Store& store);

}  // namespace newswire::ingest
