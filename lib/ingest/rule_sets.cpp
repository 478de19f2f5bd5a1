#include "ingest/rule_sets.h"

#include <utility>

namespace newswire::ingest {

Result<RuleSets> RuleSets::load(const config::Config& config) {
  RuleSets sets;
  auto common = clean::load_rules(config.clean.rules);
  if (!common) return common.error();
  sets.common_ = *std::move(common);
  for (const auto& feed : config.feeds) {
    const auto& own = feed.settings->clean.rules;
    if (own.empty() || sets.own_.contains(own)) continue;
    auto paths = config.clean.rules;
    paths.insert(paths.end(), own.begin(), own.end());
    auto rules = clean::load_rules(paths);
    if (!rules) return rules.error();
    sets.own_.emplace(own, *std::move(rules));
  }
  return sets;
}

const std::shared_ptr<const clean::Rules>& RuleSets::of(const config::FeedSettings& settings) const {
  if (settings.clean.rules.empty()) return common_;
  const auto found = own_.find(settings.clean.rules);
  return found == own_.end() ? common_ : found->second;
}

}  // namespace newswire::ingest
