#include "input_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace newswire::daemon {
namespace {

constexpr std::size_t kFirstRead = std::size_t{64} << 10U;

Error failed(const char* what, const std::string& name) {
  return {Errc::io, std::string(what) + ": " + std::strerror(errno), name};  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace

Result<std::string> read_input(const std::string& name, std::size_t most) {
  const bool standard = name == "-";
  const int fd = standard ? STDIN_FILENO : ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed("cannot open the file", name);
  Result<std::string> bytes = std::string();
  std::size_t size = 0;
  while (bytes) {
    bytes->resize(std::min(std::max(kFirstRead, size * 2), most + 1));
    const auto got = ::read(fd, bytes->data() + size, bytes->size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      bytes = failed("cannot read the file", name);
      break;
    }
    size += static_cast<std::size_t>(got);
    if (got == 0) break;
    if (size > most) bytes = Error{Errc::too_large, "is larger than " + std::to_string(most >> 20U) + " MiB", name};
  }
  if (bytes) bytes->resize(size);
  if (!standard) ::close(fd);
  return bytes;
}

}  // namespace newswire::daemon
