#include "clean/detail/required_text.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "clean/detail/atom_finder.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kMaxExact = 16;    // strings that one part may stand for
constexpr std::size_t kMaxChoices = 6;   // characters of a class that are told apart
constexpr std::size_t kMaxClause = 512;  // strings in a list
constexpr std::size_t kMaxClauses = 3;
constexpr int kMaxDepth = 40;

/// What is known of a part of a pattern: all texts that it matches, if they are few, or strings that they contain.
struct Part {
  std::optional<std::vector<std::string>> exact;
  std::vector<AnyOf> clauses;
};

Part anything() { return {}; }
Part nothing_but(std::string text) { return {std::vector<std::string>{std::move(text)}, {}}; }

std::size_t shortest(const AnyOf& strings) {
  std::size_t least = kMaxRequired;
  for (const auto& text : strings) least = std::min(least, text.size());
  return least;
}

void add_clause(std::vector<AnyOf>& clauses, const AnyOf& strings) {
  if (strings.empty() || strings.size() > kMaxClause || shortest(strings) < kMinRequired) return;
  clauses.push_back(strings);
}

// The list that tells most: long strings, then few of them.
const AnyOf* best_of(const std::vector<AnyOf>& clauses) {
  const auto better = [](const AnyOf& a, const AnyOf& b) {
    return shortest(a) != shortest(b) ? shortest(a) < shortest(b) : a.size() > b.size();
  };
  const auto best = std::max_element(clauses.begin(), clauses.end(), better);
  return best == clauses.end() ? nullptr : &*best;
}

/// Parts one after the other.
class Sequence {
 public:
  void add(Part part) {
    if (part.exact && exact_.size() * part.exact->size() <= kMaxExact) {
      std::vector<std::string> joined;
      joined.reserve(exact_.size() * part.exact->size());
      for (const auto& head : exact_) {
        for (const auto& tail : *part.exact) joined.push_back(head + tail);
      }
      exact_ = std::move(joined);
      return;
    }
    flush();
    if (part.exact) exact_ = *std::move(part.exact);
    for (const auto& clause : part.clauses) add_clause(clauses_, clause);
  }

  Part end() {
    if (is_exact_) return {std::move(exact_), {}};
    flush();
    return {std::nullopt, std::move(clauses_)};
  }

 private:
  void flush() {
    is_exact_ = false;
    add_clause(clauses_, exact_);
    exact_ = {""};
  }

  bool is_exact_ = true;
  std::vector<std::string> exact_ = {""};
  std::vector<AnyOf> clauses_;
};

/// A recursive descent over the syntax. Where it does not know its way it says `lost`, and nothing is required.
class Parser {
 public:
  explicit Parser(std::string_view pattern) : rest_(pattern) {}

  std::vector<AnyOf> run() {
    auto all = alternation(0);
    if (lost_ || !rest_.empty()) return {};
    if (all.exact) add_clause(all.clauses, *all.exact);
    auto& clauses = all.clauses;
    for (auto& clause : clauses) {
      for (auto& text : clause) text = cut(fold_case(text));
      std::sort(clause.begin(), clause.end());
      clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
    }
    std::erase_if(clauses, [](const AnyOf& clause) { return shortest(clause) < kMinRequired; });
    while (clauses.size() > kMaxClauses) {
      clauses.erase(std::min_element(clauses.begin(), clauses.end(),
                                     [](const AnyOf& a, const AnyOf& b) { return shortest(a) < shortest(b); }));
    }
    return std::move(clauses);
  }

 private:
  static std::string cut(std::string text) { return std::string(cut_utf8(text, kMaxRequired)); }

  bool accept(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  std::string_view character() {
    const auto size = std::min<std::size_t>(decode_utf8(rest_).size, rest_.size());
    const auto c = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return c;
  }

  Part alternation(int depth) {
    if (depth > kMaxDepth) {
      lost_ = true;
      return anything();
    }
    std::vector<Part> branches;
    do branches.push_back(sequence(depth));
    while (!lost_ && accept("|"));
    if (branches.size() == 1) return std::move(branches.front());
    return either(std::move(branches));
  }

  static Part either(std::vector<Part> branches) {
    Part all;
    all.exact.emplace();
    AnyOf united;
    bool all_required = true;
    for (auto& branch : branches) {
      if (branch.exact && all.exact) {
        all.exact->insert(all.exact->end(), branch.exact->begin(), branch.exact->end());
      } else {
        all.exact.reset();
      }
      if (branch.exact) add_clause(branch.clauses, *branch.exact);
      const auto* const best = best_of(branch.clauses);
      all_required = all_required && best != nullptr;
      if (best != nullptr) united.insert(united.end(), best->begin(), best->end());
    }
    if (all.exact && all.exact->size() > kMaxExact) all.exact.reset();
    if (!all.exact && all_required) add_clause(all.clauses, united);
    return all;
  }

  Part sequence(int depth) {
    Sequence parts;
    while (!lost_ && !rest_.empty() && rest_.front() != '|' && rest_.front() != ')') parts.add(repeated(depth));
    return parts.end();
  }

  Part repeated(int depth) {
    auto part = single(depth);
    while (!lost_ && !rest_.empty()) {
      const char c = rest_.front();
      if (c == '?') {
        rest_.remove_prefix(1);
        part = optional(std::move(part));
      } else if (c == '*') {
        rest_.remove_prefix(1);
        part = anything();
      } else if (c == '+') {
        rest_.remove_prefix(1);
        part = at_least_once(std::move(part));
      } else if (c == '{' && rest_.size() > 1 && is_digit(rest_[1])) {
        const bool none = rest_[1] == '0';
        const auto close = rest_.find('}');
        if (close == std::string_view::npos) {
          lost_ = true;
          break;
        }
        rest_.remove_prefix(close + 1);
        part = none ? anything() : at_least_once(std::move(part));
      } else {
        break;
      }
    }
    return part;
  }

  static Part optional(Part part) {
    if (!part.exact || part.exact->size() >= kMaxExact) return anything();
    part.exact->emplace_back();
    return part;
  }

  static Part at_least_once(Part part) {
    if (part.exact) add_clause(part.clauses, *part.exact);
    part.exact.reset();
    return part;
  }

  Part single(int depth) {
    if (accept("(")) return group(depth);
    if (accept("[")) return char_class();
    if (accept(".")) return anything();
    if (accept("^") || accept("$")) return nothing_but("");
    if (accept("\\")) return escape();
    return nothing_but(std::string(character()));
  }

  Part group(int depth) {
    if (accept("?")) {
      // (?:…), (?i:…), (?P<name>…); flags alone, "(?i)", stand for nothing.
      const auto end = rest_.find_first_of(":)>");
      if (end == std::string_view::npos) {
        lost_ = true;
        return anything();
      }
      const bool alone = rest_[end] == ')';
      rest_.remove_prefix(end + 1);
      if (alone) return nothing_but("");
    }
    auto part = alternation(depth + 1);
    if (!accept(")")) lost_ = true;
    return part;
  }

  Part escape() {
    if (rest_.empty()) {
      lost_ = true;
      return anything();
    }
    const char c = rest_.front();
    if (c == 'b' || c == 'B' || c == 'A' || c == 'z') {
      rest_.remove_prefix(1);
      return nothing_but("");
    }
    if (c == 'p' || c == 'P') {
      rest_.remove_prefix(1);
      if (accept("{"))
        rest_.remove_prefix(std::min(rest_.find('}'), rest_.size() - 1) + (rest_.empty() ? 0 : 1));
      else if (!rest_.empty())
        character();
      return anything();
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c)) {
      // \d \w \s and their opposites are one character; of the rest (\Q, \x) nothing is known.
      if (std::string_view("dDwWsS").find(c) == std::string_view::npos) lost_ = true;
      rest_.remove_prefix(1);
      return anything();
    }
    return nothing_but(std::string(character()));
  }

  Part char_class() {
    std::vector<std::string> choices;
    bool listed = !accept("^");
    bool first = true;
    while (!rest_.empty() && (first || rest_.front() != ']')) {
      first = false;
      if (accept("[:")) {
        listed = false;
        const auto close = rest_.find(":]");
        if (close == std::string_view::npos) break;
        rest_.remove_prefix(close + 2);
        continue;
      }
      if (accept("\\")) {
        const bool is_letter = !rest_.empty() && ((rest_.front() >= 'a' && rest_.front() <= 'z') ||
                                                  (rest_.front() >= 'A' && rest_.front() <= 'Z'));
        if (is_letter) listed = false;
        if (rest_.empty()) break;
      }
      choices.emplace_back(character());
      if (rest_.size() > 1 && rest_.front() == '-' && rest_[1] != ']') listed = false;
    }
    if (!accept("]")) {
      lost_ = true;
      return anything();
    }
    if (!listed || choices.size() > kMaxChoices) return anything();
    return {std::move(choices), {}};
  }

  std::string_view rest_;
  bool lost_ = false;
};

}  // namespace

std::vector<AnyOf> required_text(std::string_view pattern) { return Parser(pattern).run(); }

}  // namespace newswire::clean
