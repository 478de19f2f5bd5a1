#include "ctl_preview.h"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>

#include "article/line.h"
#include "base/json_text.h"
#include "base/text.h"
#include "base/url.h"
#include "cleaning_options.h"
#include "config/feed_id.h"
#include "feed/parse.h"
#include "fetch/client.h"
#include "fetch/outcome.h"
#include "ingest/assemble.h"
#include "input_file.h"
#include "printable.h"

namespace newswire::daemon {
namespace {

namespace asio = boost::asio;

struct Command {
  std::vector<std::string> inputs;
  std::string base_url;
  std::string content_type;
  std::shared_ptr<CleaningChoice> cleaning;
  bool diff = false;
  bool allow_private = false;
};

struct Document {
  std::string bytes;
  std::string content_type;
  std::string url;
};

Result<Document> read_file(const std::string& path) {
  auto bytes = read_input(path);
  if (!bytes) return bytes.error();
  Document document;
  document.bytes = *std::move(bytes);
  return document;
}

// One conditional-free request, with the daemon's own client.
Result<Document> fetch_url(const std::string& url, bool allow_private) {
  asio::io_context loop(1);
  fetch::Client client(loop.get_executor());
  auto answer = Result<fetch::Response>(Error{Errc::io, "no answer"});
  fetch::Request request;
  request.url = url;
  request.allow_private = allow_private;
  auto task = [](fetch::Client& with, fetch::Request what, Result<fetch::Response>& into) -> asio::awaitable<void> {
    into = co_await with.get(std::move(what));
    co_await with.stop();
  };
  asio::co_spawn(loop, task(client, std::move(request), answer), [](std::exception_ptr escaped) {
    if (escaped) std::rethrow_exception(escaped);
  });
  loop.run();
  const auto outcome = fetch::classify(answer);
  if (outcome.kind != fetch::OutcomeKind::content) return Error{outcome.code, outcome.message, redact_url(url)};
  return Document{std::move(answer->body), answer->content_type, answer->final_url};
}

std::string error_line(const Error& error) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("error").begin_object();
  json.key("code").value(to_string(error.code));
  json.key("message").value(to_string(error));
  json.end_object();
  json.end_object();
  return line;
}

struct Style {
  const char* bold = "";
  const char* red = "";
  const char* dim = "";
  const char* plain = "";
};

Style style() {
  if (isatty(STDOUT_FILENO) != 1) return {};
  return {"\x1b[1m", "\x1b[31;9m", "\x1b[2m", "\x1b[0m"};
}

// The article as it will be, and struck through below it what was taken out and by which rule.
void print_diff(const article::Article& article) {
  const auto with = style();
  std::cout << with.bold << "== " << printable_line(article.title) << with.plain << '\n';
  if (!article.link_original.empty())
    std::cout << with.dim << "link: " << with.red << article.link_original << with.plain << " -> " << article.url
              << '\n';
  for (const auto& removal : article.stripped) {
    if (removal.where != "head") continue;
    std::cout << with.red << "- " << printable_line(removal.text) << with.plain << with.dim << "   [" << removal.rule
              << ", " << removal.where << "]" << with.plain << '\n';
  }
  std::cout << printable(article.content_text, true) << '\n';
  for (const auto& removal : article.stripped) {
    if (removal.where == "head") continue;
    std::cout << with.red << "- " << printable_line(removal.text) << with.plain << with.dim << "   [" << removal.rule
              << ", " << removal.where << "]" << with.plain << '\n';
  }
  for (const auto& teaser : article.related)
    std::cout << with.dim << "related: " << printable_line(teaser.title) << with.plain << '\n';
  std::cout << '\n';
}

Result<std::vector<article::Article>> preview(const Command& command, const std::string& input,
                                              const clean::Options& cleaning, Time now) {
  const bool is_url = is_http_url(input);
  auto document = is_url ? fetch_url(input, command.allow_private) : read_file(input);
  if (!document) return document.error();
  feed::ParseOptions parse_options;
  parse_options.content_type = command.content_type.empty() ? document->content_type : command.content_type;
  parse_options.base_url = command.base_url.empty() ? document->url : command.base_url;
  auto parsed = feed::parse(document->bytes, parse_options);
  if (!parsed) return Error{parsed.error().code, parsed.error().what, input};
  const auto url = !parse_options.base_url.empty() ? parse_options.base_url
                   : parsed->feed_url.empty()      ? input
                                                   : parsed->feed_url;
  ingest::DigestOptions options;
  options.ref.id = config::derive_feed_id(url);
  options.ref.url = redact_url(url);
  options.clean = cleaning;
  options.first = true;
  options.now = now;
  clean::SiteModel model;
  const article::Seen seen;
  const auto inspected = ingest::inspect(*parsed, seen);
  return ingest::digest(*parsed, inspected, seen, model, options).articles;
}

int run(const Command& command) {
  const auto cleaning = cleaning_options(*command.cleaning);
  if (!cleaning) {
    std::cerr << "newswirectl: " << to_string(cleaning.error()) << '\n';
    return 64;
  }
  int status = 0;
  std::uint64_t seq = 0;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  for (const auto& input : command.inputs) {
    auto articles = preview(command, input, *cleaning, now);
    if (!articles) {
      status = 1;
      if (command.diff) {
        std::cerr << "newswirectl: " << to_string(articles.error()) << '\n';
      } else {
        std::cout << error_line(articles.error()) << '\n';
      }
      continue;
    }
    for (auto& article : *articles) {
      article.seq = ++seq;
      article.received = now;
      if (command.diff) {
        print_diff(article);
      } else {
        std::cout << article::to_line(article) << '\n';
      }
    }
  }
  return status;
}

}  // namespace

void add_preview(CLI::App& app, int& status) {
  auto command = std::make_shared<Command>();
  auto* const sub = app.add_subcommand("preview", "A feed's articles as the daemon would spool them, without a daemon")
                        ->group("Offline");
  sub->add_option("INPUT", command->inputs, "Files, http(s) URLs, or - for standard input")->required();
  sub->add_flag("--diff", command->diff, "For people: what goes, and which rule takes it");
  sub->add_option("--base-url", command->base_url, "URL that relative links are resolved against");
  sub->add_option("--content-type", command->content_type, "As if HTTP had said so");
  command->cleaning = add_cleaning_options(*sub);
  sub->add_flag("--allow-private", command->allow_private, "URLs may lead to private and loopback addresses");
  sub->footer("Exit status: 0, or 1 if an input was no feed (its line is {\"error\":…}).");
  sub->callback([command, &status] { status = run(*command); });
}

}  // namespace newswire::daemon
