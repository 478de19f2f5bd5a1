#include "ctl_explain.h"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "base/text.h"
#include "base/url.h"
#include "clean/explain.h"
#include "clean/extract.h"
#include "cleaning_options.h"
#include "config/feed_id.h"
#include "ctl_ask.h"
#include "explain_print.h"
#include "feed/parse.h"
#include "ingest/assemble.h"
#include "ingest/body.h"
#include "input_file.h"
#include "learned_block.h"
#include "sockets_dir.h"
#include "spool_dir.h"
#include "spooled_article.h"

namespace newswire::daemon {
namespace {

namespace bj = boost::json;

struct Command {
  std::vector<std::string> inputs;
  std::string url;
  std::string spool;
  std::shared_ptr<SocketsPlace> place;
  std::shared_ptr<CleaningChoice> cleaning;
  bool json = false;
};

struct Told {
  article::Article article;
  clean::Explanation explanation;
};

Told tell(article::Article article, std::string_view original, const std::vector<clean::LearnedBlock>* learned,
          const clean::Options& options) {
  clean::ToExplain what;
  what.title = article.title;
  what.original = original;
  what.html = article.content_html;
  what.text = article.content_text;
  what.stripped = article.stripped;
  what.learned = learned;
  auto explanation = clean::explain(what, options);
  return {std::move(article), std::move(explanation)};
}

// --- files ----------------------------------------------------------------------------------------------------------

std::vector<Told> tell_feed(const feed::Feed& feed, const std::string& url, const clean::Options& cleaning, Time now) {
  ingest::DigestOptions options;
  options.ref.id = config::derive_feed_id(url);
  options.ref.url = url;
  options.clean = cleaning;
  options.first = true;
  options.now = now;
  clean::SiteModel model;
  const article::Seen seen;
  auto digest = ingest::digest(feed, ingest::inspect(feed, seen), seen, model, options);
  const auto learned = model.blocks();
  std::vector<Told> told;
  for (std::size_t i = 0; i < digest.articles.size(); ++i) {
    const auto body = ingest::body_of(feed.entries[digest.entry_of[i]]);
    told.push_back(tell(std::move(digest.articles[i]), body.html, &learned, cleaning));
  }
  return told;
}

Result<std::vector<Told>> tell_page(const std::string& bytes, const std::string& url, const clean::Options& cleaning,
                                    Time now) {
  clean::ExtractOptions options;
  options.url = url;
  options.fetched_at = now;
  options.cleaning = cleaning;
  auto extracted = clean::extract(bytes, options);
  if (!extracted) return extracted.error();
  article::Article article;
  article.url = std::move(extracted->url);
  article.title = std::move(extracted->title);
  article.content_html = std::move(extracted->content_html);
  article.content_text = std::move(extracted->content_text);
  article.stripped = std::move(extracted->stripped);
  std::vector<Told> told;
  told.push_back(tell(std::move(article), bytes, nullptr, cleaning));
  return told;
}

Result<std::vector<Told>> tell_file(const std::string& path, const Command& command, const clean::Options& cleaning) {
  const auto input = read_input(path);
  if (!input) return input.error();
  const auto& bytes = *input;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  feed::ParseOptions parsing;
  parsing.base_url = command.url;
  const auto feed = feed::parse(bytes, parsing);
  if (feed) {
    const auto url = !command.url.empty() ? command.url : feed->feed_url.empty() ? path : feed->feed_url;
    return tell_feed(*feed, url, cleaning, now);
  }
  const auto code = feed.error().code;
  if (code != Errc::html_page && code != Errc::not_a_feed) return Error{code, feed.error().what, path};
  auto page = tell_page(bytes, command.url, cleaning, now);
  if (!page) return Error{page.error().code, page.error().what, path};
  return page;
}

// --- the spool ------------------------------------------------------------------------------------------------------

// What the daemon knows about the article's site; nothing if it does not run. The site goes by the feed's home page,
// which the record does not have: the hosts of article and feed are tried.
std::optional<std::vector<clean::LearnedBlock>> learned_about(const article::Article& article,
                                                              const SocketsPlace& place) {
  if (!ask(place, {{"op", "version"}})) return std::nullopt;
  std::vector<clean::LearnedBlock> learned;
  std::string asked;
  for (const auto& url : {article.url, article.feed.url}) {
    auto site = host_of(url);
    if (site.starts_with("www.")) site.erase(0, 4);
    if (site.empty() || site == asked) continue;
    asked = site;
    const auto lines = ask(place, {{"op", "learned"}, {"site", site}});
    if (!lines) continue;
    for (const auto& line : *lines) learned.push_back(read_block(bj::parse(line).as_object()));
  }
  return learned;
}

// What no article is called: it was meant as a file.
bool could_name_article(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c); });
}

Result<std::vector<Told>> tell_spooled(const std::string& uid_or_seq, const Command& command,
                                       const clean::Options& cleaning) {
  if (!could_name_article(uid_or_seq)) {
    return Error{Errc::not_found, "no such file, and no uid or number of an article", uid_or_seq};
  }
  const auto dir = spool_dir({command.spool, command.place->config});
  if (!dir) return dir.error();
  auto article = spooled_article(*dir, uid_or_seq);
  if (!article) {
    auto error = article.error();
    const bool is_number = std::all_of(uid_or_seq.begin(), uid_or_seq.end(), is_digit);
    if (!is_number) error.what += "; and there is no file \"" + uid_or_seq + '"';
    return error;
  }
  const auto learned = learned_about(*article, *command.place);
  std::vector<Told> told;
  told.push_back(tell(*std::move(article), {}, learned ? &*learned : nullptr, cleaning));
  return told;
}

int run(const Command& command) {
  const auto cleaning = cleaning_options(*command.cleaning);
  if (!cleaning) {
    std::cerr << "newswirectl: " << to_string(cleaning.error()) << '\n';
    return 64;
  }
  int status = 0;
  for (const auto& input : command.inputs) {
    const bool is_file = input == "-" || std::filesystem::exists(input);
    const auto told = is_file ? tell_file(input, command, *cleaning) : tell_spooled(input, command, *cleaning);
    if (!told) {
      status = complain(told.error());
      continue;
    }
    for (const auto& one : *told) {
      if (command.json) {
        std::cout << explanation_line(one.article, one.explanation) << '\n';
      } else {
        print_explanation(one.article, one.explanation);
      }
    }
  }
  std::cout.flush();
  return std::cout ? status : 1;
}

}  // namespace

void add_explain(CLI::App& app, int& status) {
  auto command = std::make_shared<Command>();
  auto* const sub = app.add_subcommand("explain", "What was taken out of an article, by which rule and why; what stays")
                        ->group("Offline");
  sub->add_option("INPUT", command->inputs,
                  "A feed, page or text in a file or - for standard input; or the uid or number of a spooled article")
      ->required();
  sub->add_option("--url", command->url, "Where the file came from")->type_name("URL");
  sub->add_option("--spool", command->spool, "The spool's folder")->type_name("DIR");
  command->place = add_sockets_options(*sub);
  command->cleaning = add_cleaning_options(*sub);
  sub->add_flag("--json", command->json, "One JSON object an article");
  sub->footer(
      "Of a spooled article the removals are those of its record; rules and what the site repeats are told as they are "
      "now.\n"
      "Exit status: 0, or 1 if an input could not be explained.");
  sub->callback([command, &status] { status = run(*command); });
}

}  // namespace newswire::daemon
