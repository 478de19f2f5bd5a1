#include <algorithm>

#include "base/entities.h"
#include "base/text.h"
#include "clean/html.h"

namespace newswire::clean {
namespace {

void open_tag(std::string& out, const Tree& tree, NodeId id) {
  out += '<';
  out += tree.name(id);
  for (auto a = tree.attributes_begin(id); a != tree.attributes_end(id); ++a) {
    out += ' ';
    out += a->name;
    out += "=\"";
    append_html_escaped(out, a->value, true);
    out += '"';
  }
  out += '>';
  // The parser drops a line break right after <pre>.
  const auto first = tree[id].first_child;
  if (tree.is(id, Tag::pre) && first != kNoNode && tree.is_text(first) && tree[first].text.starts_with('\n'))
    out += '\n';
}

void close_tag(std::string& out, const Tree& tree, NodeId id) {
  if (is_void(tree[id].tag)) return;
  out += "</";
  out += tree.name(id);
  out += '>';
}

// Everything in `top`, without its own tags.
void write(std::string& out, const Tree& tree, NodeId top) {
  auto id = tree[top].first_child;
  while (id != kNoNode) {
    if (tree.is_text(id)) {
      append_html_escaped(out, tree[id].text);
    } else {
      open_tag(out, tree, id);
      if (tree[id].first_child != kNoNode) {
        id = tree[id].first_child;
        continue;
      }
      close_tag(out, tree, id);
    }
    while (tree[id].next == kNoNode) {
      id = tree[id].parent;
      if (id == top) return;
      close_tag(out, tree, id);
    }
    id = tree[id].next;
  }
}

bool has_no_text(Tag tag) noexcept {
  switch (tag) {
    case Tag::script:
    case Tag::style:
    case Tag::template_:
    case Tag::title:
    case Tag::iframe:
    case Tag::noembed:
    case Tag::noframes:
    case Tag::textarea:
    case Tag::datalist:
    case Tag::audio:
    case Tag::video:
    case Tag::object:
    case Tag::canvas:
    case Tag::applet: return true;
    default: return false;
  }
}

// What stands between two pieces of text.
enum class Gap : std::uint8_t { none, space, tab, line, paragraph };

Gap gap_around(Tag tag) noexcept {
  switch (tag) {
    case Tag::li:
    case Tag::dt:
    case Tag::dd:
    case Tag::tr:
    case Tag::caption:
    case Tag::option:
    case Tag::optgroup:
    case Tag::thead:
    case Tag::tbody:
    case Tag::tfoot:
    case Tag::figcaption: return Gap::line;
    case Tag::td:
    case Tag::th: return Gap::tab;
    default: return is_block(tag) ? Gap::paragraph : Gap::none;
  }
}

// Joins pieces of text; the widest gap between two pieces wins.
class TextOut {
 public:
  explicit TextOut(std::string& out) : out_(out) {}

  void widen(Gap gap) { gap_ = std::max(gap_, gap); }
  void line_break() { gap_ = gap_ < Gap::line ? Gap::line : Gap::paragraph; }

  void add(std::string_view text) {
    while (!text.empty()) {
      if (const auto space = space_size(text)) {
        widen(Gap::space);
        text.remove_prefix(space);
        continue;
      }
      settle();
      // Up to the next byte that may begin white space.
      std::size_t size = 1;
      while (size < text.size() && !is_space(text[size]) && text[size] != '\xC2' && text[size] != '\xE2' &&
             text[size] != '\xE3')
        ++size;
      out_.append(text.substr(0, size));
      text.remove_prefix(size);
    }
  }

  void add_verbatim(std::string_view text) {
    if (text.empty()) return;
    if (gap_ == Gap::space && text.front() == '\n') gap_ = Gap::none;
    settle();
    out_.append(text);
  }

 private:
  static unsigned space_size(std::string_view text) noexcept {
    if (is_space(text.front()) || text.front() == '\v') return 1;
    if (text.starts_with("\xC2\xA0")) return 2;
    if (text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9") || text.starts_with("\xE3\x80\x80"))
      return 3;
    return 0;
  }

  void settle() {
    static constexpr std::string_view kGaps[] = {"", " ", "\t", "\n", "\n\n"};
    if (!out_.empty()) out_.append(kGaps[static_cast<std::size_t>(gap_)]);
    gap_ = Gap::none;
  }

  std::string& out_;
  Gap gap_ = Gap::none;
};

}  // namespace

std::string inner_html(const Tree& tree, NodeId id) {
  std::string out;
  write(out, tree, id);
  return out;
}

std::string to_html(const Tree& tree, NodeId id) {
  std::string out;
  if (tree.is_text(id)) {
    append_html_escaped(out, tree[id].text);
    return out;
  }
  open_tag(out, tree, id);
  write(out, tree, id);
  close_tag(out, tree, id);
  return out;
}

std::string to_text(const Tree& tree, NodeId top) {
  std::string out;
  TextOut text(out);
  NodeId id = top;
  while (id != kNoNode) {
    if (tree.is_text(id)) {
      if (tree.closest(id, Tag::pre) != kNoNode) {
        text.add_verbatim(tree[id].text);
      } else {
        text.add(tree[id].text);
      }
    } else if (tree.is(id, Tag::br)) {
      text.line_break();
    } else if (!has_no_text(tree[id].tag)) {
      text.widen(gap_around(tree[id].tag));
      if (tree[id].first_child != kNoNode) {
        id = tree[id].first_child;
        continue;
      }
    }
    while (id != top && tree[id].next == kNoNode) {
      id = tree[id].parent;
      text.widen(gap_around(tree[id].tag));
    }
    id = id == top ? kNoNode : tree[id].next;
  }
  while (!out.empty() && is_space(out.back())) out.pop_back();
  return out;
}

std::string flat_text(const Tree& tree, NodeId id) { return fold_space(to_text(tree, id)); }

}  // namespace newswire::clean
