#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace newswire::feed::detail::xml {

enum class Kind : std::uint8_t { none, element, text, cdata };

struct AttributeRecord {
  const char* name;
  const char* value;
  std::uint32_t name_size;
  std::uint32_t value_size;
  AttributeRecord* next;
};

struct NodeRecord {
  const char* text;  ///< name of an element, value of text
  std::uint32_t size;
  Kind kind;
  NodeRecord* parent;
  NodeRecord* first_child;
  NodeRecord* next;
  AttributeRecord* first_attribute;
};

/// A handle of an attribute, valid as long as its Document. None of its functions minds an empty handle.
class Attribute {
 public:
  Attribute() = default;
  explicit Attribute(const AttributeRecord* at) noexcept : at_(at) {}
  explicit operator bool() const noexcept { return at_ != nullptr; }
  [[nodiscard]] std::string_view name() const noexcept {
    return at_ == nullptr ? std::string_view{} : std::string_view(at_->name, at_->name_size);
  }
  [[nodiscard]] std::string_view value() const noexcept {
    return at_ == nullptr ? std::string_view{} : std::string_view(at_->value, at_->value_size);
  }
  [[nodiscard]] Attribute next_attribute() const noexcept { return Attribute(at_ == nullptr ? nullptr : at_->next); }

 private:
  const AttributeRecord* at_ = nullptr;
};

/// A handle of an element or a piece of text, valid as long as its Document. None of its functions minds an empty
/// handle. Walking costs a load a step.
class Node {
 public:
  Node() = default;
  explicit Node(const NodeRecord* at) noexcept : at_(at) {}
  explicit operator bool() const noexcept { return at_ != nullptr; }
  friend bool operator==(Node, Node) = default;

  [[nodiscard]] Kind kind() const noexcept { return at_ == nullptr ? Kind::none : at_->kind; }
  [[nodiscard]] bool is_element() const noexcept { return kind() == Kind::element; }
  [[nodiscard]] bool is_text() const noexcept { return kind() == Kind::text || kind() == Kind::cdata; }
  /// The qualified name of an element.
  [[nodiscard]] std::string_view name() const noexcept { return is_element() ? text() : std::string_view{}; }
  /// What a piece of text says, references decoded.
  [[nodiscard]] std::string_view value() const noexcept { return is_text() ? text() : std::string_view{}; }
  [[nodiscard]] Node first_child() const noexcept { return Node(at_ == nullptr ? nullptr : at_->first_child); }
  [[nodiscard]] Node next_sibling() const noexcept { return Node(at_ == nullptr ? nullptr : at_->next); }
  /// Nothing for the root element and what stands beside it.
  [[nodiscard]] Node parent() const noexcept { return Node(at_ == nullptr ? nullptr : at_->parent); }
  [[nodiscard]] Attribute first_attribute() const noexcept {
    return Attribute(at_ == nullptr ? nullptr : at_->first_attribute);
  }

 private:
  [[nodiscard]] std::string_view text() const noexcept { return {at_->text, at_->size}; }
  const NodeRecord* at_ = nullptr;
};

/// What becomes of a reference that means nothing ("&nbsp;" undeclared, "&#0;", a bare "&").
enum class References : std::uint8_t {
  refuse,  ///< the document is not taken: somebody has to repair it first
  keep,    ///< it stays as it is written
};

/// A parsed XML document: a tree of elements and text in records that point into the parsed bytes. Non-validating and
/// strict about nesting, quoting and closing; comments, instructions and the document type are checked and skipped.
/// The records' memory is reused from document to document. One thread at a time; not movable while handles live.
class Document {
 public:
  /// Bytes that `text` must be followed by, all NUL: blocks are read past the end.
  static constexpr std::size_t kPadding = 16;

  /// Parses `size` bytes of UTF-8 at `text` in place: references are decoded and line ends normalized where they
  /// stand, so the bytes are changed, and must outlive the tree. False for what is not well-formed; the tree is empty
  /// then. Linear, no recursion.
  bool parse(char* text, std::size_t size, References references);

  /// The first node of the document: the root element, but for malformed documents with several.
  [[nodiscard]] Node first_child() const noexcept { return Node(first_); }

 private:
  friend class Builder;

  void* allocate(std::size_t bytes);
  void reset() noexcept;

  struct Chunk {
    std::unique_ptr<std::byte[]> memory;
    std::size_t size;
  };
  std::vector<Chunk> chunks_;
  std::size_t chunk_ = 0;  ///< the one that is being filled
  std::byte* free_ = nullptr;
  std::byte* free_end_ = nullptr;
  NodeRecord* first_ = nullptr;
};

}  // namespace newswire::feed::detail::xml
