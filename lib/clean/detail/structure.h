#pragma once

#include <string>
#include <vector>

#include "article/article.h"
#include "clean/detail/compiled_rules.h"
#include "clean/detail/phrases.h"

namespace newswire::clean {

/// A removal with its place in the document, so that those of different stages can be put in order.
struct Removed {
  NodeId at;
  article::Stripped what;
};

/// Removes what markup alone shows to be no part of the article: hidden nodes, tracking pixels, what the selectors of
/// the rules and `drops` match. Nodes in `kept` and what contains them stay. Something that holds most of the entry's
/// text stays too: such a class name means something else there.
void strip_structure(Tree& tree, const Rules::Compiled& rules, const Disabled& disabled,
                     const std::vector<NodeId>& kept, std::vector<Removed>& removed);

/// Removes paragraphs and headings without anything to see, which feeds space their text with and which are left where
/// all in them went: nothing that a consumer could want back.
void remove_blank_paragraphs(Tree& tree);

/// Removes what a configured selector matches, whatever it holds.
void strip_selected(Tree& tree, const std::vector<Selector>& drops, const std::vector<NodeId>& kept,
                    std::vector<Removed>& removed);

}  // namespace newswire::clean
