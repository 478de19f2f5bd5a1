#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/seq.h"
#include "base/time.h"

/// The bytes of a line as far as the spool knows them (docs/spool-format.md):
///
///     {"_newswire":{"seq":1042,"sum":"1f2e3d4c"<tail>\n
///
/// `tail` is the caller's (article::append_tail): from the comma to the last brace, without line breaks. `sum` is the
/// low half of XXH3-64 of `tail`, seeded with `seq`, as 8 lower-case hexadecimal digits: it tells a torn, bit-flipped
/// or misplaced line. A line without `sum` is accepted unchecked. Pure functions; any thread.
namespace newswire::spool {

inline constexpr std::string_view kHeadStart = R"({"_newswire":{"seq":)";
inline constexpr std::string_view kSumStart = R"(,"sum":")";
/// Longest head: start, 20 digits, sum.
inline constexpr std::size_t kMaxHead = kHeadStart.size() + 20 + kSumStart.size() + 8 + 1;

/// Appends a whole line with its line feed.
void append_line(std::string& out, Seq seq, std::string_view tail);

/// No line is ever longer, whatever the options say: readers give up there (16 MiB).
inline constexpr std::size_t kMaxLine = std::size_t{16} << 20;
inline constexpr std::size_t kMaxTail = kMaxLine - kMaxHead - 1;

/// What stands at the front of a line.
struct LineHead {
  Seq seq;
  std::optional<std::uint32_t> sum;
  std::size_t size = 0;  ///< where `tail` begins
};

/// The head of `line`, which may be cut anywhere behind it; nothing if it is none of ours.
std::optional<LineHead> parse_head(std::string_view line);

/// `line` without its line feed is whole: has a head, ends with '}', holds no control character, agrees with its sum.
bool is_sound(std::string_view line, const LineHead& head);

/// What follows the head, for a caller that has a whole line in hand and wants to append it; nothing if it has no head.
std::optional<std::string_view> tail_of(std::string_view line);

/// `tail` can follow a head: begins with ',', ends with "}", holds no control character (below 0x20).
bool is_tail(std::string_view tail) noexcept;

/// The line's `received` member; nothing if there is none. Linear.
std::optional<Time> received_of(std::string_view line);

}  // namespace newswire::spool
