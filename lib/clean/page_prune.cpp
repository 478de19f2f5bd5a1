#include "clean/page_prune.h"

#include "clean/page_hints.h"

namespace newswire::clean {
namespace {

void take(Tree& tree, NodeId id, std::string_view rule, std::string_view category,
          std::vector<article::Stripped>& stripped) {
  auto text = flat_text(tree, id);
  if (!text.empty()) stripped.push_back({std::string(rule), std::string(category), "body", std::move(text)});
  tree.remove(id);
}

}  // namespace

void prune_article(Tree& tree, NodeId main, const PageFacts& facts, [[maybe_unused]] std::string_view title,
                   std::vector<article::Stripped>& stripped) {
  const double total = facts[main].own_prose;
  for (auto id = tree.next_in(main, main); id != kNoNode;) {
    const auto beyond = tree.next_beyond(id, main);
    if (!tree.is_element(id)) {
      id = tree.next_in(id, main);
      continue;
    }
    const auto& node = facts[id];
    if (facts.is_foreign(id) && node.prose < 0.5 * total) {
      take(tree, id, "page-foreign", category_of(node.hints), stripped);
      id = beyond;
      continue;
    }
    if (node.chars > 0 && node.link_density() > 0.6 && node.prose <= node.noise && node.links >= 1 &&
        (node.blocks >= 1 || node.leaf)) {
      take(tree, id, "page-links", "related", stripped);
      id = beyond;
      continue;
    }
    id = tree.next_in(id, main);
  }
}

}  // namespace newswire::clean
