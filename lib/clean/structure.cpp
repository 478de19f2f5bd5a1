#include "clean/detail/structure.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "clean/detail/match_text.h"

namespace newswire::clean {
namespace {

// A container is not believed to be promotion if it holds more than this share of the words.
constexpr double kMaxShare = 0.6;
constexpr std::uint32_t kSmall = 25;  // words that may go whatever their share

std::optional<double> css_number(std::string_view text) {
  text = trim(text);
  double value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits < 6 && is_digit(text[digits])) value = value * 10 + (text[digits++] - '0');
  if (digits == 0) return std::nullopt;
  const auto unit = trim(text.substr(digits));
  if (unit.empty() || iequals(unit, "px") || unit.front() == '.') return value;
  return std::nullopt;
}

/// The value of a property in a style attribute; lower case, without "!important".
std::string style_value(std::string_view style, std::string_view property) {
  for (const auto declaration : split(style, ';')) {
    const auto colon = declaration.find(':');
    if (colon == std::string_view::npos || !iequals(trim(declaration.substr(0, colon)), property)) continue;
    auto value = lower(trim(declaration.substr(colon + 1)));
    if (const auto bang = value.find('!'); bang != std::string::npos) value.resize(bang);
    return std::string(trim(value));
  }
  return {};
}

bool is_hidden(const Tree& tree, NodeId id) {
  if (tree[id].attributes_count == 0) return false;
  if (tree.has_attribute(id, "hidden") && !iequals(tree.attribute(id, "hidden"), "until-found")) return true;
  const auto style = tree.attribute(id, "style");
  if (style.empty()) return false;
  if (style_value(style, "display") == "none" || style_value(style, "visibility") == "hidden") return true;
  const auto size = style_value(style, "font-size");
  return size == "0" || size == "0px";
}

bool is_pixel(const Tree& tree, NodeId id) {
  if (!tree.is(id, Tag::img)) return false;
  const auto side = [&](std::string_view name) -> std::optional<double> {
    if (const auto value = css_number(tree.attribute(id, name))) return value;
    const auto style = tree.attribute(id, "style");
    return style.empty() ? std::nullopt : css_number(style_value(style, name));
  };
  const auto width = side("width");
  const auto height = side("height");
  return (width && *width <= 2 && (!height || *height <= 2)) || (height && *height <= 2 && (!width || *width <= 2));
}

// A paragraph or heading without anything to see: feeds space their text with them.
bool is_blank(const Tree& tree, NodeId top) {
  const auto tag = tree[top].tag;
  if (tag != Tag::p && !is_heading(tag)) return false;
  for (auto id = tree.next_in(top, top); id != kNoNode; id = tree.next_in(id, top)) {
    if (tree.is_text(id)) {
      // A bar between two links that went is nothing to see either.
      const auto text = match_text(tree[id].text);
      if (text.find_first_not_of(" |") != std::string::npos) return false;
      continue;
    }
    const auto inner = tree[id].tag;
    const bool shows_nothing = inner == Tag::br || inner == Tag::span || inner == Tag::b || inner == Tag::strong ||
                               inner == Tag::i || inner == Tag::em || inner == Tag::u || inner == Tag::font;
    if (!shows_nothing) return false;
  }
  return true;
}

// Where in the text: what has less than a tenth of the words before it is at the head, and so on.
std::string_view place(std::uint32_t before, std::uint32_t words, std::uint32_t total) {
  const auto rest = total - std::min(total, words);
  if (rest == 0 || before * 10 >= rest * 9) return before == 0 && rest > 0 ? "head" : "tail";
  return before * 10 <= rest ? "head" : "body";
}

class StructureStripper {
 public:
  StructureStripper(Tree& tree, const Rules::Compiled* rules, const Disabled& disabled, const std::vector<NodeId>& kept,
                    std::vector<Removed>& removed)
      : tree_(tree), rules_(rules), disabled_(disabled), removed_(removed) {
    for (const auto id : kept) {
      for (auto up = id; up != kNoNode; up = tree_[up].parent) holds_kept_.push_back(up);
      kept_tops_.push_back(id);
    }
    std::sort(holds_kept_.begin(), holds_kept_.end());
    total_ = words_in(tree_.root());
  }

  void by_rules() {
    walk([this](NodeId id) { return check(id); });
  }

  void by_selectors(const std::vector<Selector>& drops) {
    walk([&](NodeId id) {
      const bool hit = std::any_of(drops.begin(), drops.end(), [&](const Selector& s) { return s.matches(tree_, id); });
      if (hit) take(id, "drop-selector", "configured", words_in(id));
      return hit;
    });
  }

 private:
  template <class Check>
  void walk(Check check) {
    auto id = tree_.next_in(tree_.root(), tree_.root());
    while (id != kNoNode) {
      if (tree_.is_text(id)) {
        before_ += count_words(tree_[id].text);
        id = tree_.next_in(id, tree_.root());
        continue;
      }
      if (std::find(kept_tops_.begin(), kept_tops_.end(), id) != kept_tops_.end()) {
        before_ += words_in(id);
        id = tree_.next_beyond(id, tree_.root());
        continue;
      }
      const auto beyond = tree_.next_beyond(id, tree_.root());
      const auto next = tree_.next_in(id, tree_.root());
      const bool may_go = !std::binary_search(holds_kept_.begin(), holds_kept_.end(), id);
      id = may_go && check(id) ? beyond : next;
    }
  }

  // True if the element went.
  bool check(NodeId id) {
    if (is_pixel(tree_, id)) return take(id, "tracking-pixel", "tracking", 0);
    if (is_hidden(tree_, id)) return take_if_small(id, "hidden", "hidden", 0);
    const auto* rule = matching_rule(id);
    return rule != nullptr && take_if_small(id, rule->name, rule->category, rule->max_words);
  }

  const StructureRule* matching_rule(NodeId id) {
    if (const auto* rule = lookup(std::string(tree_.name(id)), id)) return rule;
    if (tree_[id].attributes_count == 0) return nullptr;
    if (const auto name = tree_.attribute(id, "id"); !name.empty()) {
      if (const auto* rule = lookup("#" + std::string(name), id)) return rule;
    }
    auto classes = tree_.attribute(id, "class");
    while (!(classes = trim(classes)).empty()) {
      std::size_t size = 0;
      while (size < classes.size() && !is_space(classes[size])) ++size;
      if (const auto* rule = lookup("." + lower(classes.substr(0, size)), id)) return rule;
      classes.remove_prefix(size);
    }
    return lookup("", id);
  }

  bool is_disabled(std::string_view category, std::string_view rule) const {
    return disabled_.contains(category) || disabled_.contains(rule);
  }

  const StructureRule* lookup(const std::string& key, NodeId id) const {
    const auto found = rules_->structure_index.find(key);
    if (found == rules_->structure_index.end()) return nullptr;
    for (const auto index : found->second) {
      const auto& rule = rules_->structure[index];
      if (!is_disabled(rule.category, rule.name) && rule.selector.matches(tree_, id)) return &rule;
    }
    return nullptr;
  }

  std::uint32_t words_in(NodeId top) const {
    std::uint32_t words = 0;
    for (auto id = top; id != kNoNode; id = tree_.next_in(id, top)) {
      if (tree_.is_text(id)) words += count_words(tree_[id].text);
    }
    return words;
  }

  bool take_if_small(NodeId id, std::string_view rule, std::string_view category, std::uint32_t max_words) {
    if (is_disabled(category, rule)) return false;
    const auto words = words_in(id);
    if (max_words > 0 && words > max_words) return false;
    if (words > kSmall && words > kMaxShare * total_) return false;
    return take(id, rule, category, words);
  }

  bool take(NodeId id, std::string_view rule, std::string_view category, std::uint32_t words) {
    if (is_disabled(category, rule)) return false;
    auto text = flat_text(tree_, id);
    if (text.empty()) text = std::string(tree_.attribute(id, "src"));
    if (text.empty()) {
      const auto image = tree_.first(Tag::img, id);
      text = std::string(image != kNoNode ? tree_.attribute(image, "src") : tree_.attribute(id, "href"));
    }
    if (!text.empty()) {
      removed_.push_back(
          {id,
           {std::string(rule), std::string(category), std::string(place(before_, words, total_)), std::move(text)}});
    }
    tree_.remove(id);
    total_ -= std::min(total_, words);
    return true;
  }

  Tree& tree_;
  const Rules::Compiled* rules_;
  const Disabled& disabled_;
  std::vector<Removed>& removed_;
  std::vector<NodeId> holds_kept_;
  std::vector<NodeId> kept_tops_;
  std::uint32_t total_ = 0;
  std::uint32_t before_ = 0;
};

}  // namespace

void strip_structure(Tree& tree, const Rules::Compiled& rules, const Disabled& disabled,
                     const std::vector<NodeId>& kept, std::vector<Removed>& removed) {
  StructureStripper(tree, &rules, disabled, kept, removed).by_rules();
}

void remove_blank_paragraphs(Tree& tree) {
  for (auto id = tree.next_in(tree.root(), tree.root()); id != kNoNode;) {
    const bool blank = tree.is_element(id) && is_blank(tree, id);
    const auto next = blank ? tree.next_beyond(id, tree.root()) : tree.next_in(id, tree.root());
    if (blank) tree.remove(id);
    id = next;
  }
}

void strip_selected(Tree& tree, const std::vector<Selector>& drops, const std::vector<NodeId>& kept,
                    std::vector<Removed>& removed) {
  if (!drops.empty()) StructureStripper(tree, nullptr, {}, kept, removed).by_selectors(drops);
}

}  // namespace newswire::clean
