#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clean/html.h"

namespace newswire::clean {

/// A list of CSS selectors (the subset that check_selector in clean/cleaner.h documents). A value; matching is const.
class Selector {
 public:
  /// Errc::invalid; `where` is the column, counted from 1.
  static Result<Selector> parse(std::string_view text);

  bool matches(const Tree& tree, NodeId element) const;

  /// For an index: what each selector of the list asks of the element itself, most selective first: "#id", ".class",
  /// "tag" in lower case, or "" if it asks for none of them.
  std::vector<std::string> keys() const;

  // The parsed form, for the matcher only.
  enum class Combinator : std::uint8_t { descendant, child, adjacent, sibling };
  enum class Test : std::uint8_t { present, equals, word, prefix, suffix, contains, dash };
  enum class Pseudo : std::uint8_t { is, is_not, has, first_child, last_child, empty };
  struct Attribute {
    std::string name;
    std::string value;
    Test test = Test::present;
    bool ignore_case = false;
  };
  struct Compound;
  struct Complex {
    std::vector<Compound> compounds;      // left to right
    std::vector<Combinator> combinators;  // before each compound; the first is meaningful only inside :has
  };
  struct PseudoClass {
    Pseudo kind;
    std::vector<Complex> argument;
  };
  struct Compound {
    Tag tag = Tag::unknown;
    std::string name;  // of an unknown tag; both empty: any element
    std::string id;
    std::vector<std::string> classes;
    std::vector<Attribute> attributes;
    std::vector<PseudoClass> pseudos;
  };

 private:
  std::vector<Complex> list_;
};

}  // namespace newswire::clean
