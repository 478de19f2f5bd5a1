#include "clean/detail/required_text.h"

#include <algorithm>
#include <charconv>
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

constexpr Shape kNothing{0, 0, 0};

Shape one_of(Characters characters) { return {characters, 1, 1}; }

// With what equals it but for case: two letters beyond ASCII are capitals of k and s (U+212A, U+017F).
Characters any_case_of(std::string_view character) {
  const auto own = character_of(static_cast<unsigned char>(character.front()));
  const auto beyond = character_of(0x80);
  const auto folds_out = character_of('k') | character_of('s');
  if ((own & folds_out) != 0) return own | beyond;
  return own == beyond ? own | folds_out : own;
}

Characters between(std::string_view from, std::string_view to) {
  if (from.size() > 1) return any_case_of(from);
  if (to.size() != 1) return kAnyCharacter;
  Characters all = 0;
  for (char c = from.front(); c <= to.front(); ++c) {
    all |= any_case_of({&c, 1});
    if (c == 0x7F) break;
  }
  return all;
}

std::uint32_t product(std::uint64_t a, std::uint64_t b) {
  if (a == 0 || b == 0) return 0;
  if (a == Shape::kUnbounded || b == Shape::kUnbounded) return Shape::kUnbounded;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(a * b, Shape::kUnbounded));
}

Shape times(Shape one, std::uint32_t least, std::uint32_t most) {
  // A size that is too big to count is not promised.
  const auto size = product(one.least, least);
  return {one.first, size == Shape::kUnbounded ? 0 : size, product(one.most, most)};
}

Shape joined(Shape head, Shape tail) {
  const auto sum = [](std::uint64_t a, std::uint64_t b) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(a + b, Shape::kUnbounded));
  };
  const auto first = head.least == 0 ? head.first | tail.first : head.first;
  return {first, sum(head.least, tail.least), sum(head.most, tail.most)};
}

Shape either_of(Shape a, Shape b) { return {a.first | b.first, std::min(a.least, b.least), std::max(a.most, b.most)}; }

/// What is known of a part of a pattern: all texts that it matches, if they are few, or strings that they contain; and
/// the shape of these texts.
struct Part {
  std::optional<std::vector<std::string>> exact;
  std::vector<AnyOf> clauses;
  Shape shape;
};

Part anything() { return {}; }
Part character_in(Characters characters) { return {std::nullopt, {}, one_of(characters)}; }
Part nothing() { return {std::vector<std::string>{""}, {}, kNothing}; }
Part nothing_but(std::string_view character) {
  return {std::vector<std::string>{std::string(character)}, {}, one_of(any_case_of(character))};
}

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
    shape_ = joined(shape_, part.shape);
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
    if (is_exact_) return {std::move(exact_), {}, shape_};
    flush();
    return {std::nullopt, std::move(clauses_), shape_};
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
  Shape shape_ = kNothing;
};

/// A recursive descent over the syntax. Where it does not know its way it says `lost`, and nothing is required.
class Parser {
 public:
  explicit Parser(std::string_view pattern) : rest_(pattern) {}

  Part run() {
    auto all = alternation(0);
    if (lost_ || !rest_.empty()) return anything();
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
    return all;
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
    all.shape = branches.front().shape;
    AnyOf united;
    bool all_required = true;
    for (auto& branch : branches) {
      all.shape = either_of(all.shape, branch.shape);
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
      const auto one = part.shape;
      if (accept("?")) {
        part = optional(std::move(part));
        part.shape = times(one, 0, 1);
      } else if (accept("*")) {
        part = anything();
        part.shape = times(one, 0, Shape::kUnbounded);
      } else if (accept("+")) {
        part = at_least_once(std::move(part));
        part.shape = times(one, 1, Shape::kUnbounded);
      } else if (c == '{' && rest_.size() > 1 && is_digit(rest_[1])) {
        rest_.remove_prefix(1);
        const auto least = number();
        auto most = least;
        if (accept(",")) most = rest_.starts_with("}") ? Shape::kUnbounded : number();
        if (!accept("}")) {
          lost_ = true;
          break;
        }
        part = least == 0 ? anything() : at_least_once(std::move(part));
        part.shape = times(one, least, most);
      } else {
        break;
      }
    }
    return part;
  }

  std::uint32_t number() {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) lost_ = true;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
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
    if (accept(".")) return character_in(kAnyCharacter);
    if (accept("^") || accept("$")) return nothing();
    if (accept("\\")) return escape();
    return nothing_but(character());
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
      if (alone) return nothing();
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
      return nothing();
    }
    if (c == 'p' || c == 'P') {
      rest_.remove_prefix(1);
      if (accept("{"))
        rest_.remove_prefix(std::min(rest_.find('}'), rest_.size() - 1) + (rest_.empty() ? 0 : 1));
      else if (!rest_.empty())
        character();
      return character_in(kAnyCharacter);
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c)) {
      // \d \w \s and their opposites are one character; of the rest (\Q, \x) nothing is known.
      if (std::string_view("dDwWsS").find(c) == std::string_view::npos) lost_ = true;
      rest_.remove_prefix(1);
      return character_in(kAnyCharacter);
    }
    return nothing_but(character());
  }

  Part char_class() {
    std::vector<std::string> choices;
    const bool negated = accept("^");
    bool listed = !negated;
    auto characters = negated ? kAnyCharacter : Characters{0};
    bool first = true;
    while (!rest_.empty() && (first || rest_.front() != ']')) {
      first = false;
      if (accept("[:")) {
        listed = false;
        characters = kAnyCharacter;
        const auto close = rest_.find(":]");
        if (close == std::string_view::npos) break;
        rest_.remove_prefix(close + 2);
        continue;
      }
      if (accept("\\")) {
        const bool is_letter = !rest_.empty() && ((rest_.front() >= 'a' && rest_.front() <= 'z') ||
                                                  (rest_.front() >= 'A' && rest_.front() <= 'Z'));
        if (is_letter) {
          listed = false;
          characters = kAnyCharacter;
        }
        if (rest_.empty()) break;
      }
      const auto from = character();
      choices.emplace_back(from);
      characters |= any_case_of(from);
      if (rest_.size() > 1 && rest_.front() == '-' && rest_[1] != ']') {
        listed = false;
        rest_.remove_prefix(1);
        accept("\\");
        if (rest_.empty()) break;
        characters |= between(from, character());
      }
    }
    if (!accept("]")) {
      lost_ = true;
      return anything();
    }
    if (!listed || choices.size() > kMaxChoices) return character_in(characters);
    return {std::move(choices), {}, one_of(characters)};
  }

  std::string_view rest_;
  bool lost_ = false;
};

}  // namespace

std::vector<AnyOf> required_text(std::string_view pattern) { return Parser(pattern).run().clauses; }

Shape shape_of(std::string_view pattern) { return Parser(pattern).run().shape; }

}  // namespace newswire::clean
