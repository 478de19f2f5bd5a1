#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace newswire::clean {

/// A rule as people see it: for `newswirectl rules` and for the tests of its examples.
struct RuleInfo {
  std::string name;
  std::string category;
  std::vector<std::string> languages;  ///< documentation: a rule is tried on every text
  std::string where;                   ///< as in the file, "line, end"; "selector" for structural rules
  std::string source;                  ///< file:line
  std::vector<std::string> strip;      ///< examples of what it must take out; of built-in rules they are not read
  std::vector<std::string> keep;       ///< examples of what it must leave; the same
};

/// All rules of one configuration: phrase patterns, structural selectors, link cleaning (docs/rules.md describes the
/// files). Compiled once, immutable, safe to use from any number of threads at a time.
class Rules {
 public:
  /// The rules of config/rules, as they were when the binary was built. Compiled at the first call, then shared.
  static const std::shared_ptr<const Rules>& built_in();

  ~Rules();
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  /// In the order of the files.
  const std::vector<RuleInfo>& list() const noexcept;

  struct Compiled;  ///< for the stages of this room
  const Compiled& compiled() const noexcept { return *compiled_; }

 private:
  friend class RulesCompiler;
  explicit Rules(std::unique_ptr<Compiled> compiled);

  std::unique_ptr<Compiled> compiled_;
};

/// The built-in rules and, after them, those of `paths`: YAML files, or directories of which each *.yaml is read in
/// the order of names. A rule with the name of an earlier one replaces it; `disabled: true` in it removes it.
/// Errc::io if a path cannot be read; Errc::invalid, with file:line:column, for a mistake in a file, a pattern that
/// does not compile, or a bad selector. Reads files: not for the loop's thread.
Result<std::shared_ptr<const Rules>> load_rules(std::span<const std::filesystem::path> paths);

/// The same from memory: pairs of a name for messages and YAML text. `with_built_in`: on top of them or alone.
struct RuleText {
  std::string name;
  std::string yaml;
};
Result<std::shared_ptr<const Rules>> parse_rules(std::span<const RuleText> files, bool with_built_in);

/// The files that `load_rules` would read, as they are.
Result<std::vector<RuleText>> read_rule_files(std::span<const std::filesystem::path> paths);

}  // namespace newswire::clean
