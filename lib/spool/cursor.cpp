#include "spool/cursor.h"

#include <algorithm>
#include <utility>

#include "spool/detail/blocks.h"
#include "spool/detail/frames.h"
#include "spool/detail/search.h"
#include "spool/line.h"

namespace newswire::spool {
namespace {

Error gone(Seq seq) { return Error{Errc::gone, "line " + std::to_string(seq.value) + " is no longer in the spool"}; }

/// The segment that begins or ends behind `seq`, the live one included; null if there is none.
std::shared_ptr<const Segment> segment_for(const Snapshot& snapshot, Seq seq) {
  const auto& closed = *snapshot.closed;
  const auto at =
      std::partition_point(closed.begin(), closed.end(), [seq](const auto& one) { return one->last() < seq; });
  if (at != closed.end()) return *at;
  return snapshot.live;
}

}  // namespace

Cursor Cursor::at_end(const Published& published) {
  Cursor cursor(published);
  const auto snapshot = published.snapshot();
  cursor.expected_ = snapshot->next;
  if (snapshot->live) {
    const auto file = snapshot->live->file();
    if (file) {  // always: the live file is pinned
      cursor.segment_ = snapshot->live;
      cursor.file_ = *file;
      cursor.offset_ = snapshot->live_size;
      cursor.expected_ = snapshot->live->first();
    }
  }
  return cursor;
}

Result<Cursor> Cursor::at(const Published& published, Seq from) {
  const auto snapshot = published.snapshot();
  if (from == Seq{} || from > snapshot->next) {
    return Error{Errc::invalid, "line " + std::to_string(from.value) + " does not exist; the next one is " +
                                    std::to_string(snapshot->next.value)};
  }
  if (from == snapshot->next) return at_end(published);
  Cursor cursor(published);
  cursor.expected_ = from;
  if (const auto found = cursor.seek(from); !found) return found.error();
  return cursor;
}

/// Enters the segment that holds `seq` and stands before it.
Result<void> Cursor::seek(Seq seq) {
  const auto entered = enter_segment();
  if (!entered) return entered.error();
  if (!*entered) return gone(seq);
  const auto first = segment_->first();
  if (first == seq) return {};
  if (segment_->compressed()) {
    const auto frame = find_frame(*file_, segment_->size(), before_seq(seq));
    if (!frame) return frame.error();
    offset_ = frame->offset;
    if (const auto loaded = load_block(); !loaded) return loaded;
    in_block_ = find_line(*block_, before_seq(seq));
    return {};
  }
  bool live = false;
  const auto end = end_of_plain(*published_->snapshot(), live);
  if (!end) return end.error();
  const auto offset = find_offset(*file_, *end, before_seq(seq));
  if (!offset) return offset.error();
  offset_ = *offset;
  return {};
}

Result<Cursor> Cursor::at(const Published& published, Time from) {
  const auto snapshot = published.snapshot();
  // The last segment whose first line is before `from` holds the place, or the one behind it begins there.
  auto segments = *snapshot->closed;
  if (snapshot->live && snapshot->live_size > 0) segments.push_back(snapshot->live);
  std::size_t low = 0;
  std::size_t high = segments.size();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto file = segments[middle]->file();
    if (!file) return file.error().code == Errc::not_found ? gone(segments[middle]->first()) : file.error();
    const auto line = read_first_line(**file, segments[middle]->compressed());
    if (!line) return line.error();
    const auto received = *line ? received_of(**line) : std::nullopt;
    if (received && *received < from) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) {
    if (segments.empty()) return at_end(published);
    if (segments.front()->first() != Seq{1}) return gone(segments.front()->first().previous());
    return at(published, segments.front()->first());
  }
  Cursor cursor(published);
  cursor.expected_ = segments[low - 1]->first();
  const auto entered = cursor.enter_segment();
  if (!entered) return entered.error();
  if (!*entered) return gone(cursor.expected_);
  if (cursor.segment_->compressed()) {
    const auto frame = find_frame(*cursor.file_, cursor.segment_->size(), before_time(from));
    if (!frame) return frame.error();
    cursor.offset_ = frame->offset;
    if (const auto loaded = cursor.load_block(); !loaded) return loaded.error();
    cursor.in_block_ = find_line(*cursor.block_, before_time(from));
    return cursor;
  }
  bool live = false;
  const auto end = cursor.end_of_plain(*snapshot, live);
  if (!end) return end.error();
  const auto offset = find_offset(*cursor.file_, *end, before_time(from));
  if (!offset) return offset.error();
  cursor.offset_ = *offset;
  return cursor;
}

/// Finds the segment that holds `expected_` and opens it, at its first line. False: the line is not there, though it
/// was once. A segment can lose its name between snapshot and opening (compression, retention): then look again.
Result<bool> Cursor::enter_segment() {
  for (int attempt = 0;; ++attempt) {
    const auto snapshot = published_->snapshot();
    auto segment = segment_for(*snapshot, expected_);
    if (!segment || segment->first() > expected_) return false;
    auto file = segment->file();
    if (!file && file.error().code == Errc::not_found && attempt < 10) continue;
    if (!file && file.error().code == Errc::not_found) return false;
    if (!file) return file.error();
    segment_ = std::move(segment);
    file_ = *std::move(file);
    block_.reset();
    offset_ = 0;
    block_end_ = 0;
    in_block_ = 0;
    return true;
  }
}

/// Where the plain segment ends for now: committed bytes of the live one, all of a closed one.
Result<std::uint64_t> Cursor::end_of_plain(const Snapshot& snapshot, bool& live) const {
  live = snapshot.live && snapshot.live->first() == segment_->first();
  if (live) return snapshot.live_size;
  return file_->size();  // closed before the snapshot was taken, so it grows no more
}

/// The last line of the segment, which is closed, for going on to the next one.
Result<Seq> Cursor::last_of_segment(const Snapshot& snapshot) const {
  const auto known = segment_for(snapshot, segment_->first());
  if (known && known != snapshot.live && known->first() == segment_->first()) return known->last();
  const auto size = file_->size();
  if (!size) return size.error();
  const auto line = read_last_line(*file_, segment_->compressed(), *size);
  if (!line) return line.error();
  const auto head = *line ? parse_head(**line) : std::nullopt;
  if (!head) return Error{Errc::corrupt, "the segment's last line is not one", segment_->path()};
  return head->seq;
}

Result<void> Cursor::load_block() {
  const auto frame = frame_at(*file_, offset_);
  auto text = frame ? decode(*file_, *frame) : Result<std::string>(frame.error());
  if (!text) {
    if (text.error().code == Errc::corrupt) published_->report_damage(segment_->first());
    auto error = text.error();
    error.where = segment_->path();
    return error;
  }
  block_ = std::make_shared<const std::string>(*std::move(text));
  block_end_ = frame->end();
  return {};
}

Result<Piece> Cursor::peek(std::size_t limit) {
  for (;;) {
    if (!segment_) {
      const auto snapshot = published_->snapshot();
      if (expected_ == snapshot->next && !(snapshot->live && snapshot->live->first() == expected_)) return Piece{};
      const auto entered = enter_segment();
      if (!entered) return entered.error();
      if (!*entered) return gone(expected_);
    }
    const auto snapshot = published_->snapshot();
    if (segment_->compressed()) {
      if (!block_ && offset_ < segment_->size()) {
        if (const auto loaded = load_block(); !loaded) return loaded.error();
      }
      if (block_ && in_block_ < block_->size()) {
        const auto bytes = std::string_view(*block_).substr(in_block_, limit);
        return Piece{.descriptor = -1, .offset = 0, .bytes = bytes, .size = bytes.size()};
      }
      if (block_) {
        offset_ = block_end_;
        in_block_ = 0;
        block_.reset();
        if (offset_ < segment_->size()) continue;
      }
    } else {
      bool live = false;
      const auto end = end_of_plain(*snapshot, live);
      if (!end) return end.error();
      if (offset_ < *end) {
        const auto size = std::min<std::uint64_t>(limit, *end - offset_);
        return Piece{
            .descriptor = file_->descriptor(), .offset = offset_, .bytes = {}, .size = static_cast<std::size_t>(size)};
      }
      if (live) return Piece{};
    }
    const auto last = last_of_segment(*snapshot);
    if (!last) return last.error();
    expected_ = last->next();
    segment_.reset();
    file_.reset();
  }
}

void Cursor::consume(std::size_t size) {
  if (segment_ && segment_->compressed()) {
    in_block_ += size;
  } else {
    offset_ += size;
  }
}

void Cursor::release() { block_.reset(); }

void Cursor::skip_block() {
  if (!segment_ || !segment_->compressed()) return;
  const auto frame = frame_at(*file_, offset_);
  offset_ = frame ? frame->end() : find_frame_start(*file_, offset_ + 1, segment_->size());
  in_block_ = 0;
  block_.reset();
}

Result<Seq> Cursor::next_seq() {
  if (!segment_) return expected_;
  const auto rest = rest_of_line();
  if (!rest) return rest.error();
  // The line behind this one: its head, or, at the end of what there is, the number after the last line.
  Cursor ahead = *this;
  ahead.consume(*rest);
  const auto piece = ahead.peek(kMaxHead + 1);
  if (!piece && piece.error().code == Errc::gone) return ahead.expected_;
  if (!piece) return piece.error();
  if (piece->size == 0) return published_->snapshot()->next;
  std::string head(piece->bytes);
  if (piece->descriptor >= 0) {
    const auto got = ahead.file_->read_at(piece->offset, piece->size, head);
    if (!got) return got.error();
  }
  const auto parsed = parse_head(head);
  if (!parsed) return Error{Errc::corrupt, "no line begins here", ahead.segment_->path()};
  return parsed->seq;
}

Result<std::size_t> Cursor::rest_of_line() {
  if (!segment_) return std::size_t{0};
  if (segment_->compressed()) {
    if (in_block_ == 0) return std::size_t{0};
    if (!block_) {
      if (const auto loaded = load_block(); !loaded) return loaded.error();
    }
    if ((*block_)[in_block_ - 1] == '\n') return std::size_t{0};
    const auto feed = block_->find('\n', in_block_);
    return (feed == block_->npos ? block_->size() : feed + 1) - in_block_;
  }
  if (offset_ == 0) return std::size_t{0};
  std::string text;
  for (std::size_t step = 4 << 10; text.size() <= kMaxLine; step *= 2) {
    const auto searched = text.size();
    const auto got = file_->read_at(offset_ - 1 + searched, step, text);
    if (!got) return got.error();
    const auto feed = text.find('\n', searched);
    if (feed != text.npos) return feed;  // the text began one byte early
    if (*got < step) break;
  }
  return Error{Errc::corrupt, "the line has no end", segment_->path()};
}

}  // namespace newswire::spool
