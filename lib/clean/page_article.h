#pragma once

#include <vector>

#include "article/article.h"
#include "clean/html.h"
#include "clean/metadata.h"

namespace newswire::clean {

/// Where the article of a page is, and what was taken out of it.
struct PageArticle {
  Tree tree;                                ///< the page, cut down; paragraphs wrapped
  NodeId main = kNoNode;                    ///< the element with the article in it; kNoNode: there is none
  std::vector<article::Stripped> stripped;  ///< removals inside `main`, in document order
  std::vector<article::Related> related;    ///< other articles that stood inside `main`
};

/// Finds the article of `page` and takes everything else out. `metadata` is what the page says about it elsewhere: the
/// title helps to place the headline, the body of structured data is evidence, and the article itself where the page
/// has no other. `title_hint` may be empty. Pure; linear in the page (a fixed number of passes).
PageArticle find_article(const Tree& page, const PageMetadata& metadata, std::string_view title_hint);

}  // namespace newswire::clean
