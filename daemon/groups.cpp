#include "groups.h"

#include <grp.h>

#include <cerrno>
#include <cstring>

namespace newswire::daemon {

Result<std::vector<unsigned>> group_ids(const std::vector<std::string>& names) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 20U;  // of a group with very many members
  std::vector<unsigned> ids;
  for (const auto& name : names) {
    std::vector<char> buffer(4096);
    struct group entry {};
    struct group* found = nullptr;
    int failed = ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    while (failed == ERANGE && buffer.size() < kMostBytes) {
      buffer.resize(buffer.size() * 4);
      failed = ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    }
    if (found != nullptr) {
      ids.push_back(entry.gr_gid);
      continue;
    }
    const std::string why = failed == 0 ? "there is no group \"" + name + "\" (addgroup --system " + name + ")"
                                        : "cannot look up group \"" + name + "\": " + std::strerror(failed);
    return Error{Errc::not_found, why, "sockets.allow_groups"};
  }
  return ids;
}

}  // namespace newswire::daemon
