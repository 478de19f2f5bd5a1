#include "ctl_run.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace newswire::daemon {
namespace {

std::vector<std::string_view> commands_of(const CLI::App& app) {
  std::vector<std::string_view> names;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

// Nobody reads the pipe any more, as behind `| head`.
bool reader_has_gone() {
  pollfd output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

// A success whose output did not get out is none.
int with_output(int status) {
  std::cout.flush();
  if (std::cout && std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  complain_of_output();
  return status == 0 ? 1 : status;
}

}  // namespace

void complain_of_output() {
  if (!reader_has_gone()) std::cerr << "newswirectl: standard output cannot be written; is the disk full?\n";
}

int run_app(CLI::App& app, int argc, char** argv, const int& status) {
  const std::string_view first = argc > 1 ? argv[1] : "-";
  const auto commands = commands_of(app);
  if (!first.starts_with('-') && std::find(commands.begin(), commands.end(), first) == commands.end()) {
    std::cerr << "newswirectl: there is no command \"" << first << '"';
    if (const auto near = nearest(first, commands)) std::cerr << "; did you mean \"" << *near << "\"?";
    std::cerr << "\nnewswirectl --help lists the commands\n";
    return 64;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return with_output(app.exit(error) == 0 ? 0 : 64);
  } catch (const std::exception& bug) {
    std::cerr << "newswirectl: " << bug.what() << " (this is a bug of newswire: please report it)\n";
    return 70;
  }
  return with_output(status);
}

}  // namespace newswire::daemon
