#pragma once

// A client of newswired in one header: C++17, POSIX, no other dependency. See examples/consumer.cpp.

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace newswire {

/// The server refused something; what() is its message.
struct Refused : std::runtime_error {
  using runtime_error::runtime_error;
};

/// One connection to articles.sock: subscribe(), then next() for each article, then ack(). Blocking, one thread; throws
/// std::system_error when the connection cannot be made or breaks, Refused when the server says no. To go on after a
/// broken connection, make a new Client: a named consumer begins behind its last acknowledgement.
class Client {
 public:
  explicit Client(const std::string& path = "/run/newswire/articles.sock") {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path)) throw std::system_error(ENAMETOOLONG, std::generic_category(), path);
    std::memcpy(address.sun_path, path.data(), path.size());
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "socket");
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      const int number = errno;
      ::close(fd_);
      throw std::system_error(number, std::generic_category(), path);
    }
  }
  ~Client() {
    if (fd_ >= 0) ::close(fd_);
  }
  Client(Client&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)), begin_(other.begin_) {}
  Client& operator=(Client&&) = delete;

  /// `request`: the members of a subscribe request, as JSON, for example R"("consumer":"mail","from":"acked")".
  /// Gives the number of the first article. A heartbeat of 30 seconds is asked for.
  std::uint64_t subscribe(std::string_view request) {
    std::string line = R"({"op":"subscribe","heartbeat":30)";
    if (!request.empty()) line.append(",").append(request);
    say(line + "}");
    for (;;) {
      const std::string_view answer = read_line();
      if (starts_with(answer, R"({"op":"subscribed")")) return number_of(answer, "from");
      if (starts_with(answer, R"({"op":"error")")) throw Refused(std::string(answer));
    }
  }

  /// The next article's line, without its newline; valid until the next call. Waits for it.
  std::string_view next() {
    for (;;) {
      const std::string_view line = read_line();
      if (starts_with(line, R"({"op":"error")")) throw Refused(std::string(line));
      if (!starts_with(line, R"({"op":)")) return line;
    }
  }

  /// Everything up to and including `seq` is done: only for a subscription with a consumer.
  void ack(std::uint64_t seq) { say(R"({"op":"ack","seq":)" + std::to_string(seq) + "}"); }

  /// The number of an article's line.
  static std::uint64_t seq_of(std::string_view line) { return number_of(line, "seq"); }

 private:
  static bool starts_with(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
  }

  /// The first member `name` with a number: the lines this is used on begin with it.
  static std::uint64_t number_of(std::string_view line, std::string_view name) {
    const std::string member = "\"" + std::string(name) + "\":";
    std::uint64_t number = 0;
    auto at = line.find(member);
    if (at == std::string_view::npos) return 0;
    for (at += member.size(); at < line.size() && std::isdigit(static_cast<unsigned char>(line[at])) != 0; ++at) {
      number = number * 10 + static_cast<std::uint64_t>(line[at] - '0');
    }
    return number;
  }

  void say(std::string line) {
    line += '\n';
    for (std::size_t at = 0; at < line.size();) {
      const auto sent = ::send(fd_, line.data() + at, line.size() - at, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) throw std::system_error(errno, std::generic_category(), "newswired");
      at += static_cast<std::size_t>(sent);
    }
  }

  std::string_view read_line() {
    std::size_t searched = begin_;
    for (;;) {
      if (const auto end = buffer_.find('\n', searched); end != std::string::npos) {
        const auto line = std::string_view(buffer_).substr(begin_, end - begin_);
        begin_ = end + 1;
        return line;
      }
      buffer_.erase(0, std::exchange(begin_, 0));
      searched = buffer_.size();
      pollfd waiting{fd_, POLLIN, 0};
      const int ready = ::poll(&waiting, 1, 90'000);  // three heartbeats
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) throw std::system_error(ready == 0 ? ETIMEDOUT : errno, std::generic_category(), "newswired");
      char chunk[64 * 1024];
      const auto got = ::recv(fd_, chunk, sizeof(chunk), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) throw std::system_error(got == 0 ? ECONNRESET : errno, std::generic_category(), "newswired");
      buffer_.append(chunk, static_cast<std::size_t>(got));
    }
  }

  int fd_ = -1;
  std::string buffer_;
  std::size_t begin_ = 0;
};

}  // namespace newswire
