// Lines of any shape: what parses writes itself again, and a sound line with a sum is exactly what append_line made.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "spool/line.h"
#include "spool/segment.h"

namespace spool = newswire::spool;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(static_cast<const char*>(static_cast<const void*>(data)), size);
  (void)spool::received_of(text);
  if (const auto name = spool::parse_segment_name(text)) {
    if (spool::segment_name(name->first, name->compressed) != text) std::abort();
  }
  const auto head = spool::parse_head(text);
  if (head && spool::is_sound(text, *head)) {
    std::string line;
    spool::append_line(line, head->seq, *spool::tail_of(text));
    line.pop_back();
    if (head->sum && line != text) std::abort();
    const auto again = spool::parse_head(line);
    if (!again || !spool::is_sound(line, *again) || again->seq != head->seq) std::abort();
  }
  if (spool::is_tail(text)) {
    std::string line;
    spool::append_line(line, newswire::Seq{7}, text);
    line.pop_back();
    const auto made = spool::parse_head(line);
    if (!made || !spool::is_sound(line, *made)) std::abort();
  }
  return 0;
}
