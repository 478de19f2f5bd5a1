// newswirectl with all its commands: talks to the daemon, and runs every stage offline. Started by newswirectl.
#include <CLI/CLI.hpp>
#include <csignal>

#include "base/version.h"
#include "ctl_cat.h"
#include "ctl_control.h"
#include "ctl_discover.h"
#include "ctl_explain.h"
#include "ctl_extract.h"
#include "ctl_feeds.h"
#include "ctl_parse.h"
#include "ctl_preview.h"
#include "ctl_run.h"
#include "ctl_simulate.h"
#include "ctl_tail.h"
#include "ctl_verify.h"

int main(int argc, char** argv) {
  using namespace newswire::daemon;
  std::signal(SIGPIPE, SIG_IGN);  // `newswirectl … | head` ends by a failed write, not by a signal
  CLI::App app{"newswirectl controls newswired and runs each of its stages offline."};
  app.set_help_all_flag("--help-all", "Help of every command");
  app.set_version_flag("--version", "newswirectl " + std::string(newswire::kVersion));
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  newswirectl status                          how the daemon is\n"
      "  newswirectl feeds --why                     when each feed is polled next, and which rule decided\n"
      "  newswirectl add https://example.org/feed    follow a feed; import FILE.opml brings many\n"
      "  newswirectl tail --from earliest            every article, then follow\n"
      "  newswirectl preview --diff feed.xml         what would be stripped from a feed's entries, and why\n"
      "  newswirectl explain UID                     what was taken out of a spooled article, and why\n"
      "  newswirectl parse feed.xml | jq .           a feed as JSON Feed\n"
      "  newswirectl extract --url URL page.html     the article of a page\n"
      "See newswirectl(1).");
  int status = 0;
  add_control(app, status);
  add_feeds(app, status);
  add_tail(app, status);
  add_preview(app, status);
  add_explain(app, status);
  add_discover(app, status);
  add_parse(app, status);
  add_extract(app, status);
  add_cat(app, status);
  add_verify(app, status);
  add_simulate(app, status);
  return run_app(app, argc, argv, status);
}
