#include <algorithm>
#include <deque>
#include <map>

#include "clean/detail/atom_finder.h"
#include "clean/detail/compiled_rules.h"
#include "clean/detail/required_text.h"

namespace newswire::clean {

// One automaton over all patterns (RE2::Set) was tried first: patterns with a free part ("sign up … newsletter") make
// its states explode, and it spent a minute on what takes this a second. So the strings that each pattern needs are
// looked for in one pass, and only the patterns that found theirs are tried, one by one, and compiled when they first
// are (re2::FilteredRE2 does the former too, but compiles all of them: 0.2 s at every start).
struct PhraseSet::Impl {
  struct Candidate {
    LazyPattern pattern;
    std::uint32_t rule;
    std::uint32_t clauses = 0;  // lists of which a string must be there
  };
  std::deque<Candidate> candidates;
  std::vector<std::uint32_t> always;              // candidates that require nothing
  std::vector<std::uint32_t> clause_of;           // the candidate of each clause
  std::map<std::string, std::uint32_t> atom_ids;  // while patterns are added
  std::vector<std::vector<std::uint32_t>> clauses_of_atom;
  std::unique_ptr<AtomFinder> atoms;
};

namespace {

constexpr std::string_view kBegin = "^(?:";
constexpr std::string_view kEnd = ")$";

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
  const auto id = static_cast<std::uint32_t>(impl_->candidates.size());
  const auto required = required_text(pattern);
  impl_->candidates.push_back({std::move(whole), rule, static_cast<std::uint32_t>(required.size())});
  if (required.empty()) impl_->always.push_back(id);
  for (const auto& strings : required) {
    const auto clause = static_cast<std::uint32_t>(impl_->clause_of.size());
    impl_->clause_of.push_back(id);
    for (const auto& text : strings) {
      const auto fresh = static_cast<std::uint32_t>(impl_->clauses_of_atom.size());
      const auto [atom, added] = impl_->atom_ids.try_emplace(text, fresh);
      if (added) impl_->clauses_of_atom.emplace_back();
      impl_->clauses_of_atom[atom->second].push_back(clause);
    }
  }
  return {};
}

void PhraseSet::compile() {
  std::vector<std::string> atoms(impl_->atom_ids.size());
  for (const auto& [text, id] : impl_->atom_ids) atoms[id] = text;
  impl_->atom_ids.clear();
  impl_->atoms = std::make_unique<AtomFinder>(atoms);
}

void PhraseSet::match(std::string_view text, std::vector<std::uint32_t>& rules) const {
  rules.clear();
  if (impl_->candidates.empty()) return;
  thread_local std::vector<int> atoms;
  thread_local std::vector<std::uint32_t> clauses;
  impl_->atoms->find(fold_case(text), atoms);
  clauses.clear();
  for (const int atom : atoms) {
    const auto& of_atom = impl_->clauses_of_atom[static_cast<std::size_t>(atom)];
    clauses.insert(clauses.end(), of_atom.begin(), of_atom.end());
  }
  // Clauses of one pattern have successive numbers.
  std::sort(clauses.begin(), clauses.end());
  clauses.erase(std::unique(clauses.begin(), clauses.end()), clauses.end());
  const auto attempt = [&](std::uint32_t id) {
    const auto& candidate = impl_->candidates[id];
    if (candidate.pattern.is_in(text)) rules.push_back(candidate.rule);
  };
  for (const auto id : impl_->always) attempt(id);
  for (std::size_t i = 0; i < clauses.size();) {
    const auto id = impl_->clause_of[clauses[i]];
    std::uint32_t met = 0;
    for (; i < clauses.size() && impl_->clause_of[clauses[i]] == id; ++i) ++met;
    if (met == impl_->candidates[id].clauses) attempt(id);
  }
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
