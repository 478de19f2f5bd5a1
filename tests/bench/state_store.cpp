// What a poll costs the store. Goals: a 304 rewrites only the small row; seen entries as one blob cost 16 bytes an
// entry and one read and one write a poll (yardstick: a row an entry, 50 reads and writes); a million feeds load in
// seconds. The folder is TMPDIR's.
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "state/store.h"

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
  std::string db() const { return path_ + "/state.db"; }

 private:
  std::string path_;
};

constexpr int kFeeds = 20'000;
constexpr int kEntries = 300;  // seen entries a feed: twice a large document
constexpr int kShown = 50;     // entries of a document

std::string id_of(std::uint64_t n) { return "feed-" + std::to_string(n); }

state::FeedHot hot_row(std::uint64_t n) {
  state::FeedHot hot;
  hot.id = id_of(n);
  hot.due = Time(std::chrono::milliseconds(1'795'507'200'000 + static_cast<std::int64_t>(n)));
  hot.schedule = std::string(64, 's');
  hot.status = "ok";
  return hot;
}

void fill(state::Store& store, int feeds, bool blobs) {
  for (int begin = 0; begin < feeds; begin += 1000) {
    state::Batch batch;
    for (int n = begin; n < std::min(begin + 1000, feeds); ++n) {
      const auto id = static_cast<std::uint64_t>(n);
      batch.hot.push_back(hot_row(id));
      state::FeedHttp http;
      http.id = id_of(id);
      http.url = http.configured_url = "https://www.example.org/feeds/" + std::to_string(n) + ".xml";
      http.etag = "\"5f3c2a1b9d8e7\"";
      batch.http.push_back(http);
      if (blobs) batch.seen.push_back({id_of(id), std::string(kEntries * 16, 'x')});
    }
    if (!store.apply(batch)) std::abort();
  }
}

/// `per_commit` feeds answered 304: their small rows, one transaction.
void not_modified(benchmark::State& bench) {
  Folder folder;
  auto store = *state::Store::open(folder.db(), {});
  fill(*store, kFeeds, true);
  std::mt19937 random(1);
  for (auto _ : bench) {
    state::Batch batch;
    for (int i = 0; i < bench.range(0); ++i) batch.hot.push_back(hot_row(random() % kFeeds));
    if (!store->apply(batch)) std::abort();
  }
  bench.SetItemsProcessed(bench.iterations() * bench.range(0));
}
BENCHMARK(not_modified)->Arg(1)->Arg(50)->UseRealTime();

/// A poll with new entries: validators and blob read, all three rows written.
void new_entries_as_blob(benchmark::State& bench) {
  Folder folder;
  auto store = *state::Store::open(folder.db(), {});
  fill(*store, kFeeds, true);
  std::mt19937 random(1);
  for (auto _ : bench) {
    const auto n = random() % kFeeds;
    const auto http = store->http(id_of(n));
    auto seen = store->seen(id_of(n));
    if (!http || !*http || !seen || !*seen) std::abort();
    state::Batch batch;
    batch.hot.push_back(hot_row(n));
    batch.http.push_back(**http);
    batch.seen.push_back({id_of(n), **seen});
    batch.high_water = Seq{1};
    if (!store->apply(batch)) std::abort();
  }
  bench.SetItemsProcessed(bench.iterations());
}
BENCHMARK(new_entries_as_blob)->UseRealTime();

/// The yardstick: a row an entry, as most feed readers do, in the same SQLite with the same settings.
void new_entries_as_rows(benchmark::State& bench) {
  Folder folder;
  sqlite3* db = nullptr;
  if (sqlite3_open(folder.db().c_str(), &db) != SQLITE_OK) std::abort();
  const auto run = [db](const char* sql) {
    if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) std::abort();
  };
  run("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32768;"
      "CREATE TABLE seen(feed INTEGER, key INTEGER, content INTEGER, PRIMARY KEY(feed, key)) WITHOUT ROWID;");
  constexpr int kRowFeeds = 2'000;  // 20,000 feeds would be six million rows
  run("BEGIN");
  sqlite3_stmt* put = nullptr;
  sqlite3_prepare_v2(db, "INSERT OR REPLACE INTO seen VALUES(?, ?, ?)", -1, &put, nullptr);
  std::mt19937_64 random(1);
  const auto put_row = [&](std::int64_t feed, std::int64_t key) {
    sqlite3_bind_int64(put, 1, feed);
    sqlite3_bind_int64(put, 2, key);
    sqlite3_bind_int64(put, 3, static_cast<std::int64_t>(random() >> 1));
    if (sqlite3_step(put) != SQLITE_DONE) std::abort();
    sqlite3_reset(put);
  };
  const auto key_of = [](std::int64_t feed, std::int64_t entry) {
    return (feed * 1000 + entry) * 0x9E3779B97F4A7C1 >> 3;
  };
  for (std::int64_t feed = 0; feed < kRowFeeds; ++feed) {
    for (std::int64_t entry = 0; entry < kEntries; ++entry) put_row(feed, key_of(feed, entry));
  }
  run("COMMIT");
  sqlite3_stmt* get = nullptr;
  sqlite3_prepare_v2(db, "SELECT content FROM seen WHERE feed = ? AND key = ?", -1, &get, nullptr);
  for (auto _ : bench) {
    const auto feed = static_cast<std::int64_t>(random() % kRowFeeds);
    run("BEGIN IMMEDIATE");
    for (std::int64_t entry = 0; entry < kShown; ++entry) {
      sqlite3_bind_int64(get, 1, feed);
      sqlite3_bind_int64(get, 2, key_of(feed, entry));
      if (sqlite3_step(get) != SQLITE_ROW) std::abort();
      sqlite3_reset(get);
      put_row(feed, key_of(feed, entry));  // its time of last sight
    }
    run("COMMIT");
  }
  sqlite3_finalize(get);
  sqlite3_finalize(put);
  sqlite3_close(db);
  bench.SetItemsProcessed(bench.iterations());
}
BENCHMARK(new_entries_as_rows)->UseRealTime();

/// Bytes on disk for a seen entry.
void bytes_an_entry(benchmark::State& bench) {
  for (auto _ : bench) {
    Folder with;
    Folder without;
    {
      auto store = *state::Store::open(with.db(), {});
      fill(*store, 2000, true);
    }
    {
      auto store = *state::Store::open(without.db(), {});
      fill(*store, 2000, false);
    }
    const auto size = std::filesystem::file_size(with.db()) - std::filesystem::file_size(without.db());
    bench.counters["bytes"] = static_cast<double>(size) / 2000 / kEntries;
  }
}
BENCHMARK(bytes_an_entry)->Iterations(1);

/// The start of a daemon with many feeds.
void load_all_feeds(benchmark::State& bench) {
  Folder folder;
  const auto feeds = static_cast<int>(bench.range(0));
  {
    auto store = *state::Store::open(folder.db(), {});
    fill(*store, feeds, false);
  }
  for (auto _ : bench) {
    auto store = *state::Store::open(folder.db(), {});
    int count = 0;
    const auto done = store->each_hot([&count](state::FeedHot&&) { return ++count > 0; });
    if (!done || count != feeds) std::abort();
  }
  bench.SetItemsProcessed(bench.iterations() * feeds);
}
BENCHMARK(load_all_feeds)->Arg(100'000)->Arg(1'000'000)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
