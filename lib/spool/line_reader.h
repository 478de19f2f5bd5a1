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
  /// that is not sound, or a block that does not decode, is Errc::corrupt, and the next call goes on behind it.
  /// A file that is shorter than what was committed is Errc::io: there is nothing behind it.
  Result<std::optional<Line>> next();

  /// The number of the next line, once one was read.
  Seq position() const noexcept { return position_; }

  /// After Errc::gone: goes on at the next line that is there. Gives the lines that are not; Errc::gone if there is
  /// nothing behind them either, Errc::io.
  struct Gap {
    Seq from;
    Seq to;
  };
  Result<Gap> skip_gap();

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
