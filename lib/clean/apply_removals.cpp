#include <algorithm>
#include <charconv>

#include "clean/detail/lines.h"
#include "clean/detail/match_text.h"

namespace newswire::clean {
namespace {

/// A part of a text node that goes.
struct Cut {
  NodeId node;
  std::uint32_t begin;
  std::uint32_t end;
  friend bool operator<(const Cut& a, const Cut& b) { return a.node != b.node ? a.node < b.node : a.begin < b.begin; }
};

void collect(const Line& line, const Removal& removal, std::vector<Cut>& cuts) {
  for (const auto& piece : line.pieces) {
    const auto begin = std::max(piece.at, removal.begin);
    const auto end = std::min(piece.at + piece.size, removal.end);
    if (begin >= end) continue;
    if (piece.size == piece.raw_size) {
      cuts.push_back({piece.node, piece.raw + (begin - piece.at), piece.raw + (end - piece.at)});
    } else {
      cuts.push_back({piece.node, piece.raw, piece.raw + piece.raw_size});
    }
  }
}

// Invisible characters are nothing to read: Persian words that went leave their joiners.
bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const auto piece = match_piece(text);
    if (!piece.text.empty() && piece.text != " ") return false;
    text.remove_prefix(piece.size);
  }
  return true;
}

class Pruner {
 public:
  explicit Pruner(Tree& tree) : tree_(tree) {}

  // After text of `node` went: the node, and what around it has become empty, goes too.
  void prune(NodeId node) {
    if (!is_blank(tree_[node].text)) return;
    auto up = tree_[node].parent;
    if (up == kNoNode) return;  // with something bigger already
    tree_.remove(node);
    while (up != tree_.root() && up != kNoNode && is_emptied(up)) {
      const auto parent = tree_[up].parent;
      if (parent == kNoNode) return;
      if (is_block(tree_[up].tag)) {
        tree_.remove(up);
      } else {
        remove_inline(up);
      }
      up = parent;
    }
    if (up != kNoNode) trim_breaks(up);
  }

 private:
  // Nothing to read or look at is left in it, but for the icons of a link.
  bool is_emptied(NodeId element) const {
    const auto tag = tree_[element].tag;
    if (tag == Tag::td || tag == Tag::th || tag == Tag::tr || tag == Tag::tbody || tag == Tag::thead ||
        tag == Tag::tfoot) {
      if (tree_[element].first_child != kNoNode) return false;
      return tag != Tag::td && tag != Tag::th;  // a cell holds its place
    }
    const bool link = tag == Tag::a;
    for (auto id = tree_.next_in(element, element); id != kNoNode; id = tree_.next_in(id, element)) {
      if (tree_.is_text(id)) {
        if (!is_blank(tree_[id].text)) return false;
        continue;
      }
      switch (tree_[id].tag) {
        case Tag::img:
        case Tag::picture:
          if (!link) return false;
          break;
        case Tag::video:
        case Tag::audio:
        case Tag::iframe:
        case Tag::object:
        case Tag::embed: return false;
        default: break;
      }
    }
    return true;
  }

  void remove_inline(NodeId element) { tree_.remove(element); }

  // Line breaks that stood between the removed text and the border of its block.
  void trim_breaks(NodeId block) {
    while (true) {
      const auto first = edge(block, true);
      if (first == kNoNode) break;
      tree_.remove(first);
    }
    while (true) {
      const auto last = edge(block, false);
      if (last == kNoNode) break;
      tree_.remove(last);
    }
  }

  NodeId edge(NodeId block, bool front) const {
    auto id = front ? tree_[block].first_child : tree_[block].last_child;
    while (id != kNoNode && tree_.is_text(id) && is_blank(tree_[id].text))
      id = front ? tree_[id].next : tree_[id].previous;
    return id != kNoNode && tree_.is(id, Tag::br) ? id : kNoNode;
  }

  Tree& tree_;
};

}  // namespace

void apply_removals(Tree& tree, std::vector<Line>& lines) {
  std::vector<Cut> cuts;
  for (const auto& line : lines) {
    for (const auto& removal : line.removals) collect(line, removal, cuts);
  }
  std::sort(cuts.begin(), cuts.end());
  Pruner pruner(tree);
  for (std::size_t first = 0; first < cuts.size();) {
    const auto node = cuts[first].node;
    std::string rest;
    std::uint32_t at = 0;
    const std::string text(tree[node].text);
    for (; first < cuts.size() && cuts[first].node == node; ++first) {
      if (cuts[first].begin > at) rest += text.substr(at, cuts[first].begin - at);
      at = std::max(at, cuts[first].end);
    }
    rest += text.substr(at);
    tree.set_text(node, rest);
    pruner.prune(node);
  }
}

}  // namespace newswire::clean
