#include "ctl_extract.h"

#include <chrono>
#include <iostream>
#include <memory>
#include <string_view>

#include "base/json_text.h"
#include "base/result.h"
#include "base/time.h"
#include "clean/extract.h"
#include "input_file.h"

namespace newswire::daemon {
namespace {

constexpr std::size_t kLargestPage = std::size_t{16} << 20U;  // what clean::extract takes

void append_article(std::string& out, const clean::Extracted& article) {
  JsonWriter json(out);
  json.begin_object();
  json.key("url").value(article.url);
  json.key("title").value(article.title);
  json.key("authors").begin_array();
  for (const auto& author : article.authors) {
    json.begin_object();
    json.key("name").value(author.name);
    json.member_unless_empty("url", author.url);
    json.end_object();
  }
  json.end_array();
  if (article.date_published) json.key("date_published").value(to_rfc3339(*article.date_published));
  json.key("content_html").value(article.content_html);
  json.key("content_text").value(article.content_text);
  json.key("language").value(article.language);
  json.member_unless_empty("image", article.image);
  json.key("stripped").begin_array();
  for (const auto& removal : article.stripped) {
    json.begin_object();
    json.key("rule").value(removal.rule);
    json.key("category").value(removal.category);
    json.key("where").value(removal.where);
    json.key("text").value(removal.text);
    json.end_object();
  }
  json.end_array();
  json.key("related").begin_array();
  for (const auto& teaser : article.related) {
    json.begin_object();
    json.key("title").value(teaser.title);
    json.member_unless_empty("url", teaser.url);
    json.member_unless_empty("source", teaser.source);
    json.member_unless_empty("date", teaser.date);
    json.member_unless_empty("text", teaser.text);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void append_error(std::string& out, const Error& error) {
  JsonWriter json(out);
  json.begin_object();
  json.key("error").begin_object();
  json.key("code").value(to_string(error.code));
  json.key("message").value(to_string(error));
  json.end_object();
  json.end_object();
}

}  // namespace

int run_extract(const ExtractCommand& command) {
  clean::ExtractOptions options;
  options.url = command.url;
  options.content_type = command.content_type;
  if (command.fetched_at.empty()) {
    options.fetched_at = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  } else if (const auto time = parse_rfc3339(command.fetched_at)) {
    options.fetched_at = time->utc;
  } else {
    std::cerr << "newswirectl extract: --fetched-at: \"" << command.fetched_at
              << "\" is no RFC 3339 time such as 2026-11-24T08:00:00Z\n";
    return 64;
  }
  int status = 0;
  for (const auto& input : command.inputs) {
    std::string line;
    const auto bytes = read_input(input, kLargestPage);
    auto article = bytes ? clean::extract(*bytes, options) : Result<clean::Extracted>(bytes.error());
    if (article) {
      append_article(line, *article);
    } else {
      auto error = article.error();
      if (error.where.empty()) error.where = input == "-" ? "standard input" : input;
      append_error(line, error);
      status = 1;
    }
    line += '\n';
    if (!std::cout.write(line.data(), static_cast<std::streamsize>(line.size()))) return 1;
  }
  std::cout.flush();
  return std::cout ? status : 1;
}

void add_extract(CLI::App& app, int& status) {
  auto command = std::make_shared<ExtractCommand>();
  auto* const extract =
      app.add_subcommand("extract", "The article of web pages or of plain text, one JSON line per input")
          ->group("Offline");
  extract->add_option("--url", command->url, "Where the pages came from: base of relative URLs")->type_name("URL");
  extract
      ->add_option("--fetched-at", command->fetched_at,
                   "When they were fetched (RFC 3339), for dates such as \"2 hours ago\"; default: now")
      ->type_name("TIME");
  extract->add_option("--content-type", command->content_type, "The Content-Type header that they came with")
      ->type_name("CT");
  extract->add_option("inputs", command->inputs, "Files; \"-\" is standard input")->required()->type_name("FILE|-");
  extract->footer(
      "Prints {url,title,authors,date_published,content_html,content_text,language,image,stripped,related}.\n"
      "An input without an article prints {\"error\":{\"code\":…,\"message\":…}} on its line, and the exit status is "
      "1.");
  extract->callback([command, &status] { status = run_extract(*command); });
}

}  // namespace newswire::daemon
