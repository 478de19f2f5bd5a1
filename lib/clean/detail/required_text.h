#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace newswire::clean {

/// Strings of which at least one is in every text that a pattern matches, in lower case (fold_case).
using AnyOf = std::vector<std::string>;

/// What a text must contain to be worth a try with the regular expression `pattern` (RE2 syntax): one string of each
/// list. Empty if nothing can be said: then every text is. Strings are kMinRequired to kMaxRequired bytes long, the
/// lists few and short, and the cost is linear in the pattern. The answer is safe, not sharp: syntax that this does
/// not know is taken for anything.
inline constexpr std::size_t kMinRequired = 3;
inline constexpr std::size_t kMaxRequired = 8;
std::vector<AnyOf> required_text(std::string_view pattern);

}  // namespace newswire::clean
