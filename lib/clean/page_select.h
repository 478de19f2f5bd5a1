#pragma once

#include "clean/html.h"
#include "clean/page_facts.h"

namespace newswire::clean {

/// The element that holds the article of a page: the deepest one with nearly all prose that is not in foreign parts.
/// The root if the page has no prose at all.
NodeId choose_article(const Tree& tree, const PageFacts& facts);

}  // namespace newswire::clean
