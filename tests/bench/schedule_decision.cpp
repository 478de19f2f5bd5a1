// What one poll costs the scheduler: take_due, learn from the result, plan the next poll, put it back. The goal is at
// most 1 us a poll, amortised over everything (wheel, hosts, price), with a million feeds, and 100 bytes a feed.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <vector>

#include "schedule/scheduler.h"

namespace {

using namespace newswire;
using namespace newswire::schedule;
using std::chrono::seconds;

constexpr std::int64_t kStart = 1'795'507'200;

// Feeds as a running daemon has them: lognormal rates, some hours known, due within their interval.
void fill(Scheduler& scheduler, std::uint32_t feeds, std::uint32_t hosts) {
  std::mt19937 engine(1);
  std::lognormal_distribution<double> rates(std::log(2.0), 1.6);
  std::uniform_int_distribution<std::uint32_t> wait(1, 7200);
  scheduler.reserve(feeds);
  for (std::uint32_t i = 0; i < feeds; ++i) {
    FeedSchedule s;
    s.exposure_days = 20;
    s.count = static_cast<float>(std::min(rates(engine), 500.0) * 20);
    for (auto& hour : s.hours) hour = static_cast<std::uint8_t>(engine());
    s.last_poll = s.last_good = static_cast<Stamp>(kStart - wait(engine));
    s.last_item = s.last_good - 100;
    s.due = static_cast<Stamp>(kStart + wait(engine));
    s.window = 30;
    const HostKey host = engine() % hosts * 0x9E3779B97F4A7C15ULL;
    scheduler.restore(s, host, {}, Time{seconds{kStart}});
  }
}

void poll(benchmark::State& state, std::uint32_t hosts) {
  const auto feeds = static_cast<std::uint32_t>(state.range(0));
  Scheduler scheduler(Settings{});
  fill(scheduler, feeds, hosts);
  Time now{seconds{kStart}};
  PollResult quiet;
  quiet.outcome = Outcome::not_modified;
  PollResult fresh;
  fresh.outcome = Outcome::fresh;
  fresh.items_in_document = 30;
  fresh.body_bytes = 20'000;
  std::uint32_t n = 0;
  std::int64_t polls = 0;
  for (auto _ : state) {
    auto due = scheduler.take_due(now, 1000);
    while (due.empty()) {
      now = std::max(now + seconds{1}, scheduler.next_due());
      due = scheduler.take_due(now, 1000);
    }
    for (const auto feed : due) {
      auto& result = ++n % 5 == 0 ? fresh : quiet;
      if (&result == &fresh) fresh.new_items.assign(1, now - seconds{200});
      result.started = result.finished = now;
      benchmark::DoNotOptimize(scheduler.report(feed, result));
    }
    polls += static_cast<std::int64_t>(due.size());
  }
  state.SetItemsProcessed(polls);
  state.counters["us/poll"] =
      benchmark::Counter(static_cast<double>(polls) / 1e6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes/feed"] = static_cast<double>(scheduler.stats().bytes) / feeds;
}

void SchedulePoll(benchmark::State& state) { poll(state, 0xFFFFFFFF); }
void SchedulePollFewHosts(benchmark::State& state) { poll(state, 200); }
BENCHMARK(SchedulePoll)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(SchedulePollFewHosts)->Arg(100'000);

void ScheduleStart(benchmark::State& state) {
  for (auto _ : state) {
    Scheduler scheduler(Settings{});
    fill(scheduler, static_cast<std::uint32_t>(state.range(0)), 0xFFFFFFFF);
    benchmark::DoNotOptimize(scheduler.next_due());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(ScheduleStart)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
