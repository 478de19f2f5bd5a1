#include "clean/html.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>

#include "base/text.h"
#include "clean/detail/arena.h"

namespace newswire::clean {
namespace {

constexpr unsigned B = 1, V = 2, F = 0, R = 0;  // the traits that code asks for

struct TagInfo {
  std::string_view name;
  unsigned traits;
};

constexpr TagInfo kTags[] = {
    {"", 0},
#define NEWSWIRE_TAG(name, spelling, traits) {spelling, traits},
#include "clean/tags.inc"
#undef NEWSWIRE_TAG
};

}  // namespace

std::string_view tag_name(Tag tag) noexcept { return kTags[static_cast<std::size_t>(tag)].name; }

Tag tag_of(std::string_view name) noexcept {
  const auto begin = std::begin(kTags) + 1;
  const auto found = std::lower_bound(begin, std::end(kTags), name,
                                      [](const TagInfo& tag, std::string_view n) { return tag.name < n; });
  return found != std::end(kTags) && found->name == name ? static_cast<Tag>(found - begin + 1) : Tag::unknown;
}

bool is_block(Tag tag) noexcept { return (kTags[static_cast<std::size_t>(tag)].traits & B) != 0; }
bool is_void(Tag tag) noexcept { return (kTags[static_cast<std::size_t>(tag)].traits & V) != 0; }

class Tree::Arena : public detail::Arena {};

Tree::Tree() : arena_(std::make_shared<Arena>()) { nodes_.push_back(Node{.kind = NodeKind::element, .tag = Tag::div}); }

std::string_view Tree::name(NodeId id) const noexcept {
  const auto& node = nodes_[id];
  if (node.kind != NodeKind::element) return {};
  return node.tag == Tag::unknown ? node.text : tag_name(node.tag);
}

std::string_view Tree::attribute(NodeId id, std::string_view name) const noexcept {
  for (auto a = attributes_begin(id); a != attributes_end(id); ++a) {
    if (a->name == name) return a->value;
  }
  return {};
}

bool Tree::has_attribute(NodeId id, std::string_view name) const noexcept {
  return std::any_of(attributes_begin(id), attributes_end(id), [name](const Attribute& a) { return a.name == name; });
}

bool Tree::has_class(NodeId id, std::string_view word) const noexcept {
  auto rest = attribute(id, "class");
  while (rest.size() >= word.size()) {
    while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
    std::size_t size = 0;
    while (size < rest.size() && !is_space(rest[size])) ++size;
    if (size == word.size() && iequals(rest.substr(0, size), word)) return true;
    rest.remove_prefix(size);
    if (size == 0) break;
  }
  return false;
}

NodeId Tree::next_beyond(NodeId id, NodeId top) const noexcept {
  while (id != top && id != kNoNode) {
    if (nodes_[id].next != kNoNode) return nodes_[id].next;
    id = nodes_[id].parent;
  }
  return kNoNode;
}

NodeId Tree::next_in(NodeId id, NodeId top) const noexcept {
  return nodes_[id].first_child != kNoNode ? nodes_[id].first_child : next_beyond(id, top);
}

bool Tree::is_inside(NodeId id, NodeId ancestor) const noexcept {
  while (id != kNoNode && id != ancestor) id = nodes_[id].parent;
  return id == ancestor;
}

NodeId Tree::closest(NodeId id, Tag tag) const noexcept {
  while (id != kNoNode && !is(id, tag)) id = nodes_[id].parent;
  return id;
}

NodeId Tree::first(Tag tag, NodeId top) const noexcept {
  auto id = top;
  while (id != kNoNode && !is(id, tag)) id = next_in(id, top);
  return id;
}

void Tree::unlink(NodeId id) noexcept {
  auto& node = nodes_[id];
  if (node.parent == kNoNode) return;
  auto& parent = nodes_[node.parent];
  (node.previous == kNoNode ? parent.first_child : nodes_[node.previous].next) = node.next;
  (node.next == kNoNode ? parent.last_child : nodes_[node.next].previous) = node.previous;
  node.parent = node.previous = node.next = kNoNode;
}

void Tree::remove(NodeId id) {
  if (id != root()) unlink(id);
}

void Tree::unwrap(NodeId id) {
  if (id == root() || nodes_[id].parent == kNoNode) return;
  while (nodes_[id].first_child != kNoNode) move_before(nodes_[id].first_child, id);
  unlink(id);
}

void Tree::move_into(NodeId id, NodeId parent) {
  unlink(id);
  auto& node = nodes_[id];
  auto& owner = nodes_[parent];
  node.parent = parent;
  node.previous = owner.last_child;
  (owner.last_child == kNoNode ? owner.first_child : nodes_[owner.last_child].next) = id;
  owner.last_child = id;
}

void Tree::move_before(NodeId id, NodeId sibling) {
  if (id == sibling) return;
  unlink(id);
  auto& node = nodes_[id];
  auto& after = nodes_[sibling];
  node.parent = after.parent;
  node.previous = after.previous;
  node.next = sibling;
  (after.previous == kNoNode ? nodes_[after.parent].first_child : nodes_[after.previous].next) = id;
  after.previous = id;
}

NodeId Tree::new_text(std::string_view text) {
  nodes_.push_back(Node{.kind = NodeKind::text, .text = keep(text)});
  return static_cast<NodeId>(nodes_.size() - 1);
}

NodeId Tree::new_element(Tag tag) {
  nodes_.push_back(Node{.kind = NodeKind::element, .tag = tag});
  return static_cast<NodeId>(nodes_.size() - 1);
}

void Tree::set_text(NodeId id, std::string_view text) { nodes_[id].text = keep(text); }

void Tree::set_attribute(NodeId id, std::string_view name, std::string_view value) {
  auto& node = nodes_[id];
  const auto begin = attributes_.begin() + node.attributes_begin;
  const auto found =
      std::find_if(begin, begin + node.attributes_count, [name](const Attribute& a) { return a.name == name; });
  if (found != begin + node.attributes_count) {
    found->value = keep(value);
    return;
  }
  // The node's attributes move to the end of the list, where there is room for one more.
  const auto moved = static_cast<std::uint32_t>(attributes_.size());
  for (std::uint32_t i = 0; i < node.attributes_count; ++i) {
    const auto copy = attributes_[node.attributes_begin + i];
    attributes_.push_back(copy);
  }
  attributes_.push_back({keep(name), keep(value)});
  node.attributes_begin = moved;
  ++node.attributes_count;
}

void Tree::remove_attribute(NodeId id, std::string_view name) {
  auto& node = nodes_[id];
  const auto begin = attributes_.begin() + node.attributes_begin;
  const auto end =
      std::remove_if(begin, begin + node.attributes_count, [name](const Attribute& a) { return a.name == name; });
  node.attributes_count = static_cast<std::uint32_t>(end - begin);
}

std::string_view Tree::keep(std::string_view text) { return arena_->keep(text); }

}  // namespace newswire::clean
