#include "state/store.h"

#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

#include "state/detail/opening.h"
#include "state/detail/sqlite.h"
#include "state/detail/writes.h"

namespace newswire::state {

bool Batch::empty() const {
  return forget_feeds.empty() && forget_consumers.empty() && forget_models.empty() && hot.empty() && http.empty() &&
         seen.empty() && consumers.empty() && models.empty() && hosts.empty() && !high_water;
}

struct Store::Parts {
  Database database;
  Opened opened;
  std::string path;
  std::optional<Seq> high_water;
};

namespace {

constexpr const char* kHotColumns =
    "SELECT id, due, last_poll, last_success, last_new, failures, polls, articles, status, schedule FROM feed";

FeedHot read_hot(const Query& row) {
  FeedHot hot;
  hot.id = row.as_text(0);
  hot.due = row.as_time(1);
  hot.last_poll = row.as_time(2);
  hot.last_success = row.as_time(3);
  hot.last_new = row.as_time(4);
  hot.failures = static_cast<std::uint32_t>(row.as_number(5));
  hot.polls = row.as_count(6);
  hot.articles = row.as_count(7);
  hot.status = row.as_text(8);
  hot.schedule = row.as_text(9);
  return hot;
}

/// Written in decimal: SQLite's integers end at half of ours.
std::optional<Seq> parse_seq(std::string_view digits) {
  Seq seq;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), seq.value);
  if (ec != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return seq;
}

/// One value, or nothing, for a key.
Result<std::optional<std::string>> value_for(Database& database, const char* sql, std::string_view key) {
  auto query = database.query(sql);
  if (!query) return query.error();
  const auto row = query->text(key).step();
  if (!row) return row.error();
  if (!*row) return std::optional<std::string>{};
  return std::optional<std::string>(query->as_text(0));
}

}  // namespace

Store::Store(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::string& path, Options options) {
  auto ready = open_or_begin(path, options);
  if (!ready) return ready.error();
  auto parts = std::make_unique<Parts>(Parts{std::move(ready->database), std::move(ready->opened), path, std::nullopt});
  {
    auto query = parts->database.query("SELECT value FROM meta WHERE key = 'high_water'");
    if (!query) return query.error();
    const auto row = query->step();
    if (!row) return row.error();
    if (*row) parts->high_water = parse_seq(query->as_text(0));
  }
  return std::unique_ptr<Store>(new Store(std::move(parts)));
}

const Opened& Store::opened() const noexcept { return parts_->opened; }
std::optional<Seq> Store::high_water() const noexcept { return parts_->high_water; }

Result<void> Store::apply(const Batch& batch) {
  if (batch.empty()) return {};
  auto& database = parts_->database;
  if (const auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return begun;
  auto written = write_batch(database, batch);
  if (written) written = database.execute("COMMIT");
  if (!written) {
    (void)database.execute("ROLLBACK");  // fails when SQLite has rolled back by itself
    return written;
  }
  if (batch.high_water) parts_->high_water = batch.high_water;
  return {};
}

Result<void> Store::sync() {
  // A commit under FULL syncs the WAL, and with it every commit before. The write makes it a commit.
  auto& database = parts_->database;
  auto done = database.execute("PRAGMA synchronous=FULL; BEGIN IMMEDIATE");
  if (done) {
    auto query = database.query(
        "INSERT INTO meta(key, value) VALUES('syncs', x'01') ON CONFLICT(key) DO UPDATE SET value = value");
    done = query ? query->run() : Result<void>(query.error());
  }
  if (done) done = database.execute("COMMIT");
  if (!done) (void)database.execute("ROLLBACK");  // as above
  const auto back = database.execute("PRAGMA synchronous=NORMAL");
  return done ? back : done;
}

Result<void> Store::each_hot(const std::function<bool(FeedHot&&)>& row) const {
  auto query = parts_->database.query(kHotColumns);
  if (!query) return query.error();
  for (;;) {
    const auto more = query->step();
    if (!more) return more.error();
    if (!*more || !row(read_hot(*query))) return {};
  }
}

Result<std::optional<FeedHot>> Store::hot(std::string_view id) const {
  auto query = parts_->database.query(
      "SELECT id, due, last_poll, last_success, last_new, failures, polls, articles, status, schedule FROM feed WHERE "
      "id = ?");
  if (!query) return query.error();
  const auto row = query->text(id).step();
  if (!row) return row.error();
  if (!*row) return std::optional<FeedHot>{};
  return std::optional<FeedHot>(read_hot(*query));
}

Result<std::optional<FeedHttp>> Store::http(std::string_view id) const {
  auto query = parts_->database.query(
      "SELECT configured_url, url, etag, last_modified, redirect_url, redirect_since, redirect_count, title, error,"
      " body_hash, extra FROM feed_http WHERE key = (SELECT key FROM feed WHERE id = ?)");
  if (!query) return query.error();
  const auto row = query->text(id).step();
  if (!row) return row.error();
  if (!*row) return std::optional<FeedHttp>{};
  FeedHttp http;
  http.id = id;
  http.configured_url = query->as_text(0);
  http.url = query->as_text(1);
  http.etag = query->as_text(2);
  http.last_modified = query->as_text(3);
  http.redirect_url = query->as_text(4);
  http.redirect_since = query->as_time(5);
  http.redirect_count = static_cast<std::uint32_t>(query->as_number(6));
  http.title = query->as_text(7);
  http.error = query->as_text(8);
  http.body_hash = query->as_text(9);
  http.extra = query->as_text(10);
  return std::optional<FeedHttp>(std::move(http));
}

Result<std::optional<std::string>> Store::seen(std::string_view id) const {
  return value_for(parts_->database, "SELECT seen FROM feed_seen WHERE key = (SELECT key FROM feed WHERE id = ?)", id);
}

Result<std::vector<Consumer>> Store::consumers() const {
  auto query = parts_->database.query("SELECT name, acknowledged, updated FROM consumer ORDER BY name");
  if (!query) return query.error();
  std::vector<Consumer> all;
  for (;;) {
    const auto row = query->step();
    if (!row) return row.error();
    if (!*row) return all;
    all.push_back({query->as_text(0), query->as_seq(1), query->as_time(2)});
  }
}

Result<std::optional<std::string>> Store::model(std::string_view site) const {
  return value_for(parts_->database, "SELECT model FROM site_model WHERE site = ?", site);
}

Result<std::vector<Host>> Store::hosts() const {
  auto query = parts_->database.query("SELECT host, until, extra FROM host");
  if (!query) return query.error();
  std::vector<Host> all;
  for (;;) {
    const auto row = query->step();
    if (!row) return row.error();
    if (!*row) return all;
    all.push_back({query->as_text(0), query->as_time(1), query->as_text(2)});
  }
}

Result<std::uint64_t> Store::trim_models(std::uint64_t keep) {
  auto query = parts_->database.query(
      "DELETE FROM site_model WHERE site IN (SELECT site FROM site_model ORDER BY used DESC, site LIMIT -1 OFFSET ?)"
      " RETURNING 1");
  if (!query) return query.error();
  query->number(keep);
  for (std::uint64_t gone = 0;; ++gone) {
    const auto row = query->step();
    if (!row) return row.error();
    if (!*row) return gone;
  }
}

std::uint64_t Store::size_bytes() const {
  std::uint64_t total = 0;
  for (const char* const ending : {"", "-wal"}) {
    std::error_code none;  // without a WAL there is nothing to add
    const auto size = std::filesystem::file_size(parts_->path + ending, none);
    if (!none) total += size;
  }
  return total;
}

}  // namespace newswire::state
