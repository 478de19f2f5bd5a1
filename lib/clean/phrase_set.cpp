#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>

#include "clean/detail/atom_finder.h"
#include "clean/detail/compiled_rules.h"

namespace newswire::clean {
namespace {

// Shorter strings are in every line, and would make every pattern a candidate.
constexpr int kMinAtom = 3;

RE2::Options options() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_never_capture(true);
  return options;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

// One automaton over all patterns (RE2::Set) was tried first: patterns with a free part ("sign up … newsletter") make
// its states explode, and it spent a minute on what takes this a second. So the strings that each pattern needs are
// looked for in one pass, and only the patterns that found theirs are tried, one by one.
struct PhraseSet::Impl {
  re2::FilteredRE2 patterns{kMinAtom};
  std::vector<std::uint32_t> rules;  // of each pattern
  std::unique_ptr<AtomFinder> atoms;
};

PhraseSet::PhraseSet() : impl_(std::make_unique<Impl>()) {}
PhraseSet::~PhraseSet() = default;

std::string PhraseSet::add(std::string_view pattern, std::uint32_t rule) {
  const auto whole = "^(?:" + std::string(pattern) + ")$";
  int id = 0;
  if (impl_->patterns.Add(piece(whole), options(), &id) != RE2::NoError) {
    const RE2 alone(piece(pattern), options());
    return alone.ok() ? "does not compile" : alone.error();
  }
  impl_->rules.push_back(rule);
  return {};
}

void PhraseSet::compile() {
  std::vector<std::string> atoms;
  impl_->patterns.Compile(&atoms);
  impl_->atoms = std::make_unique<AtomFinder>(atoms);
}

void PhraseSet::match(std::string_view text, std::vector<std::uint32_t>& rules) const {
  rules.clear();
  if (impl_->rules.empty()) return;
  thread_local std::vector<int> atoms;
  thread_local std::vector<int> candidates;
  impl_->atoms->find(fold_case(text), atoms);
  impl_->patterns.AllPotentials(atoms, &candidates);
  for (const int candidate : candidates) {
    if (RE2::PartialMatch(piece(text), impl_->patterns.GetRE2(candidate)))
      rules.push_back(impl_->rules[static_cast<std::size_t>(candidate)]);
  }
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
}

struct TextPattern::Impl {
  RE2 pattern;
};

TextPattern::TextPattern(std::string_view pattern) : impl_(new Impl{RE2(piece(pattern), options())}) {}
TextPattern::~TextPattern() = default;
TextPattern::TextPattern(TextPattern&&) noexcept = default;

std::string TextPattern::error() const { return impl_->pattern.ok() ? std::string{} : impl_->pattern.error(); }
bool TextPattern::is_in(std::string_view text) const { return RE2::PartialMatch(piece(text), impl_->pattern); }

}  // namespace newswire::clean
