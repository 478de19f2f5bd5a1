#pragma once

#include <array>

/// The store's tables, as one script for each version; a store at version n needs the scripts from n on.
namespace newswire::state {

inline constexpr std::array kMigrations{
    // 1. Feeds are three tables, so that a 304 rewrites only `feed`, and a moved validator does not rewrite the seen
    // entries. `key` stands for the id in the other two. Times are milliseconds since 1970, 0 for never.
    R"(
    CREATE TABLE feed(
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      due INTEGER NOT NULL DEFAULT 0,
      last_poll INTEGER NOT NULL DEFAULT 0,
      last_success INTEGER NOT NULL DEFAULT 0,
      last_new INTEGER NOT NULL DEFAULT 0,
      failures INTEGER NOT NULL DEFAULT 0,
      polls INTEGER NOT NULL DEFAULT 0,
      articles INTEGER NOT NULL DEFAULT 0,
      status TEXT NOT NULL DEFAULT '',
      schedule BLOB NOT NULL DEFAULT x''
    ) STRICT;
    CREATE TABLE feed_http(
      key INTEGER PRIMARY KEY,
      configured_url TEXT NOT NULL,
      url TEXT NOT NULL,
      etag BLOB NOT NULL,
      last_modified BLOB NOT NULL,
      redirect_url TEXT NOT NULL,
      redirect_since INTEGER NOT NULL,
      redirect_count INTEGER NOT NULL,
      title TEXT NOT NULL,
      error TEXT NOT NULL,
      body_hash BLOB NOT NULL,
      extra BLOB NOT NULL
    ) STRICT;
    CREATE TABLE feed_seen(
      key INTEGER PRIMARY KEY,
      seen BLOB NOT NULL
    ) STRICT;
    CREATE TABLE consumer(
      name TEXT PRIMARY KEY,
      acknowledged INTEGER NOT NULL,
      updated INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE site_model(
      site TEXT PRIMARY KEY,
      used INTEGER NOT NULL,
      model BLOB NOT NULL
    ) STRICT;
    CREATE TABLE host(
      host TEXT PRIMARY KEY,
      until INTEGER NOT NULL,
      extra BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE meta(
      key TEXT PRIMARY KEY,
      value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    )",
};

}  // namespace newswire::state
