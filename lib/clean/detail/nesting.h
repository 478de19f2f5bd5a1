#pragma once

#include "clean/html.h"

namespace newswire::clean {

/// Changes what the parser would nest differently if it read the tree's HTML again: blocks in <p>, links in links,
/// list items without their list, headings in headings, and elements nested deeper than a document may be.
void straighten_nesting(Tree& tree);

}  // namespace newswire::clean
