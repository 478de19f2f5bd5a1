#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace newswire::serve {

/// Chooses lines by the feed they came from, looking only at the front of the line (`_newswire.feed`), without parsing
/// the article. Pure; immutable.
class LineFilter {
 public:
  /// Empty lists: everything. A line matches if its feed is one of `feeds` and it has one of `tags`.
  LineFilter(const std::vector<std::string>& feeds, const std::vector<std::string>& tags);

  enum class Match { no, yes, unknown };
  /// `front`: the line from its beginning, possibly cut. Unknown: cut before the answer, or no line of ours.
  Match match(std::string_view front) const;

  bool chooses() const noexcept { return !feeds_.empty() || !tags_.empty(); }

 private:
  std::vector<std::string> feeds_;  // sorted; as they stand in JSON, with quotes
  std::vector<std::string> tags_;
};

}  // namespace newswire::serve
