#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/seq.h"
#include "spool/cursor.h"
#include "spool/line.h"

namespace newswire::spool {

/// Reads whole lines at a cursor: to rebuild the state, for filters, for `newswirectl cat`. One thread at a time.
class LineReader {
 public:
  /// `max_line`: a longer line is Errc::corrupt (the spool writes none).
  explicit LineReader(Cursor cursor, std::size_t max_line = kMaxLine);

  struct Line {
    Seq seq;
    std::string_view text;  ///< without the line feed; valid until the next call
  };
  /// The next line; nothing when everything committed has been read (call again later). Errc as Cursor::peek; a line
  /// that is not sound is Errc::corrupt, and the next call goes on behind it.
  Result<std::optional<Line>> next();

  /// Where the next line begins.
  Seq position() const noexcept { return position_; }

 private:
  Result<bool> fill();

  Cursor cursor_;
  std::size_t max_line_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t searched_ = 0;
  Seq position_;
};

}  // namespace newswire::spool
