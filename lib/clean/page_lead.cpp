#include "clean/page_lead.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "clean/page_hints.h"
#include "clean/page_labels.h"

namespace newswire::clean {
namespace {

constexpr std::uint32_t kMinLead = 40;  // letters
constexpr std::uint32_t kMaxLead = 900;
constexpr std::size_t kMaxBlocks = 3;

bool says_the_same(std::string_view heading, std::string_view title) {
  if (heading.size() < 8 || title.size() < 8) return false;
  if (heading == title) return true;
  const auto& longer = heading.size() > title.size() ? heading : title;
  const auto& shorter = heading.size() > title.size() ? title : heading;
  return shorter.size() * 2 > longer.size() && longer.find(shorter) != longer.npos;
}

// A lead by the name of the element or of one around it, below the common part of the page.
bool is_named_lead(const Tree& tree, const PageFacts& facts, NodeId id) {
  for (int up = 0; id != kNoNode && up < 3; id = tree[id].parent, ++up) {
    if (facts[id].hints & hint_summary) return true;
    if (facts[id].blocks > kMaxBlocks) return false;
  }
  return false;
}

// In something foreign, in a line about the article, or below a picture.
bool stands_elsewhere(const Tree& tree, const PageFacts& facts, NodeId id) {
  for (int up = 0; id != kNoNode; id = tree[id].parent, ++up) {
    if (facts.is_foreign(id)) return true;
    if (up < 5 && facts[id].blocks <= kMaxBlocks + 1 && (facts[id].hints & (hint_picture | hint_meta | hint_caption)))
      return true;
  }
  return false;
}

}  // namespace

void join_lead(Tree& tree, NodeId main, const PageFacts& facts, std::string_view raw_title) {
  if (main == tree.root() || facts[main].has_h1 || tree[main].first_child == kNoNode) return;
  const auto title = fold_words(raw_title);
  const auto opening = fold_words(cut_utf8(flat_text(tree, main), 4000));
  bool after_headline = false;
  std::vector<NodeId> lead;
  for (auto id = tree.root(); id != kNoNode && id != main; id = tree.next_in(id, tree.root())) {
    if (!tree.is_element(id) || !facts[id].leaf || facts[id].chars == 0) continue;
    const auto& node = facts[id];
    const auto text = flat_text(tree, id);
    if (is_heading(tree[id].tag) && (tree.is(id, Tag::h1) || says_the_same(fold_words(text), title))) {
      after_headline = true;
      lead.clear();
      continue;
    }
    // A subheading is the headline's, not the text's.
    if (is_heading(tree[id].tag)) continue;
    if (node.chars < kMinLead || node.chars > kMaxLead || node.link_density() > 0.3 || node.prose <= 0) continue;
    const bool named = is_named_lead(tree, facts, id);
    if (!named && !(after_headline && node.sentences > 0)) continue;
    if (label_of(text).label != Label::none || looks_like_dateline(text) || stands_elsewhere(tree, facts, id)) continue;
    const auto folded = fold_words(text);
    if (says_the_same(folded, title) || opening.find(std::string_view(folded).substr(0, 200)) != opening.npos) continue;
    lead.push_back(id);
  }
  if (lead.size() > kMaxBlocks) return;  // a page in pieces, not an opening
  std::uint32_t letters = 0;
  for (const auto id : lead) letters += facts[id].chars;
  if (letters > facts[main].own_prose) return;
  const auto first = tree[main].first_child;
  for (const auto id : lead) tree.move_before(id, first);
}

}  // namespace newswire::clean
