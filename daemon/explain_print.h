#pragma once

#include <string>

#include "article/article.h"
#include "base/result.h"
#include "clean/explain.h"

namespace newswire::daemon {

/// One JSON object, without a line feed: what `newswirectl explain --json` prints for an article.
std::string explanation_line(const article::Article& article, const clean::Explanation& explanation);

/// The same for people, on standard output; in colour on a terminal.
void print_explanation(const article::Article& article, const clean::Explanation& explanation);

}  // namespace newswire::daemon
