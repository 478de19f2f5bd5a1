#include "clean/page_select.h"

#include <algorithm>

#include "clean/page_hints.h"

namespace newswire::clean {
namespace {

constexpr double kNearlyAll = 0.92;
constexpr double kNoiseWeight = 0.3;
constexpr double kNextToNothing = 120;  // letters

double bonus(const Tree& tree, NodeId id, const NodeFacts& facts) {
  if (facts.hints & hint_body) return 1.15;
  if (tree.is(id, Tag::article)) return 1.1;
  if (tree.is(id, Tag::main)) return 1.05;
  return 1;
}

// Of the elements whose name says that they are the article, the one with most text: for articles that are no prose,
// lists of links or results.
NodeId named_article(const Tree& tree, const PageFacts& facts) {
  NodeId best = kNoNode;
  for (auto id = tree.root(); id != kNoNode; id = tree.next_in(id, tree.root())) {
    if (!tree.is_element(id) || facts.is_foreign(id) || facts[id].chars < kNextToNothing) continue;
    const bool named = (facts[id].hints & hint_body) || tree.is(id, Tag::article);
    if (named && (best == kNoNode || facts[id].chars > facts[best].chars)) best = id;
  }
  return best;
}

double value_of(const NodeFacts& facts) { return facts.own_prose - kNoiseWeight * facts.noise; }

}  // namespace

NodeId choose_article(const Tree& tree, const PageFacts& facts) {
  const auto root = tree.root();
  NodeId best = root;
  double best_value = 0;
  for (auto id = root; id != kNoNode; id = tree.next_in(id, root)) {
    if (!tree.is_element(id)) continue;
    if (value_of(facts[id]) >= best_value) {  // of equal ones the deepest
      best = id;
      best_value = value_of(facts[id]);
    }
  }
  if (best_value < kNextToNothing) {
    const auto named = named_article(tree, facts);
    if (named != kNoNode) return named;
  }
  if (best_value <= 0) return root;
  // Down from there, as long as nearly everything is in one child.
  NodeId chosen = best;
  double chosen_value = best_value * bonus(tree, best, facts[best]);
  for (auto id = tree.next_in(best, best); id != kNoNode; id = tree.next_in(id, best)) {
    if (!tree.is_element(id) || facts[id].leaf) continue;
    const double value = value_of(facts[id]) * bonus(tree, id, facts[id]);
    if (value >= kNearlyAll * best_value && value >= chosen_value * kNearlyAll) {
      chosen = id;
      chosen_value = std::max(value, chosen_value);
    }
  }
  return chosen;
}

}  // namespace newswire::clean
