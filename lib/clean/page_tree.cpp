#include "clean/page_tree.h"

#include <string>
#include <vector>

#include "base/text.h"

namespace newswire::clean {
namespace {

bool is_machinery(const Tree& tree, NodeId id) {
  switch (tree[id].tag) {
    case Tag::script:
    case Tag::style:
    case Tag::template_:
    case Tag::link:
    case Tag::meta:
    case Tag::head:
    case Tag::title:
    case Tag::button:
    case Tag::input:
    case Tag::select:
    case Tag::textarea:
    case Tag::datalist:
    case Tag::dialog:
    case Tag::canvas:
    case Tag::applet:
    case Tag::map:
    case Tag::area:
    case Tag::progress:
    case Tag::meter:
    case Tag::svg: return true;
    default: return false;
  }
}

bool is_hidden(const Tree& tree, NodeId id) {
  if (tree.has_attribute(id, "hidden") && tree.attribute(id, "hidden") != "until-found") return true;
  if (tree.attribute(id, "aria-hidden") == "true" && !tree.is(id, Tag::img)) return true;
  const auto style = tree.attribute(id, "style");
  if (style.empty()) return false;
  std::string squeezed;
  for (const char c : style.substr(0, 1024))
    if (!is_space(c)) squeezed += to_lower(c);
  return squeezed.find("display:none") != squeezed.npos || squeezed.find("visibility:hidden") != squeezed.npos;
}

std::size_t text_bytes(const Tree& tree, NodeId top) {
  std::size_t bytes = 0;
  for (auto id = top; id != kNoNode; id = tree.next_in(id, top))
    if (tree.is_text(id) && !tree.is(tree[id].parent, Tag::script)) bytes += trim(tree[id].text).size();
  return bytes;
}

// What a page shows without scripts is usually a notice or a picture's second copy. A page may also end up inside by an
// unclosed element in it, which browsers never see. `page_bytes` is what the page has in all, counted when first asked.
bool holds_page(const Tree& tree, NodeId noscript, std::size_t& page_bytes) {
  const auto bytes = text_bytes(tree, noscript);
  if (bytes < 300) return false;
  if (page_bytes == 0) page_bytes = text_bytes(tree, tree.root());
  return bytes >= 2000 || bytes * 2 > page_bytes;
}

bool is_blank(const Tree& tree, NodeId id) { return tree.is_text(id) && trim(tree[id].text).empty(); }

// Elements that hold blocks or paragraphs separated by <br><br>: those whose inline children need a wrapper.
class BlockMap {
 public:
  explicit BlockMap(const Tree& tree) : tree_(tree), holds_(tree.size(), false), second_break_(tree.size(), false) {
    std::vector<NodeId> order;
    for (auto id = tree.root(); id != kNoNode; id = tree.next_in(id, tree.root())) order.push_back(id);
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
      const auto id = *at;
      if (!tree.is_element(id)) continue;
      const auto parent = tree[id].parent;
      if (parent == kNoNode) continue;
      second_break_[id] = follows_break(id);
      if (holds_[id] || is_block(tree[id].tag) || second_break_[id]) holds_[parent] = true;
    }
  }

  /// Does the element contain a block, at whatever depth?
  bool holds(NodeId id) const { return holds_[id]; }
  bool stands_alone(NodeId id) const {
    return id < holds_.size() && tree_.is_element(id) && (is_block(tree_[id].tag) || holds_[id]);
  }
  /// Was it a <br> that followed another one with nothing between them?
  bool is_second_break(NodeId id) const { return id < second_break_.size() && second_break_[id]; }

 private:
  bool follows_break(NodeId id) const {
    if (!tree_.is(id, Tag::br)) return false;
    auto before = tree_[id].previous;
    while (before != kNoNode && is_blank(tree_, before)) before = tree_[before].previous;
    return before != kNoNode && tree_.is(before, Tag::br);
  }

  const Tree& tree_;
  std::vector<bool> holds_;
  std::vector<bool> second_break_;
};

void wrap_children(Tree& tree, const BlockMap& blocks, NodeId id) {
  // An element that is split into paragraphs cannot be one itself.
  if (tree.is(id, Tag::p)) tree.set_tag(id, Tag::div);
  NodeId wrapper = kNoNode;
  for (auto child = tree[id].first_child; child != kNoNode;) {
    const auto next = tree[child].next;
    if (blocks.stands_alone(child)) {
      wrapper = kNoNode;
    } else if (blocks.is_second_break(child)) {
      wrapper = kNoNode;
      tree.remove(child);
    } else if (wrapper == kNoNode) {
      if (!is_blank(tree, child) && !tree.is(child, Tag::br)) {
        wrapper = tree.new_element(Tag::p);
        tree.move_before(wrapper, child);
        tree.move_into(child, wrapper);
      } else {
        // White space between blocks; kept where a following <br> must see it, it has no text anyway.
      }
    } else {
      tree.move_into(child, wrapper);
    }
    child = next;
  }
}

}  // namespace

void drop_machinery(Tree& tree, bool drop_hidden) {
  const auto root = tree.root();
  std::size_t page_bytes = 0;
  for (auto id = tree.next_in(root, root); id != kNoNode;) {
    const auto& node = tree[id];
    const bool gone =
        node.kind == NodeKind::element && (is_machinery(tree, id) || (drop_hidden && is_hidden(tree, id)) ||
                                           (node.tag == Tag::noscript && !holds_page(tree, id, page_bytes)));
    const auto next = gone ? tree.next_beyond(id, root) : tree.next_in(id, root);
    // <body hidden> is how pages hide until their scripts ran.
    if (gone && node.tag != Tag::body) tree.remove(id);
    id = gone && node.tag == Tag::body ? tree.next_in(id, root) : next;
  }
}

void wrap_paragraphs(Tree& tree) {
  const auto root = tree.root();
  const BlockMap blocks(tree);
  std::vector<NodeId> holders;
  for (auto id = root; id != kNoNode; id = tree.next_in(id, root))
    if (tree.is_element(id) && blocks.holds(id) && !tree.is(id, Tag::pre)) holders.push_back(id);
  for (const auto id : holders) {
    switch (tree[id].tag) {  // only their own kinds of children may stand in these
      case Tag::table:
      case Tag::tbody:
      case Tag::thead:
      case Tag::tfoot:
      case Tag::tr:
      case Tag::colgroup: continue;
      default: wrap_children(tree, blocks, id);
    }
  }
}

}  // namespace newswire::clean
