#include "state/detail/opening.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "state/detail/schema.h"

namespace newswire::state {
namespace {

/// Up to this size every page is looked at when the store is opened (0.2 s for a warm 64 MiB); a larger one is checked
/// by being used.
constexpr std::uintmax_t kCheckedSize = std::uintmax_t{64} << 20;

Result<int> version_of(Database& database) {
  auto query = database.query("PRAGMA user_version");
  if (!query) return query.error();
  const auto row = query->step();
  if (!row) return row.error();
  return static_cast<int>(query->as_number(0));
}

Result<void> set_up(Database& database, const Options& options) {
  const auto cache_kib = std::max<std::uint64_t>(options.cache_bytes / 1024, 1024);
  // EXCLUSIVE before WAL: then there is no shared memory file, and no lock to take for each transaction (up to three
  // times cheaper). The transaction takes the lock now, so that a second daemon is refused here and not later.
  return database.execute(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=OFF;"
      "PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=4000;"
      "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-" +
      std::to_string(cache_kib) + "; BEGIN EXCLUSIVE; COMMIT;");
}

Result<void> check(Database& database, const std::string& path) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  if (ignored || size > kCheckedSize) return {};
  auto query = database.query("PRAGMA quick_check(1)");
  if (!query) return query.error();
  const auto row = query->step();
  if (!row) return row.error();
  const auto answer = *row ? query->as_text(0) : std::string("ok");
  if (answer == "ok") return {};
  return Error{Errc::corrupt, "the store does not verify: " + answer, path};
}

Result<int> migrate(Database& database, const std::string& path) {
  const auto version = version_of(database);
  if (!version) return version;
  const auto known = static_cast<int>(kMigrations.size());
  if (*version < 0 || *version > known) {
    return Error{Errc::unsupported,
                 "written by a newer newswired (schema " + std::to_string(*version) + ", this one knows " +
                     std::to_string(known) + "); upgrade, or move the file away to begin anew",
                 path};
  }
  for (int at = *version; at < known; ++at) {
    const auto step = database.execute("BEGIN IMMEDIATE;" + std::string(kMigrations[static_cast<std::size_t>(at)]) +
                                       ";PRAGMA user_version=" + std::to_string(at + 1) + ";COMMIT;");
    if (!step) {
      (void)database.execute("ROLLBACK");  // fails when SQLite has rolled back by itself
      return step.error();
    }
  }
  return *version;
}

Result<Database> try_open(const std::string& path, const Options& options, Opened& opened) {
  auto database = Database::open(path, options.vfs);
  if (!database) return database;
  if (const auto done = set_up(*database, options); !done) return done.error();
  if (const auto done = check(*database, path); !done) return done.error();
  const auto from = migrate(*database, path);
  if (!from) return from.error();
  opened.created = *from == 0;
  const bool current = *from == static_cast<int>(kMigrations.size());
  opened.migrated_from = opened.created || current ? 0 : *from;
  return database;
}

/// "20261124T081301": a time that a file name can hold.
std::string stamp(Time now) {
  std::string text;
  for (const char c : to_rfc3339(std::chrono::floor<std::chrono::seconds>(now))) {
    if (c != '-' && c != ':' && c != 'Z') text.push_back(c);
  }
  return text;
}

Result<std::string> move_aside(const std::string& path, Time now) {
  std::string target = path + ".corrupt-" + stamp(now);
  for (int number = 2; ::access(target.c_str(), F_OK) == 0; ++number) {
    target = path + ".corrupt-" + stamp(now) + "-" + std::to_string(number);
  }
  for (const char* const ending : {"-wal", "-shm", ""}) {  // the file last: then it is complete
    if (::rename((path + ending).c_str(), (target + ending).c_str()) != 0 && errno != ENOENT) {
      return Error{Errc::io, std::string("cannot move a corrupt store away: ") + std::strerror(errno), path};
    }
  }
  return target;
}

Result<void> make_parent(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  std::error_code failed;
  if (!parent.empty()) std::filesystem::create_directories(parent, failed);
  if (failed) return Error{Errc::io, "cannot create the folder: " + failed.message(), parent.string()};
  return {};
}

}  // namespace

Result<Ready> open_or_begin(const std::string& path, const Options& options) {
  if (const auto done = make_parent(path); !done) return done.error();
  Opened opened;
  auto database = try_open(path, options, opened);
  if (!database && database.error().code == Errc::corrupt) {
    opened.why = database.error().what;
    auto target = move_aside(path, options.now);
    if (!target) return target.error();
    opened.set_aside = *std::move(target);
    database = try_open(path, options, opened);
  }
  if (!database) return database.error();
  return Ready{*std::move(database), std::move(opened)};
}

}  // namespace newswire::state
