#pragma once

#include <cstdint>
#include <vector>

#include "clean/html.h"

namespace newswire::clean {

/// What a subtree of a page consists of. Lengths are in letters and digits (no white space), Chinese and Japanese
/// characters count double, so that a length means about as much reading in every script.
struct NodeFacts {
  std::uint32_t chars = 0;
  std::uint32_t link_chars = 0;  ///< of them inside <a href>
  std::uint32_t sentences = 0;   ///< ends of sentences
  std::uint32_t commas = 0;
  std::uint32_t links = 0;
  std::uint32_t blocks = 0;  ///< leaf blocks with text
  std::uint32_t hints = 0;   ///< page_hints.h, of the element itself
  std::uint32_t inner_hints = 0;  ///< of the elements below it, all flags together
  bool leaf = false;         ///< a block without blocks inside
  bool has_h1 = false;       ///< is or holds one
  bool has_article = false;  ///< holds an <article>
  double raw_score = 0;  ///< how much it reads like prose, whatever its place and name
  double score = 0;      ///< the same, without what stands in foreign parts

  double link_density() const { return chars == 0 ? 0.0 : static_cast<double>(link_chars) / chars; }
};

/// Facts of every node of a page whose paragraphs were wrapped (page_tree.h), by NodeId. Nodes that are added or
/// removed afterwards make it stale; removal leaves the facts of what was removed and of its ancestors as they were.
class PageFacts {
 public:
  explicit PageFacts(const Tree& tree);

  const NodeFacts& operator[](NodeId id) const { return facts_[id]; }
  const NodeFacts& page() const { return facts_.front(); }

  /// Does its name say that it is no part of an article, and does its weight on the page not contradict that?
  bool is_foreign(NodeId id) const { return foreign_[id]; }

 private:
  void judge_foreign(const Tree& tree, const std::vector<NodeId>& order);

  std::vector<NodeFacts> facts_;
  std::vector<bool> foreign_;
};

/// Adds the letters, sentence ends and commas of `text` to `facts`.
void count_text(std::string_view text, NodeFacts& facts);

}  // namespace newswire::clean
