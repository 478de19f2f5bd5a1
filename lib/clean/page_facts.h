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
  std::uint32_t blocks = 0;       ///< leaf blocks with text
  std::uint32_t hints = 0;        ///< page_hints.h, of the element itself
  std::uint32_t inner_hints = 0;  ///< of the elements below it, all flags together
  std::uint32_t position = 0;     ///< in document order
  bool leaf = false;              ///< a block without blocks inside
  bool has_h1 = false;            ///< is or holds one
  bool has_article = false;       ///< holds an <article>
  double prose = 0;               ///< letters that read like prose, whatever their place and name
  double own_prose = 0;           ///< the same without what stands in foreign parts
  double noise = 0;               ///< weight of links and labels, in the same measure

  double link_density() const { return chars == 0 ? 0.0 : static_cast<double>(link_chars) / chars; }
};

/// Facts of every node of a page whose paragraphs were wrapped (page_tree.h), by NodeId. Nodes that are added or
/// removed afterwards make it stale; removal leaves the facts of what was removed and of its ancestors as they were.
class PageFacts {
 public:
  /// How much the names of elements are believed: all of them; only those of comments and of elements that HTML has
  /// for navigation; or nothing. The less is for pages whose article itself stands in an oddly named element.
  enum class Trust : std::uint8_t { names, tags, nothing };

  explicit PageFacts(const Tree& tree);

  /// Judges anew what is foreign. Facts that do not depend on it stay.
  void judge(const Tree& tree, Trust trust);

  const NodeFacts& operator[](NodeId id) const { return facts_[id]; }
  const NodeFacts& page() const { return facts_.front(); }

  /// Does its name say that it is no part of an article, and does its weight on the page not contradict that?
  bool is_foreign(NodeId id) const { return foreign_[id]; }

 private:
  bool looks_foreign(const Tree& tree, NodeId id, Trust trust) const;

  std::vector<NodeFacts> facts_;
  std::vector<bool> foreign_;
  std::vector<NodeId> order_;  ///< of the document
};

/// Adds the letters, sentence ends and commas of `text` to `facts`.
void count_text(std::string_view text, NodeFacts& facts);

}  // namespace newswire::clean
