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
constexpr double kNothingShare = 0.05;
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
  for (const auto trust : {PageFacts::Trust::tags, PageFacts::Trust::nothing}) {
    const double share = trust == PageFacts::Trust::tags ? kSuspiciousShare : kNothingShare;
    if (facts[main].own_prose >= share * facts.page().prose) break;
    auto loose = facts;
    loose.judge(tree, trust);
    const auto other = choose_article(tree, loose);
    if (loose[other].own_prose <= kClearlyMore * facts[main].own_prose + 100) continue;
    facts = std::move(loose);
    main = other;
  }
  out.prose = facts[main].own_prose;
  join_lead(tree, main, facts, title);
  prune_article(tree, main, facts, title, out.article.stripped, out.article.related);
  out.article.main = main;
  return out;
}

// Structured data's body as paragraphs, after what the page shows of the article and the body does not repeat.
PageArticle from_body(std::string_view body, const PageArticle& shown) {
  PageArticle out;
  out.main = out.tree.root();
  const auto add = [&out](std::string_view text) {
    const auto paragraph = out.tree.new_element(Tag::p);
    const auto words = out.tree.new_text(text);
    out.tree.move_into(words, paragraph);
    out.tree.move_into(paragraph, out.main);
  };
  const auto folded = fold_space(body);
  const auto shown_text = to_text(shown.tree, shown.main);  // outlives the loop: split gives views
  for (const auto line : split(shown_text, '\n')) {
    const auto text = fold_space(line);
    if (text.size() > 40 && folded.find(std::string_view(text).substr(0, 80)) == folded.npos) add(text);
  }
  for (const auto line : split(body, '\n'))
    if (const auto text = fold_space(line); !text.empty()) add(text);
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
    found.article = from_body(metadata.body, found.article);
    found.prose = body.chars;
  }
  if (found.prose <= 0 && flat_text(found.article.tree, found.article.main).empty()) found.article.main = kNoNode;
  return std::move(found.article);
}

}  // namespace newswire::clean
