#include "serve/line_command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "serve/detail/unix_address.h"
#include "serve/listen.h"

extern char** environ;  // POSIX declares it nowhere

namespace newswire::serve {

namespace {

constexpr int kPollMilliseconds = 200;  // how soon a stop is noticed that came between two calls

/// Our environment with `more`, as exec wants it; NUL characters end a value, so they are left out.
struct Environment {
  explicit Environment(const std::vector<std::pair<std::string, std::string>>& more) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view existing(*entry);
      const bool replaced = std::any_of(more.begin(), more.end(), [existing](const auto& one) {
        return existing.starts_with(one.first) && existing.substr(one.first.size()).starts_with('=');
      });
      if (!replaced) entries.emplace_back(existing);
    }
    for (const auto& [name, value] : more) {
      auto& entry = entries.emplace_back(name + '=' + value);
      entry.erase(std::remove(entry.begin(), entry.end(), '\0'), entry.end());
    }
    for (auto& entry : entries) pointers.push_back(entry.data());
    pointers.push_back(nullptr);
  }
  std::vector<std::string> entries;
  std::vector<char*> pointers;
};

/// Writes what the pipe takes. False: there is nothing more to write.
bool feed(int pipe, std::string_view& left) {
  const auto written = ::write(pipe, left.data(), left.size());
  if (written < 0) return errno == EAGAIN || errno == EINTR;  // EPIPE: it does not want to read
  left.remove_prefix(static_cast<std::size_t>(written));
  return !left.empty();
}

int status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

}  // namespace

Result<int> run_line_command(const std::string& command, std::string_view line,
                             const std::vector<std::pair<std::string, std::string>>& environment,
                             const std::function<bool()>& stop) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return os_error("cannot create a pipe", errno);
  Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  ::fcntl(write_end.get(), F_SETFL, O_NONBLOCK);

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, read_end.get(), STDIN_FILENO);
  sigset_t defaults;  // we ignore SIGPIPE; the command should not
  ::sigemptyset(&defaults);
  ::sigaddset(&defaults, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  Environment variables(environment);
  std::string shell = "/bin/sh";
  std::string option = "-c";
  std::string text = command;
  char* arguments[] = {shell.data(), option.data(), text.data(), nullptr};
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, shell.c_str(), &actions, &attributes, arguments, variables.pointers.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (failed != 0) return os_error("cannot run /bin/sh", failed);
  read_end = Fd();

  std::string input(line);
  input += '\n';
  std::string_view left = input;
  bool told = false;
  for (;;) {
    if (!told && stop()) {
      ::kill(child, SIGTERM);
      told = true;
    }
    int wait_status = 0;
    const auto ended = ::waitpid(child, &wait_status, write_end ? WNOHANG : 0);
    if (ended == child) return status_of(wait_status);
    if (ended < 0 && errno != EINTR) return os_error("cannot wait for the command", errno);
    if (!write_end) continue;
    pollfd waiting{.fd = write_end.get(), .events = POLLOUT, .revents = 0};
    if (::poll(&waiting, 1, kPollMilliseconds) > 0 && !feed(write_end.get(), left)) write_end = Fd();
  }
}

}  // namespace newswire::serve
