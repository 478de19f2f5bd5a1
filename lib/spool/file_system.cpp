#include "spool/file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace newswire::spool {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);  // nothing to be done about an error; durability came from sync()
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  int get() const noexcept { return number_; }

 private:
  int number_;
};

class RealFile final : public WritableFile {
 public:
  RealFile(Descriptor descriptor, std::string path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto written = ::write(descriptor_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return error_from_errno(errno, "write to", path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<void> sync() override {
    while (::fdatasync(descriptor_.get()) != 0) {
      if (errno != EINTR) return error_from_errno(errno, "sync", path_);
    }
    return {};
  }

  Result<void> truncate(std::uint64_t size) override {
    while (::ftruncate(descriptor_.get(), static_cast<off_t>(size)) != 0) {
      if (errno != EINTR) return error_from_errno(errno, "cut", path_);
    }
    return {};  // O_APPEND: the next write goes to the new end
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

class RealLock final : public FileLock {
 public:
  explicit RealLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;
};

class RealFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<WritableFile>> open(const std::string& path) override {
    Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (descriptor.get() < 0) return error_from_errno(errno, "open", path);
    return std::unique_ptr<WritableFile>(std::make_unique<RealFile>(std::move(descriptor), path));
  }

  Result<std::vector<DirectoryEntry>> list(const std::string& directory) override {
    const auto close = [](DIR* stream) { ::closedir(stream); };
    const std::unique_ptr<DIR, decltype(close)> stream(::opendir(directory.c_str()), close);
    if (!stream) return error_from_errno(errno, "read the folder", directory);
    std::vector<DirectoryEntry> entries;
    for (;;) {
      errno = 0;
      const auto* entry = ::readdir(stream.get());
      if (entry == nullptr) break;
      struct stat status = {};
      if (::fstatat(::dirfd(stream.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) continue;  // removed meanwhile
        return error_from_errno(errno, "look at", directory + "/" + entry->d_name);
      }
      if (S_ISREG(status.st_mode)) entries.push_back({entry->d_name, static_cast<std::uint64_t>(status.st_size)});
    }
    if (errno != 0) return error_from_errno(errno, "read the folder", directory);
    return entries;
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return error_from_errno(errno, "rename", from);
    return {};
  }

  Result<void> remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return error_from_errno(errno, "remove", path);
    return {};
  }

  Result<void> create_directory(const std::string& path) override {
    for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
      const auto part = path.substr(0, at);
      if (::mkdir(part.c_str(), 0750) != 0 && errno != EEXIST) {
        struct stat status = {};  // a parent on a read-only file system may well exist
        const int reason = errno;
        if (::stat(part.c_str(), &status) != 0) return error_from_errno(reason, "create the folder", part);
      }
      if (at == path.npos) return {};
    }
  }

  Result<void> sync_directory(const std::string& directory) override {
    const Descriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.get() < 0) return error_from_errno(errno, "open the folder", directory);
    if (::fsync(descriptor.get()) != 0) return error_from_errno(errno, "sync the folder", directory);
    return {};
  }

  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override {
    Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (descriptor.get() < 0) return error_from_errno(errno, "open", path);
    if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return error_from_errno(errno, "lock", path);
      return Error{Errc::busy, "another newswired writes to this spool; stop it, or choose another folder", path};
    }
    return std::unique_ptr<FileLock>(std::make_unique<RealLock>(std::move(descriptor)));
  }
};

const char* advice(int number) noexcept {
  switch (number) {
    case ENOSPC: return "; free some space, or lower the spool's retention";
    case EDQUOT: return "; raise the quota, or lower the spool's retention";
    case EROFS:
      return "; remount it writable (the kernel log says why it is not), choose another folder, or name it in "
             "ReadWritePaths= of the service";
    case EMFILE: return "; raise LimitNOFILE of the service";
    case ENFILE: return "; raise fs.file-max of the system";
    case EACCES: return "; it must belong to the user that newswired runs as";
    case EIO: return "; the device failed: look at the kernel log and at the disk's health";
    default: return "";
  }
}

}  // namespace

FileSystem& real_file_system() {
  static RealFileSystem files;  // no state
  return files;
}

Error error_from_errno(int number, std::string_view tried, std::string_view path) {
  Errc code = Errc::io;
  if (number == ENOSPC || number == EDQUOT) code = Errc::no_space;
  if (number == ENOENT) code = Errc::not_found;
  std::string what = "cannot " + std::string(tried) + ": " + std::strerror(number) + advice(number);
  return Error{code, std::move(what), std::string(path)};
}

}  // namespace newswire::spool
