#pragma once

#include <vector>

#include "article/article.h"
#include "clean/html.h"
#include "clean/page_facts.h"

namespace newswire::clean {

/// Takes what is not the article out of `main` (the element that choose_article gave), and tells what it took; links to
/// other articles among it are `related`, with their URLs as they stand in the page.
void prune_article(Tree& tree, NodeId main, const PageFacts& facts, std::string_view title,
                   std::vector<article::Stripped>& stripped, std::vector<article::Related>& related);

}  // namespace newswire::clean
