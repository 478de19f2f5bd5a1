#include "state/detail/sqlite.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace newswire::state {

Error error_from_sqlite(sqlite3* db, int code, std::string_view doing) {
  Error error{Errc::io, "cannot " + std::string(doing) + ": " + sqlite3_errstr(code)};
  const char* const path = db == nullptr ? nullptr : sqlite3_db_filename(db, "main");
  if (path != nullptr) error.where = path;
  const int system = db == nullptr ? 0 : sqlite3_system_errno(db);
  switch (code & 0xff) {
    case SQLITE_FULL: error.code = Errc::no_space; break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: error.code = Errc::corrupt; break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      error.code = Errc::busy;
      error.what = "another newswired uses this store; stop it, or choose another folder";
      break;
    case SQLITE_READONLY: error.what += "; its folder must be writable for the user that newswired runs as"; break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      if (system == ENOSPC || system == EDQUOT) error.code = Errc::no_space;
      if (system != 0) error.what += std::string(" (") + std::strerror(system) + ")";
      break;
    default: break;
  }
  if (error.code == Errc::no_space) error.what += "; free some space";
  return error;
}

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);  // repeats the code that step() reported
  sqlite3_clear_bindings(statement_);
}

Query::Query(Query&& other) noexcept
    : db_(other.db_),
      statement_(std::exchange(other.statement_, nullptr)),
      next_parameter_(other.next_parameter_),
      bind_code_(other.bind_code_) {}

Query& Query::text(std::string_view value) {
  const int code = sqlite3_bind_text64(statement_, next_parameter_++, value.empty() ? "" : value.data(), value.size(),
                                       SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) bind_code_ = code;
  return *this;
}

Query& Query::blob(std::string_view value) {
  const int code = sqlite3_bind_blob64(statement_, next_parameter_++, value.empty() ? "" : value.data(), value.size(),
                                       SQLITE_STATIC);
  if (code != SQLITE_OK) bind_code_ = code;
  return *this;
}

Query& Query::number(std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_, next_parameter_++, value);
  if (code != SQLITE_OK) bind_code_ = code;
  return *this;
}

Result<bool> Query::step() {
  const int code = bind_code_ != 0 ? bind_code_ : sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return error_from_sqlite(db_, bind_code_ != 0 ? bind_code_ : sqlite3_extended_errcode(db_), "use the store");
}

Result<void> Query::run() {
  const auto row = step();
  if (!row) return row.error();
  return {};
}

std::string Query::as_text(int column) const {
  // sqlite3_column_blob gives the bytes of text as well, whatever they are.
  const void* const data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? std::string{} : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

std::int64_t Query::as_number(int column) const { return sqlite3_column_int64(statement_, column); }

Result<Database> Database::open(const std::string& path, const std::string& vfs) {
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, vfs.empty() ? nullptr : vfs.c_str());
  Database database(raw);
  if (code != SQLITE_OK) {
    auto error = error_from_sqlite(raw, code, "open the store");
    if (error.where.empty()) error.where = path;
    return error;
  }
  return database;
}

Result<void> Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_from_sqlite(handle_.get(), code, "use the store");
  return {};
}

Result<Query> Database::query(const char* sql) {
  auto& kept = statements_[sql];
  if (!kept) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) {
      statements_.erase(sql);
      return error_from_sqlite(handle_.get(), code, "use the store");
    }
    kept.reset(raw);
  }
  return Query(handle_.get(), kept.get());
}

void Database::Close::operator()(sqlite3* db) const noexcept {
  sqlite3_close_v2(db);  // everything is committed; an error has no taker
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

}  // namespace newswire::state
