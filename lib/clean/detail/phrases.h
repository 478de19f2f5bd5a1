#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "article/article.h"
#include "clean/detail/compiled_rules.h"
#include "clean/detail/lines.h"

namespace newswire::clean {

using Disabled = std::set<std::string, std::less<>>;  ///< categories and rules that are switched off

/// The rules that match what is left of a line, [begin, end) of its text.
struct MatchedLine {
  bool known = false;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::vector<std::uint32_t> rules;
};

/// Applies the phrase rules to the lines of one entry, whose address is `entry_url` (or empty); takes what they say.
/// Teasers in sections of related articles are added to `related`. `matched`: empty at first; a second call for the
/// same lines only matches those that changed.
void strip_phrases(const Tree& tree, std::vector<Line>& lines, const Rules::Compiled& rules, const Disabled& disabled,
                   std::string_view entry_url, std::vector<article::Related>& related,
                   std::vector<MatchedLine>& matched);

}  // namespace newswire::clean
