#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "base/seq.h"
#include "base/time.h"
#include "spool/detail/frames.h"
#include "spool/read_file.h"

/// Finding a line in a segment without an index: binary search on what the lines say of themselves.
namespace newswire::spool {

/// True for the lines that come before the place that is looked for; false from there on. The view holds a whole line.
using IsBefore = std::function<bool(std::string_view line)>;
IsBefore before_seq(Seq seq);
IsBefore before_time(Time time);

/// Offset of the first line in the first `end` bytes (whole lines) that is not before; `end` if all are.
/// O(log(end)) reads of a few KiB, longer where lines are. Errc::io; Errc::corrupt for a line without end.
Result<std::uint64_t> find_offset(const ReadFile& file, std::uint64_t end, const IsBefore& is_before);

/// The last frame whose first line is before, or the first one: the place is in it or at its end. Errc::corrupt,
/// Errc::io.
Result<Frame> find_frame(const ReadFile& file, std::uint64_t size, const IsBefore& is_before);

/// The place within a block of whole lines.
std::size_t find_line(std::string_view block, const IsBefore& is_before);

}  // namespace newswire::spool
