#pragma once

#include <array>
#include <cstddef>
#include <string_view>

/// Whether the elements that hold an item's text (<description>, <content> …) are closed within their item, for repair.
namespace newswire::feed::detail {

/// Looks ahead in one document, position after position forward; what it saw is remembered, so that all the looking
/// together is linear. The document must outlive it.
class TextEnds {
 public:
  explicit TextEnds(std::string_view document) : document_(document) {}

  /// Does the item at hand end, after `at`, without an end tag of `name` before? False for names that hold no text, and
  /// if another item begins first: it may stand inside.
  bool misses_end(std::string_view name, std::size_t at);

 private:
  static constexpr std::array<std::string_view, 6> kNames{"description",     "summary",  "content",
                                                          "content:encoded", "subtitle", "tagline"};
  /// The next tag that decides, seen from anywhere between `from` and `at`.
  struct Seen {
    std::size_t from = 1;
    std::size_t at = 0;
    bool missing = false;
  };
  [[nodiscard]] Seen look(std::string_view name, std::size_t from) const;

  std::string_view document_;
  std::array<Seen, kNames.size()> seen_{};
};

}  // namespace newswire::feed::detail
