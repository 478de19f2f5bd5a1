#include "ctl_discover.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <iostream>
#include <set>

#include "base/json_text.h"
#include "base/url.h"
#include "base/version.h"
#include "ctl_ask.h"
#include "feed/parse.h"
#include "fetch/client.h"
#include "fetch/discovery.h"
#include "fetch/outcome.h"

namespace newswire::daemon {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMostAsked = 12;  // candidates fetched for one page
constexpr std::size_t kFewAsked = 5;    // where one feed is enough

struct Command {
  std::string url;
  bool allow_private = false;
  bool json = false;
  bool one_is_enough = false;
};

struct Search {
  explicit Search(const Command& wanted, asio::any_io_executor loop)
      : command(wanted), client(std::move(loop), options()) {}

  static fetch::ClientOptions options() {
    fetch::ClientOptions options;
    options.user_agent = fetch::default_user_agent(kVersion, kProjectUrl);
    return options;
  }

  [[nodiscard]] bool goes_on() const {
    return command.one_is_enough ? found.empty() && asked.size() < kFewAsked : asked.size() < kMostAsked;
  }

  const Command& command;
  fetch::Client client;
  std::vector<FoundFeed> found;
  std::set<std::string> asked;
  std::string why_not;
};

asio::awaitable<Result<fetch::Response>> get(Search& search, std::string url) {
  fetch::Request request;
  request.url = std::move(url);
  request.a_im = false;
  request.allow_private = search.command.allow_private;
  request.timeouts.total = std::chrono::seconds{search.command.one_is_enough ? 10 : 20};
  co_return co_await search.client.get(std::move(request));
}

// Takes the feed in `response` into what was found. False: it is none.
bool take(Search& search, const fetch::Response& response, std::string_view title, std::string_view how) {
  if (response.status != 200) return false;
  const auto feed = feed::parse(response.body, {response.content_type, response.final_url});
  if (!feed) return false;
  for (const auto& known : search.found) {
    if (known.url == response.final_url) return true;
  }
  search.found.push_back({response.final_url, feed->title.empty() ? std::string(title) : feed->title, std::string(how),
                          feed->entries.size()});
  return true;
}

asio::awaitable<void> try_feed(Search& search, std::string url, std::string title, std::string how) {
  if (!search.goes_on() || !is_http_url(url) || !search.asked.insert(url).second) co_return;
  const auto response = co_await get(search, url);
  if (response) take(search, *response, title, how);
}

asio::awaitable<void> try_known_sites(Search& search) {
  for (const auto& known : fetch::known_feeds(search.command.url))
    co_await try_feed(search, known.url, known.title, "known site");
}

asio::awaitable<void> discover(Search& search) {
  const auto& url = search.command.url;
  if (!search.command.one_is_enough) co_await try_known_sites(search);
  auto page = co_await get(search, url);
  if (!page) {
    search.why_not = to_string(page.error());
  } else if (search.command.one_is_enough && page->status != 200) {
    // No page that could lead anywhere: whoever added it may know why.
  } else if (!take(search, *page, {}, "itself")) {
    if (const auto target = fetch::refresh_target(*page); !target.empty())
      search.why_not = "the page sends browsers on to " + redact_url(target) + ": ask for that";
    if (page->status != 200) search.why_not = "the page answers " + std::to_string(page->status);
    if (search.command.one_is_enough) co_await try_known_sites(search);
    for (const auto& link : feed::advertised_feeds(page->body, page->final_url))
      co_await try_feed(search, link.url, link.title, "advertised");
    if (search.found.empty()) {
      for (const auto& likely : fetch::likely_feeds(page->final_url))
        co_await try_feed(search, likely, {}, "usual place");
    }
  }
  co_await search.client.stop();
}

std::string to_line(const FoundFeed& found) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("url").value(found.url);
  json.member_unless_empty("title", found.title);
  json.key("how").value(found.how);
  json.key("entries").value(std::uint64_t{found.entries});
  json.end_object();
  return line;
}

void run(asio::io_context& loop, Search& search) {
  std::exception_ptr escaped;
  asio::co_spawn(loop, discover(search), [&escaped](std::exception_ptr error) { escaped = error; });
  loop.run();
  if (escaped) std::rethrow_exception(escaped);
}

int run(const Command& command) {
  if (!is_http_url(command.url)) return complain(Error{Errc::invalid, "an http or https URL is needed", command.url});
  asio::io_context loop(1);
  Search search(command, loop.get_executor());
  run(loop, search);
  if (search.found.empty()) {
    return complain(Error{Errc::not_found,
                          "no feed was found" + (search.why_not.empty() ? std::string{} : ": " + search.why_not),
                          command.url});
  }
  Lines lines;
  for (const auto& found : search.found) lines.push_back(to_line(found));
  if (command.json) {
    for (const auto& line : lines) std::cout << line << '\n';
  } else {
    print_table(lines, {"url", "title", "how", "entries"});
  }
  return 0;
}

}  // namespace

std::vector<FoundFeed> find_feed(const std::string& url, bool allow_private) {
  Command command;
  command.url = url;
  command.allow_private = allow_private;
  command.one_is_enough = true;
  asio::io_context loop(1);
  Search search(command, loop.get_executor());
  run(loop, search);
  return std::move(search.found);
}

void add_discover(CLI::App& app, int& status) {
  auto command = std::make_shared<Command>();
  auto* const sub = app.add_subcommand("discover", "Find the feeds of a web page")->group("Offline");
  sub->add_option("URL", command->url, "The page")->required();
  sub->add_flag("--allow-private", command->allow_private, "Also ask hosts of the own network");
  sub->add_flag("--json", command->json, "One JSON object a feed");
  sub->callback([command, &status] { status = run(*command); });
}

}  // namespace newswire::daemon
