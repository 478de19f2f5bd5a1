#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>

#include "clean/detail/compiled_rules.h"

namespace newswire::clean {
namespace {

RE2::Options options() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(std::int64_t{96} << 20);  // of states, allocated as they are met; measured: 5 MB after the corpus
  options.set_never_capture(true);
  return options;
}

}  // namespace

struct PhraseSet::Impl {
  RE2::Set set{options(), RE2::ANCHOR_BOTH};
  std::vector<std::uint32_t> rules;  // of each pattern
  bool ready = false;
};

PhraseSet::PhraseSet() : impl_(std::make_unique<Impl>()) {}
PhraseSet::~PhraseSet() = default;

std::string PhraseSet::add(std::string_view pattern, std::uint32_t rule) {
  std::string message;
  if (impl_->set.Add(re2::StringPiece(pattern.data(), pattern.size()), &message) < 0) return message.empty() ? "does not compile" : message;
  impl_->rules.push_back(rule);
  return {};
}

bool PhraseSet::compile() {
  impl_->ready = !impl_->rules.empty() && impl_->set.Compile();
  return impl_->ready || impl_->rules.empty();
}

void PhraseSet::match(std::string_view text, std::vector<std::uint32_t>& rules) const {
  rules.clear();
  if (!impl_->ready) return;
  std::vector<int> patterns;
  if (!impl_->set.Match(re2::StringPiece(text.data(), text.size()), &patterns)) return;
  for (const int pattern : patterns) rules.push_back(impl_->rules[static_cast<std::size_t>(pattern)]);
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
}

struct TextPattern::Impl {
  RE2 pattern;
};

TextPattern::TextPattern(std::string_view pattern) : impl_(new Impl{RE2(re2::StringPiece(pattern.data(), pattern.size()), options())}) {}
TextPattern::~TextPattern() = default;
TextPattern::TextPattern(TextPattern&&) noexcept = default;

std::string TextPattern::error() const { return impl_->pattern.ok() ? std::string{} : impl_->pattern.error(); }
bool TextPattern::is_in(std::string_view text) const { return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), impl_->pattern); }

}  // namespace newswire::clean
