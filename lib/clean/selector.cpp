#include "clean/detail/selector.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "clean/cleaner.h"

namespace newswire::clean {
namespace {

using Compound = Selector::Compound;
using Complex = Selector::Complex;
using Combinator = Selector::Combinator;
using Pseudo = Selector::Pseudo;
using Test = Selector::Test;

constexpr std::size_t kMaxCompounds = 8;
constexpr int kMaxNesting = 3;

class SelectorParser {
 public:
  explicit SelectorParser(std::string_view text) : text_(text) {}

  Result<std::vector<Complex>> run() {
    auto list = parse_list(0, false);
    if (!list.empty() && !failed_ && at_ < text_.size()) fail("unexpected character");
    if (list.empty() && !failed_) fail("a selector is missing");
    if (failed_) return Error{Errc::invalid, message_, std::to_string(failed_at_ + 1)};
    return list;
  }

 private:
  void fail(std::string message) {
    if (failed_) return;
    failed_ = true;
    failed_at_ = at_;
    message_ = std::move(message);
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  std::vector<Complex> parse_list(int nesting, bool relative) {
    std::vector<Complex> list;
    if (nesting > kMaxNesting) {
      fail("nested too deeply");
      return list;
    }
    do {
      skip_space();
      list.push_back(parse_complex(nesting, relative));
      skip_space();
    } while (!failed_ && take(','));
    return list;
  }

  std::optional<Combinator> parse_combinator() {
    const auto before = at_;
    skip_space();
    const bool gap = at_ > before;
    switch (peek()) {
      case '>':
        ++at_;
        skip_space();
        return Combinator::child;
      case '+':
        ++at_;
        skip_space();
        return Combinator::adjacent;
      case '~':
        ++at_;
        skip_space();
        return Combinator::sibling;
      case '\0':
      case ',':
      case ')': return std::nullopt;
      default: return gap ? std::optional(Combinator::descendant) : std::nullopt;
    }
  }

  Complex parse_complex(int nesting, bool relative) {
    Complex complex;
    auto combinator = Combinator::descendant;
    if (relative && (peek() == '>' || peek() == '+' || peek() == '~')) combinator = *parse_combinator();
    while (!failed_) {
      complex.combinators.push_back(combinator);
      complex.compounds.push_back(parse_compound(nesting));
      if (complex.compounds.size() > kMaxCompounds) fail("too many parts");
      const auto next = parse_combinator();
      if (!next) break;
      combinator = *next;
    }
    return complex;
  }

  Compound parse_compound(int nesting) {
    Compound compound;
    const auto begin = at_;
    if (!take('*') && is_name(peek())) {
      const auto name = lower(parse_name());
      compound.tag = tag_of(name);
      if (compound.tag == Tag::unknown) compound.name = name;
    }
    while (!failed_) {
      if (take('#')) {
        compound.id = parse_name();
      } else if (take('.')) {
        compound.classes.push_back(parse_name());
      } else if (take('[')) {
        compound.attributes.push_back(parse_attribute());
      } else if (take(':')) {
        compound.pseudos.push_back(parse_pseudo(nesting));
      } else {
        break;
      }
    }
    if (at_ == begin) fail("a selector is missing");
    return compound;
  }

  static bool is_name(char c) {
    return is_alnum(c) || c == '-' || c == '_' || c == '\\' || (static_cast<unsigned char>(c) & 0x80) != 0;
  }

  std::string parse_name() {
    std::string name;
    while (is_name(peek())) {
      if (peek() == '\\') ++at_;
      if (at_ < text_.size()) name += text_[at_++];
    }
    if (name.empty()) fail("a name is missing");
    return name;
  }

  Selector::Attribute parse_attribute() {
    Selector::Attribute attribute;
    skip_space();
    attribute.name = lower(parse_name());
    skip_space();
    switch (peek()) {
      case ']': ++at_; return attribute;
      case '=': attribute.test = Test::equals; break;
      case '~': attribute.test = Test::word; break;
      case '|': attribute.test = Test::dash; break;
      case '^': attribute.test = Test::prefix; break;
      case '$': attribute.test = Test::suffix; break;
      case '*': attribute.test = Test::contains; break;
      default: fail("expected an operator or ]"); return attribute;
    }
    if (attribute.test != Test::equals) ++at_;
    if (!take('=')) fail("expected =");
    skip_space();
    if (const char quote = peek(); quote == '"' || quote == '\'') {
      ++at_;
      while (at_ < text_.size() && text_[at_] != quote) {
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        attribute.value += text_[at_++];
      }
      if (!take(quote)) fail("a quote is not closed");
    } else {
      attribute.value = parse_name();
    }
    skip_space();
    if (peek() == 'i' || peek() == 'I') {
      ++at_;
      attribute.ignore_case = true;
      skip_space();
    }
    if (!take(']')) fail("expected ]");
    return attribute;
  }

  Selector::PseudoClass parse_pseudo(int nesting) {
    Selector::PseudoClass pseudo{Pseudo::empty, {}};
    const auto begin = at_;
    const auto name = lower(parse_name());
    if (name == "first-child" || name == "last-child" || name == "empty") {
      pseudo.kind = name == "empty" ? Pseudo::empty : name == "first-child" ? Pseudo::first_child : Pseudo::last_child;
      return pseudo;
    }
    if (name == "not")
      pseudo.kind = Pseudo::is_not;
    else if (name == "is" || name == "where")
      pseudo.kind = Pseudo::is;
    else if (name == "has")
      pseudo.kind = Pseudo::has;
    else {
      at_ = begin;
      fail("unknown pseudo-class \"" + name + "\"");
      return pseudo;
    }
    if (!take('(')) fail("expected (");
    pseudo.argument = parse_list(nesting + 1, pseudo.kind == Pseudo::has);
    if (!take(')')) fail("expected )");
    return pseudo;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
  std::size_t failed_at_ = 0;
  std::string message_;
};

bool equal(std::string_view a, std::string_view b, bool ignore_case) { return ignore_case ? iequals(a, b) : a == b; }

bool matches_attribute(const Selector::Attribute& wanted, std::string_view value) {
  const std::string_view v = wanted.value;
  const bool fold = wanted.ignore_case;
  switch (wanted.test) {
    case Test::present: return true;
    case Test::equals: return equal(value, v, fold);
    case Test::prefix: return !v.empty() && value.size() >= v.size() && equal(value.substr(0, v.size()), v, fold);
    case Test::suffix:
      return !v.empty() && value.size() >= v.size() && equal(value.substr(value.size() - v.size()), v, fold);
    case Test::contains: return !v.empty() && (fold ? ifind(value, v) : value.find(v)) != std::string_view::npos;
    case Test::dash:
      return equal(value.substr(0, v.size()), v, fold) && (value.size() == v.size() || value[v.size()] == '-');
    case Test::word: break;
  }
  while (!value.empty()) {
    value = trim(value);
    std::size_t size = 0;
    while (size < value.size() && !is_space(value[size])) ++size;
    if (size > 0 && equal(value.substr(0, size), v, fold)) return true;
    value.remove_prefix(size);
  }
  return false;
}

NodeId element_before(const Tree& tree, NodeId id) {
  do id = tree[id].previous;
  while (id != kNoNode && !tree.is_element(id));
  return id;
}
NodeId element_after(const Tree& tree, NodeId id) {
  do id = tree[id].next;
  while (id != kNoNode && !tree.is_element(id));
  return id;
}

// Matches right to left. `scope` is the element that :has stands on, kNoNode elsewhere.
class Matcher {
 public:
  explicit Matcher(const Tree& tree) : tree_(tree) {}

  bool any(const std::vector<Complex>& list, NodeId element, NodeId scope = kNoNode) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Complex& c) { return complex(c, c.compounds.size() - 1, element, scope); });
  }

 private:
  bool complex(const Complex& selector, std::size_t part, NodeId element, NodeId scope) {
    if (steps_ > kMaxSteps || !compound(selector.compounds[part], element)) return false;
    const auto combinator = selector.combinators[part];
    if (part == 0) return scope == kNoNode || related(combinator, element, scope);
    switch (combinator) {
      case Combinator::child: {
        const auto parent = tree_[element].parent;
        return parent != kNoNode && complex(selector, part - 1, parent, scope);
      }
      case Combinator::adjacent: {
        const auto before = element_before(tree_, element);
        return before != kNoNode && complex(selector, part - 1, before, scope);
      }
      case Combinator::descendant:
        for (auto up = tree_[element].parent; up != kNoNode; up = tree_[up].parent) {
          if (complex(selector, part - 1, up, scope)) return true;
        }
        return false;
      case Combinator::sibling:
        for (auto before = element_before(tree_, element); before != kNoNode; before = element_before(tree_, before)) {
          if (complex(selector, part - 1, before, scope)) return true;
        }
        return false;
    }
    return false;
  }

  bool related(Combinator combinator, NodeId element, NodeId scope) const {
    switch (combinator) {
      case Combinator::child: return tree_[element].parent == scope;
      case Combinator::adjacent: return element_before(tree_, element) == scope;
      case Combinator::descendant: return element != scope && tree_.is_inside(element, scope);
      case Combinator::sibling: return element != scope && tree_[element].parent == tree_[scope].parent;
    }
    return false;
  }

  bool compound(const Compound& wanted, NodeId element) {
    if (++steps_ > kMaxSteps || !tree_.is_element(element)) return false;
    if (wanted.tag != Tag::unknown && tree_[element].tag != wanted.tag) return false;
    if (!wanted.name.empty() && tree_.name(element) != wanted.name) return false;
    if (!wanted.id.empty() && tree_.attribute(element, "id") != wanted.id) return false;
    for (const auto& name : wanted.classes) {
      if (!tree_.has_class(element, name)) return false;
    }
    for (const auto& attribute : wanted.attributes) {
      if (!tree_.has_attribute(element, attribute.name)) return false;
      if (!matches_attribute(attribute, tree_.attribute(element, attribute.name))) return false;
    }
    return std::all_of(wanted.pseudos.begin(), wanted.pseudos.end(), [&](const auto& p) { return pseudo(p, element); });
  }

  bool pseudo(const Selector::PseudoClass& wanted, NodeId element) {
    switch (wanted.kind) {
      case Pseudo::is: return any(wanted.argument, element);
      case Pseudo::is_not: return !any(wanted.argument, element);
      case Pseudo::first_child: return element_before(tree_, element) == kNoNode;
      case Pseudo::last_child: return element_after(tree_, element) == kNoNode;
      case Pseudo::empty: return tree_[element].first_child == kNoNode;
      case Pseudo::has: return has(wanted.argument, element);
    }
    return false;
  }

  bool has(const std::vector<Complex>& list, NodeId element) {
    for (const auto& selector : list) {
      const bool aside =
          selector.combinators[0] == Combinator::adjacent || selector.combinators[0] == Combinator::sibling;
      const auto top = aside ? tree_[element].parent : element;
      if (top == kNoNode) continue;
      for (auto id = tree_.next_in(aside ? element : top, top); id != kNoNode; id = tree_.next_in(id, top)) {
        if (tree_.is_element(id) && complex(selector, selector.compounds.size() - 1, id, element)) return true;
        if (steps_ > kMaxSteps) return false;
      }
    }
    return false;
  }

  static constexpr std::size_t kMaxSteps = 100000;  // for one element: a selector is never worth more
  const Tree& tree_;
  std::size_t steps_ = 0;
};

}  // namespace

Result<Selector> Selector::parse(std::string_view text) {
  auto list = SelectorParser(text).run();
  if (!list) return list.error();
  Selector selector;
  selector.list_ = *std::move(list);
  return selector;
}

bool Selector::matches(const Tree& tree, NodeId element) const {
  return tree.is_element(element) && Matcher(tree).any(list_, element);
}

std::vector<std::string> Selector::keys() const {
  std::vector<std::string> keys;
  for (const auto& complex : list_) {
    const auto& last = complex.compounds.back();
    if (!last.id.empty())
      keys.push_back("#" + last.id);
    else if (!last.classes.empty())
      keys.push_back("." + lower(last.classes.front()));
    else if (last.tag != Tag::unknown)
      keys.emplace_back(tag_name(last.tag));
    else
      keys.push_back(last.name);
  }
  return keys;
}

Result<void> check_selector(std::string_view selector) {
  const auto parsed = Selector::parse(selector);
  if (!parsed) return parsed.error();
  return {};
}

}  // namespace newswire::clean
