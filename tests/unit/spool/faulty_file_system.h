#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "spool/file_system.h"

namespace newswire::spool {

/// A file system with a bad day: over real files, so that readers see what is written, it counts every call, fails the
/// one it is told to, and knows what would be left after a power loss (after leveldb's fault_injection_test.cc).
class FaultyFileSystem final : public FileSystem {
 public:
  enum class Fault {
    crash,     ///< the call may have had a part of its effect; no later call has any
    io,        ///< the call fails with Errc::io
    no_space,  ///< appends write half and fail; what creates something fails; the rest works
  };
  /// What the power loss leaves of what was not synced.
  enum class Loss {
    none,   ///< all of it: the process was killed, the machine lives
    all,    ///< nothing of it
    part,   ///< of each file some first bytes, of the folder's changes some first ones
    holes,  ///< as `part`, and blocks of 512 zeros among it: sizes reached the disk before data
  };

  explicit FaultyFileSystem(std::string folder) : folder_(std::move(folder)) {}

  /// `count` calls from number `call` (the first is 0) on fail. For `crash` all of them do.
  void fail_at(std::uint64_t call, Fault fault, std::uint64_t count = 1);
  std::uint64_t calls() const { return calls_; }
  bool crashed() const { return crashed_; }
  bool failed() const { return failed_; }

  /// Rewrites the folder as the disk would have it. Call it once, after everything that has files open is gone.
  void lose(Loss loss, std::mt19937_64& random);

  Result<std::unique_ptr<WritableFile>> open(const std::string& path) override;
  Result<std::vector<DirectoryEntry>> list(const std::string& directory) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> create_directory(const std::string& path) override;
  Result<void> sync_directory(const std::string& directory) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;

 private:
  friend class FaultyFile;
  struct Inode {
    std::string synced;
    std::string current;
  };
  using Names = std::map<std::string, std::shared_ptr<Inode>>;
  struct Change {
    std::string directory;
    std::function<void(Names&)> apply;
  };
  enum class Verdict { work, half, fail };
  /// Counts the call; what becomes of it. `grows`: it needs space.
  Verdict next_call(bool grows);
  Error error() const;
  void change(const std::string& path, std::function<void(Names&)> apply);
  std::shared_ptr<Inode> inode(const std::string& path);

  std::string folder_;
  FileSystem& real_ = real_file_system();
  std::uint64_t calls_ = 0;
  std::uint64_t first_ = ~std::uint64_t{0};
  std::uint64_t count_ = 0;
  Fault fault_ = Fault::crash;
  bool crashed_ = false;
  bool failed_ = false;
  Names names_;
  Names durable_;
  std::vector<Change> changes_;  ///< since the last sync of their directory
};

}  // namespace newswire::spool
