#include <gumbo.h>

#include <array>
#include <string>

#include "base/text.h"
#include "clean/detail/arena.h"
#include "clean/detail/markup_bound.h"
#include "clean/html.h"

namespace newswire::clean {
namespace {

// Gumbo's own destructor walks the tree recursively, which deep input turns into a stack overflow; memory from an
// arena needs no destructor, and is twice as fast.
void* allocate(void* arena, std::size_t bytes) noexcept { return static_cast<detail::Arena*>(arena)->allocate(bytes); }
void release(void*, void*) noexcept {}

const std::array<Tag, GUMBO_TAG_LAST + 1>& known_tags() {
  static const auto table = [] {
    std::array<Tag, GUMBO_TAG_LAST + 1> tags{};
    for (int i = 0; i < GUMBO_TAG_UNKNOWN; ++i) {
      tags[static_cast<std::size_t>(i)] = tag_of(gumbo_normalized_tagname(static_cast<GumboTag>(i)));
    }
    return tags;
  }();
  return table;
}

Tag tag_of_element(const GumboElement& element, std::string& name) {
  if (element.tag != GUMBO_TAG_UNKNOWN) {
    if (const auto tag = known_tags()[static_cast<std::size_t>(element.tag)]; tag != Tag::unknown) return tag;
    name = gumbo_normalized_tagname(element.tag);
    return Tag::unknown;
  }
  auto original = element.original_tag;
  gumbo_tag_from_original_text(&original);
  name = lower(
      std::string_view(original.data == nullptr ? "" : original.data, original.data == nullptr ? 0 : original.length));
  if (name.empty()) name = "span";
  return tag_of(name);
}

}  // namespace

/// Copies Gumbo's tree into ours.
class TreeBuilder {
 public:
  static Tree build(const GumboNode* top) {
    Tree tree;
    tree.nodes_.clear();
    TreeBuilder(tree).copy(top);
    return tree;
  }

 private:
  explicit TreeBuilder(Tree& tree) : tree_(tree) {}

  // Depth first without recursion: Gumbo's nodes know their parent and their place in it.
  void copy(const GumboNode* top) {
    add_element(top->v.element, kNoNode);
    NodeId parent = 0;
    const GumboNode* within = top;
    unsigned index = 0;
    while (true) {
      const auto& children = within->v.element.children;
      if (index == children.length) {
        if (within == top) return;
        index = static_cast<unsigned>(within->index_within_parent) + 1;
        within = within->parent;
        parent = tree_.nodes_[parent].parent;
        continue;
      }
      const auto* child = static_cast<const GumboNode*>(children.data[index]);
      switch (child->type) {
        case GUMBO_NODE_ELEMENT:
        case GUMBO_NODE_TEMPLATE:
          parent = add_element(child->v.element, parent);
          within = child;
          index = 0;
          continue;
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_CDATA:
        case GUMBO_NODE_WHITESPACE: tree_.move_into(tree_.new_text(child->v.text.text), parent); break;
        case GUMBO_NODE_COMMENT:
        case GUMBO_NODE_DOCUMENT: break;
      }
      ++index;
    }
  }

  NodeId add_element(const GumboElement& element, NodeId parent) {
    std::string name;
    const auto id = tree_.new_element(tag_of_element(element, name));
    auto& node = tree_.nodes_[id];
    if (node.tag == Tag::unknown) node.text = tree_.keep(name);
    node.attributes_begin = static_cast<std::uint32_t>(tree_.attributes_.size());
    node.attributes_count = element.attributes.length;
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
      tree_.attributes_.push_back({tree_.keep(attribute->name), tree_.keep(attribute->value)});
    }
    if (parent != kNoNode) tree_.move_into(id, parent);
    return id;
  }

  Tree& tree_;
};

namespace {

Tree parse(std::string_view html, const HtmlLimits& limits, bool fragment) {
  std::string buffer;
  const auto bounded = bound_markup(html, limits, buffer);
  detail::Arena arena;
  auto options = kGumboDefaultOptions;
  options.allocator = allocate;
  options.deallocator = release;
  options.userdata = &arena;
  options.max_errors = 0;
  if (fragment) options.fragment_context = GUMBO_TAG_DIV;
  const auto* output =
      gumbo_parse_with_options(&options, bounded.data() == nullptr ? "" : bounded.data(), bounded.size());
  auto tree = TreeBuilder::build(output->root);
  if (fragment) tree.set_tag(tree.root(), Tag::div);
  return tree;
}

}  // namespace

Tree Tree::parse_fragment(std::string_view html, const HtmlLimits& limits) { return parse(html, limits, true); }
Tree Tree::parse_document(std::string_view html, const HtmlLimits& limits) { return parse(html, limits, false); }

}  // namespace newswire::clean
