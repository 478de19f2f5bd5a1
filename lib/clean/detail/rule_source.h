#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "clean/detail/compiled_rules.h"
#include "clean/detail/required_text.h"
#include "clean/rules.h"

namespace newswire::clean {

/// A text of a rule file, and where it stands in it (from 0).
struct Written {
  std::string text;
  int line = 0;
  int column = 0;
};

/// A rule between reading and compiling: what its file says, checked as far as that can be without compiling.
struct RuleDraft {
  RuleInfo info;
  std::uint8_t where = 0;
  Takes takes = Takes::links;
  std::uint32_t max_words = 0;
  bool linked = false;
  bool disabled = false;
  bool known_good = false;  ///< its patterns compile; they are not tried
  std::string file;
  std::vector<std::string> kinds;  ///< categories whose kind of thing it takes too: it is off where one of them is
  std::vector<Written> patterns;   ///< as phrases are matched, macros expanded
  std::vector<Written> selectors;
  /// Beside `patterns`, what each of them requires, as indices into RuleSource::atoms. Empty: not worked out yet.
  std::vector<PhraseSet::Required> required;
};

struct TitleGuard {
  std::string category;
  std::string file;
  Written pattern;
  bool known_good = false;
};

/// What rule files say together, in their order.
struct RuleSource {
  std::vector<RuleDraft> drafts;
  std::vector<TitleGuard> title_guards;
  std::vector<ParameterRule> parameters;
  std::vector<WrapperRule> wrappers;
  std::vector<std::string> atoms;  ///< of RuleDraft::required, ascending
};

/// Errc::invalid, with file:line:column, for a pattern or selector that does not compile.
Result<std::shared_ptr<const Rules>> compile_rules(RuleSource source);

}  // namespace newswire::clean
