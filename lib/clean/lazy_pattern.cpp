#include "clean/detail/lazy_pattern.h"

#include <re2/re2.h>

#include <memory>

namespace newswire::clean {
namespace {

RE2::Options options() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_never_capture(true);
  return options;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

LazyPattern::LazyPattern(LazyPattern&& other) noexcept
    : pattern_(std::move(other.pattern_)), compiled_(other.compiled_.exchange(nullptr)) {}

LazyPattern::~LazyPattern() { delete compiled_.load(); }

const re2::RE2& LazyPattern::compiled() const {
  if (const auto* ready = compiled_.load(std::memory_order_acquire)) return *ready;
  // Two threads may compile it at a time; the first one's is kept.
  auto fresh = std::make_unique<const RE2>(piece(pattern_), options());
  const RE2* none = nullptr;
  if (!compiled_.compare_exchange_strong(none, fresh.get(), std::memory_order_acq_rel)) return *none;
  return *fresh.release();
}

std::string LazyPattern::error() const { return compiled().ok() ? std::string{} : compiled().error(); }

bool LazyPattern::is_in(std::string_view text) const { return RE2::PartialMatch(piece(text), compiled()); }

}  // namespace newswire::clean
