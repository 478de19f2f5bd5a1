#include "ctl_control.h"

#include <boost/json.hpp>
#include <iostream>

#include "base/count_of.h"
#include "ctl_ask.h"
#include "progress.h"
#include "sockets_dir.h"

namespace newswire::daemon {
namespace {

namespace bj = boost::json;

struct Command {
  std::shared_ptr<SocketsPlace> place;
  std::string feed;
  std::string match;
  std::string site;
  std::string level;
  std::string consumer;
  std::string verdict;
  std::uint64_t block = 0;
  bool json = false;
  bool why = false;
  bool troubled = false;
  bool force = false;
  bool backfill = false;
};

int run(const Command& command, const bj::object& request, const std::function<void(const Lines&)>& show) {
  return ask_and_show(*command.place, request, command.json, show);
}

// One step of a poll that takes long.
void show_step(Progress& progress, const bj::object& object) {
  const auto now = Progress::Clock::now();
  const auto step = text_of(object.at("step"));
  const auto entries = count_of(number(object, "entries"), "entry", "entries");
  if (step == "older_pages") {
    progress.begin("older pages", now);
    progress.note(count_of(number(object, "done"), "page") + ", " + entries, now);
  } else if (step == "cleaning") {
    progress.begin("cleaning", now);
    progress.note(entries, now);
  } else {
    progress.begin("full text", now);
    progress.advance(number(object, "done"), number(object, "total"), now);
  }
}

int poll(const Command& command) {
  Lines lines;
  {
    auto sink = progress_on_stderr();
    Progress progress(sink, "poll", Progress::Clock::now());
    const auto take = [&](std::string_view line) {
      const auto parsed = bj::parse(line);
      if (parsed.as_object().contains("step")) {
        show_step(progress, parsed.as_object());
      } else {
        lines.emplace_back(line);
      }
    };
    const bj::object request{{"op", "poll"},
                             {"feed", command.feed},
                             {"force", command.force},
                             {"backfill", command.backfill},
                             {"progress", true}};
    if (const auto done = ask(*command.place, request, take); !done) return complain(done.error());
  }
  if (command.json) {
    for (const auto& line : lines) std::cout << line << '\n';
  } else {
    print_objects(lines);
  }
  return 0;
}

CLI::App* add(CLI::App& app, const std::shared_ptr<Command>& command, const std::string& name,
              const std::string& help) {
  auto* const sub = app.add_subcommand(name, help)->group("The running daemon");
  command->place = add_sockets_options(*sub);
  sub->add_flag("--json", command->json, "The daemon's answer as it is, one JSON object a line");
  return sub;
}

}  // namespace

void add_control(CLI::App& app, int& status) {
  {
    auto command = std::make_shared<Command>();
    add(app, command, "status", "How the daemon is: feeds, polls, articles, spool, subscribers")
        ->callback([command, &status] {
          status = run(*command, {{"op", "status"}}, print_objects);
        });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub = add(app, command, "feeds", "The feeds: health, counts, next poll");
    sub->add_option("MATCH", command->match, "Only feeds whose id, URL, title or tag contains this");
    sub->add_flag("--troubled", command->troubled, "Only feeds that fail, are gone, or are paused");
    sub->add_flag("--why", command->why, "Say which rule decided the next poll");
    sub->callback([command, &status] {
      status = run(*command,
                   {{"op", "feeds"}, {"match", command->match}, {"why", command->why}, {"troubled", command->troubled}},
                   [&](const Lines& lines) {
                     if (lines.empty()) {
                       std::cerr << (command->troubled        ? "no feed is in trouble\n"
                                     : command->match.empty() ? "no feeds yet: newswirectl add URL follows one\n"
                                                              : "no feed matches (newswirectl feeds lists them)\n");
                       return;
                     }
                     if (command->why) {
                       print_table(lines, {"id", "status", "next", "reason", "why"});
                     } else {
                       print_table(lines, {"id", "status", "articles", "last_poll", "next", "error"});
                     }
                   });
    });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub = add(app, command, "poll", "Poll one feed now, and say what came of it");
    sub->add_option("FEED", command->feed, "Id or URL")->required();
    sub->add_flag("--force", command->force, "Unconditionally: fetch the whole document even if it did not change");
    sub->add_flag("--backfill", command->backfill, "Read the feed's older pages too, as far as it links to them");
    sub->callback([command, &status] { status = poll(*command); });
  }
  for (const auto* const name : {"pause", "resume"}) {
    auto command = std::make_shared<Command>();
    const bool pausing = std::string_view(name) == "pause";
    auto* const sub = add(app, command, name,
                          pausing ? "Do not poll a feed until it is resumed" : "Poll a paused or gone feed again");
    sub->add_option("FEED", command->feed, "Id or URL")->required();
    sub->callback([command, name, &status] {
      status = run(*command, {{"op", name}, {"feed", command->feed}}, [](const Lines&) {});
    });
  }
  {
    auto command = std::make_shared<Command>();
    add(app, command, "reload", "Read the configuration again; errors leave the running one")
        ->callback([command, &status] {
          status = run(*command, {{"op", "reload"}}, print_objects);
        });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub =
        add(app, command, "why", "Why a feed is polled when it is: rate, hours, every bound and which one won");
    sub->add_option("FEED", command->feed, "Id or URL")->required();
    sub->callback([command, &status] {
      status = run(*command, {{"op", "explain"}, {"feed", command->feed}}, [](const Lines& lines) {
        for (const auto& line : lines) std::cout << text_of(bj::parse(line).at("text")) << '\n';
      });
    });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub =
        add(app, command, "learned", "What recurs on a site and may go as its boilerplate, with the evidence");
    sub->add_option("SITE", command->site, "Host of the articles, without www.")->required();
    sub->add_option("--block", command->block, "Decide about this block")
        ->needs(sub->add_option("--verdict", command->verdict, "keep, strip, or learned (take back)")
                    ->check(CLI::IsMember({"keep", "strip", "learned"})));
    sub->callback([command, &status] {
      if (!command->verdict.empty()) {
        status =
            run(*command,
                {{"op", "block"}, {"site", command->site}, {"block", command->block}, {"verdict", command->verdict}},
                [](const Lines&) {});
      } else {
        status = run(*command, {{"op", "learned"}, {"site", command->site}}, [](const Lines& lines) {
          print_table(lines, {"block", "verdict", "entries", "heads", "tails", "share", "text"});
        });
      }
    });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub = add(app, command, "consumers", "Subscribers, outputs and stored positions");
    sub->add_option("--forget", command->consumer, "Drop the stored position of this consumer")->type_name("NAME");
    sub->callback([command, &status] {
      if (!command->consumer.empty()) {
        status = run(*command, {{"op", "forget_consumer"}, {"consumer", command->consumer}}, [](const Lines&) {});
      } else {
        status = run(*command, {{"op", "consumers"}}, [](const Lines& lines) {
          print_table(lines, {"kind", "consumer", "acked", "next", "lag", "pid", "connected"});
        });
      }
    });
  }
  {
    auto command = std::make_shared<Command>();
    add(app, command, "config", "The configuration as it took effect, secrets hidden")->callback([command, &status] {
      status = run(*command, {{"op", "config"}}, [](const Lines& lines) {
        for (const auto& line : lines) std::cout << text_of(bj::parse(line).at("yaml"));
      });
    });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub = add(app, command, "log-level", "Change the daemon's log level until it restarts");
    sub->add_option("LEVEL", command->level, "trace, debug, info, warn, error")
        ->required()
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}));
    sub->callback([command, &status] {
      status = run(*command, {{"op", "log"}, {"level", command->level}}, [](const Lines&) {});
    });
  }
}

}  // namespace newswire::daemon
