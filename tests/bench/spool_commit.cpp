// What the spool costs over the disk itself. Yardstick of a commit: append and fdatasync of the same bytes to a bare
// file in the same folder (TMPDIR). Yardstick of reading: pread of the same file.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "spool/cursor.h"
#include "spool/line.h"
#include "spool/line_reader.h"
#include "spool/spool.h"

namespace {

using namespace newswire;

class Folder {
 public:
  Folder() {
    std::string path = (std::filesystem::temp_directory_path() / "newswire-bench-XXXXXX").string();
    path_ = ::mkdtemp(path.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string tail(std::size_t size) {
  return R"(,"uid":"01h","received":"2026-11-24T08:13:01.123Z"},"content_text":")" + std::string(size, 'x') + "\"}";
}

constexpr std::size_t kLine = 4000;  // an article with text and HTML, as the corpus has them

void bare_write_and_sync(benchmark::State& state) {
  Folder folder;
  const int file = ::open((folder.path() + "/bare").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const std::string bytes(static_cast<std::size_t>(state.range(0)) * kLine, 'x');
  for (auto _ : state) {
    if (::write(file, bytes.data(), bytes.size()) < 0 || ::fdatasync(file) != 0) std::abort();
  }
  ::close(file);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(bare_write_and_sync)->Arg(1)->Arg(10)->Arg(100)->UseRealTime();

void append_and_commit(benchmark::State& state) {
  Folder folder;
  auto spool = *spool::Spool::open(folder.path(), {});
  const auto line = tail(kLine);
  for (auto _ : state) {
    for (int i = 0; i < state.range(0); ++i) {
      if (!spool->append(line)) std::abort();
    }
    if (!spool->commit()) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(append_and_commit)->Arg(1)->Arg(10)->Arg(100)->UseRealTime();

/// 64 MiB of articles in one segment, plain or compressed.
struct History {
  explicit History(bool compressed) {
    spool::Options options;
    options.compress = compressed;
    options.segment_min_age = {};
    spool = *spool::Spool::open(folder.path(), options);
    for (int segment = 0; segment < 2; ++segment) {
      while (spool->published().snapshot()->counters.rotations == static_cast<std::uint64_t>(segment)) {
        for (int i = 0; i < 500; ++i) {
          if (!spool->append(tail(kLine))) std::abort();
        }
        if (!spool->commit()) std::abort();
      }
    }
    while (spool->maintain({}, {})->more) {
    }
    bytes = (*spool->published().snapshot()->closed)[0]->size();
  }
  Folder folder;
  std::unique_ptr<spool::Spool> spool;
  std::uint64_t bytes = 0;
};

void open_recovers(benchmark::State& state) {
  History history(false);
  history.spool.reset();
  for (auto _ : state) {
    if (!spool::Spool::open(history.folder.path(), {})) std::abort();
  }
}
BENCHMARK(open_recovers)->UseRealTime()->Unit(benchmark::kMillisecond);

void find_a_line(benchmark::State& state) {
  History history(state.range(0) == 1);
  std::uint64_t seq = 1;
  const auto last = history.spool->next_seq().value - 1;
  for (auto _ : state) {
    seq = (seq + 7919) % last + 1;
    if (!spool::Cursor::at(history.spool->published(), Seq{seq})) std::abort();
  }
}
BENCHMARK(find_a_line)->ArgName("compressed")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

void read_lines(benchmark::State& state) {
  History history(state.range(0) == 1);
  for (auto _ : state) {
    spool::LineReader reader(*spool::Cursor::at(history.spool->published(), Seq{1}));
    std::uint64_t size = 0;
    for (auto line = reader.next(); line && *line; line = reader.next()) size += (*line)->text.size();
    state.SetBytesProcessed(state.bytes_processed() + static_cast<std::int64_t>(size));
  }
}
BENCHMARK(read_lines)->ArgName("compressed")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void compress_a_block(benchmark::State& state) {
  std::int64_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Folder folder;
    spool::Options options;
    options.segment_min_age = {};
    options.segment_size = 4 << 20;
    auto spool = *spool::Spool::open(folder.path(), options);
    for (int segment = 1; segment <= 2; ++segment) {
      while (spool->next_seq().value < static_cast<std::uint64_t>(segment) * 1050) (void)spool->append(tail(kLine));
      if (!spool->commit()) std::abort();
    }
    bytes += static_cast<std::int64_t>((*spool->published().snapshot()->closed)[0]->size());
    state.ResumeTiming();
    while (spool->maintain({}, {})->more) {
    }
  }
  state.SetBytesProcessed(bytes);
}
BENCHMARK(compress_a_block)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
