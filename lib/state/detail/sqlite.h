#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "base/seq.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

/// The thin layer over SQLite's C interface that the store needs: results instead of codes, bound values instead of
/// text. One thread at a time.
namespace newswire::state {

/// What SQLite says about `db`, as far as a caller decides by it: no_space, corrupt, busy, else io.
Error error_from_sqlite(sqlite3* db, int code, std::string_view doing);

/// A prepared statement in use; resets itself, so that it can be used again.
class Query {
 public:
  Query(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  ~Query();
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;

  /// Parameters, in order. Text and blobs must live until the statement is done.
  Query& text(std::string_view value);
  Query& blob(std::string_view value);
  Query& number(std::int64_t value);
  Query& number(std::uint64_t value) { return number(static_cast<std::int64_t>(value)); }
  Query& number(std::uint32_t value) { return number(static_cast<std::int64_t>(value)); }
  Query& number(Seq value) { return number(value.value); }
  Query& time(Time value) { return number(static_cast<std::int64_t>(value.time_since_epoch().count())); }

  /// True: a row stands ready. False: done.
  Result<bool> step();
  /// For statements without rows.
  Result<void> run();

  // Columns of the row.
  std::string as_text(int column) const;
  std::int64_t as_number(int column) const;
  std::uint64_t as_count(int column) const { return static_cast<std::uint64_t>(as_number(column)); }
  Seq as_seq(int column) const { return Seq{as_count(column)}; }
  Time as_time(int column) const { return Time(std::chrono::milliseconds(as_number(column))); }

 private:
  sqlite3* db_;
  sqlite3_stmt* statement_;
  int next_parameter_ = 1;
  int bind_code_ = 0;
};

class Database {
 public:
  /// Errc::corrupt (not a database), Errc::busy, Errc::io, Errc::no_space.
  static Result<Database> open(const std::string& path, const std::string& vfs);
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;

  /// Statements without parameters and results, separated by ';'.
  Result<void> execute(const std::string& sql);
  /// A prepared statement, kept for the next time. `sql` is a literal: its address is the key.
  Result<Query> query(const char* sql);
  sqlite3* handle() const noexcept { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const noexcept;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  explicit Database(sqlite3* db) : handle_(db) {}

  std::unique_ptr<sqlite3, Close> handle_;
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

}  // namespace newswire::state
