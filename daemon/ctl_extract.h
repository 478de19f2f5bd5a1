#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace newswire::daemon {

struct ExtractCommand {
  std::string url;                  ///< where the pages came from
  std::string fetched_at;           ///< RFC 3339; empty: now
  std::string content_type;         ///< the HTTP header they came with
  std::vector<std::string> inputs;  ///< files; "-" is standard input
};

/// One JSON object per input and line on standard output, in order: the article of the page or plain text
/// (docs/extraction.md has the members). An input without one, or that cannot be read, gives
/// {"error":{"code":…,"message":…}} on its line. 0, or 1 if there was one of those; 64 for a bad option.
int run_extract(const ExtractCommand& command);

/// `newswirectl extract [--url URL] [--fetched-at TIME] [--content-type CT] FILE|-…`. `status` gets what run_extract
/// gives.
void add_extract(CLI::App& app, int& status);

}  // namespace newswire::daemon
