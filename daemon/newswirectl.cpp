// newswirectl: runs `parse` itself, and hands every other command line to newswirectl-full, which needs many more
// libraries.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <system_error>

#include "ctl_parse.h"
#include "ctl_run.h"

namespace {

// Beside this program in the build folder, in libexec when installed.
int run_full(char** argv) {
  std::error_code failed;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
  const auto beside = folder / "newswirectl-full";
  const auto installed = (folder / NEWSWIRE_LIBEXEC / "newswirectl-full").lexically_normal();
  for (const auto& program : {beside, installed}) execv(program.c_str(), argv);
  std::cerr << "newswirectl: cannot run " << installed.native() << ": "
            << std::strerror(errno)  // NOLINT(concurrency-mt-unsafe)
            << "; is newswire installed completely?\n";
  return 70;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace newswire::daemon;
  if (argc < 2 || std::string_view(argv[1]) != "parse") return run_full(argv);
  std::signal(SIGPIPE, SIG_IGN);  // `newswirectl … | head` ends by a failed write, not by a signal
  CLI::App app{"newswirectl controls newswired and runs each of its stages offline."};
  app.require_subcommand(1);
  int status = 0;
  add_parse(app, status);
  return run_app(app, argc, argv, status);
}
