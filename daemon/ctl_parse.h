#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace newswire::daemon {

struct ParseCommand {
  std::string base_url;             ///< where the documents came from, for relative URLs
  std::string content_type;         ///< the HTTP header they came with
  std::vector<std::string> inputs;  ///< files; "-" is standard input
};

/// One JSON Feed document per input and line on standard output, in order; an input that is no feed, or cannot be read,
/// gives {"error":{"code":…,"message":…}} on its line. 0, or 1 if there was one of those.
int run_parse(const ParseCommand& command);

/// `newswirectl parse [--base-url URL] [--content-type CT] FILE|-…`. `status` gets what run_parse gives.
void add_parse(CLI::App& app, int& status);

}  // namespace newswire::daemon
