#pragma once

#include <vector>

namespace newswire::serve {

/// Who is at the other end of a Unix socket, as the kernel saw it when it connected (SO_PEERCRED).
struct Peer {
  int pid = 0;
  unsigned uid = 0;
  unsigned gid = 0;
};

Peer peer_of(int fd) noexcept;

/// Is the peer root, our own user, or in one of `groups` (primary or supplementary, SO_PEERGROUPS)?
bool may_connect(int fd, const Peer& peer, const std::vector<unsigned>& groups);

}  // namespace newswire::serve
