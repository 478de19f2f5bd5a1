// A spool whose files hold anything: opening it never fails for what is in them, what it serves is sound and in order,
// and a second opening finds nothing more to repair. The first byte chooses where the bytes go.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "spool/cursor.h"
#include "spool/line.h"
#include "spool/line_reader.h"
#include "spool/spool.h"
#include "spool/verify.h"

namespace spool = newswire::spool;
using newswire::Errc;
using newswire::Seq;

namespace {

void write(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Every line that is served: sound, in ascending order, and no end of errors.
Seq read_all(const spool::Published& published) {
  auto cursor = spool::Cursor::at(published, published.snapshot()->first());
  if (!cursor) std::abort();
  spool::LineReader reader(*std::move(cursor));
  Seq last;
  for (std::size_t errors = 0; errors < 10'000;) {
    const auto line = reader.next();
    if (!line) {
      ++errors;
      if (line.error().code == Errc::gone && reader.skip_gap()) continue;
      if (line.error().code == Errc::corrupt) continue;
      std::abort();
    }
    if (!*line) return last;
    if ((*line)->seq <= last) std::abort();
    last = (*line)->seq;
  }
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(static_cast<const char*>(static_cast<const void*>(data + 2)), size - 2);
  static const std::string folder = [] {
    std::string path = (std::filesystem::temp_directory_path() / "newswire-fuzz-XXXXXX").string();
    return std::string(::mkdtemp(path.data()));
  }();
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  const char* const names[] = {"articles.ndjson", "articles-00000000000000000001.ndjson",
                               "articles-00000000000000000001.ndjson.zst"};
  write(folder + "/" + names[data[0] % 3], bytes);
  if (data[0] % 2 == 0) {
    std::string line;
    spool::append_line(line, Seq{5}, R"(,"uid":"a"}})");
    write(folder + "/articles-00000000000000000005.ndjson", line);
  }
  spool::Options options;
  if (data[1] % 4 != 0) options.high_water = Seq{data[1] % 16U};
  Seq next;
  {
    auto opened = spool::Spool::open(folder, options);
    if (!opened) std::abort();
    next = (*opened)->next_seq();
    if (read_all((*opened)->published()) >= next) std::abort();
    for (int i = 0; i < 4; ++i) {
      if (!(*opened)->maintain({}, {})) std::abort();
    }
    if (!(*opened)->append(R"(,"uid":"b"}})") || !(*opened)->commit()) std::abort();
  }
  auto again = spool::Spool::open(folder, options);
  if (!again || (*again)->next_seq() != next.next()) std::abort();
  for (const auto& finding : (*again)->findings()) {
    if (finding.kind != spool::Finding::Kind::missing && data[0] % 3 != 2) std::abort();
  }
  return 0;
}
