#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace newswire::feed::detail {

struct Repaired {
  std::string text;                  ///< well-formed XML with one root element, or empty if there was no element
  std::vector<std::string> repairs;  ///< what was done, one phrase for each kind
};

/// Makes XML out of what publishers take for XML, in one pass over `text` (UTF-8): undeclared entities, bare "&" and
/// "<", unquoted and duplicate attributes, mismatched, unclosed and stray tags, HTML inside, CDATA that is never
/// closed, junk before and after, a second document behind the first, items without anything around them or behind the
/// end of their feed. An item or entry that the end of the text cuts off is dropped; those before it stay whole.
/// Well-formed input comes out meaning the same, its own output unchanged. Linear, no recursion, bounded look-back.
Repaired repair(std::string_view text);

}  // namespace newswire::feed::detail
