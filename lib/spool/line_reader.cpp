#include "spool/line_reader.h"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "spool/file_system.h"

namespace newswire::spool {
namespace {

constexpr std::size_t kStep = std::size_t{128} << 10;

}  // namespace

LineReader::LineReader(Cursor cursor, std::size_t max_line) : cursor_(std::move(cursor)), max_line_(max_line) {}

Result<bool> LineReader::fill() {
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    searched_ -= begin_;
    begin_ = 0;
  }
  const auto piece = cursor_.peek(kStep);
  if (!piece && piece.error().code == Errc::corrupt) cursor_.skip_block();
  if (!piece) return piece.error();
  if (piece->size == 0) return false;
  if (piece->descriptor < 0) {
    buffer_.append(piece->bytes);
    cursor_.consume(piece->size);
    return true;
  }
  const auto before = buffer_.size();
  buffer_.resize(before + piece->size);
  ssize_t got = -1;
  do {
    got = ::pread(piece->descriptor, buffer_.data() + before, piece->size, static_cast<off_t>(piece->offset));
  } while (got < 0 && errno == EINTR);
  const int reason = errno;
  buffer_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0) return error_from_errno(reason, "read", "a segment");
  // Not corrupt, behind which the next call goes on: here it would come again for ever.
  if (got == 0) return Error{Errc::io, "the segment is shorter than what was committed: somebody cut it meanwhile"};
  cursor_.consume(static_cast<std::size_t>(got));
  return true;
}

Result<std::optional<LineReader::Line>> LineReader::next() {
  for (;;) {
    const auto feed = buffer_.find('\n', searched_);
    if (feed != buffer_.npos) {
      const auto text = std::string_view(buffer_).substr(begin_, feed - begin_);
      begin_ = searched_ = feed + 1;
      const auto head = parse_head(text);
      if (!head || !is_sound(text, *head)) {
        const auto about = head ? head->seq : position_;
        return Error{Errc::corrupt, "line " + std::to_string(about.value) + " does not verify"};
      }
      position_ = head->seq.next();
      return std::optional<Line>(Line{head->seq, text});
    }
    searched_ = buffer_.size();
    if (buffer_.size() - begin_ > max_line_) {
      begin_ = searched_ = buffer_.size();
      return Error{Errc::corrupt, "a line is longer than any the spool writes"};
    }
    const auto filled = fill();
    if (!filled) return filled.error();
    if (!*filled) return std::optional<Line>{};
  }
}

Result<LineReader::Gap> LineReader::skip_gap() {
  const Seq from = cursor_.expected();
  const Seq to = cursor_.published().snapshot()->earliest_from(from);
  auto cursor = Cursor::at(cursor_.published(), to);
  if (!cursor) return cursor.error();
  cursor_ = *std::move(cursor);
  buffer_.clear();
  begin_ = searched_ = 0;
  position_ = to;
  return Gap{from, to.previous()};
}

}  // namespace newswire::spool
