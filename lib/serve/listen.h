#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace newswire::serve {

/// Owns a file descriptor; move only.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd();
  int get() const noexcept { return fd_; }
  int release() noexcept;
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// A Unix stream socket that listens, non-blocking, close-on-exec. One that listen_unix() made removes its file when it
/// goes, if the file is still its own; an adopted one never touches the file. Any thread, one at a time.
class ListenSocket {
 public:
  ListenSocket() = default;
  ListenSocket(Fd fd, std::string path, bool owns_file);
  ListenSocket(ListenSocket&& other) noexcept;
  ListenSocket& operator=(ListenSocket&& other) noexcept;
  ~ListenSocket();

  int native() const noexcept { return fd_.get(); }
  const std::string& path() const noexcept { return path_; }
  explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
  /// Stops listening and removes the file, if it is ours.
  void close() noexcept;

 private:
  Fd fd_;
  std::string path_;
  bool owns_file_ = false;
  unsigned long device_ = 0;
  unsigned long inode_ = 0;
};

struct ListenOptions {
  std::string path;
  unsigned mode = 0660;
  std::string group;  ///< name or number; empty: the process's own
  int backlog = 1024;
};

/// Binds and listens. The file never exists with wider permissions than `mode`. A file that is already there is tried
/// first: if somebody answers, Errc::busy ("another newswired runs here"); if it is a socket nobody answers, it is
/// stale and replaced. Errc::invalid: path too long for a socket, or in use by something that is no socket; not_found:
/// no such group or folder; refused: no permission; io: everything else. Each says what to do.
Result<ListenSocket> listen_unix(const ListenOptions& options);

/// A socket passed by systemd (sd_listen_fds(3)).
struct AdoptedSocket {
  std::string name;  ///< FileDescriptorName=, "articles.sock" for example
  ListenSocket socket;
};

/// The sockets that systemd passed to this process, by LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES, which are then taken
/// out of the environment, so that no child sees them. Empty when started otherwise. Errc::invalid: a descriptor is no
/// listening stream socket. Call once, early, while there is one thread.
Result<std::vector<AdoptedSocket>> adopt_systemd_sockets();

}  // namespace newswire::serve
