// A million feeds from a URL list: how long reading the configuration and giving every feed its schedule takes, at the
// first start and at one with a stored schedule, and how much memory stays. Goals: under 10 s, under 700 MB resident.
// Usage: bench_ingest_million [FEEDS]
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "ingest/pipeline.h"

namespace {

using namespace newswire;
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

// Of this process since it began, which is what the wall clock shows on a machine with nothing else to do.
double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double since(Steady::time_point start) { return std::chrono::duration<double>(Steady::now() - start).count(); }

Time wall_clock() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

void start(const char* name, const std::filesystem::path& folder) {
  const auto begin = Steady::now();
  auto loaded = config::load(folder / "newswire.yaml");
  if (!loaded.ok()) throw std::runtime_error(to_string(loaded.errors.front()));
  const auto config = std::make_shared<const config::Config>(std::move(loaded.config));
  const auto read = since(begin);
  asio::io_context loop(1);
  asio::thread_pool workers(1);
  std::filesystem::create_directories(config->spool.dir);
  auto writer = ingest::Writer::open(*config, wall_clock);
  if (!writer) throw std::runtime_error(to_string(writer.error()));
  ingest::PipelineHooks hooks;
  hooks.now = wall_clock;
  ingest::Pipeline pipeline(loop, workers, **writer, config, ingest::RuleSets{}, std::move(hooks));
  if (auto restored = pipeline.restore(); !restored) throw std::runtime_error(to_string(restored.error()));
  const auto stats = pipeline.schedule_stats();
  std::printf(
      "%-22s %9zu feeds  config %6.2f s  all %6.2f s (CPU %5.2f s)  resident %6.0f MB  schedule %5.1f bytes a feed\n",
      name, stats.feeds, read, since(begin), cpu_seconds(), resident_mb(),
      static_cast<double>(stats.bytes) / static_cast<double>(stats.feeds));
  workers.join();
}

// A row a feed, as after a day of polling.
void store_schedules(const std::filesystem::path& folder) {
  auto loaded = config::load(folder / "newswire.yaml");
  auto store = state::Store::open((loaded.config.state.dir / "state.db").string(), {});
  if (!store) throw std::runtime_error(to_string(store.error()));
  schedule::FeedSchedule known;
  const auto now = wall_clock();
  known.last_poll = known.last_good = schedule::to_stamp(now);
  known.due = known.last_poll + 3600;
  known.exposure_days = 5;
  known.count = 20;
  const auto bytes = schedule::encode(known);
  state::Batch batch;
  for (const auto& feed : loaded.config.feeds) {
    state::FeedHot row;
    row.id = feed.id;
    row.status = "ok";
    row.last_poll = row.last_success = now;
    row.schedule = bytes;
    batch.hot.push_back(std::move(row));
    if (batch.hot.size() < 10'000) continue;
    if (auto done = (*store)->apply(batch); !done) throw std::runtime_error(to_string(done.error()));
    batch = {};
  }
  if (auto done = (*store)->apply(batch); !done) throw std::runtime_error(to_string(done.error()));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int feeds = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    std::string name = (std::filesystem::current_path() / "bench-million-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    const std::filesystem::path folder(name);
    {
      std::ofstream list(folder / "feeds.txt");
      for (int i = 0; i < feeds; ++i) {
        list << "https://site" << i / 3 << ".example.org/category/news-" << i << "/feed.xml\n";
      }
      std::ofstream(folder / "newswire.yaml") << "spool: {dir: spool}\nstate: {dir: state}\ninclude: [feeds.txt]\n";
    }
    // One start a process, so that memory of the one before does not count.
    const auto alone = [&](const std::function<void()>& work) {
      const auto child = ::fork();
      if (child == 0) {
        try {
          work();
        } catch (const std::exception& error) {
          std::cerr << "bench_ingest_million: " << error.what() << '\n';
          std::_Exit(1);
        }
        std::fflush(stdout);
        std::_Exit(0);
      }
      int status = 0;
      ::waitpid(child, &status, 0);
      if (status != 0) throw std::runtime_error("a start failed");
    };
    alone([&] { start("first start", folder); });
    alone([&] { store_schedules(folder); });
    alone([&] { start("with stored schedules", folder); });
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bench_ingest_million: " << error.what() << '\n';
    return 1;
  }
}
