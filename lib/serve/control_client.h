#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "serve/listen.h"

namespace newswire::serve {

/// A connection to the control socket for command lines: blocking, one thread.
class ControlClient {
 public:
  /// Errc::not_found: no such socket (the daemon does not run, or uses another folder); connect: nobody answers;
  /// refused: no permission, and then the message names the user or group that has it. Each says what to do.
  static Result<ControlClient> connect(const std::string& path);

  /// Sends one request, a JSON object without newline, and gives the lines of the answer, without the final done line.
  /// An `{"op":"error",…}` answer becomes an Error with its code (invalid if unknown), message and where.
  /// Errc::io: the connection broke; timeout: no line for `idle_limit`.
  Result<std::vector<std::string>> request(std::string_view json);

  /// The same, but each line is handed over as it arrives; `on_line` returns false to stop early (the connection is
  /// then closed).
  Result<void> request(std::string_view json, const std::function<bool(std::string_view line)>& on_line);

  void set_idle_limit(std::chrono::milliseconds limit) noexcept { idle_limit_ = limit; }

 private:
  explicit ControlClient(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  Result<std::string> read_line();

  Fd fd_;
  std::string path_;
  std::string buffer_;  // received, not yet handed over: from begin_ on
  std::size_t begin_ = 0;
  std::chrono::milliseconds idle_limit_ = std::chrono::minutes(10);
};

/// Connects a blocking stream socket, with the same messages as ControlClient::connect.
Result<Fd> connect_unix(const std::string& path);

}  // namespace newswire::serve
