#include "explain_print.h"

#include <unistd.h>

#include <iostream>

#include "base/json_text.h"
#include "base/text.h"
#include "learned_block.h"
#include "printable.h"

namespace newswire::daemon {
namespace {

constexpr std::size_t kMostPatterns = 4;  // shown to people; JSON has all
constexpr std::size_t kWidestText = 300;
constexpr std::size_t kWidestPattern = 200;

void append_reason(JsonWriter& json, const clean::Reason& reason) {
  json.key("why").begin_object();
  json.key("what").value(reason.what);
  json.member_unless_empty("source", reason.source);
  if (!reason.patterns.empty()) {
    json.key("patterns").begin_array();
    for (const auto& pattern : reason.patterns) json.value(pattern);
    json.end_array();
  }
  if (!reason.selectors.empty()) {
    json.key("selectors").begin_array();
    for (const auto& selector : reason.selectors) json.value(selector);
    json.end_array();
  }
  if (!reason.evidence.empty()) {
    json.key("evidence").begin_array();
    for (const auto& block : reason.evidence) {
      json.begin_object();
      append_block(json, block);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

struct Style {
  const char* bold = "";
  const char* red = "";
  const char* green = "";
  const char* dim = "";
  const char* plain = "";
};

Style style() {
  if (isatty(STDOUT_FILENO) != 1) return {};
  return {"\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[0m"};
}

void print_reason(const clean::Reason& reason, const Style& with) {
  std::cout << with.dim << "    " << reason.what << with.plain << '\n';
  const auto some = [&with](const std::vector<std::string>& all) {
    for (std::size_t i = 0; i < std::min(all.size(), kMostPatterns); ++i)
      std::cout << with.dim << "      " << printable_line(all[i], kWidestPattern) << with.plain << '\n';
    if (all.size() > kMostPatterns)
      std::cout << with.dim << "      and " << all.size() - kMostPatterns << " more" << with.plain << '\n';
  };
  some(reason.patterns);
  some(reason.selectors);
}

}  // namespace

std::string explanation_line(const article::Article& article, const clean::Explanation& explanation) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  if (article.seq != 0) json.key("seq").value(article.seq);
  json.member_unless_empty("uid", article.uid);
  json.key("url").value(article.url);
  json.key("title").value(article.title);
  json.key("stripped").begin_array();
  for (std::size_t i = 0; i < article.stripped.size(); ++i) {
    const auto& removal = article.stripped[i];
    json.begin_object();
    json.key("text").value(removal.text);
    json.key("rule").value(removal.rule);
    json.key("category").value(removal.category);
    json.key("where").value(removal.where);
    append_reason(json, explanation.reasons[i]);
    json.end_object();
  }
  json.end_array();
  json.key("stays").begin_array();
  for (const auto& stays : explanation.staying) {
    json.begin_object();
    json.key("text").value(stays.text);
    json.key("rule").value(stays.rule);
    json.key("category").value(stays.category);
    append_reason(json, stays.reason);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return line;
}

void print_explanation(const article::Article& article, const clean::Explanation& explanation) {
  const auto with = style();
  const auto named = [&with](const std::string& category, const std::string& rule, const clean::Reason& reason) {
    std::cout << "    " << category << ", rule " << rule;
    if (!reason.source.empty()) std::cout << with.dim << " (" << reason.source << ')' << with.plain;
  };
  std::cout << with.bold << "== " << printable_line(article.title, kWidestText) << with.plain << '\n';
  if (!article.url.empty()) std::cout << "   " << printable_line(article.url) << '\n';
  if (article.stripped.empty()) std::cout << "   nothing was taken out\n";
  for (std::size_t i = 0; i < article.stripped.size(); ++i) {
    const auto& removal = article.stripped[i];
    std::cout << with.red << "- " << printable_line(removal.text, kWidestText) << with.plain << '\n';
    named(removal.category, removal.rule, explanation.reasons[i]);
    std::cout << ", " << removal.where << '\n';
    print_reason(explanation.reasons[i], with);
  }
  for (const auto& stays : explanation.staying) {
    std::cout << with.green << "= " << printable_line(stays.text, kWidestText) << with.plain << '\n';
    named(stays.category, stays.rule, stays.reason);
    std::cout << ", stays\n";
    print_reason(stays.reason, with);
  }
  std::cout << '\n';
}

}  // namespace newswire::daemon
