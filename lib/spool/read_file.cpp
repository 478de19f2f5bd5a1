#include "spool/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "spool/file_system.h"

namespace newswire::spool {

Result<std::shared_ptr<const ReadFile>> ReadFile::open(const std::string& path) {
  // O_NONBLOCK: whatever lies under the name, a FIFO too, opening never waits; it has no effect on a regular file.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return error_from_errno(errno, "open", path);
  return std::make_shared<const ReadFile>(descriptor);
}

ReadFile::~ReadFile() { ::close(descriptor_); }

Result<std::uint64_t> ReadFile::size() const {
  struct stat status = {};
  if (::fstat(descriptor_, &status) != 0) return error_from_errno(errno, "look at", "an open segment");
  return static_cast<std::uint64_t>(status.st_size);
}

Result<std::size_t> ReadFile::read_at(std::uint64_t offset, char* into, std::size_t size) const {
  std::size_t done = 0;
  while (done < size) {
    const auto got = ::pread(descriptor_, into + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return error_from_errno(errno, "read", "an open segment");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<std::size_t> ReadFile::read_at(std::uint64_t offset, std::size_t size, std::string& out) const {
  const auto before = out.size();
  out.resize(before + size);
  auto got = read_at(offset, out.data() + before, size);
  out.resize(before + (got ? *got : 0));
  return got;
}

}  // namespace newswire::spool
