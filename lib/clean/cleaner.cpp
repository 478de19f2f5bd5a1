#include "clean/cleaner.h"

#include <algorithm>

#include "base/entities.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/url.h"
#include "clean/detail/compiled_rules.h"
#include "clean/detail/learning.h"
#include "clean/detail/lines.h"
#include "clean/detail/match_text.h"
#include "clean/detail/phrases.h"
#include "clean/detail/plain_markup.h"
#include "clean/detail/repeated_title.h"
#include "clean/detail/structure.h"
#include "clean/html.h"
#include "clean/links.h"
#include "clean/sanitize.h"

namespace newswire::clean {
namespace {

/// An entry on its way through the stages.
struct Work {
  Tree tree;
  std::vector<NodeId> kept_texts;
  std::vector<Removed> removed;
  std::vector<Line> lines;
  std::vector<MatchedLine> matched;  // by the phrase rules
  std::vector<article::Related> related;
  std::string title;  // in the spelling of match_text
  Disabled disabled;  // categories that do not apply to this entry
  std::uint64_t key = 0;
};

class Cleaner {
 public:
  Cleaner(const Options& options, const Rules& rules)
      : options_(options),
        rules_(rules),
        disabled_(options.disabled_categories.begin(), options.disabled_categories.end()) {
    for (const auto& text : options.keep_selectors) {
      if (auto selector = Selector::parse(text)) keep_.push_back(*std::move(selector));
    }
    for (const auto& text : options.drop_selectors) {
      if (auto selector = Selector::parse(text)) drop_.push_back(*std::move(selector));
    }
  }

  // Parses, and does what needs no other entry.
  Work prepare(const Entry& entry, SiteModel& model, Time now) const {
    Work work;
    work.title = match_text(entry.title);
    work.key = key_of(entry, work.title);
    const auto markup = markup_of(entry.html, entry.text);
    work.tree = Tree::parse_fragment(markup);
    const auto kept = kept_nodes(work.tree);
    strip_selected(work.tree, drop_, kept, work.removed);
    if (options_.structure) strip_structure(work.tree, rules_.compiled(), disabled_, kept, work.removed);
    work.kept_texts = texts_in(work.tree, kept);
    sanitize(work.tree, entry.base_url.empty() ? entry.url : entry.base_url);
    work.lines = lines_of(work.tree, work.tree.root(), work.kept_texts);
    if (options_.learning) observe_lines(work.lines, work.title, work.key, model, now);
    work.disabled = disabled_;
    for (const auto& [category, pattern] : rules_.compiled().title_guards) {
      if (pattern.is_in(work.title)) work.disabled.insert(category);
    }
    if (options_.structure) strip_repeated_title(work.lines, work.title, work.disabled);
    if (options_.phrases) strip_phrases(work, entry);
    return work;
  }

  Cleaned finish(Work& work, const Entry& entry, const SiteModel& model) const {
    if (options_.learning) {
      const auto before = count_removals(work.lines);
      strip_learned(work.lines, work.title, rules_.compiled(), work.disabled, model);
      // What went may have hidden a phrase; if nothing went, prepare() has found them all.
      if (options_.phrases && count_removals(work.lines) != before) strip_phrases(work, entry);
    }
    keep_something(work);
    Cleaned cleaned;
    report(work);
    apply_removals(work.tree, work.lines);
    if (options_.structure) remove_blank_paragraphs(work.tree);
    if (options_.links) clean_links(work);
    sanitize(work.tree, {});
    fold_breaks(work.tree);
    cleaned.html = inner_html(work.tree, work.tree.root());
    cleaned.text = to_text(work.tree, work.tree.root());
    if (trim(cleaned.html).empty()) cleaned.html.clear();
    cleaned.url = options_.links ? clean_link(entry.url, rules_) : entry.url;
    if (cleaned.url != entry.url) work.removed.push_back({kNoNode, {"tracking", "tracking", "link", entry.url}});
    for (auto& removal : work.removed) cleaned.stripped.push_back(std::move(removal.what));
    cleaned.related = std::move(work.related);
    return cleaned;
  }

 private:
  void strip_phrases(Work& work, const Entry& entry) const {
    clean::strip_phrases(work.tree, work.lines, rules_.compiled(), work.disabled, entry.url, work.related,
                         work.matched);
  }

  // The same article under another link, or changed a little, is not evidence for what it says twice.
  static std::uint64_t key_of(const Entry& entry, const std::string& title) {
    if (count_words(title) >= 3) return hash64(title, 1);
    if (!entry.url.empty()) return hash64(canonical_link(entry.url), 2);
    return hash64(entry.html.empty() ? entry.text : entry.html, 3);
  }

  std::vector<NodeId> kept_nodes(const Tree& tree) const {
    std::vector<NodeId> kept;
    if (keep_.empty()) return kept;
    for (NodeId id = tree.next_in(tree.root(), tree.root()); id != kNoNode;) {
      const bool hit = tree.is_element(id) &&
                       std::any_of(keep_.begin(), keep_.end(), [&](const Selector& s) { return s.matches(tree, id); });
      if (hit) kept.push_back(id);
      id = hit ? tree.next_beyond(id, tree.root()) : tree.next_in(id, tree.root());
    }
    return kept;
  }

  static std::vector<NodeId> texts_in(const Tree& tree, const std::vector<NodeId>& kept) {
    std::vector<NodeId> texts;
    for (const auto top : kept) {
      for (auto id = top; id != kNoNode; id = tree.next_in(id, top)) {
        if (tree.is_text(id)) texts.push_back(id);
      }
    }
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  // Without a block its line breaks would be taken for those of plain text (clean/detail/plain_markup.h).
  static void fold_breaks(Tree& tree) {
    std::vector<NodeId> texts;
    for (auto id = tree.next_in(tree.root(), tree.root()); id != kNoNode; id = tree.next_in(id, tree.root())) {
      if (tree.is_text(id)) {
        if (tree[id].text.find('\n') != std::string_view::npos) texts.push_back(id);
      } else if (is_block(tree[id].tag) || tree[id].tag == Tag::br) {
        return;
      }
    }
    for (const auto id : texts) {
      std::string folded(tree[id].text);
      std::replace(folded.begin(), folded.end(), '\n', ' ');
      tree.set_text(id, folded);
    }
  }

  static bool has_media(const Tree& tree) {
    for (auto id = tree.root(); id != kNoNode; id = tree.next_in(id, tree.root())) {
      if (!tree.is_element(id)) continue;
      const auto tag = tree[id].tag;
      if (tag == Tag::img || tag == Tag::video || tag == Tag::audio || tag == Tag::iframe) return true;
    }
    return false;
  }

  // If nothing would be left to read or to look at, nothing goes.
  static void keep_something(Work& work) {
    const bool all_gone = std::all_of(work.lines.begin(), work.lines.end(),
                                      [](const Line& line) { return core_of(line.rest()).end == 0 || line.gone(); });
    if (!all_gone || work.lines.empty() || has_media(work.tree)) return;
    for (auto& line : work.lines) {
      line.begin = 0;
      line.end = static_cast<std::uint32_t>(line.text.size());
      line.removals.clear();
    }
    work.related.clear();
  }

  // Neighbours that one rule took are one removal.
  static void report(Work& work) {
    std::uint32_t total = 0;
    for (const auto& line : work.lines) total += line.words;
    std::uint32_t before = 0;
    const Line* last_line = nullptr;
    std::string_view last_rule;
    for (const auto& line : work.lines) {
      auto removals = line.removals;
      std::sort(removals.begin(), removals.end(), [](const Removal& a, const Removal& b) { return a.begin < b.begin; });
      for (const auto& removal : removals) {
        const auto text = trim(std::string_view(line.text).substr(removal.begin, removal.end - removal.begin));
        const bool next =
            last_line != nullptr && last_rule == removal.rule && last_line + 1 == &line && removal.begin == 0;
        if (next) {
          work.removed.back().what.text.append("\n").append(text);
        } else {
          const auto at = line.pieces.empty() ? line.block : line.pieces.front().node;
          const auto* where = before * 10 <= total ? "head" : before * 10 >= total * 8 ? "tail" : "body";
          if (before * 10 <= total && &line == &work.lines.back()) where = "tail";
          work.removed.push_back(
              {at, {std::string(removal.rule), std::string(removal.category), where, std::string(text)}});
        }
        last_rule = removal.rule;
        last_line = removal.end == line.text.size() ? &line : nullptr;
      }
      before += line.words;
    }
    std::stable_sort(work.removed.begin(), work.removed.end(),
                     [](const Removed& a, const Removed& b) { return a.at < b.at; });
  }

  void clean_links(Work& work) const {
    if (disabled_.contains("tracking")) return;
    auto& tree = work.tree;
    for (auto id = tree.root(); id != kNoNode; id = tree.next_in(id, tree.root())) {
      if (!tree.is(id, Tag::a)) continue;
      const std::string href(tree.attribute(id, "href"));
      auto cleaned = clean_link(href, rules_);
      if (cleaned == href) continue;
      tree.set_attribute(id, "href", cleaned);
      work.removed.push_back({kNoNode, {"tracking", "tracking", "link", href}});
    }
  }

  const Options& options_;
  const Rules& rules_;
  Disabled disabled_;
  std::vector<Selector> keep_;
  std::vector<Selector> drop_;
};

}  // namespace

std::vector<Cleaned> clean_entries(std::span<const Entry> entries, const Options& options, SiteModel& model, Time now) {
  const auto& rules = options.rules ? *options.rules : *Rules::built_in();
  const Cleaner cleaner(options, rules);
  std::vector<Work> works;
  works.reserve(entries.size());
  for (const auto& entry : entries) {
    works.push_back(cleaner.prepare(entry, model, now));
  }
  std::vector<Cleaned> out;
  out.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    out.push_back(cleaner.finish(works[i], entries[i], model));
    works[i] = Work{};
  }
  return out;
}

}  // namespace newswire::clean
