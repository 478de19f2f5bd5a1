#include "serve/control_client.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <limits>
#include <utility>

#include "serve/detail/unix_address.h"

namespace newswire::serve {

namespace {

constexpr std::size_t kMaxLineBytes = 256 * 1024 * 1024;

std::string user_name(uid_t uid) {
  std::vector<char> buffer(16 * 1024);
  struct passwd entry {};
  struct passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return entry.pw_name;
  return std::to_string(uid);
}

std::string group_name(gid_t gid) {
  std::vector<char> buffer(16 * 1024);
  struct group entry {};
  struct group* found = nullptr;
  if (::getgrgid_r(gid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return entry.gr_name;
  return std::to_string(gid);
}

/// Who may use the socket, as far as its file can be looked at.
Error no_permission(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return Error{Errc::refused, "no permission to look into the folder; be a member of the group newswire, or use sudo",
                 path};
  }
  const bool by_group = (status.st_mode & (S_IRGRP | S_IWGRP)) == (S_IRGRP | S_IWGRP);
  if (by_group) {
    const auto group = group_name(status.st_gid);
    return Error{Errc::refused,
                 "no permission; this socket is for user " + user_name(status.st_uid) + " and group " + group +
                     " (sudo adduser $USER " + group + ", then log in again)",
                 path};
  }
  return Error{Errc::refused,
               "no permission; this socket is for user " + user_name(status.st_uid) + " and root only (use sudo)",
               path};
}

Errc errc_of(std::string_view spelling) {
  for (auto number = 0; number <= static_cast<int>(Errc::unsupported); ++number) {
    const auto code = static_cast<Errc>(number);
    if (to_string(code) == spelling) return code;
  }
  return Errc::invalid;
}

std::string text_of(const boost::json::object& members, std::string_view name) {
  const auto* value = members.if_contains(name);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

Result<void> send_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return Error{Errc::io, "the daemon closed the connection", path};
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

}  // namespace

Result<Fd> connect_unix(const std::string& path) {
  const auto address = unix_address(path);
  if (!address) return address.error();
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return os_error("cannot create a socket", errno, path);
  if (::connect(fd.get(), as_sockaddr(*address), sizeof(*address)) == 0) return fd;
  switch (errno) {
    case ENOENT:
    case ENOTDIR:
      return Error{Errc::not_found,
                   "no such socket: newswired does not run, or uses another folder (--sockets DIR, --config FILE)",
                   path};
    case ECONNREFUSED:
      return Error{Errc::connect, "nobody answers: newswired has died or is being started (systemctl status newswired)",
                   path};
    case EACCES: return no_permission(path);
    default: return os_error("cannot connect", errno, path);
  }
}

Result<ControlClient> ControlClient::connect(const std::string& path) {
  auto fd = connect_unix(path);
  if (!fd) return fd.error();
  return ControlClient(*std::move(fd), path);
}

Result<std::string> ControlClient::read_line() {
  std::size_t searched = 0;
  for (;;) {
    if (const auto end = buffer_.find('\n', std::max(searched, begin_)); end != std::string::npos) {
      auto line = buffer_.substr(begin_, end - begin_);
      begin_ = end + 1;
      return line;
    }
    buffer_.erase(0, std::exchange(begin_, 0));
    searched = buffer_.size();
    if (buffer_.size() > kMaxLineBytes) return Error{Errc::too_large, "the daemon's answer is too long", path_};
    pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    const auto limit = std::min<std::int64_t>(idle_limit_.count(), std::numeric_limits<int>::max());
    const int ready = ::poll(&waiting, 1, static_cast<int>(limit));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return os_error("cannot wait for the daemon", errno, path_);
    if (ready == 0) return Error{Errc::timeout, "the daemon does not answer", path_};
    char chunk[64 * 1024];
    const auto got = ::recv(fd_.get(), chunk, sizeof(chunk), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Error{Errc::io, "the daemon closed the connection before its answer was complete", path_};
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
}

Result<void> ControlClient::request(std::string_view json, const std::function<bool(std::string_view line)>& on_line) {
  if (!fd_) return Error{Errc::io, "the connection is closed", path_};
  auto sent = send_all(fd_.get(), std::string(json) + '\n', path_);
  if (!sent) return sent;
  for (;;) {
    auto line = read_line();
    if (!line) return line.error();
    // Only the end of an answer has an op of its own; parsing every line of a long list twice would be waste.
    if (line->starts_with(R"({"op":"done")")) return {};
    if (line->starts_with(R"({"op":"error")")) {
      boost::system::error_code ec;
      const auto value = boost::json::parse(*line, ec);
      if (ec || !value.is_object()) return Error{Errc::invalid, "the daemon's answer is no JSON: " + *line, path_};
      const auto& members = value.get_object();
      return Error{errc_of(text_of(members, "code")), text_of(members, "message"), text_of(members, "where")};
    }
    if (!on_line(*line)) {
      fd_ = Fd();
      return {};
    }
  }
}

Result<std::vector<std::string>> ControlClient::request(std::string_view json) {
  std::vector<std::string> lines;
  const auto keep = [&lines](std::string_view line) {
    lines.emplace_back(line);
    return true;
  };
  auto done = request(json, keep);
  if (!done) return done.error();
  return lines;
}

}  // namespace newswire::serve
