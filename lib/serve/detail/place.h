#pragma once

#include <algorithm>

#include "base/result.h"
#include "base/seq.h"
#include "spool/cursor.h"
#include "spool/published.h"

/// Places in the spool that are exact while the writer goes on beside us.
namespace newswire::serve {

/// The number of the next line at the cursor. A commit between its look at the file and its look at the next number
/// would give a number too high; nothing that was committed before can lie behind the cursor.
inline Result<Seq> next_of(const spool::Published& published, spool::Cursor& cursor) {
  const auto bound = published.snapshot()->next;
  const auto next = cursor.next_seq();
  if (!next) return next.error();
  return std::min(*next, bound);
}

/// A cursor before the line `seq`, also when it is committed at this moment: "behind the end" could by then be behind
/// it. Errors as Cursor::at.
inline Result<spool::Cursor> cursor_before(const spool::Published& published, Seq seq) {
  for (;;) {
    auto cursor = spool::Cursor::at(published, seq);
    if (!cursor) return cursor;
    const auto next = next_of(published, *cursor);
    if (!next) return next.error();
    if (*next <= seq) return cursor;  // once it is committed, the next attempt finds it by its number
  }
}

}  // namespace newswire::serve
