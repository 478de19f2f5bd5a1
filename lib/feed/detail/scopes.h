#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "feed/detail/names.h"
#include "feed/detail/tree.h"

namespace newswire::feed::detail {

/// What elements inherit on the way from the root: xml:base, xml:lang, namespace bindings. Views of the document, which
/// must outlive it.
class Scopes {
 public:
  /// `base`: where the document came from, may be empty.
  explicit Scopes(std::string_view base) : base_(base), document_base_(base) {}

  /// A state to come back to.
  struct Mark {
    std::string_view base;
    std::string_view lang;
    std::size_t bindings;
    std::size_t bases;
  };
  [[nodiscard]] Mark mark() const noexcept { return {base_, lang_, bindings_.depth(), owned_.size()}; }
  void restore(const Mark& mark) noexcept;

  /// Takes up what the attributes of `node` say. Cheap when there are none.
  void enter(xml::Node node) {
    if (node.first_attribute()) take_attributes(node);
  }

  /// The base of relative references: the nearest xml:base, else the document's own address. May be empty.
  [[nodiscard]] std::string_view base() const noexcept { return base_; }
  /// Did the document itself give a base?
  [[nodiscard]] bool has_own_base() const noexcept { return base_.data() != document_base_.data(); }
  [[nodiscard]] std::string_view lang() const noexcept { return lang_; }
  [[nodiscard]] const Bindings& bindings() const noexcept { return bindings_; }
  [[nodiscard]] Name name(xml::Node node) const noexcept { return bindings_.resolve(node.name()); }

  void set_base(std::string_view reference);
  /// From here on elements with this prefix are the feed's own (Layout::adopted).
  void adopt(std::string_view prefix) { bindings_.bind_plain(prefix); }

 private:
  void take_attributes(xml::Node node);

  std::string_view base_;
  std::string_view document_base_;
  std::string_view lang_;
  Bindings bindings_;
  std::deque<std::string> owned_;  ///< bases that had to be made absolute
};

/// An enter() that ends with the block.
class Level {
 public:
  Level(Scopes& scopes, xml::Node node) : scopes_(scopes), mark_(scopes.mark()) { scopes.enter(node); }
  ~Level() { scopes_.restore(mark_); }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  Scopes& scopes_;
  Scopes::Mark mark_;
};

}  // namespace newswire::feed::detail
