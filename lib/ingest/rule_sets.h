#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <vector>

#include "base/result.h"
#include "clean/rules.h"
#include "config/config.h"

namespace newswire::ingest {

/// The cleaning rules of each feed: the built-in ones, on top of them those of `clean.rules`, and on top of these the
/// ones that the feed's own settings name. Each different list is read and compiled once. Never changed, any thread.
class RuleSets {
 public:
  /// The built-in rules alone.
  RuleSets() = default;

  /// Errors as clean::load_rules(). Reads files: not for the loop's thread.
  static Result<RuleSets> load(const config::Config& config);

  /// For a list that load() did not see (a reload came in between): those of all feeds.
  const std::shared_ptr<const clean::Rules>& of(const config::FeedSettings& settings) const;

 private:
  std::shared_ptr<const clean::Rules> common_ = clean::Rules::built_in();
  std::map<std::vector<std::filesystem::path>, std::shared_ptr<const clean::Rules>> own_;
};

}  // namespace newswire::ingest
