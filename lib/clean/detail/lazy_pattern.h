#pragma once

#include <atomic>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace newswire::clean {

/// A regular expression that is compiled when it is first tried: most rules are never, and compiling all of them
/// takes longer than cleaning a page. Any thread.
class LazyPattern {
 public:
  explicit LazyPattern(std::string pattern) : pattern_(std::move(pattern)) {}
  ~LazyPattern();
  LazyPattern(const LazyPattern&) = delete;
  LazyPattern& operator=(const LazyPattern&) = delete;
  LazyPattern(LazyPattern&& other) noexcept;

  /// Why it does not compile; empty if it does.
  std::string error() const;

  const std::string& written() const noexcept { return pattern_; }

  /// Does it match anywhere in `text`? Never, if it does not compile.
  bool is_in(std::string_view text) const;

 private:
  const re2::RE2& compiled() const;

  std::string pattern_;
  mutable std::atomic<const re2::RE2*> compiled_ = nullptr;
};

}  // namespace newswire::clean
