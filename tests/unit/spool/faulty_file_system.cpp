#include "faulty_file_system.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "support.h"

namespace newswire::spool {

class FaultyFile final : public WritableFile {
 public:
  FaultyFile(FaultyFileSystem& files, std::unique_ptr<WritableFile> real,
             std::shared_ptr<FaultyFileSystem::Inode> inode)
      : files_(files), real_(std::move(real)), inode_(std::move(inode)) {}

  Result<void> append(std::string_view bytes) override {
    const auto verdict = files_.next_call(true);
    if (verdict == FaultyFileSystem::Verdict::fail) return files_.error();
    const auto part = verdict == FaultyFileSystem::Verdict::half ? bytes.substr(0, bytes.size() / 2) : bytes;
    const auto done = real_->append(part);
    if (done) inode_->current += part;
    return verdict == FaultyFileSystem::Verdict::half ? Result<void>(files_.error()) : done;
  }

  Result<void> sync() override {
    if (files_.next_call(false) != FaultyFileSystem::Verdict::work) return files_.error();
    inode_->synced = inode_->current;
    return {};
  }

  Result<void> truncate(std::uint64_t size) override {
    if (files_.next_call(false) != FaultyFileSystem::Verdict::work) return files_.error();
    inode_->current.resize(static_cast<std::size_t>(size));
    return real_->truncate(size);
  }

 private:
  FaultyFileSystem& files_;
  std::unique_ptr<WritableFile> real_;
  std::shared_ptr<FaultyFileSystem::Inode> inode_;
};

void FaultyFileSystem::fail_at(std::uint64_t call, Fault fault, std::uint64_t count) {
  first_ = call;
  fault_ = fault;
  count_ = count;
}

FaultyFileSystem::Verdict FaultyFileSystem::next_call(bool grows) {
  const auto call = calls_++;
  if (crashed_) return Verdict::fail;
  if (call < first_ || call - first_ >= count_) return Verdict::work;
  if (fault_ == Fault::no_space && !grows) return Verdict::work;
  failed_ = true;
  crashed_ = fault_ == Fault::crash;
  // A call that crashes may have had its effect, in part, or none; appends show the part, the others none.
  return grows ? Verdict::half : Verdict::fail;
}

Error FaultyFileSystem::error() const {
  if (fault_ == Fault::no_space) return Error{Errc::no_space, "injected: no space", {}};
  return Error{Errc::io, crashed_ ? "injected: crash" : "injected: I/O error", {}};
}

std::shared_ptr<FaultyFileSystem::Inode> FaultyFileSystem::inode(const std::string& path) {
  const auto known = names_.find(path);
  if (known != names_.end()) return known->second;
  // It was there before us: durable.
  auto made = std::make_shared<Inode>();
  made->synced = made->current = read_file(path);
  names_[path] = durable_[path] = made;
  return made;
}

void FaultyFileSystem::change(const std::string& path, std::function<void(Names&)> apply) {
  apply(names_);
  changes_.push_back({std::filesystem::path(path).parent_path().string(), std::move(apply)});
}

Result<std::unique_ptr<WritableFile>> FaultyFileSystem::open(const std::string& path) {
  const bool exists = std::filesystem::exists(path);
  if (next_call(!exists) != Verdict::work) return error();
  if (exists) (void)inode(path);
  auto real = real_.open(path);
  if (!real) return real.error();
  if (!exists) {
    auto fresh = std::make_shared<Inode>();
    change(path, [path, fresh](Names& names) { names[path] = fresh; });
  }
  return std::unique_ptr<WritableFile>(std::make_unique<FaultyFile>(*this, *std::move(real), names_.at(path)));
}

Result<std::vector<DirectoryEntry>> FaultyFileSystem::list(const std::string& directory) {
  if (next_call(false) != Verdict::work) return error();
  return real_.list(directory);
}

Result<void> FaultyFileSystem::rename(const std::string& from, const std::string& to) {
  if (next_call(false) != Verdict::work) return error();
  const auto moved = inode(from);
  const auto done = real_.rename(from, to);
  if (!done) return done;
  change(from, [from, to, moved](Names& names) {
    names.erase(from);
    names[to] = moved;
  });
  return {};
}

Result<void> FaultyFileSystem::remove(const std::string& path) {
  if (next_call(false) != Verdict::work) return error();
  if (std::filesystem::exists(path)) (void)inode(path);
  const auto done = real_.remove(path);
  if (!done) return done;
  change(path, [path](Names& names) { names.erase(path); });
  return {};
}

Result<void> FaultyFileSystem::create_directory(const std::string& path) {
  if (next_call(true) != Verdict::work) return error();
  return real_.create_directory(path);  // durable at once: nothing hangs on it
}

Result<void> FaultyFileSystem::sync_directory(const std::string& directory) {
  if (next_call(false) != Verdict::work) return error();
  std::vector<Change> later;
  for (auto& one : changes_) {
    if (one.directory == directory) {
      one.apply(durable_);
    } else {
      later.push_back(std::move(one));
    }
  }
  changes_ = std::move(later);
  return {};
}

Result<std::unique_ptr<FileLock>> FaultyFileSystem::lock(const std::string& path) {
  if (next_call(false) != Verdict::work) return error();
  return real_.lock(path);
}

void FaultyFileSystem::lose(Loss loss, std::mt19937_64& random) {
  if (loss == Loss::none) return;
  const auto up_to = [&random](std::size_t most) { return static_cast<std::size_t>(random() % (most + 1)); };
  auto left = durable_;
  const auto kept = loss == Loss::all ? 0 : up_to(changes_.size());
  for (std::size_t i = 0; i < kept; ++i) changes_[i].apply(left);
  // Files that were never touched stay as they are; the others are written anew.
  for (const auto& [path, inode] : names_) std::filesystem::remove(path);
  for (const auto& [path, inode] : left) {
    auto content = inode->synced;
    const auto& current = inode->current;
    if (loss != Loss::all && current != content) {
      // What both have in common is safe. Of what differs: the state of the last sync, or, block by block, of now.
      const auto same = static_cast<std::size_t>(
          std::mismatch(content.begin(), content.end(), current.begin(), current.end()).first - content.begin());
      if (same == content.size() || up_to(1) == 1) {
        content = current.substr(0, same + up_to(current.size() - same));
        for (std::size_t block = (same + 511) / 512; loss == Loss::holes && block < content.size() / 512; ++block) {
          if (up_to(3) == 0) content.replace(block * 512, 512, 512, '\0');
        }
      }
    }
    write_file(path, content);
  }
}

}  // namespace newswire::spool
