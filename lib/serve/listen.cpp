#include "serve/listen.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/text.h"
#include "serve/detail/unix_address.h"

namespace newswire::serve {

namespace {

constexpr int kFirstPassedFd = 3;  // SD_LISTEN_FDS_START
constexpr int kMaxPassedFds = 64;

std::optional<unsigned> to_number(std::string_view text) {
  unsigned number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<gid_t> group_id(const std::string& group) {
  if (const auto number = to_number(group)) return static_cast<gid_t>(*number);
  std::vector<char> buffer(16 * 1024);
  struct group entry {};
  struct group* found = nullptr;
  const int failed = ::getgrnam_r(group.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (failed != 0) return os_error("cannot look up group \"" + group + '"', failed);
  if (found == nullptr) {
    return Error{Errc::not_found, "there is no group \"" + group + "\"; create it (groupadd --system " + group +
                                      ") or name another in the configuration"};
  }
  return entry.gr_gid;
}

/// Somebody else's file at our path: removes a stale socket, refuses everything else.
Result<void> clear_the_way(const std::string& path, const sockaddr_un& address) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    return os_error("cannot look at the socket's path", errno, path);
  }
  if (!S_ISSOCK(status.st_mode)) {
    return Error{Errc::invalid, "something that is no socket stands here; move it away", path};
  }
  const Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!probe) return os_error("cannot create a socket", errno, path);
  // EAGAIN: its backlog is full, so there is somebody.
  if (::connect(probe.get(), as_sockaddr(address), sizeof(address)) == 0 || errno == EAGAIN || errno == EINPROGRESS) {
    return Error{Errc::busy, "another newswired runs here; stop it first, or choose another sockets.dir", path};
  }
  if (errno == ENOENT) return {};
  if (errno != ECONNREFUSED) return os_error("cannot tell whether the socket is in use", errno, path);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return os_error("cannot remove the stale socket", errno, path);
  return {};
}

bool is_listening_stream(int fd) {
  int type = 0;
  int listening = 0;
  socklen_t size = sizeof(type);
  if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) return false;
  size = sizeof(listening);
  return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening == 1;
}

std::string bound_path(int fd) {
  sockaddr_un address{};
  socklen_t size = sizeof(address);
  if (::getsockname(fd, static_cast<sockaddr*>(static_cast<void*>(&address)), &size) != 0) return {};
  if (address.sun_family != AF_UNIX || size <= offsetof(sockaddr_un, sun_path)) return {};
  return {address.sun_path, ::strnlen(address.sun_path, size - offsetof(sockaddr_un, sun_path))};
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

ListenSocket::ListenSocket(Fd fd, std::string path, bool owns_file)
    : fd_(std::move(fd)), path_(std::move(path)), owns_file_(owns_file) {
  struct stat status {};
  if (owns_file_ && ::lstat(path_.c_str(), &status) == 0) {
    device_ = status.st_dev;
    inode_ = status.st_ino;
  }
}

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::move(other.path_)),
      owns_file_(std::exchange(other.owns_file_, false)),
      device_(other.device_),
      inode_(other.inode_) {}

ListenSocket& ListenSocket::operator=(ListenSocket&& other) noexcept {
  if (this == &other) return *this;
  close();
  fd_ = std::move(other.fd_);
  path_ = std::move(other.path_);
  owns_file_ = std::exchange(other.owns_file_, false);
  device_ = other.device_;
  inode_ = other.inode_;
  return *this;
}

ListenSocket::~ListenSocket() { close(); }

void ListenSocket::close() noexcept {
  if (std::exchange(owns_file_, false)) {
    struct stat status {};
    const bool ours = ::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
    if (ours) ::unlink(path_.c_str());
  }
  fd_ = Fd();
}

Result<ListenSocket> listen_unix(const ListenOptions& options) {
  const auto address = unix_address(options.path);
  if (!address) return address.error();
  std::optional<gid_t> gid;
  if (!options.group.empty()) {
    const auto found = group_id(options.group);
    if (!found) return found.error();
    gid = *found;
  }
  if (auto clear = clear_the_way(options.path, *address); !clear) return clear.error();

  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return os_error("cannot create a socket", errno, options.path);
  // Linux gives the new file the socket's own mode, so it is never open to more people than it should be.
  if (::fchmod(fd.get(), 0600) != 0) return os_error("cannot set the socket's mode", errno, options.path);
  if (::bind(fd.get(), as_sockaddr(*address), sizeof(*address)) != 0) {
    if (errno == ENOENT) {
      return Error{Errc::not_found, "the folder for the socket does not exist; create it", options.path};
    }
    return os_error("cannot create the socket's file", errno, options.path);
  }
  ListenSocket socket(std::move(fd), options.path, true);  // from here on it removes its file when something fails
  if (gid && ::chown(options.path.c_str(), static_cast<uid_t>(-1), *gid) != 0) {
    return os_error("cannot give the socket to group \"" + options.group + "\" (is our user a member?)", errno,
                    options.path);
  }
  if (::chmod(options.path.c_str(), options.mode) != 0)
    return os_error("cannot set the socket's mode", errno, options.path);
  if (::listen(socket.native(), options.backlog) != 0) return os_error("cannot listen", errno, options.path);
  return socket;
}

Result<std::vector<AdoptedSocket>> adopt_systemd_sockets() {
  const auto pid = to_number(environment("LISTEN_PID"));
  const auto count = to_number(environment("LISTEN_FDS"));
  const auto names = environment("LISTEN_FDNAMES");
  ::unsetenv("LISTEN_PID");
  ::unsetenv("LISTEN_FDS");
  ::unsetenv("LISTEN_FDNAMES");
  std::vector<AdoptedSocket> sockets;
  if (!pid || !count || *pid != static_cast<unsigned>(::getpid())) return sockets;
  if (*count > kMaxPassedFds) return Error{Errc::invalid, "LISTEN_FDS names more than 64 sockets"};
  const auto pieces = names.empty() ? std::vector<std::string_view>{} : split(names, ':');
  for (unsigned i = 0; i < *count; ++i) {
    const int fd = kFirstPassedFd + static_cast<int>(i);
    const auto name = i < pieces.size() ? std::string(pieces[i]) : std::string("unknown");
    if (!is_listening_stream(fd)) {
      return Error{Errc::invalid,
                   "systemd passed \"" + name + "\", which is no listening stream socket (ListenStream=)"};
    }
    Fd owned(fd);
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK) != 0) {
      return os_error("cannot set up the socket \"" + name + '"', errno);
    }
    auto path = bound_path(fd);
    sockets.push_back({name, ListenSocket(std::move(owned), std::move(path), false)});
  }
  return sockets;
}

}  // namespace newswire::serve
