#include "ingest/settings.h"

#include <algorithm>

#include "base/version.h"

namespace newswire::ingest {

schedule::Settings schedule_settings(const config::Config& config) {
  const auto& from = config.schedule;
  schedule::Settings settings;
  settings.rules.max_hint = from.max_hint;
  settings.rules.max_retry_after = from.max_retry_after;
  settings.rules.silent_after = from.dormant_after;
  settings.rules.silent_interval = from.dormant_interval;
  settings.rules.backoff_cap = from.max_backoff;
  settings.rules.backoff_cap_first_day = std::min(settings.rules.backoff_cap_first_day, from.max_backoff);
  settings.rules.jitter = from.jitter;
  settings.rules.max_jitter = from.max_jitter;
  settings.rules.alpha = from.alpha;
  // New and overdue feeds of one host are taken up ten times slower than its spacing allows.
  settings.host_catch_up_spacing = std::chrono::ceil<std::chrono::seconds>(config.fetch.host_spacing * 10);
  settings.budget.polls_per_feed_per_day = from.polls_per_day;
  settings.budget.requests_per_second = from.polls_per_second;
  return settings;
}

schedule::FeedOptions schedule_options(const config::FeedSettings& settings) {
  schedule::FeedOptions options;
  options.min_interval = settings.interval.min;
  options.max_interval = settings.interval.max;
  options.priority = static_cast<std::uint8_t>(std::clamp<std::uint32_t>(settings.priority, 1, 10));
  options.obey_hints = settings.hints;
  return options;
}

fetch::ClientOptions client_options(const config::Config& config) {
  const auto& from = config.fetch;
  fetch::ClientOptions options;
  options.user_agent =
      from.user_agent.empty()
          ? fetch::default_user_agent(kVersion, from.contact.empty() ? kProjectUrl : std::string_view(from.contact))
          : from.user_agent;
  options.max_transfers = from.concurrency;
  options.body_memory = from.body_memory.count;
  options.max_resolving = from.dns_concurrency;
  options.max_idle_connections = from.idle_connections;
  return options;
}

fetch::HostLimits host_limits(const config::Config& config) {
  fetch::HostLimits limits;
  limits.per_host = config.fetch.per_host;
  limits.spacing = config.fetch.host_spacing;
  return limits;
}

clean::Options clean_options(const config::FeedSettings& settings, std::shared_ptr<const clean::Rules> rules) {
  const auto& from = settings.clean;
  clean::Options options;
  options.structure = from.structure;
  options.phrases = from.phrases;
  options.learning = from.learning;
  options.links = from.links;
  options.disabled_categories = from.skip_categories;
  options.disabled_categories.insert(options.disabled_categories.end(), from.skip_rules.begin(), from.skip_rules.end());
  options.keep_selectors = from.keep;
  options.drop_selectors = from.drop;
  options.rules = std::move(rules);
  return options;
}

}  // namespace newswire::ingest
