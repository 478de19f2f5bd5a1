#include "clean/detail/nesting.h"

#include <cstdint>

namespace newswire::clean {
namespace {

// Half of what HtmlLimits lets in, so that the result stays within the limits when it is read again.
constexpr std::uint32_t kMaxDepth = 100;
constexpr std::uint32_t kMaxFormatting = 8;
constexpr std::uint64_t kMaxCost = 140000;

bool is_formatting(Tag tag) noexcept {
  switch (tag) {
    case Tag::a:
    case Tag::b:
    case Tag::big:
    case Tag::code:
    case Tag::em:
    case Tag::i:
    case Tag::s:
    case Tag::small:
    case Tag::strike:
    case Tag::strong:
    case Tag::tt:
    case Tag::u: return true;
    default: return false;
  }
}

// An open <p> does not reach into these (WHATWG HTML 13.2.4.2, "button scope"); nor do formatting elements.
bool is_scope(Tag tag) noexcept { return tag == Tag::td || tag == Tag::th || tag == Tag::caption; }

bool closes_paragraph(Tag tag) noexcept {
  switch (tag) {
    case Tag::address:
    case Tag::article:
    case Tag::aside:
    case Tag::blockquote:
    case Tag::dd:
    case Tag::details:
    case Tag::div:
    case Tag::dl:
    case Tag::dt:
    case Tag::figcaption:
    case Tag::figure:
    case Tag::footer:
    case Tag::h1:
    case Tag::h2:
    case Tag::h3:
    case Tag::h4:
    case Tag::h5:
    case Tag::h6:
    case Tag::header:
    case Tag::hr:
    case Tag::li:
    case Tag::main:
    case Tag::ol:
    case Tag::p:
    case Tag::pre:
    case Tag::section:
    case Tag::summary:
    case Tag::table:
    case Tag::ul: return true;
    default: return false;
  }
}

// "Special" elements end the search for an open list item, but for these three.
bool stops_item_search(Tag tag) noexcept {
  return tag != Tag::p && tag != Tag::div && tag != Tag::address && is_block(tag) && tag != Tag::li && tag != Tag::dd &&
         tag != Tag::dt;
}

class Straightener {
 public:
  explicit Straightener(Tree& tree) : tree_(tree) {}

  void run() {
    const auto top = tree_.root();
    auto id = tree_[top].first_child;
    std::uint32_t depth = 1;
    while (id != kNoNode) {
      if (tree_.is_element(id)) {
        if (!enter(id, depth)) {  // unwrapped: go on with what was in it
          id = next_;
          if (id == kNoNode) return;
          depth = depth_of(id);
          continue;
        }
        if (tree_[id].first_child != kNoNode) {
          id = tree_[id].first_child;
          ++depth;
          continue;
        }
        leave(id);
      }
      while (id != top && tree_[id].next == kNoNode) {
        id = tree_[id].parent;
        --depth;
        if (id != top) leave(id);
      }
      id = id == top ? kNoNode : tree_[id].next;
    }
  }

 private:
  // False if the element was unwrapped; next_ is the node to go on with then.
  bool enter(NodeId id, std::uint32_t depth) {
    const auto tag = tree_[id].tag;
    if (closes_paragraph(tag)) open_paragraph(id);
    if (tag == Tag::li || tag == Tag::dd || tag == Tag::dt) free_item(id, tag);
    const auto parent = tree_[id].parent;
    const bool formatting = is_formatting(tag);
    const bool unfit = (is_heading(tag) && is_heading(tree_[parent].tag)) || (tag == Tag::a && inside_link(id)) ||
                       ((tag == Tag::rt || tag == Tag::rp) && tree_[parent].tag != Tag::ruby) ||
                       (formatting && formatting_ >= kMaxFormatting) || cost_ > kMaxCost ||
                       (depth > kMaxDepth && !is_void(tag) && !is_table_part(tag));
    if (unfit) {
      // What follows in document order: the first child, else the next sibling, else up (whose leaving is counted).
      next_ = tree_[id].first_child != kNoNode ? tree_[id].first_child : tree_[id].next;
      auto up = parent;
      while (next_ == kNoNode && up != tree_.root()) {
        leave(up);
        next_ = tree_[up].next;
        up = tree_[up].parent;
      }
      tree_.unwrap(id);
      return false;
    }
    cost_ += 2 * (1 + formatting_);
    if (formatting) ++formatting_;
    return true;
  }

  void leave(NodeId id) {
    if (is_formatting(tree_[id].tag)) --formatting_;
  }

  std::uint32_t depth_of(NodeId id) const {
    std::uint32_t depth = 0;
    for (auto up = tree_[id].parent; up != kNoNode; up = tree_[up].parent) ++depth;
    return depth;
  }

  static bool is_table_part(Tag tag) noexcept {
    switch (tag) {
      case Tag::tr:
      case Tag::td:
      case Tag::th:
      case Tag::tbody:
      case Tag::thead:
      case Tag::tfoot:
      case Tag::caption:
      case Tag::colgroup:
      case Tag::source:
      case Tag::track: return true;
      default: return false;
    }
  }

  // A paragraph around a block becomes a plain division.
  void open_paragraph(NodeId id) {
    for (auto up = tree_[id].parent; up != kNoNode && !is_scope(tree_[up].tag); up = tree_[up].parent) {
      if (tree_.is(up, Tag::p)) tree_.set_tag(up, Tag::div);
    }
  }

  // A list item that stands in another item, not in a list of its own, becomes a plain division.
  void free_item(NodeId id, Tag tag) {
    for (auto up = tree_[id].parent; up != kNoNode; up = tree_[up].parent) {
      const auto above = tree_[up].tag;
      if (above == tag || (tag != Tag::li && (above == Tag::dd || above == Tag::dt))) {
        tree_.set_tag(id, Tag::div);
        return;
      }
      if (stops_item_search(above)) return;
    }
  }

  bool inside_link(NodeId id) const {
    for (auto up = tree_[id].parent; up != kNoNode && !is_scope(tree_[up].tag); up = tree_[up].parent) {
      if (tree_.is(up, Tag::a)) return true;
    }
    return false;
  }

  Tree& tree_;
  NodeId next_ = kNoNode;
  std::uint32_t formatting_ = 0;
  std::uint64_t cost_ = 0;
};

}  // namespace

void straighten_nesting(Tree& tree) { Straightener(tree).run(); }

}  // namespace newswire::clean
