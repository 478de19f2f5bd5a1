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
///     {"_newswire":{"seq":1042,"sum":"1f2e3d4c",<rest>\n
///
/// `rest` is the caller's: JSON without line breaks that closes both objects. `sum` is the low half of XXH3-64 of
/// `rest`, seeded with `seq`, as 8 lower-case hexadecimal digits: it tells a torn, bit-flipped or misplaced line.
/// A line without `sum` is accepted unchecked. Pure functions; any thread.
namespace newswire::spool {

inline constexpr std::string_view kHeadStart = R"({"_newswire":{"seq":)";
inline constexpr std::string_view kSumStart = R"(,"sum":")";
/// Longest head: start, 20 digits, sum and its comma.
inline constexpr std::size_t kMaxHead = kHeadStart.size() + 20 + kSumStart.size() + 8 + 2;

/// Appends a whole line with its line feed.
void append_line(std::string& out, Seq seq, std::string_view rest);

/// What stands at the front of a line.
struct LineHead {
  Seq seq;
  std::optional<std::uint32_t> sum;
  std::size_t size = 0;  ///< where `rest` begins
};

/// The head of `line`, which may be cut anywhere behind it; nothing if it is none of ours.
std::optional<LineHead> parse_head(std::string_view line);

/// `line` without its line feed is whole: has a head, ends with '}', holds no control character, agrees with its sum.
bool is_sound(std::string_view line, const LineHead& head);

/// What follows the head, for a caller that has a whole line in hand and wants to append it; nothing if it has no head.
std::optional<std::string_view> rest_of(std::string_view line);

/// The line's `received` member; nothing if there is none. Linear.
std::optional<Time> received_of(std::string_view line);

}  // namespace newswire::spool
