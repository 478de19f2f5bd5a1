#include "ctl_run.h"

#include <iostream>

namespace newswire::daemon {

int run_app(CLI::App& app, int argc, char** argv, const int& status) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  } catch (const std::exception& bug) {
    std::cerr << "newswirectl: " << bug.what() << " (this is a bug of newswire: please report it)\n";
    return 70;
  }
  return status;
}

}  // namespace newswire::daemon
