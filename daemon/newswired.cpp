// newswired: the daemon. Arguments, configuration, start.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "base/count_of.h"
#include "base/log_value.h"
#include "base/version.h"
#include "config/config.h"
#include "demo.h"
#include "groups.h"
#include "ingest/rule_sets.h"
#include "log_setup.h"
#include "service.h"

namespace {

using namespace newswire;
using namespace newswire::daemon;

constexpr const char* kDefaultConfig = "/etc/newswire/newswire.yaml";

int complain(const Error& error, int status) {
  std::cerr << "newswired: " << to_string(error) << '\n';
  return status;
}

// All errors of the configuration, each with its place.
int report(const config::Loaded& loaded) {
  for (const auto& error : loaded.errors) std::cerr << to_string(error) << '\n';
  std::cerr << "newswired: the configuration has " << count_of(loaded.errors.size(), "error")
            << "; nothing was started\n";
  return Exit::bad_config;
}

void say_where(const config::Config& config) {
  std::cout << "newswired " << kVersion << " follows " << count_of(config.feeds.size(), "feed")
            << "; stop it with Ctrl-C. In another terminal:\n"
            << "  tail -F " << (config.spool.dir / "articles.ndjson").string() << '\n'
            << "  nc -U " << (config.sockets.dir / "articles.sock").string() << " | jq .title\n\n";
  std::cout.flush();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "newswired polls feeds and writes every new article, cleaned, to a spool directory and a local socket.\n"
      "It runs in the foreground; SIGTERM stops it in order, SIGHUP reloads the configuration."};
  std::string config_path = kDefaultConfig;
  std::string demo;
  std::vector<std::string> follow;
  bool check = false;
  bool version = false;
  ServiceOptions options;
  auto* const config_option =
      app.add_option("-c,--config", config_path, "Configuration file")->type_name("FILE")->capture_default_str();
  app.add_flag("--check", check,
               "Check the configuration, say every error with its place, and end (status 78 if there is one)");
  app.add_flag("--once", options.once, "Poll every feed once and end: 0 if all went well, 3 if some failed");
  app.add_flag("--print", options.print, "Print each new article's title and what was stripped from it");
  app.add_option("--demo", demo, "Run the bundled demonstration feeds in DIR, without any network")
      ->type_name("DIR")
      ->excludes(config_option);
  app.add_option("--follow", follow, "Follow these feeds, with spool and state in DIR")
      ->type_name("DIR URL|FILE ...")
      ->expected(2, 100000)
      ->excludes(config_option);
  app.add_flag("--version", version, "Print the version and end");
  app.footer(
      "Configuration: newswire.yaml(5). Control: newswirectl(1). Examples:\n"
      "  newswired --config /etc/newswire/newswire.yaml --check\n"
      "  newswired --follow /tmp/nw https://example.org/feed.xml feed.xml");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : Exit::bad_usage;
  }
  if (version) {
    std::cout << "newswired " << kVersion << '\n';
    return Exit::ok;
  }
  try {
    if (!demo.empty() || !follow.empty()) {
      auto written = demo.empty() ? write_follow(follow.front(), {follow.begin() + 1, follow.end()}) : write_demo(demo);
      if (!written) return complain(written.error(), Exit::cannot_create);
      config_path = written->string();
      options.print = true;
    }
    auto loaded = config::load(config_path);
    if (!loaded.ok()) return report(loaded);
    for (const auto& warning : loaded.warnings) std::cerr << warning << '\n';
    if (check) {
      if (const auto rules = ingest::RuleSets::load(loaded.config); !rules)
        return complain(rules.error(), Exit::bad_config);
      if (const auto groups = group_ids(loaded.config.sockets.allow_groups); !groups)
        return complain(groups.error(), Exit::bad_config);
      std::cout << config_path << ": good, " << count_of(loaded.config.feeds.size(), "feed") << "\n";
      return Exit::ok;
    }
    set_up_log(loaded.config.log);
    if (options.print && !options.once) say_where(loaded.config);
    options.config_path = config_path;
    return run_service(options, std::move(loaded.config));
  } catch (const std::exception& bug) {
    spdlog::critical("daemon.failed error={} hint=\"this is a bug of newswire: please report it\"",
                     log_value(bug.what()));
    return Exit::internal;
  }
}
