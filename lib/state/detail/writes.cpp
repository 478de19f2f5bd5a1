#include "state/detail/writes.h"

#include <string_view>

namespace newswire::state {
namespace {

/// The feed's key; a feed that is not known yet gets an empty row.
Result<std::int64_t> key_of(Database& database, std::string_view id) {
  {
    auto known = database.query("SELECT key FROM feed WHERE id = ?");
    if (!known) return known.error();
    const auto row = known->text(id).step();
    if (!row) return row.error();
    if (*row) return known->as_number(0);
  }
  auto added = database.query("INSERT INTO feed(id) VALUES(?) RETURNING key");
  if (!added) return added.error();
  const auto row = added->text(id).step();
  if (!row) return row.error();
  const auto key = added->as_number(0);
  const auto done = added->step();  // to its end, or the row is not there
  if (!done) return done.error();
  return key;
}

Result<void> forget_feed(Database& database, std::string_view id) {
  for (const char* const sql :
       {"DELETE FROM feed_http WHERE key = (SELECT key FROM feed WHERE id = ?)",
        "DELETE FROM feed_seen WHERE key = (SELECT key FROM feed WHERE id = ?)", "DELETE FROM feed WHERE id = ?"}) {
    auto query = database.query(sql);
    if (!query) return query.error();
    if (const auto done = query->text(id).run(); !done) return done;
  }
  return {};
}

Result<void> forget(Database& database, const char* sql, std::string_view key) {
  auto query = database.query(sql);
  if (!query) return query.error();
  return query->text(key).run();
}

Result<void> write(Database& database, const FeedHot& hot) {
  auto query = database.query(
      "INSERT INTO feed(id, due, last_poll, last_success, last_new, failures, polls, articles, status, schedule)"
      " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT(id) DO UPDATE SET due = excluded.due, last_poll = excluded.last_poll,"
      " last_success = excluded.last_success, last_new = excluded.last_new, failures = excluded.failures,"
      " polls = excluded.polls, articles = excluded.articles, status = excluded.status, schedule = excluded.schedule");
  if (!query) return query.error();
  query->text(hot.id).time(hot.due).time(hot.last_poll).time(hot.last_success).time(hot.last_new);
  query->number(hot.failures).number(hot.polls).number(hot.articles).text(hot.status).blob(hot.schedule);
  return query->run();
}

Result<void> write(Database& database, const FeedHttp& http) {
  const auto key = key_of(database, http.id);
  if (!key) return key.error();
  auto query = database.query("INSERT OR REPLACE INTO feed_http VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!query) return query.error();
  query->number(*key).text(http.configured_url).text(http.url).blob(http.etag).blob(http.last_modified);
  query->text(http.redirect_url).time(http.redirect_since).number(http.redirect_count).text(http.title);
  return query->text(http.error).blob(http.body_hash).blob(http.extra).run();
}

Result<void> write(Database& database, const FeedSeen& seen) {
  const auto key = key_of(database, seen.id);
  if (!key) return key.error();
  auto query = database.query("INSERT OR REPLACE INTO feed_seen VALUES(?, ?)");
  if (!query) return query.error();
  return query->number(*key).blob(seen.blob).run();
}

Result<void> write(Database& database, const Consumer& consumer) {
  auto query = database.query("INSERT OR REPLACE INTO consumer VALUES(?, ?, ?)");
  if (!query) return query.error();
  return query->text(consumer.name).number(consumer.acknowledged).time(consumer.updated).run();
}

Result<void> write(Database& database, const SiteModel& model) {
  auto query = database.query("INSERT OR REPLACE INTO site_model VALUES(?, ?, ?)");
  if (!query) return query.error();
  return query->text(model.site).time(model.used).blob(model.blob).run();
}

Result<void> write(Database& database, const Host& host) {
  if (host.until == Time{}) return forget(database, "DELETE FROM host WHERE host = ?", host.host);
  auto query = database.query("INSERT OR REPLACE INTO host VALUES(?, ?, ?)");
  if (!query) return query.error();
  return query->text(host.host).time(host.until).blob(host.blob).run();
}

template <class Row>
Result<void> write_all(Database& database, const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    if (const auto done = write(database, row); !done) return done;
  }
  return {};
}

Result<void> forget_all(Database& database, const Batch& batch) {
  for (const auto& id : batch.forget_feeds) {
    if (const auto done = forget_feed(database, id); !done) return done;
  }
  for (const auto& name : batch.forget_consumers) {
    if (const auto done = forget(database, "DELETE FROM consumer WHERE name = ?", name); !done) return done;
  }
  for (const auto& site : batch.forget_models) {
    if (const auto done = forget(database, "DELETE FROM site_model WHERE site = ?", site); !done) return done;
  }
  return {};
}

}  // namespace

Result<void> write_batch(Database& database, const Batch& batch) {
  auto done = forget_all(database, batch);
  if (done) done = write_all(database, batch.hot);
  if (done) done = write_all(database, batch.http);
  if (done) done = write_all(database, batch.seen);
  if (done) done = write_all(database, batch.consumers);
  if (done) done = write_all(database, batch.models);
  if (done) done = write_all(database, batch.hosts);
  if (!done || !batch.high_water) return done;
  auto query = database.query("INSERT OR REPLACE INTO meta(key, value) VALUES('high_water', ?)");
  if (!query) return query.error();
  return query->blob(std::to_string(batch.high_water->value)).run();
}

}  // namespace newswire::state
