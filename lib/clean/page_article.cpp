#include "clean/page_article.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "clean/page_facts.h"
#include "clean/page_lead.h"
#include "clean/page_prune.h"
#include "clean/page_select.h"
#include "clean/page_tree.h"

namespace newswire::clean {
namespace {

// The weights below were found on the development half of the corpora's pages (docs/extraction.md).
constexpr double kSuspiciousShare = 0.35;  // of the page's prose in the article
constexpr double kClearlyMore = 2.5;
constexpr double kVeryLittle = 250;  // letters

struct Found {
  PageArticle article;
  double prose = 0;
};

Found find_in(Tree page, bool drop_hidden, std::string_view title) {
  Found out;
  out.article.tree = std::move(page);
  auto& tree = out.article.tree;
  drop_machinery(tree, drop_hidden);
  wrap_paragraphs(tree);
  PageFacts facts(tree);
  auto main = choose_article(tree, facts);
  const double strict = facts[main].own_prose;
  if (strict < kSuspiciousShare * facts.page().prose) {
    auto loose = facts;
    loose.judge(tree, PageFacts::Trust::tags);
    const auto other = choose_article(tree, loose);
    if (loose[other].own_prose > kClearlyMore * strict + 100) {
      facts = std::move(loose);
      main = other;
    }
  }
  out.prose = facts[main].own_prose;
  join_lead(tree, main, facts, title);
  prune_article(tree, main, facts, title, out.article.stripped);
  out.article.main = main;
  return out;
}

// Structured data's body as paragraphs.
PageArticle from_body(std::string_view body) {
  PageArticle out;
  out.main = out.tree.root();
  for (const auto line : split(body, '\n')) {
    const auto text = fold_space(line);
    if (text.empty()) continue;
    const auto paragraph = out.tree.new_element(Tag::p);
    const auto words = out.tree.new_text(text);
    out.tree.move_into(words, paragraph);
    out.tree.move_into(paragraph, out.main);
  }
  return out;
}

}  // namespace

PageArticle find_article(const Tree& page, const PageMetadata& metadata, std::string_view title_hint) {
  const std::string_view title = title_hint.empty() ? std::string_view(metadata.title) : title_hint;
  auto found = find_in(page, /*drop_hidden=*/true, title);
  if (found.prose < kVeryLittle) {
    auto with_hidden = find_in(page, /*drop_hidden=*/false, title);
    if (with_hidden.prose > kClearlyMore * found.prose + 100) found = std::move(with_hidden);
  }
  // A page that is filled by scripts has its article only in its structured data. One with markup in it was not meant
  // to be text.
  NodeFacts body;
  count_text(metadata.body, body);
  if (body.chars > kVeryLittle && body.chars > 3 * found.prose && metadata.body.find("</") == std::string::npos) {
    found.article = from_body(metadata.body);
    found.prose = body.chars;
  }
  if (found.prose <= 0 && flat_text(found.article.tree, found.article.main).empty()) found.article.main = kNoNode;
  return std::move(found.article);
}

}  // namespace newswire::clean
