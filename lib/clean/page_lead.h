#pragma once

#include <string_view>

#include "clean/html.h"
#include "clean/page_facts.h"

namespace newswire::clean {

/// Brings the article's opening into `main` when the page has it elsewhere: a standfirst or summary between the
/// headline and the element that choose_article gave. At most three blocks, in their order. `title` is the article's,
/// to know the headline; without a headline only what is named a lead is taken. Facts of moved nodes stay valid.
/// Linear.
void join_lead(Tree& tree, NodeId main, const PageFacts& facts, std::string_view title);

}  // namespace newswire::clean
