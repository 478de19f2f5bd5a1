#include "clean/page_prune.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/text.h"
#include "clean/page_hints.h"
#include "clean/page_labels.h"

namespace newswire::clean {
namespace {

// The weights below were found on the development half of the corpora's pages (docs/extraction.md).
constexpr double kMaxForeignShare = 0.5;  // of the article's prose: more is no foreign part
constexpr double kLinkGroup = 0.6;        // link density of a list of links
constexpr double kLabelLinks = 0.3;       // of what may follow "Related"
constexpr std::uint32_t kStrong = 60;     // letters with a sentence end: surely text
constexpr std::uint32_t kVeryStrong = 120;
constexpr std::uint32_t kWeak = 45;  // letters without a sentence end: a label
constexpr std::uint32_t kMetaLine = 160;
constexpr int kMaxBio = 3;
constexpr std::uint32_t kLongestCaption = 300;
constexpr int kCaptionNodes = 100;   // looked at below a picture's element
constexpr double kTailShare = 0.12;  // of the article's letters that may follow its last "Related"
constexpr std::size_t kMaxTeasers = 50;
constexpr std::uint32_t kShortestTeaser = 15;  // letters of a headline
constexpr std::uint32_t kLongestTeaser = 200;

class Pruner {
 public:
  Pruner(Tree& tree, NodeId main, const PageFacts& facts, std::string_view title)
      : tree_(tree), main_(main), facts_(facts), title_(fold_words(title)), total_(facts[main].own_prose) {}

  void run(std::vector<article::Stripped>& stripped, std::vector<article::Related>& related) {
    drop_foreign();
    drop_labels();
    drop_orphan_headings();
    trim_edge(/*from_end=*/false);
    trim_edge(/*from_end=*/true);
    std::stable_sort(taken_.begin(), taken_.end(),
                     [](const auto& a, const auto& b) { return a.position < b.position; });
    for (auto& one : taken_) stripped.push_back(std::move(one.stripped));
    std::move(related_.begin(), related_.end(), std::back_inserter(related));
  }

 private:
  struct Taken {
    std::uint32_t position;
    article::Stripped stripped;
  };

  void take(NodeId id, std::string_view rule, std::string_view category) {
    auto text = flat_text(tree_, id);
    if (category == "related") collect_teasers(id);
    if (!text.empty()) {
      gaps_.push_back(facts_[id].position);
      taken_.push_back({facts_[id].position, {std::string(rule), std::string(category), "body", std::move(text)}});
    }
    tree_.remove(id);
  }

  // Links with the length of a headline.
  void collect_teasers(NodeId top) {
    for (auto id = top; id != kNoNode && related_.size() < kMaxTeasers; id = tree_.next_in(id, top)) {
      if (!tree_.is(id, Tag::a) || facts_[id].chars < kShortestTeaser || facts_[id].chars > kLongestTeaser) continue;
      const auto href = trim(tree_.attribute(id, "href"));
      if (href.empty() || href.starts_with('#') || istarts_with(href, "javascript:") || istarts_with(href, "mailto:"))
        continue;
      auto title = flat_text(tree_, id);
      const bool known =
          std::any_of(related_.begin(), related_.end(), [&](const auto& one) { return one.title == title; });
      if (!known) related_.push_back({std::move(title), std::string(href), {}, {}, {}});
    }
  }

  bool inside(NodeId id, Tag tag) const {
    for (auto at = tree_[id].parent; at != kNoNode && at != main_; at = tree_[at].parent)
      if (tree_.is(at, tag)) return true;
    return false;
  }

  bool has_text(NodeId leaf) const {
    for (auto id = leaf; id != kNoNode; id = tree_.next_in(id, leaf))
      if (tree_.is_text(id) && !trim(tree_[id].text).empty()) return true;
    return false;
  }

  // Leaf blocks with text that are still there, in document order.
  std::vector<NodeId> leaves() const {
    std::vector<NodeId> out;
    for (auto id = main_; id != kNoNode; id = tree_.next_in(id, main_))
      if (tree_.is_element(id) && facts_[id].leaf && facts_[id].chars > 0 && has_text(id)) out.push_back(id);
    return out;
  }

  bool is_list_of_links(NodeId id, const NodeFacts& node) const {
    if (node.links == 0 || node.link_density() <= kLinkGroup || (!node.leaf && node.blocks == 0)) return false;
    const auto own = node.chars - node.link_chars;
    if (node.sentences > 0 && own >= 40) return false;                               // a sentence that is mostly links
    if (tree_.is(id, Tag::blockquote) || inside(id, Tag::blockquote)) return false;  // an embedded post
    return node.prose <= node.noise || own < 60;
  }

  // "widget" and the like may be the page's word for a quote, a fact box, a recipe in the article.
  bool is_text_in_a_box(NodeId id) const {
    const auto& node = facts_[id];
    const auto foreign = node.hints & (kForeignHints | hint_hidden | hint_caption);
    const bool by_name =
        tree_.is(id, Tag::div) || tree_.is(id, Tag::section) || tree_.is(id, Tag::p) || tree_.is(id, Tag::ul);
    if (!by_name || (foreign & ~static_cast<std::uint32_t>(hint_sidebar | hint_interaction)) != 0) return false;
    return node.prose > 100 && node.sentences >= 2 && node.link_density() < 0.1;
  }

  // A picture, gallery or video whose element is named so, with little text: a caption and a credit.
  bool is_captioned_picture(NodeId id, const NodeFacts& node) const {
    if (!(node.hints & hint_picture) && !tree_.is(id, Tag::figure)) return false;
    if (node.chars > kLongestCaption || node.chars > total_ / 4 || node.blocks > 4) return false;
    int looked_at = 0;
    for (auto at = id; at != kNoNode && looked_at < kCaptionNodes; at = tree_.next_in(at, id), ++looked_at)
      if (tree_.is(at, Tag::img) || tree_.is(at, Tag::video) || tree_.is(at, Tag::picture) || tree_.is(at, Tag::iframe))
        return true;
    return false;
  }

  // The text of an element goes, the pictures in it stay.
  void take_texts(NodeId top) {
    std::string text;
    std::vector<NodeId> gone;
    for (auto id = top; id != kNoNode; id = tree_.next_in(id, top)) {
      if (!tree_.is_text(id) || trim(tree_[id].text).empty()) continue;
      if (!text.empty()) text += ' ';
      text += fold_space(tree_[id].text);
      gone.push_back(id);
    }
    for (const auto id : gone) tree_.remove(id);
    if (!text.empty()) taken_.push_back({facts_[top].position, {"page-caption", "alt-text", "body", std::move(text)}});
  }

  void drop_foreign() {
    for (auto id = tree_.next_in(main_, main_); id != kNoNode;) {
      const auto self = id;
      const auto& node = facts_[self];
      const auto beyond = tree_.next_beyond(self, main_);
      id = tree_.next_in(self, main_);
      if (!tree_.is_element(self) || node.chars == 0) continue;
      if (facts_.is_foreign(self) && node.prose < kMaxForeignShare * total_ && !is_text_in_a_box(self)) {
        take(self, "page-foreign", category_of(node.hints));
        id = beyond;
      } else if (is_list_of_links(self, node)) {
        take(self, "page-links", "related");
        id = beyond;
      } else if (is_captioned_picture(self, node)) {
        take_texts(self);
        id = beyond;
      } else if ((node.hints & hint_meta) && node.chars < kMetaLine && node.sentences == 0 &&
                 !is_text_of_its_own(self)) {
        take(self, "page-meta", "byline");
        id = beyond;
      }
    }
  }

  // An inline element in a paragraph: a name or date that the sentence needs.
  bool is_text_of_its_own(NodeId id) const {
    if (facts_[id].leaf || facts_[id].blocks > 0) return false;
    for (auto at = tree_[id].parent; at != kNoNode; at = tree_[at].parent)
      if (facts_[at].leaf) return facts_[at].chars > facts_[id].chars + 20;
    return false;
  }

  // What follows a block.
  struct Rest {
    std::uint32_t chars = 0;
    double longest = 0;  // prose of one block
  };

  // "Figure 3: …", "Abb. 2. …"
  static bool is_numbered_caption(std::string_view text) {
    const auto folded = fold_words(cut_utf8(text, 40));
    std::string_view rest = folded;
    bool named = false;
    for (const std::string_view name :
         {"abbildung", "abb.", "abb", "figure", "fig.", "fig", "figura", "grafik", "rysunek", "рис."}) {
      if (!rest.starts_with(name)) continue;
      rest = trim(rest.substr(name.size()));
      named = true;
      break;
    }
    std::size_t digits = 0;
    while (digits < rest.size() && is_digit(rest[digits])) ++digits;
    return named && digits > 0 && digits < 4 && digits < rest.size() && (rest[digits] == ':' || rest[digits] == '.');
  }

  void drop_labels() {
    const auto all = leaves();
    std::vector<Rest> rests(all.size() + 1);
    for (std::size_t i = all.size(); i-- > 0;) {
      rests[i] = rests[i + 1];
      rests[i].chars += facts_[all[i]].chars;
      rests[i].longest = std::max(rests[i].longest, facts_[all[i]].prose);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto id = all[i];
      if (!is_linked(id)) continue;
      const auto& node = facts_[id];
      if (node.chars < kLongestCaption && is_numbered_caption(flat_text(tree_, id))) {
        take(id, "page-caption", "alt-text");
        continue;
      }
      if (node.chars > 100 || tree_.is(id, Tag::td) || tree_.is(id, Tag::pre)) continue;
      const auto [label, whole] = label_of(flat_text(tree_, id));
      if (label == Label::none) continue;
      const bool heading = is_heading(tree_[id].tag);
      const bool linked = node.link_density() > kLabelLinks;
      if (!whole && !heading && !linked && node.sentences > 0) continue;
      switch (label) {
        case Label::related: {
          if (!whole && !heading && !linked && !flat_text(tree_, id).ends_with(':')) break;
          auto end = end_of_links(all, i + 1);
          const auto& rest = rests[i + 1];
          if (rest.chars < kTailShare * rests[0].chars && rest.longest < kVeryStrong) end = all.size();
          if (end == i + 1 && !whole && !linked) break;  // nothing that it would announce
          for (auto j = i; j < end; ++j)
            if (is_linked(all[j])) take(all[j], "page-related", "related");
          i = end - 1;
          break;
        }
        case Label::author: {
          take(id, "page-author", "author-bio");
          if (all.size() - i - 1 <= kMaxBio)
            for (auto j = i + 1; j < all.size(); ++j)
              if (is_linked(all[j])) take(all[j], "page-author", "author-bio");
          break;
        }
        default: take(id, "page-label", category_of(label));
      }
    }
  }

  // Is the node still in the tree?
  bool is_linked(NodeId id) const { return tree_.is_inside(id, main_); }

  // The first leaf at or after `from` that is no teaser.
  std::size_t end_of_links(const std::vector<NodeId>& all, std::size_t from) const {
    auto end = from;
    for (auto i = from; i < all.size() && i < from + 40; ++i) {
      const auto& node = facts_[all[i]];
      if (node.links == 0 || node.link_density() <= kLabelLinks) break;
      if (node.sentences > 1 && node.chars - node.link_chars > 80) break;
      end = i + 1;
    }
    return end;
  }

  bool gap_between(std::uint32_t from, std::uint32_t to) const {
    const auto at = std::upper_bound(gaps_.begin(), gaps_.end(), from);
    return at != gaps_.end() && *at < to;
  }

  // Headings of sections whose content was taken out, and headings at the end.
  void drop_orphan_headings() {
    std::sort(gaps_.begin(), gaps_.end());
    const auto all = leaves();
    constexpr auto kEnd = std::numeric_limits<std::uint32_t>::max();
    NodeId next = kNoNode;  // the next leaf that stays
    bool taken = false;     // something between was taken here
    for (std::size_t i = all.size(); i-- > 1;) {
      const auto id = all[i];
      const auto tag = tree_[id].tag;
      const auto there = next == kNoNode ? kEnd : facts_[next].position;
      const bool gap = taken || gap_between(facts_[id].position, there);
      const bool heading = is_heading(tag) && facts_[id].sentences == 0;
      const bool above_heading = next != kNoNode && is_heading(tree_[next].tag) && tree_[next].tag <= tag;
      const bool announces = !heading && gap && facts_[id].chars < kWeak && flat_text(tree_, id).ends_with(':');
      taken = announces || (heading && (next == kNoNode || (above_heading && gap)));
      if (taken)
        take(id, "page-empty-section", "related");
      else
        next = id;
    }
  }

  bool is_strong(NodeId id) const {
    const auto& node = facts_[id];
    if (node.prose <= 0) return false;
    return (node.sentences > 0 && node.chars >= kStrong) || node.chars >= kVeryStrong;
  }

  bool is_title(std::string_view folded) const {
    if (folded.size() < 8 || title_.empty()) return false;
    return folded == title_ || (folded.size() * 3 > title_.size() * 2 && title_.find(folded) != title_.npos);
  }

  // From one end to the first block that is surely text: what is no text goes.
  void trim_edge(bool from_end) {
    auto all = leaves();
    if (from_end) std::reverse(all.begin(), all.end());
    const auto strong = std::find_if(all.begin(), all.end(), [this](NodeId id) { return is_strong(id); });
    if (strong == all.end()) return;
    for (auto at = all.begin(); at != strong; ++at) {
      const auto id = *at;
      const auto& node = facts_[id];
      const auto text = flat_text(tree_, id);
      const auto tag = tree_[id].tag;
      const bool heading = is_heading(tag);
      const bool structured = tag == Tag::li || tag == Tag::td || tag == Tag::th || tag == Tag::dd || tag == Tag::dt ||
                              tag == Tag::pre || inside(id, Tag::li) || inside(id, Tag::table) ||
                              inside(id, Tag::blockquote);
      if (!from_end && (tag == Tag::h1 || is_title(fold_words(text)))) {
        take(id, "page-title", "title");
      } else if (looks_like_dateline(text) && !structured) {
        take(id, "page-dateline", "byline");
      } else if (node.chars < kWeak && node.sentences == 0 && !heading && !structured &&
                 node.hints & (hint_meta | hint_caption)) {
        take(id, "page-meta", "byline");
      } else if (node.chars < kWeak && node.sentences == 0 && node.link_density() > 0.5) {
        take(id, "page-links", "related");
      } else if (from_end && (node.sentences > 0 || heading || structured)) {
        break;
      }
    }
  }

  Tree& tree_;
  NodeId main_;
  const PageFacts& facts_;
  std::string title_;
  double total_;
  std::vector<Taken> taken_;
  std::vector<article::Related> related_;
  std::vector<std::uint32_t> gaps_;  // positions of what was taken
};

}  // namespace

void prune_article(Tree& tree, NodeId main, const PageFacts& facts, std::string_view title,
                   std::vector<article::Stripped>& stripped, std::vector<article::Related>& related) {
  Pruner(tree, main, facts, title).run(stripped, related);
}

}  // namespace newswire::clean
