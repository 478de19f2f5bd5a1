#include "clean/detail/lines.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "clean/detail/match_text.h"

namespace newswire::clean {
namespace {

bool is_silent(Tag tag) noexcept {
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
    case Tag::canvas:
    case Tag::button:
    case Tag::head: return true;
    default: return false;
  }
}

bool is_media(Tag tag) noexcept {
  switch (tag) {
    case Tag::img:
    case Tag::iframe:
    case Tag::audio:
    case Tag::video:
    case Tag::object:
    case Tag::embed:
    case Tag::picture: return true;
    default: return false;
  }
}

class LineBuilder {
 public:
  LineBuilder(const Tree& tree, NodeId top, const std::vector<NodeId>& kept) : tree_(tree), top_(top), kept_(kept) {}

  std::vector<Line> run() {
    auto id = top_;
    enter(id);
    while (lines_.size() < kMaxLines) {
      const bool silent = tree_.is_element(id) && is_silent(tree_[id].tag);
      if (tree_[id].first_child != kNoNode && !silent) {
        id = tree_[id].first_child;
      } else {
        while (id != top_ && tree_[id].next == kNoNode) {
          leave(id);
          id = tree_[id].parent;
        }
        leave(id);
        if (id == top_) break;
        id = tree_[id].next;
      }
      enter(id);
    }
    flush();
    return std::move(lines_);
  }

 private:
  void enter(NodeId id) {
    if (tree_.is_text(id)) return add(id);
    const auto tag = tree_[id].tag;
    if (is_block(tag)) flush();
    switch (tag) {
      case Tag::br: flush(); break;
      case Tag::hr: after_rule_ = true; break;
      case Tag::a:
        open_link_ = id;
        link_begin_ = kNothing;
        break;
      case Tag::pre: ++verbatim_; break;
      case Tag::blockquote: ++quoted_; break;
      case Tag::b:
      case Tag::strong: ++bold_; break;
      default: break;
    }
    if (is_media(tag)) after_media_ = true;
  }

  void leave(NodeId id) {
    if (tree_.is_text(id)) return;
    const auto tag = tree_[id].tag;
    if (is_block(tag)) flush();
    switch (tag) {
      case Tag::a: close_link(); break;
      case Tag::pre: --verbatim_; break;
      case Tag::blockquote: --quoted_; break;
      case Tag::b:
      case Tag::strong: --bold_; break;
      default: break;
    }
  }

  void add(NodeId id) {
    auto text = tree_[id].text;
    const bool is_kept = std::binary_search(kept_.begin(), kept_.end(), id);
    std::uint32_t raw = 0;
    while (!text.empty()) {
      const auto piece = match_piece(text);
      if (piece.text == " ") {
        gap_ = true;
      } else if (!piece.text.empty()) {
        if (line_.text.empty()) begin_line(id);
        if (is_kept) line_.protected_ = true;
        if (gap_ && !line_.text.empty()) line_.text += ' ';
        gap_ = false;
        if (open_link_ != kNoNode && link_begin_ == kNothing)
          link_begin_ = static_cast<std::uint32_t>(line_.text.size());
        add_piece(id, raw, piece);
        all_bold_ = all_bold_ && bold_ > 0;
      }
      raw += static_cast<std::uint32_t>(piece.size);
      text.remove_prefix(piece.size);
    }
  }

  void add_piece(NodeId id, std::uint32_t raw, const MatchPiece& piece) {
    const auto at = static_cast<std::uint32_t>(line_.text.size());
    const auto size = static_cast<std::uint32_t>(piece.text.size());
    const auto raw_size = static_cast<std::uint32_t>(piece.size);
    line_.text += piece.text;
    if (!line_.pieces.empty() && size == raw_size) {
      auto& last = line_.pieces.back();
      if (last.node == id && last.size == last.raw_size && last.at + last.size == at &&
          last.raw + last.raw_size == raw) {
        last.size += size;
        last.raw_size += size;
        return;
      }
    }
    line_.pieces.push_back({at, size, id, raw, raw_size});
  }

  void begin_line(NodeId text_node) {
    gap_ = false;
    all_bold_ = true;
    if (open_link_ != kNoNode) link_begin_ = kNothing;  // a link over several lines begins anew in each
    for (auto up = tree_[text_node].parent; up != kNoNode; up = tree_[up].parent) {
      const auto tag = tree_[up].tag;
      if (line_.block == kNoNode && is_block(tag)) {
        line_.block = up;
        line_.tag = tag;
      }
      if (is_heading(tag)) line_.heading = static_cast<std::uint32_t>(tag) - static_cast<std::uint32_t>(Tag::h1) + 1;
      if (tag == Tag::li && line_.list == kNoNode) line_.list = tree_[up].parent;
      if (up == top_) break;
    }
    line_.verbatim = verbatim_ > 0;
    line_.quoted = quoted_ > 0;
    line_.after_rule = after_rule_;
    line_.after_media = after_media_;
    after_rule_ = after_media_ = false;
  }

  void close_link() {
    if (open_link_ != kNoNode && link_begin_ != kNothing && line_.text.size() > link_begin_) {
      line_.links.push_back({link_begin_, static_cast<std::uint32_t>(line_.text.size()), open_link_});
    }
    open_link_ = kNoNode;
    link_begin_ = kNothing;
  }

  void flush() {
    gap_ = false;
    if (line_.text.empty()) return;
    if (open_link_ != kNoNode && link_begin_ != kNothing) {
      line_.links.push_back({link_begin_, static_cast<std::uint32_t>(line_.text.size()), open_link_});
      link_begin_ = kNothing;
    }
    line_.end = static_cast<std::uint32_t>(line_.text.size());
    line_.words = count_words(line_.text);
    if (line_.heading == 0 && all_bold_ && line_.words <= 12) line_.heading = 7;
    lines_.push_back(std::move(line_));
    line_ = Line{};
  }

  static constexpr std::uint32_t kNothing = 0xFFFFFFFF;
  const Tree& tree_;
  NodeId top_;
  const std::vector<NodeId>& kept_;
  std::vector<Line> lines_;
  Line line_;
  bool gap_ = false;
  bool all_bold_ = false;
  bool after_rule_ = false;
  bool after_media_ = false;
  int verbatim_ = 0;
  int quoted_ = 0;
  int bold_ = 0;
  NodeId open_link_ = kNoNode;
  std::uint32_t link_begin_ = kNothing;
};

}  // namespace

std::vector<Line> lines_of(const Tree& tree, NodeId top, const std::vector<NodeId>& protected_texts) {
  return LineBuilder(tree, top, protected_texts).run();
}

void take(Line& line, std::uint32_t begin, std::uint32_t end, std::string_view rule, std::string_view category) {
  begin = std::max(begin, line.begin);
  end = std::min(end, line.end);
  if (begin >= end) return;
  line.removals.push_back({begin, end, rule, category});
  if (begin == line.begin) line.begin = end;
  if (end == line.end) line.end = begin;
  const auto is_gap = [&line](std::uint32_t at) { return line.text[at] == ' '; };
  while (line.begin < line.end && is_gap(line.begin)) ++line.begin;
  while (line.end > line.begin && is_gap(line.end - 1)) --line.end;
}

void take_all(Line& line, std::string_view rule, std::string_view category) {
  take(line, line.begin, line.end, rule, category);
}

std::uint32_t words_left(const Line& line) {
  const bool is_whole = line.begin == 0 && line.end == line.text.size();
  return is_whole ? line.words : count_words(line.rest());
}

std::size_t count_removals(const std::vector<Line>& lines) {
  return std::accumulate(lines.begin(), lines.end(), std::size_t{0},
                         [](std::size_t sum, const Line& line) { return sum + line.removals.size(); });
}

double link_share(const Line& line) {
  if (line.gone()) return 0;
  std::uint32_t linked = 0;
  for (const auto& link : line.links) {
    const auto begin = std::max(link.begin, line.begin);
    const auto end = std::min(link.end, line.end);
    if (begin < end) linked += end - begin;
  }
  return static_cast<double>(linked) / static_cast<double>(line.end - line.begin);
}

}  // namespace newswire::clean
