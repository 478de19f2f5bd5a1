#include <algorithm>
#include <deque>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "clean/detail/atom_finder.h"
#include "clean/detail/compiled_rules.h"
#include "clean/detail/required_text.h"

namespace newswire::clean {

// One automaton over all patterns (RE2::Set) was tried first: patterns with a free part ("sign up … newsletter") make
// its states explode, and it spent a minute on what takes this a second. So the strings that each pattern needs are
// looked for in one pass, and only the patterns that found theirs are tried, one by one, and compiled when they first
// are (re2::FilteredRE2 does the former too, but compiles all of them: 0.2 s at every start).
struct PhraseSet::Impl {
  using Atoms = Clause;  // one of these strings must be there
  struct Candidate {
    LazyPattern pattern;
    std::uint32_t rule;
    std::vector<Atoms> clauses;  // the first one finds the candidate, the others are looked up then
  };
  std::deque<Candidate> candidates;
  std::vector<Shape> shapes;                                // of the candidates
  std::vector<std::uint32_t> always;                        // candidates that require nothing
  std::vector<std::string> texts;                           // of the atoms, while patterns are added
  std::unordered_map<std::string, std::uint32_t> atom_ids;  // the same, from the first pattern that is taken apart on
  std::vector<Atoms> candidates_of_atom;                    // by the first clause
  std::unique_ptr<AtomFinder> atoms;

  std::uint32_t id_of(const std::string& text) {
    if (atom_ids.size() < texts.size()) {
      for (std::uint32_t id = 0; id < texts.size(); ++id) atom_ids.emplace(texts[id], id);
    }
    const auto [at, added] = atom_ids.try_emplace(text, static_cast<std::uint32_t>(texts.size()));
    if (added) texts.push_back(text);
    return at->second;
  }

  void add(LazyPattern pattern, std::uint32_t rule, Required required) {
    if (required.clauses.empty()) always.push_back(static_cast<std::uint32_t>(candidates.size()));
    candidates.push_back({std::move(pattern), rule, std::move(required.clauses)});
    shapes.push_back(required.shape);
  }

  static bool is_any_in(const Atoms& atoms, const std::vector<bool>& found) {
    return std::any_of(atoms.begin(), atoms.end(), [&](std::uint32_t atom) { return found[atom]; });
  }
};

namespace {

constexpr std::string_view kBegin = "^(?:";
constexpr std::string_view kEnd = ")$";

/// A text as far as shapes are about it. A text that is no UTF-8 has no shape, but no pattern matches it either.
class SizedText {
 public:
  explicit SizedText(std::string_view text)
      : first_(text.empty() ? 0 : character_of(static_cast<unsigned char>(text.front()))),
        size_(static_cast<std::size_t>(std::count_if(
            text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }))) {}

  bool may_have(const Shape& shape) const noexcept {
    return shape.least <= size_ && size_ <= shape.most && (size_ == 0 || (shape.first & first_) != 0);
  }

 private:
  Characters first_;
  std::size_t size_;
};

}  // namespace

PhraseSet::PhraseSet() : impl_(std::make_unique<Impl>()) {}
PhraseSet::~PhraseSet() = default;

std::string PhraseSet::add(std::string_view pattern, std::uint32_t rule, bool check) {
  LazyPattern whole(std::string(kBegin).append(pattern).append(kEnd));
  if (check) {
    if (!whole.error().empty()) {
      // Without what was put around it, so that the message is about what the author wrote.
      const auto message = LazyPattern(std::string(pattern)).error();
      return message.empty() ? "does not compile" : message;
    }
  }
  Required required{shape_of(pattern), {}};
  for (const auto& strings : required_text(pattern)) {
    auto& clause = required.clauses.emplace_back();
    for (const auto& text : strings) clause.push_back(impl_->id_of(text));
  }
  impl_->add(std::move(whole), rule, std::move(required));
  return {};
}

void PhraseSet::know(std::vector<std::string> atoms) { impl_->texts = std::move(atoms); }

void PhraseSet::add_known(std::string_view pattern, std::uint32_t rule, Required required) {
  impl_->add(LazyPattern(std::string(kBegin).append(pattern).append(kEnd)), rule, std::move(required));
}

void PhraseSet::compile() {
  const auto atoms = std::exchange(impl_->texts, {});
  impl_->atom_ids.clear();
  // A pattern is found by its rarest strings: "the" is in every text, and in many patterns.
  std::vector<std::uint32_t> uses(atoms.size(), 0);
  for (const auto& candidate : impl_->candidates) {
    for (const auto& clause : candidate.clauses) {
      for (const auto atom : clause) ++uses[atom];
    }
  }
  const auto cost = [&](const Impl::Atoms& clause) {
    std::uint32_t sum = 0;
    for (const auto atom : clause) sum += uses[atom] + (atoms[atom].size() <= 4 ? 20U : 0U);
    return sum;
  };
  impl_->candidates_of_atom.assign(atoms.size(), {});
  for (std::uint32_t id = 0; id < impl_->candidates.size(); ++id) {
    auto& clauses = impl_->candidates[id].clauses;
    if (clauses.empty()) continue;
    const auto rarest = std::min_element(clauses.begin(), clauses.end(),
                                         [&](const auto& one, const auto& other) { return cost(one) < cost(other); });
    std::iter_swap(clauses.begin(), rarest);
    for (const auto atom : clauses.front()) impl_->candidates_of_atom[atom].push_back(id);
  }
  impl_->atoms = std::make_unique<AtomFinder>(atoms);
}

void PhraseSet::match(std::string_view text, std::vector<std::uint32_t>& rules) const {
  rules.clear();
  if (impl_->candidates.empty()) return;
  thread_local std::vector<std::uint32_t> atoms;
  thread_local std::vector<bool> is_there;  // all false between calls
  thread_local std::vector<std::uint32_t> found;
  const SizedText sized(text);
  const auto add_possible = [&](const std::vector<std::uint32_t>& candidates) {
    std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(found),
                 [&](std::uint32_t id) { return sized.may_have(impl_->shapes[id]); });
  };
  found.clear();
  add_possible(impl_->always);
  impl_->atoms->find(fold_case(text), atoms);
  if (is_there.size() < impl_->candidates_of_atom.size()) is_there.resize(impl_->candidates_of_atom.size(), false);
  for (const auto atom : atoms) {
    if (is_there[atom]) continue;
    is_there[atom] = true;
    add_possible(impl_->candidates_of_atom[atom]);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  for (const auto id : found) {
    const auto& candidate = impl_->candidates[id];
    const auto& clauses = candidate.clauses;
    const bool complete = clauses.empty() || std::all_of(clauses.begin() + 1, clauses.end(), [](const auto& clause) {
                            return Impl::is_any_in(clause, is_there);
                          });
    if (complete && candidate.pattern.is_in(text)) rules.push_back(candidate.rule);
  }
  for (const auto atom : atoms) is_there[atom] = false;
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
}

std::vector<std::string> PhraseSet::patterns_of(std::uint32_t rule, std::string_view text) const {
  std::vector<std::string> patterns;
  for (const auto& candidate : impl_->candidates) {
    if (candidate.rule != rule || !candidate.pattern.is_in(text)) continue;
    const auto& written = candidate.pattern.written();
    patterns.push_back(written.substr(kBegin.size(), written.size() - kBegin.size() - kEnd.size()));
  }
  return patterns;
}

}  // namespace newswire::clean
