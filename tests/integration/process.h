#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace newswire::test {

/// The deadline of everything that a test waits for: generous, since a loaded machine with sanitizers is slow. Nothing
/// waits that long when it works.
inline constexpr std::chrono::seconds kPatience{60};

/// Asks `condition` again and again until it holds or patience ends; gives whether it held.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience = kPatience);

/// A child process with pipes. Killed when it goes out of scope.
class Process {
 public:
  struct Options {
    std::vector<std::string> environment;  ///< NAME=value, added
    std::string input;                     ///< written to standard input at the start
    bool close_input = true;               ///< after `input`
  };
  explicit Process(std::vector<std::string> command);
  Process(std::vector<std::string> command, Options options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  int pid() const { return pid_; }
  void signal(int number) const;
  /// Waits for its end: exit status, or 128 + signal. -1 when patience ends first.
  int wait();
  bool running();

  /// What it has written so far.
  std::string output();
  std::string errors();
  /// Waits until standard output holds `count` lines; gives them.
  std::vector<std::string> wait_for_lines(std::size_t count);

 private:
  void drain();

  int pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  bool ended_ = false;
  int status_ = 0;
  std::string output_;
  std::string errors_;
};

/// Runs a command to its end.
struct Finished {
  int status;
  std::string output;
  std::string errors;
};
Finished run(std::vector<std::string> command, std::string input = {});

std::vector<std::string> lines_of(const std::string& text);

/// A folder of its own under the system's temporary one, removed with its content.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  void write(const std::string& name, const std::string& bytes) const;

 private:
  std::string path_;
};

}  // namespace newswire::test
