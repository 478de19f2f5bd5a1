#include "ingest/http_memory.h"

#include <charconv>
#include <chrono>
#include <vector>

#include "base/text.h"

namespace newswire::ingest {

// Four fields, a line each: URL, days since 1970, and two flags; two URLs more after a backfill; nothing at all for the
// usual case.
std::string encode(const HttpMemory& memory) {
  if (memory == HttpMemory{}) return {};
  const auto day = std::chrono::floor<std::chrono::days>(memory.last_whole).time_since_epoch().count();
  auto text = memory.validators_url + '\n' + std::to_string(day) + '\n' + (memory.distrusts_304 ? '1' : '0') + '\n' +
              (memory.move_from_feed ? '1' : '0');
  if (!memory.archive_read.empty() || !memory.archive_next.empty()) {
    text += '\n' + memory.archive_read + '\n' + memory.archive_next;
  }
  return text;
}

HttpMemory decode_http_memory(std::string_view text) {
  const auto fields = split(text, '\n');
  if (fields.size() != 4 && fields.size() != 6) return {};
  int day = 0;
  const auto [end, failed] = std::from_chars(fields[1].data(), fields[1].data() + fields[1].size(), day);
  constexpr int kMost = 200'000;  // the year 2517
  if (failed != std::errc{} || end != fields[1].data() + fields[1].size() || day < 0 || day > kMost) return {};
  HttpMemory memory{std::string(fields[0]), Time{std::chrono::days{day}}, fields[2] == "1", fields[3] == "1", {}, {}};
  if (fields.size() == 6) memory.archive_read = fields[4], memory.archive_next = fields[5];
  return memory;
}

}  // namespace newswire::ingest
