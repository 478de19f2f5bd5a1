#include "spool/detail/search.h"

#include <algorithm>
#include <string>
#include <vector>

#include "spool/line.h"

namespace newswire::spool {
namespace {

/// A line and where it lies.
struct Found {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  ///< behind its line feed
  std::string text;
};

/// The first line that begins at or after `offset` (which is 0, or anywhere in the line before it), if it begins before
/// `limit`; else an empty text, with `begin` = limit.
Result<Found> line_from(const ReadFile& file, std::uint64_t offset, std::uint64_t limit, std::uint64_t end) {
  // One byte early: a line that begins exactly at `offset` is seen by the line feed in front of it.
  const std::uint64_t start = offset == 0 ? 0 : offset - 1;
  std::string text;
  std::size_t begin = offset == 0 ? 0 : std::string::npos;
  for (std::size_t step = 4 << 10; text.size() <= 2 * kMaxLine; step *= 2) {
    const auto searched = text.size();
    const auto want = std::min<std::uint64_t>(step, end - start - searched);
    const auto got = file.read_at(start + searched, static_cast<std::size_t>(want), text);
    if (!got) return got.error();
    std::size_t from = searched;
    if (begin == std::string::npos) {
      const auto feed = text.find('\n', from);
      if (feed != text.npos) begin = from = feed + 1;
    }
    if (begin != std::string::npos) {
      if (start + begin >= limit) return Found{limit, limit, {}};
      const auto feed = text.find('\n', from);
      if (feed != text.npos) return Found{start + begin, start + feed + 1, text.substr(begin, feed - begin)};
    }
    if (*got == 0) break;
  }
  if (begin == std::string::npos && start + text.size() >= end) return Found{limit, limit, {}};
  return Error{Errc::corrupt, "a line without an end"};
}

}  // namespace

IsBefore before_seq(Seq seq) {
  return [seq](std::string_view line) {
    const auto head = parse_head(line);
    return head && head->seq < seq;
  };
}

IsBefore before_time(Time time) {
  return [time](std::string_view line) {
    const auto received = received_of(line);
    return received && *received < time;
  };
}

Result<std::uint64_t> find_offset(const ReadFile& file, std::uint64_t end, const IsBefore& is_before) {
  std::uint64_t low = 0;     // a line's begin; every line in front of it is before
  std::uint64_t high = end;  // a line's begin or the end; it is not before
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    auto found = line_from(file, middle, high, end);
    if (!found) return found.error();
    if (found->begin >= high) {  // no line begins in the upper half: step through what is left of the lower one
      found = line_from(file, low, high, end);
      if (!found) return found.error();
      if (!is_before(found->text)) return found->begin;
      low = found->end;
      continue;
    }
    if (is_before(found->text)) {
      low = found->end;
    } else {
      high = found->begin;
    }
  }
  return high;
}

Result<Frame> find_frame(const ReadFile& file, std::uint64_t size, const IsBefore& is_before) {
  std::vector<Frame> frames;
  for (std::uint64_t offset = 0; offset < size; offset = frames.back().end()) {
    const auto frame = frame_at(file, offset);
    if (!frame) return frame.error();
    frames.push_back(*frame);
  }
  if (frames.empty()) return Error{Errc::corrupt, "an empty segment"};
  std::size_t low = 0;
  std::size_t high = frames.size();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto text = decode(file, frames[middle]);
    if (!text) return text.error();
    const auto line = std::string_view(*text).substr(0, text->find('\n'));
    if (is_before(line)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return frames[low == 0 ? 0 : low - 1];
}

std::size_t find_line(std::string_view block, const IsBefore& is_before) {
  std::size_t at = 0;
  while (at < block.size()) {
    const auto feed = block.find('\n', at);
    const auto end = feed == block.npos ? block.size() : feed;
    if (!is_before(block.substr(at, end - at))) return at;
    at = std::min(end + 1, block.size());
  }
  return at;
}

}  // namespace newswire::spool
