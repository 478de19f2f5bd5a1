#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace newswire::clean {

/// An element's name, for those that code asks for; any other is `unknown` (see Node::text).
enum class Tag : std::uint8_t {
  unknown,
#define NEWSWIRE_TAG(name, spelling, traits) name,
#include "clean/tags.inc"
#undef NEWSWIRE_TAG
};

/// "h1" for Tag::h1, "" for Tag::unknown. The tag of a lower-case name.
std::string_view tag_name(Tag tag) noexcept;
Tag tag_of(std::string_view lower_case_name) noexcept;

/// Starts and ends a block of text (p, div, li, td, h1, hr …); the others, unknown ones included, are inline.
bool is_block(Tag tag) noexcept;
/// Has no content and no end tag (br, img …).
bool is_void(Tag tag) noexcept;
/// h1 to h6.
constexpr bool is_heading(Tag tag) noexcept { return tag >= Tag::h1 && tag <= Tag::h6; }

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = std::numeric_limits<NodeId>::max();

enum class NodeKind : std::uint8_t { element, text };

/// Name in lower case, value with its references decoded; views into the tree's arena.
struct Attribute {
  std::string_view name;
  std::string_view value;
};

struct Node {
  NodeKind kind = NodeKind::text;
  Tag tag = Tag::unknown;
  NodeId parent = kNoNode;
  NodeId first_child = kNoNode;
  NodeId last_child = kNoNode;
  NodeId previous = kNoNode;
  NodeId next = kNoNode;
  std::string_view text = {};  ///< of a text: its content; of an element with Tag::unknown: its name
  std::uint32_t attributes_begin = 0;
  std::uint32_t attributes_count = 0;
};

/// Bounds on what a document may cost. Over them tags (not text) are dropped, never an error: what was read stays.
struct HtmlLimits {
  std::size_t bytes = 4U << 20;     ///< of input; the rest is cut off
  std::uint32_t depth = 200;        ///< open elements at a time
  std::uint32_t formatting = 16;    ///< open <b>, <i>, <font> … at a time: the parser repeats them in every paragraph
  std::uint32_t attributes = 64;    ///< of one element
  std::uint32_t elements = 300000;  ///< of the document
};

/// An HTML document or fragment as a tree that can be changed. Nodes live in one vector and refer to each other by
/// index; strings live in an arena, so every view stays valid as long as the tree or a copy of it lives. Removed nodes
/// are unlinked, ids are never reused. The parser (WHATWG HTML tree construction, by Gumbo) never fails: everything
/// is some document. Not in the tree: comments, style, SVG, select lists, and scripts other than JSON data
/// (type application/…json, which JSON-LD has). Cost: linear in the input, no recursion. Copies share the arena: tree
/// and copies belong to one thread at a time.
class Tree {
 public:
  /// Markup as it stands in a feed: the children of root() are its top-level nodes (root() is a div of our own).
  static Tree parse_fragment(std::string_view html, const HtmlLimits& limits = {});
  /// A whole page: root() is the html element.
  static Tree parse_document(std::string_view html, const HtmlLimits& limits = {});
  /// A tree with an empty div as root, to build something in.
  Tree();

  NodeId root() const noexcept { return 0; }
  std::size_t size() const noexcept { return nodes_.size(); }  ///< ids are below it
  const Node& operator[](NodeId id) const noexcept { return nodes_[id]; }

  bool is_element(NodeId id) const noexcept { return nodes_[id].kind == NodeKind::element; }
  bool is_text(NodeId id) const noexcept { return nodes_[id].kind == NodeKind::text; }
  bool is(NodeId id, Tag tag) const noexcept { return is_element(id) && nodes_[id].tag == tag; }
  std::string_view name(NodeId id) const noexcept;

  const Attribute* attributes_begin(NodeId id) const noexcept {
    return attributes_.data() + nodes_[id].attributes_begin;
  }
  const Attribute* attributes_end(NodeId id) const noexcept {
    return attributes_begin(id) + nodes_[id].attributes_count;
  }
  /// The value of an attribute, empty if it is not there. `name` in lower case.
  std::string_view attribute(NodeId id, std::string_view name) const noexcept;
  bool has_attribute(NodeId id, std::string_view name) const noexcept;
  /// Is `word` one of the class names (ASCII case ignored)?
  bool has_class(NodeId id, std::string_view word) const noexcept;

  /// Document order below `top` (`top` itself is the first): `next_in` goes down, `next_beyond` skips what is in `id`.
  /// kNoNode at the end.
  NodeId next_in(NodeId id, NodeId top) const noexcept;
  NodeId next_beyond(NodeId id, NodeId top) const noexcept;
  /// Is `id` equal to `ancestor` or inside it?
  bool is_inside(NodeId id, NodeId ancestor) const noexcept;
  /// The nearest element with that tag at or above `id`, kNoNode if there is none.
  NodeId closest(NodeId id, Tag tag) const noexcept;
  /// The first element of that tag in `top` (document order), kNoNode if there is none.
  NodeId first(Tag tag, NodeId top = 0) const noexcept;

  /// Takes the node and everything in it out of the tree. The root cannot be removed.
  void remove(NodeId id);
  /// Takes an element out and leaves its children in its place.
  void unwrap(NodeId id);
  /// Makes `id` (with what is in it) the last child of `parent`, or the sibling before `sibling`.
  void move_into(NodeId id, NodeId parent);
  void move_before(NodeId id, NodeId sibling);
  /// New nodes, not linked yet: move_into or move_before puts them where they belong.
  NodeId new_text(std::string_view text);
  NodeId new_element(Tag tag);
  void set_text(NodeId id, std::string_view text);
  void set_tag(NodeId id, Tag tag) { nodes_[id].tag = tag; }
  void set_attribute(NodeId id, std::string_view name, std::string_view value);
  void remove_attribute(NodeId id, std::string_view name);
  void clear_attributes(NodeId id) { nodes_[id].attributes_count = 0; }

  /// A copy of `text` that lives as long as the tree.
  std::string_view keep(std::string_view text);

 private:
  class Arena;
  friend class TreeBuilder;

  void unlink(NodeId id) noexcept;

  std::vector<Node> nodes_;
  std::vector<Attribute> attributes_;
  std::shared_ptr<Arena> arena_;
};

/// The node as HTML, or only what is in it. Text and attributes are escaped; parsing the result gives the same tree
/// when the tree came out of `sanitize` (clean/sanitize.h). Void elements have no end tag.
std::string to_html(const Tree& tree, NodeId id);
std::string inner_html(const Tree& tree, NodeId id);

/// What a reader sees as plain text: runs of white space are one space, paragraphs are separated by a blank line, list
/// items, table rows and <br> by a line break, cells by a tab; <pre> keeps its lines. No alternative texts, no marks of
/// our own. script and template have no text.
std::string to_text(const Tree& tree, NodeId id);

/// The text of `id` on one line, white space folded: for comparing and matching.
std::string flat_text(const Tree& tree, NodeId id);

}  // namespace newswire::clean
