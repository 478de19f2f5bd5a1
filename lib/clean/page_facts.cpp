#include "clean/page_facts.h"

#include <algorithm>

#include "base/text.h"
#include "clean/page_hints.h"

namespace newswire::clean {
namespace {

// The weights below were found on the development half of the corpora's pages (docs/extraction.md).
constexpr double kLinkBlock = 0.6;         // link density from which a block is navigation
constexpr std::uint32_t kShortBlock = 24;  // letters: a label, a name, a date
constexpr double kMaxBlock = 900;          // letters: a page in one block does not outweigh everything

bool is_wide(char32_t c) {
  return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) || (c >= 0xF900 && c <= 0xFAFF);
}

double tag_weight(const Tree& tree, NodeId id) {
  switch (tree[id].tag) {
    case Tag::p: return 1.0;
    case Tag::pre:
    case Tag::blockquote: return 1.0;
    case Tag::li:
    case Tag::dd:
    case Tag::dt: return 0.7;
    case Tag::td:
    case Tag::th: return 0.6;
    case Tag::h1:
    case Tag::h2:
    case Tag::h3:
    case Tag::h4:
    case Tag::h5:
    case Tag::h6: return 0.3;
    case Tag::figcaption:
    case Tag::caption: return 0.1;
    default: return 0.9;
  }
}

// How much one leaf block reads like prose: about its letters, below zero for links and labels.
double block_score(const Tree& tree, NodeId id, const NodeFacts& facts) {
  if (facts.chars == 0) return 0;
  const double density = facts.link_density();
  const double chars = facts.chars;
  if (density > kLinkBlock) return -(8 + 0.3 * std::min(chars, 150.0));
  if (facts.chars < kShortBlock && facts.sentences == 0) return facts.link_chars > 0 ? -5 : -2;
  double base = std::min(chars, kMaxBlock) * (1 - density);
  if (facts.sentences == 0 && facts.commas < 2 && chars < 80) base *= 0.25;
  return base * tag_weight(tree, id);
}

}  // namespace

void count_text(std::string_view text, NodeFacts& facts) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      if (is_alnum(text[i])) {
        ++facts.chars;
      } else if (c == ',' || c == ';') {
        ++facts.commas;
      } else if (c == '.' || c == '!' || c == '?') {
        const bool inside = i + 1 < text.size() && is_alnum(text[i + 1]);  // 3.5, example.org
        if (!inside) ++facts.sentences;
      }
      ++i;
      continue;
    }
    const auto step = decode_utf8(text.substr(i));
    i += step.size;
    switch (step.value) {
      case 0x3002:
      case 0xFF01:
      case 0xFF1F:
      case 0x0964:
      case 0x06D4:
      case 0x061F:
      case 0x2026:
      case 0x0589: ++facts.sentences; break;
      case 0x3001:
      case 0xFF0C:
      case 0x060C: ++facts.commas; break;
      case 0x00A0:
      case 0x200B:
      case 0x2028:
      case 0x2029:
      case 0x3000:
      case 0xFEFF: break;
      default:
        if (step.value >= 0x2000 && step.value < 0x2070) break;  // punctuation
        facts.chars += is_wide(step.value) ? 2U : 1U;
    }
  }
}

PageFacts::PageFacts(const Tree& tree) : facts_(tree.size()), foreign_(tree.size(), false) {
  order_.reserve(tree.size());
  const auto root = tree.root();
  for (auto id = root; id != kNoNode; id = tree.next_in(id, root)) order_.push_back(id);

  std::vector<bool> in_link(tree.size(), false);
  std::uint32_t position = 0;
  for (const auto id : order_) {
    auto& facts = facts_[id];
    facts.position = position++;
    const auto parent = tree[id].parent;
    if (parent != kNoNode && in_link[parent]) in_link[id] = true;
    if (tree.is_text(id)) {
      count_text(tree[id].text, facts);
      if (in_link[id]) facts.link_chars = facts.chars;
    } else if (tree.is_element(id)) {
      facts.hints = hints_of(tree, id);
      if (tree.is(id, Tag::a) && tree.has_attribute(id, "href")) {
        in_link[id] = true;
        facts.links = 1;
      }
      facts.has_h1 = tree.is(id, Tag::h1);
    }
  }
  std::vector<bool> holds_block(tree.size(), false);
  for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
    const auto id = *at;
    auto& facts = facts_[id];
    const bool block = tree.is_element(id) && (is_block(tree[id].tag) || holds_block[id]);
    facts.leaf = block && !holds_block[id];
    if (facts.leaf) {
      facts.blocks = facts.chars > 0 ? 1 : 0;
      const double score = block_score(tree, id, facts);
      facts.prose = std::max(0.0, score);
      facts.noise = std::max(0.0, -score);
    }
    const auto parent = tree[id].parent;
    if (parent == kNoNode) continue;
    if (block) holds_block[parent] = true;
    auto& above = facts_[parent];
    above.chars += facts.chars;
    above.link_chars += facts.link_chars;
    above.sentences += facts.sentences;
    above.commas += facts.commas;
    above.links += facts.links;
    above.blocks += facts.blocks;
    above.inner_hints |= facts.hints | facts.inner_hints;
    above.prose += facts.prose;
    above.noise += facts.noise;
    above.has_h1 = above.has_h1 || facts.has_h1;
    above.has_article = above.has_article || facts.has_article || tree.is(id, Tag::article);
  }
  judge(tree, Trust::names);
}

void PageFacts::judge(const Tree& tree, Trust trust) {
  std::vector<bool> inside(tree.size(), false);
  for (const auto id : order_) {
    const auto parent = tree[id].parent;
    foreign_[id] = tree.is_element(id) && looks_foreign(tree, id, trust);
    inside[id] = foreign_[id] || (parent != kNoNode && inside[parent]);
    facts_[id].own_prose = 0;
  }
  for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
    auto& facts = facts_[*at];
    if (facts.leaf) facts.own_prose = inside[*at] ? 0 : facts.prose;
    if (tree[*at].parent != kNoNode) facts_[tree[*at].parent].own_prose += facts.own_prose;
  }
}

bool PageFacts::looks_foreign(const Tree& tree, NodeId id, Trust trust) const {
  const auto tag = tree[id].tag;
  const auto& facts = facts_[id];
  if (trust == Trust::nothing) return tag == Tag::nav;
  if (tag == Tag::html || tag == Tag::body || tag == Tag::main) return false;
  const bool by_tag = tag == Tag::nav || tag == Tag::aside || tag == Tag::footer || tag == Tag::form ||
                      tag == Tag::figcaption || tag == Tag::menu;
  const auto believed = trust == Trust::names
                            ? kForeignHints | hint_hidden | hint_caption
                            : std::uint32_t{hint_comments | hint_author | hint_share | hint_donation | hint_newsletter};
  if (!by_tag && (facts.hints & believed) == 0) return false;
  // A wrapper's class often names what else is in it ("post with-sidebar"). What holds the headline, an article's
  // body or most of the page's prose is no sidebar.
  const double share = facts.prose / std::max(1.0, page().prose);
  const bool holds_article = facts.has_h1 || (facts.inner_hints & hint_body) || facts.has_article;
  if (holds_article && share > 0.4) return false;
  if (share > 0.7 && !(facts.hints & hint_comments)) return false;
  if ((facts.hints & hint_body) && share > 0.3) return false;
  return true;
}

}  // namespace newswire::clean
