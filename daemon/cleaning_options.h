#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "clean/cleaner.h"

namespace newswire::daemon {

/// How the offline commands clean: what the configuration's `clean` says for feeds, as options of the command line.
struct CleaningChoice {
  std::vector<std::string> rules;
  std::vector<std::string> skip;
  std::vector<std::string> keep;
  std::vector<std::string> drop;
  bool no_learning = false;
  bool no_structure = false;
  bool no_phrases = false;
  bool no_links = false;
};

/// Adds the options to a command; the choice is filled when the command line is parsed.
std::shared_ptr<CleaningChoice> add_cleaning_options(CLI::App& command);

/// Errc::invalid for a selector or a rule file with a mistake, Errc::io for a rule file that cannot be read.
Result<clean::Options> cleaning_options(const CleaningChoice& choice);

}  // namespace newswire::daemon
