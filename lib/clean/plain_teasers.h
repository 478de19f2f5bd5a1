#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "article/article.h"

namespace newswire::clean {

/// "The Sun · 2 hours ago", "BBC News | Jun 5, 2025", "3 days ago": the source and date of a teaser. `matched` is
/// whether the line is one.
struct SourceLine {
  bool matched = false;
  std::string source;
  std::string date;  ///< as written
  std::string
      title;  ///< of the teaser, before the source: "Title - The Sun - 2 hours ago", "Title (The Sun, 2 hours ago)"
};
SourceLine source_line(std::string_view line);

/// The teasers in the lines below "Related Articles": each a title and, in any order that the lines keep to, source,
/// date and the beginning of its text. No line is lost, but for those after the first 100 teasers.
std::vector<article::Related> teasers_of(std::span<const std::string> lines);

}  // namespace newswire::clean
