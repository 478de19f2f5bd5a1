#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace newswire::spool {

/// A file that is only ever appended to. One thread at a time.
class WritableFile {
 public:
  virtual ~WritableFile() = default;

  /// Appends all of `bytes`. On an error a part of them may have been written: cut it with truncate().
  /// Errc::no_space for a full disk or quota, Errc::io otherwise.
  virtual Result<void> append(std::string_view bytes) = 0;
  /// Returns when data and size are on stable storage (fdatasync). After an error nothing written since the last
  /// success may be believed, also after a later success (Linux marks failed pages clean).
  virtual Result<void> sync() = 0;
  /// Cuts the file to `size` bytes; later appends go there.
  virtual Result<void> truncate(std::uint64_t size) = 0;
};

/// Held as long as the object lives.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

struct DirectoryEntry {
  std::string name;
  std::uint64_t size = 0;
};

/// Every call by which the spool changes something on disk. Two implementations: the real one, and the tests' double
/// that fails, or forgets what was not synced, at its n-th call. Reading needs no double: see read_file.h.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// Opens for appending, creating an empty file (mode 0640) if there is none.
  virtual Result<std::unique_ptr<WritableFile>> open(const std::string& path) = 0;
  /// Regular files directly in `directory`, in no order. Errc::not_found if there is no such directory.
  virtual Result<std::vector<DirectoryEntry>> list(const std::string& directory) = 0;
  /// Atomic; replaces `to`. Durable after sync_directory().
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  /// Errc::not_found if it is not there. Open descriptors stay valid.
  virtual Result<void> remove(const std::string& path) = 0;
  /// With its parents, mode 0750; no error if it exists.
  virtual Result<void> create_directory(const std::string& path) = 0;
  /// Makes creations, renames and removals in `directory` durable.
  virtual Result<void> sync_directory(const std::string& directory) = 0;
  /// An exclusive advisory lock that dies with the process. Errc::busy if another process holds it.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;
};

/// The operating system's. Has no state; any thread.
FileSystem& real_file_system();

/// errno as an Error: ENOSPC and EDQUOT are Errc::no_space, ENOENT Errc::not_found, everything else Errc::io; `what`
/// says what was tried, what went wrong and, where a person can act, what to do.
Error error_from_errno(int number, std::string_view tried, std::string_view path);

}  // namespace newswire::spool
