#pragma once

#include <cstddef>
#include <cstdint>
#include <pugixml.hpp>
#include <string_view>

/// pugixml as the readers of feeds use it: names and texts are views, and a document is refused where pugixml would
/// guess.
namespace newswire::feed::detail::xml {

enum class Kind : std::uint8_t { none, element, text, cdata };

/// A handle of an attribute, valid as long as its Document. None of its functions minds an empty handle.
class Attribute {
 public:
  Attribute() = default;
  explicit Attribute(pugi::xml_attribute at) noexcept : at_(at) {}
  explicit operator bool() const noexcept { return !at_.empty(); }
  [[nodiscard]] std::string_view name() const noexcept { return at_.name(); }
  [[nodiscard]] std::string_view value() const noexcept { return at_.value(); }
  [[nodiscard]] Attribute next_attribute() const noexcept { return Attribute(at_.next_attribute()); }

 private:
  pugi::xml_attribute at_;
};

/// A handle of an element or a piece of text, valid as long as its Document. None of its functions minds an empty
/// handle.
class Node {
 public:
  Node() = default;
  explicit Node(pugi::xml_node at) noexcept : at_(at) {}
  explicit operator bool() const noexcept { return !at_.empty(); }
  friend bool operator==(Node left, Node right) noexcept { return left.at_ == right.at_; }

  [[nodiscard]] Kind kind() const noexcept {
    switch (at_.type()) {
      case pugi::node_element: return Kind::element;
      case pugi::node_pcdata: return Kind::text;
      case pugi::node_cdata: return Kind::cdata;
      default: return Kind::none;
    }
  }
  [[nodiscard]] bool is_element() const noexcept { return at_.type() == pugi::node_element; }
  [[nodiscard]] bool is_text() const noexcept {
    const auto type = at_.type();
    return type == pugi::node_pcdata || type == pugi::node_cdata;
  }
  /// The qualified name of an element.
  [[nodiscard]] std::string_view name() const noexcept { return at_.name(); }
  /// What a piece of text says, references decoded.
  [[nodiscard]] std::string_view value() const noexcept { return at_.value(); }
  [[nodiscard]] Node first_child() const noexcept { return Node(at_.first_child()); }
  [[nodiscard]] Node next_sibling() const noexcept { return Node(at_.next_sibling()); }
  /// Nothing for the root element and what stands beside it.
  [[nodiscard]] Node parent() const noexcept {
    const auto parent = at_.parent();
    return parent.type() == pugi::node_element ? Node(parent) : Node();
  }
  [[nodiscard]] Attribute first_attribute() const noexcept { return Attribute(at_.first_attribute()); }

 private:
  pugi::xml_node at_;
};

/// What becomes of a reference that means nothing ("&nbsp;" undeclared, "&#0;", a bare "&").
enum class References : std::uint8_t {
  refuse,  ///< the document is not taken: somebody has to repair it first
  keep,    ///< it stays as it is written
};

/// A parsed XML document: a tree of elements and text that points into the parsed bytes. Non-validating and strict about
/// nesting, quoting and closing; comments, instructions and the document type are skipped. One thread at a time; not
/// movable while handles live.
class Document {
 public:
  /// Parses `size` bytes of UTF-8 at `text` in place: references are decoded and line ends normalized where they
  /// stand, so the bytes are changed, and must outlive the tree. False for what is not well-formed. Linear, no
  /// recursion.
  bool parse(char* text, std::size_t size, References references);

  /// The first node of the document: the root element, but for malformed documents with several.
  [[nodiscard]] Node first_child() const noexcept { return Node(document_.first_child()); }

 private:
  pugi::xml_document document_;
};

}  // namespace newswire::feed::detail::xml
