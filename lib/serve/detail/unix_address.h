#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <string>

#include "base/result.h"

namespace newswire::serve {

/// A path as the address of a Unix socket. Errc::invalid: empty, or longer than sun_path takes (107 bytes).
inline Result<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty()) return Error{Errc::invalid, "a socket needs a path"};
  if (path.size() >= sizeof(address.sun_path)) {
    return Error{Errc::invalid,
                 "the path of a Unix socket has at most " + std::to_string(sizeof(address.sun_path) - 1) +
                     " bytes; choose a shorter sockets.dir",
                 path};
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

/// The address as the socket calls want it.
inline const sockaddr* as_sockaddr(const sockaddr_un& address) noexcept {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

/// `what`: strerror(number), with the class that callers decide by.
inline Error os_error(std::string what, int number, std::string where = {}) {
  Errc code = Errc::io;
  if (number == EACCES || number == EPERM) code = Errc::refused;
  if (number == ENOENT) code = Errc::not_found;
  if (number == ECONNREFUSED) code = Errc::connect;
  if (number == ENOSPC || number == EDQUOT) code = Errc::no_space;
  char buffer[128];
  return Error{code, std::move(what) + ": " + ::strerror_r(number, buffer, sizeof(buffer)), std::move(where)};
}

}  // namespace newswire::serve
