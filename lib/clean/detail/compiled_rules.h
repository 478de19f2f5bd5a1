#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "clean/detail/lazy_pattern.h"
#include "clean/detail/required_text.h"
#include "clean/detail/selector.h"
#include "clean/rules.h"

namespace newswire::clean {

/// Where a phrase may stand; a rule has one or more (docs/rules.md).
enum class Where : std::uint8_t {
  line = 1,      ///< a whole line, anywhere
  head = 2,      ///< a whole line near the beginning
  tail = 4,      ///< a whole line near the end
  start = 8,     ///< the beginning of the first line, up to the end of a sentence
  end = 16,      ///< the end of the last line, from the beginning of a sentence or link
  link = 32,     ///< the whole text of a link that ends its line
  section = 64,  ///< a line that heads something; `takes` says what
};

/// What goes with the heading of a section.
enum class Takes : std::uint8_t {
  links,  ///< the teasers after it: lines that are links, or list items with one
  list,   ///< the list after it, or the lines of the same paragraph
  end,    ///< all up to the end, if it is not longer than max_words
};

struct PhraseRule {
  std::string name;
  std::string category;
  std::vector<std::string> kinds;  ///< other categories, with each of which it is switched off
  std::uint8_t where = 0;
  Takes takes = Takes::links;
  std::uint32_t max_words = 0;
  bool linked = false;  ///< only where the phrase is (at least two fifths of it) link text

  bool may(Where place) const noexcept { return (where & static_cast<std::uint8_t>(place)) != 0; }
};

struct StructureRule {
  std::string name;
  std::string category;
  std::string written;  ///< the selector as the file has it
  Selector selector;
  std::uint32_t max_words = 0;  ///< 0: any
};

/// All patterns together: which of them can match a text is found in one pass over it, so that the cost hardly grows
/// with their number. Immutable after `compile`; any thread.
class PhraseSet {
 public:
  PhraseSet();
  ~PhraseSet();
  PhraseSet(const PhraseSet&) = delete;
  PhraseSet& operator=(const PhraseSet&) = delete;

  /// What a pattern requires of a text: to have its shape, and one string of each clause, by their numbers in what
  /// `know` was told.
  using Clause = std::vector<std::uint32_t>;
  struct Required {
    Shape shape;
    std::vector<Clause> clauses;
  };

  /// The strings that the clauses of `add_known` are about. Before all else, once.
  void know(std::vector<std::string> atoms);
  void add_known(std::string_view pattern, std::uint32_t rule, Required required);

  /// With `check`, the message of the regular-expression library if it does not compile; without, such a pattern
  /// never matches.
  std::string add(std::string_view pattern, std::uint32_t rule, bool check);
  void compile();

  /// The rules of which a pattern matches the whole of `text` (see match_text), ascending, each once.
  void match(std::string_view text, std::vector<std::uint32_t>& rules) const;

  /// The patterns of one rule that match the whole of `text`, as they were added. Tries all of the rule's: for people.
  std::vector<std::string> patterns_of(std::uint32_t rule, std::string_view text) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Tracking parameters: by name or prefix ("utm_*"), on all hosts or on some.
struct ParameterRule {
  std::string name;
  bool prefix = false;
  std::vector<std::string> hosts;  ///< with their subdomains; empty: everywhere
};

/// A redirect that carries its target.
struct WrapperRule {
  std::string host;
  std::string path;       ///< prefix of the path
  std::string parameter;  ///< of the query; empty: the rest of the path
};

struct Rules::Compiled {
  std::vector<RuleInfo> infos;
  std::vector<PhraseRule> phrases;
  PhraseSet phrase_set;
  /// Categories that are not applied to entries whose title is about the very thing: the announcement of an app is no
  /// advertisement.
  std::vector<std::pair<std::string, LazyPattern>> title_guards;
  std::vector<StructureRule> structure;
  std::unordered_map<std::string, std::vector<std::uint32_t>> structure_index;  ///< by Selector::keys
  std::vector<ParameterRule> parameters;
  std::unordered_map<std::string, std::vector<std::uint32_t>> parameter_names;
  std::vector<std::uint32_t> parameter_prefixes;
  std::vector<WrapperRule> wrappers;
};

}  // namespace newswire::clean
