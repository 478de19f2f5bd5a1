#include "spool/detail/blocks.h"

#include <algorithm>
#include <utility>

#include "spool/detail/frames.h"

namespace newswire::spool {

BlockSource::BlockSource(std::shared_ptr<const ReadFile> file, bool compressed, std::uint64_t end)
    : file_(std::move(file)), compressed_(compressed), end_(end) {}

Result<std::string_view> BlockSource::next() {
  block_offset_ = offset_;
  buffer_.clear();
  if (offset_ >= end_) return std::string_view{};
  return compressed_ ? next_compressed() : next_plain();
}

Result<std::string_view> BlockSource::next_plain() {
  std::size_t searched = 0;
  for (;;) {
    const auto want = std::min<std::uint64_t>(kBlockSize, end_ - offset_ - buffer_.size());
    const auto got = file_->read_at(offset_ + buffer_.size(), static_cast<std::size_t>(want), buffer_);
    if (!got) return got.error();
    const bool at_end = *got < want || offset_ + buffer_.size() >= end_;
    const auto feed = std::string_view(buffer_).substr(searched).rfind('\n');
    if (feed != std::string_view::npos && !at_end) buffer_.resize(searched + feed + 1);
    if (feed != std::string_view::npos || at_end) {
      offset_ = *got < want ? end_ : offset_ + buffer_.size();  // shorter than announced: there is no more
      return std::string_view(buffer_);
    }
    searched = buffer_.size();
    if (buffer_.size() <= kMaxLine) continue;
    offset_ += buffer_.size();
    buffer_.clear();
    return Error{Errc::corrupt, "a line that is longer than any the spool writes"};
  }
}

Result<std::string_view> BlockSource::next_compressed() {
  const auto frame = frame_at(*file_, offset_);
  if (!frame) {
    if (frame.error().code == Errc::corrupt) offset_ = find_frame_start(*file_, offset_ + 1, end_);
    return frame.error();
  }
  auto text = decode(*file_, *frame);
  if (!text) {
    if (text.error().code == Errc::corrupt) offset_ = find_frame_start(*file_, offset_ + 1, end_);
    return text.error();
  }
  offset_ = frame->end();
  buffer_ = std::move(*text);
  return std::string_view(buffer_);
}

std::string_view take_line(std::string_view& block, bool& whole) {
  const auto feed = block.find('\n');
  whole = feed != block.npos;
  const auto line = block.substr(0, feed);
  block.remove_prefix(whole ? feed + 1 : block.size());
  return line;
}

Result<Scan> scan_plain(const std::shared_ptr<const ReadFile>& file, std::uint64_t end, Seq behind) {
  BlockSource source(file, false, end);
  Scan scan{.runs = {}, .size = end};
  for (;;) {
    const auto got = source.next();
    if (!got) {
      if (got.error().code == Errc::corrupt) continue;
      return got.error();
    }
    auto block = *got;
    if (block.empty()) return scan;
    auto offset = source.block_offset();
    while (!block.empty()) {
      bool whole = false;
      const auto line = take_line(block, whole);
      const auto size = line.size() + (whole ? 1 : 0);
      const auto head = whole ? parse_head(line) : std::nullopt;
      const auto last = scan.runs.empty() ? behind : scan.runs.back().last;
      if (head && head->seq > last && is_sound(line, *head)) {
        const bool joins = !scan.runs.empty() && head->seq == last.next() && offset == scan.runs.back().end();
        if (joins) {
          scan.runs.back().last = head->seq;
          scan.runs.back().size += size;
        } else if (scan.runs.size() < kMaxRuns) {
          scan.runs.push_back({head->seq, head->seq, offset, size});
        }
      }
      offset += size;
    }
  }
}

std::optional<std::string_view> last_line(std::string_view text) {
  if (text.empty() || text.back() != '\n') return std::nullopt;
  text.remove_suffix(1);
  const auto before = text.rfind('\n');
  return before == text.npos ? text : text.substr(before + 1);
}

namespace {

using MaybeLine = std::optional<std::string>;

/// What does not decode is an answer here, no error.
template <class T>
Result<MaybeLine> nothing_if_corrupt(const Result<T>& failed) {
  if (failed.error().code == Errc::corrupt) return MaybeLine{};
  return failed.error();
}

Result<MaybeLine> first_plain(const ReadFile& file) {
  std::string front;
  for (std::size_t step = 16 << 10; front.size() <= kMaxLine; step *= 2) {
    const auto searched = front.size();
    const auto got = file.read_at(searched, step, front);
    if (!got) return got.error();
    const auto feed = front.find('\n', searched);
    if (feed != front.npos) {
      front.resize(feed);
      return MaybeLine(std::move(front));
    }
    if (*got < step) break;
  }
  return MaybeLine{};
}

Result<MaybeLine> last_plain(const ReadFile& file, std::uint64_t size) {
  for (std::uint64_t window = 16 << 10;; window *= 2) {
    const auto begin = size > window ? size - window : 0;
    std::string back;
    const auto got = file.read_at(begin, static_cast<std::size_t>(size - begin), back);
    if (!got) return got.error();
    const auto line = last_line(back);
    if (!line) return MaybeLine{};
    // A line that fills the window may begin before it.
    if (line->size() + 1 < back.size() || begin == 0) return MaybeLine(std::string(*line));
    if (window > kMaxLine) return MaybeLine{};
  }
}

Result<MaybeLine> last_compressed(const ReadFile& file, std::uint64_t size) {
  Frame last{};
  for (std::uint64_t offset = 0; offset < size; offset = last.end()) {
    const auto frame = frame_at(file, offset);
    if (!frame) return nothing_if_corrupt(frame);
    last = *frame;
  }
  if (last.size == 0 || last.end() != size) return MaybeLine{};
  const auto text = decode(file, last);
  if (!text) return nothing_if_corrupt(text);
  const auto line = last_line(*text);
  return line ? MaybeLine(std::string(*line)) : MaybeLine{};
}

std::optional<Seq> sound_seq(const MaybeLine& line) {
  const auto head = line ? parse_head(*line) : std::nullopt;
  if (!head || !is_sound(*line, *head)) return std::nullopt;
  return head->seq;
}

}  // namespace

Result<MaybeLine> read_first_line(const ReadFile& file, bool compressed) {
  if (!compressed) return first_plain(file);
  const auto frame = frame_at(file, 0);
  if (!frame) return nothing_if_corrupt(frame);
  const auto text = decode(file, *frame);
  if (!text) return nothing_if_corrupt(text);
  const auto feed = text->find('\n');
  return feed == text->npos ? MaybeLine{} : MaybeLine(text->substr(0, feed));
}

Result<MaybeLine> read_last_line(const ReadFile& file, bool compressed, std::uint64_t size) {
  if (size == 0) return MaybeLine{};
  return compressed ? last_compressed(file, size) : last_plain(file, size);
}

Result<std::optional<Run>> check_ends(const ReadFile& file, bool compressed, std::uint64_t size) {
  const auto front = read_first_line(file, compressed);
  if (!front) return front.error();
  const auto back = read_last_line(file, compressed, size);
  if (!back) return back.error();
  const auto first = sound_seq(*front);
  const auto last = sound_seq(*back);
  if (!first || !last || *last < *first) return std::optional<Run>{};
  return std::optional<Run>{Run{*first, *last, 0, size}};
}

}  // namespace newswire::spool
