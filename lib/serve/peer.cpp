#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "serve/detail/peer.h"

namespace newswire::serve {

Peer peer_of(int fd) noexcept {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
  return {.pid = credentials.pid, .uid = credentials.uid, .gid = credentials.gid};
}

bool may_connect(int fd, const Peer& peer, const std::vector<unsigned>& groups) {
  if (groups.empty() || peer.uid == 0 || peer.uid == ::geteuid()) return true;
  const auto allowed = [&groups](unsigned gid) { return std::find(groups.begin(), groups.end(), gid) != groups.end(); };
  if (allowed(peer.gid)) return true;
  std::vector<gid_t> theirs(64);
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto size = static_cast<socklen_t>(theirs.size() * sizeof(gid_t));
    const int failed = ::getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, theirs.data(), &size);
    const auto count = size / sizeof(gid_t);
    if (failed == 0) return std::any_of(theirs.begin(), theirs.begin() + static_cast<std::ptrdiff_t>(count), allowed);
    theirs.resize(count);  // ERANGE: `size` says how many there are
  }
  return false;
}

}  // namespace newswire::serve
