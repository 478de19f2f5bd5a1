#include "ctl_feeds.h"

#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "base/count_of.h"
#include "base/text.h"
#include "base/url.h"
#include "ctl_ask.h"
#include "ctl_discover.h"
#include "progress.h"

namespace newswire::daemon {
namespace {

namespace bj = boost::json;

struct Command {
  std::shared_ptr<SocketsPlace> place;
  std::string feed;
  std::string id;
  std::string title;
  std::string interval;
  std::vector<std::string> words;
  std::vector<std::string> tags;
  std::string file;
  std::string format;
  bool json = false;
  bool as_is = false;
  bool allow_private = false;
};

CLI::App* command_of(CLI::App& app, const std::shared_ptr<Command>& command, const std::string& name,
                     const std::string& help) {
  auto* const sub = app.add_subcommand(name, help)->group("The feeds of the running daemon");
  command->place = add_sockets_options(*sub);
  sub->add_flag("--json", command->json, "The daemon's answer as it is, one JSON object a line");
  return sub;
}

Result<std::string> read_whole(const std::string& name) {
  if (name == "-") return std::string{std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(name, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return Error{Errc::io, "cannot be read", name};
  return text;
}

// Says how far an import is, then what came of it.
class ImportProgress {
 public:
  explicit ImportProgress(const Command& command)
      : command_(command), progress_(std::in_place, progress_on_stderr(), kReading, Progress::Clock::now()) {}

  void take(std::string_view line) {
    const auto parsed = bj::parse(line);
    const auto& object = parsed.as_object();
    if (const auto* const step = object.if_contains("step")) {
      const auto now = Progress::Clock::now();
      progress_->begin(*step == "read" ? kReading : "adding feeds", now);
      progress_->advance(number(object, "done"), number(object, "total"), now);
      return;
    }
    progress_.reset();
    left_out_ = left_out_ || number(object, "refused") > 0;
    if (command_.json) {
      std::cout << line << '\n';
    } else if (object.contains("error")) {
      std::cerr << command_.file << ':' << text_of(object.at("line")) << ": " << text_of(object.at("error"));
      if (object.contains("url")) std::cerr << ": " << text_of(object.at("url"));
      std::cerr << '\n';
    } else {
      std::cout << "added " << number(object, "added") << ", followed already " << number(object, "known")
                << ", left out " << number(object, "refused") << "; " << count_of(number(object, "feeds"), "feed")
                << " now\n";
    }
  }
  bool left_out() const { return left_out_; }

 private:
  static constexpr const char* kReading = "reading";

  const Command& command_;
  std::optional<Progress> progress_;
  bool left_out_ = false;
};

int import_file(const Command& command) {
  auto text = read_whole(command.file);
  if (!text) return complain(text.error());
  const auto dot = command.file.rfind('.');
  const auto extension = dot == std::string::npos ? std::string{} : lower(command.file.substr(dot));
  const auto format = !command.format.empty()                       ? command.format
                      : extension == ".opml" || extension == ".xml" ? std::string("opml")
                      : trim(*text).starts_with('<')                ? std::string("opml")
                                                                    : std::string("list");
  bj::object request{{"op", "import"}, {"format", format}, {"progress", true}};
  if (!is_utf8(*text) && format == "list") return complain(Error{Errc::invalid, "not UTF-8 text", command.file});
  request["text"] = *std::move(text);
  ImportProgress progress(command);
  const auto done = ask(*command.place, request, [&progress](std::string_view line) { progress.take(line); });
  if (!done) return complain(done.error());
  return progress.left_out() ? 1 : 0;
}

// The address to follow: what was given, or the feed of the web page that stands there.
std::string followed_url(const Command& command) {
  if (command.as_is || !is_http_url(command.feed)) return command.feed;
  const auto found = find_feed(command.feed, command.allow_private);
  if (found.empty() || found.front().how == "itself") return command.feed;
  std::cerr << "newswirectl: " << redact_url(command.feed) << " is a web page; its feed is "
            << redact_url(found.front().url) << " (discover lists all of them, --as-is adds the page)\n";
  return found.front().url;
}

}  // namespace

void add_feeds(CLI::App& app, int& status) {
  {
    auto command = std::make_shared<Command>();
    auto* const sub = command_of(app, command, "add", "Follow a feed, from now on and after a restart");
    sub->add_option("URL", command->feed, "The feed's address, or that of a web page that has one")->required();
    sub->add_option("--id", command->id, "Its id; else one is made of the URL");
    sub->add_option("--title", command->title, "Its title; else its own");
    sub->add_option("--tag", command->tags, "A tag; may be given several times")->allow_extra_args(false);
    sub->add_option("--interval", command->interval, "30m, or \"15m 6h\": shortest and longest");
    sub->add_flag("--as-is", command->as_is, "Do not look whether the URL is a web page that has a feed");
    sub->add_flag("--allow-private", command->allow_private, "Look at hosts of the own network, too");
    sub->callback([command, &status] {
      bj::object request{{"op", "add"}, {"url", followed_url(*command)}};
      if (!command->id.empty()) request["id"] = command->id;
      if (!command->title.empty()) request["title"] = command->title;
      if (!command->interval.empty()) request["interval"] = command->interval;
      if (!command->tags.empty()) request["tags"] = bj::array(command->tags.begin(), command->tags.end());
      status = ask_and_show(*command->place, request, command->json, print_objects);
    });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub = command_of(app, command, "remove", "Do not follow a feed any more that was added or imported");
    sub->add_option("FEED", command->feed, "Id or URL")->required();
    sub->callback([command, &status] {
      status = ask_and_show(*command->place, {{"op", "remove"}, {"feed", command->feed}}, command->json, print_objects);
    });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub = command_of(app, command, "set-interval", "How often a feed is polled, from now on");
    sub->add_option("FEED", command->feed, "Id or URL")->required();
    sub->add_option("INTERVAL", command->words, "30m; or shortest and longest: 15m 6h; or default: as configured")
        ->required()
        ->expected(1, 2);
    sub->callback([command, &status] {
      std::string interval;
      for (const auto& word : command->words) interval += (interval.empty() ? "" : " ") + word;
      status = ask_and_show(*command->place, {{"op", "interval"}, {"feed", command->feed}, {"interval", interval}},
                            command->json, print_objects);
    });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub = command_of(app, command, "import", "Follow the feeds of an OPML file or of a list of URLs");
    sub->add_option("FILE", command->file, "The file; - is standard input")->required();
    sub->add_option("--format", command->format, "opml or list; else by name and content")
        ->check(CLI::IsMember({"opml", "list"}));
    sub->callback([command, &status] { status = import_file(*command); });
  }
  {
    auto command = std::make_shared<Command>();
    auto* const sub = command_of(app, command, "export", "All feeds as OPML; addresses stand in it with their secrets");
    sub->callback([command, &status] {
      status = ask_and_show(*command->place, {{"op", "export"}}, command->json, [](const Lines& lines) {
        for (const auto& line : lines) std::cout << std::string(bj::parse(line).at("opml").as_string());
      });
    });
  }
}

}  // namespace newswire::daemon
