#include "process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace newswire::test {

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) return true;
    ::poll(nullptr, 0, 10);  // the pace of asking, not a synchronisation
  }
  return condition();
}

namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (auto& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

// This process's environment with `more`, which wins.
std::vector<std::string> environment_with(const std::vector<std::string>& more) {
  const auto name_of = [](const std::string& variable) { return variable.substr(0, variable.find('=') + 1); };
  std::vector<std::string> all = more;
  for (char** at = ::environ; *at != nullptr; ++at) {
    const std::string variable = *at;
    const auto same = [&](const std::string& other) { return name_of(other) == name_of(variable); };
    if (std::none_of(more.begin(), more.end(), same)) all.push_back(variable);
  }
  return all;
}

}  // namespace

Process::Process(std::vector<std::string> command) : Process(std::move(command), Options{}) {}

Process::Process(std::vector<std::string> command, Options options) {
  int in[2];
  int out[2];
  int err[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe");
  auto variables = environment_with(options.environment);
  const auto arguments = pointers(command);
  const auto environment = pointers(variables);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("no process");
  if (pid_ == 0) {
    // Nothing here may allocate: a test has more threads (its HTTP server), one of them may hold the allocator's lock
    // at this moment, and in this process nobody would ever give it back.
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::dup2(err[1], 2);
    ::execvpe(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  ::close(err[1]);
  in_ = in[1];
  out_ = out[0];
  err_ = err[0];
  ::fcntl(out_, F_SETFL, O_NONBLOCK);
  ::fcntl(err_, F_SETFL, O_NONBLOCK);
  if (!options.input.empty() && ::write(in_, options.input.data(), options.input.size()) < 0)
    throw std::runtime_error("no input");
  if (options.close_input) {
    ::close(in_);
    in_ = -1;
  }
}

Process::~Process() {
  if (running()) {
    signal(SIGKILL);
    wait();
  }
  for (const int descriptor : {in_, out_, err_}) {
    if (descriptor >= 0) ::close(descriptor);
  }
}

void Process::signal(int number) const { ::kill(pid_, number); }

void Process::drain() {
  char buffer[65536];
  for (const auto& [descriptor, text] : {std::pair{out_, &output_}, std::pair{err_, &errors_}}) {
    while (true) {
      const auto n = ::read(descriptor, buffer, sizeof buffer);
      if (n <= 0) break;
      text->append(buffer, static_cast<std::size_t>(n));
    }
  }
}

bool Process::running() {
  if (ended_) return false;
  drain();
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  ended_ = true;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  drain();
  return false;
}

int Process::wait() {
  return eventually([this] { return !running(); }) ? status_ : -1;
}

std::string Process::output() {
  drain();
  return output_;
}

std::string Process::errors() {
  drain();
  return errors_;
}

std::vector<std::string> Process::wait_for_lines(std::size_t count) {
  eventually([&] { return lines_of(output()).size() >= count || !running(); });
  return lines_of(output());
}

Finished run(std::vector<std::string> command, std::string input) {
  Process::Options options;
  options.input = std::move(input);
  Process process(std::move(command), std::move(options));
  const int status = process.wait();
  return {status, process.output(), process.errors()};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', at)) {
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TemporaryFolder::TemporaryFolder() {
  auto pattern = (std::filesystem::temp_directory_path() / "newswire-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // left behind at worst
  std::filesystem::remove_all(path_, ignored);
}

void TemporaryFolder::write(const std::string& name, const std::string& bytes) const {
  const auto path = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(path.parent_path());
  // Written aside and renamed: a daemon that reads it meanwhile sees the old or the new one.
  const auto aside = path.string() + ".new";
  std::ofstream(aside, std::ios::binary) << bytes;
  std::filesystem::rename(aside, path);
}

}  // namespace newswire::test
