#include "ctl_control.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "base/text.h"
#include "serve/control_client.h"
#include "sockets_dir.h"

namespace newswire::daemon {
namespace {

namespace bj = boost::json;
using Lines = std::vector<std::string>;

int complain(const Error& error) {
  std::cerr << "newswirectl: " << to_string(error) << '\n';
  return 1;
}

Result<Lines> ask(const SocketsPlace& place, const bj::object& request) {
  const auto dir = sockets_dir(place);
  if (!dir) return dir.error();
  auto client = serve::ControlClient::connect(*dir + "/control.sock");
  if (!client) return client.error();
  return client->request(bj::serialize(request));
}

std::string text_of(const bj::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  return bj::serialize(value);
}

// Lines of JSON objects as a table: one column for each of `columns`.
void print_table(const Lines& lines, const std::vector<std::string>& columns) {
  std::vector<std::vector<std::string>> rows{{columns}};
  for (const auto& line : lines) {
    const auto parsed = bj::parse(line);
    const auto& object = parsed.as_object();
    std::vector<std::string> row;
    for (const auto& column : columns) {
      const auto* const value = object.if_contains(column);
      row.push_back(value == nullptr ? std::string("-") : std::string(cut_utf8(fold_space(text_of(*value)), 60)));
    }
    rows.push_back(std::move(row));
  }
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    std::string out;
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out.append(widths[i] - row[i].size() + 2, ' ');
    }
    std::cout << out << '\n';
  }
}

// One JSON object as "key  value" lines; inner objects indented.
void print_object(const bj::object& object, const std::string& indent = {}) {
  std::size_t width = 0;
  for (const auto& member : object) width = std::max(width, member.key().size());
  for (const auto& member : object) {
    std::string name(member.key());
    std::replace(name.begin(), name.end(), '_', ' ');
    if (const auto* const inner = member.value().if_object()) {
      std::cout << indent << name << '\n';
      print_object(*inner, indent + "  ");
    } else {
      std::cout << indent << name << std::string(width - name.size() + 2, ' ') << text_of(member.value()) << '\n';
    }
  }
}

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
  bool force = false;
};

// Raw lines with --json, else what `show` makes of them.
template <class Show>
int run(const Command& command, const bj::object& request, Show show) {
  const auto lines = ask(*command.place, request);
  if (!lines) return complain(lines.error());
  if (command.json) {
    for (const auto& line : *lines) std::cout << line << '\n';
  } else {
    show(*lines);
  }
  return 0;
}

void show_objects(const Lines& lines) {
  for (const auto& line : lines) print_object(bj::parse(line).as_object());
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
          status = run(*command, {{"op", "status"}}, show_objects);
        });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub = add(app, command, "feeds", "The feeds: health, counts, next poll");
    sub->add_option("MATCH", command->match, "Only feeds whose id or URL contains this");
    sub->add_flag("--why", command->why, "Say which rule decided the next poll");
    sub->callback([command, &status] {
      status =
          run(*command, {{"op", "feeds"}, {"match", command->match}, {"why", command->why}}, [&](const Lines& lines) {
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
    sub->callback([command, &status] {
      status = run(*command, {{"op", "poll"}, {"feed", command->feed}, {"force", command->force}}, show_objects);
    });
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
          status = run(*command, {{"op", "reload"}}, show_objects);
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
    auto* const sub = add(app, command, "learned", "What was learned to be boilerplate of a site, with the evidence");
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
