#include "clean/explain.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "base/count_of.h"
#include "base/text.h"
#include "base/time.h"
#include "clean/detail/compiled_rules.h"
#include "clean/detail/learning.h"
#include "clean/detail/lines.h"
#include "clean/detail/match_text.h"
#include "clean/detail/plain_markup.h"
#include "clean/html.h"

namespace newswire::clean {
namespace {

constexpr std::string_view kLearned = "recurring-block";
constexpr std::string_view kProtected = "protected";
constexpr std::uint32_t kRecurs = 3;  // entries; what stands in fewer is no evidence of anything

std::string_view core_text(std::string_view text) {
  const auto core = core_of(text);
  return text.substr(core.begin, core.end - core.begin);
}

std::string_view sentence_of(std::string_view rule) {
  struct Why {
    std::string_view rule;
    std::string_view what;
  };
  static constexpr Why kWhy[] = {
#define NEWSWIRE_WHY(name, sentence) {name, sentence},
#include "clean/explain_sentences.inc"
#undef NEWSWIRE_WHY
  };
  const auto* const found =
      std::find_if(std::begin(kWhy), std::end(kWhy), [&](const Why& w) { return w.rule == rule; });
  return found == std::end(kWhy) ? std::string_view{} : found->what;
}

std::string date_of(Time time) { return to_rfc3339(std::chrono::floor<std::chrono::days>(time)).substr(0, 10); }

// "stands in 14 of the site's last 15 entries, 14 times at the end, since 2026-11-01"
std::string evidence_sentence(const LearnedBlock& block) {
  const auto all = block.share > 0 ? std::llround(block.entries / block.share) : 0;
  std::string out = "stands in " + std::to_string(block.entries) + " of the site's last " +
                    count_of(static_cast<std::uint64_t>(all), "entry", "entries");
  if (block.tails > 0) out += ", " + count_of(block.tails, "time") + " at the end";
  if (block.heads > 0) out += ", " + count_of(block.heads, "time") + " at the beginning";
  if (block.first_seen > Time{}) out += ", since " + date_of(block.first_seen);
  return out;
}

class Explainer {
 public:
  Explainer(const ToExplain& article, const Options& options)
      : article_(article),
        options_(options),
        rules_(options.rules ? *options.rules : *Rules::built_in()),
        title_(match_text(article.title)) {
    if (article.learned != nullptr) {
      for (const auto& block : *article.learned) learned_.emplace(block.id, &block);
    }
    if (!article.original.empty()) original_.emplace(Tree::parse_fragment(article.original));
  }

  Explanation run() {
    Explanation out;
    out.reasons.reserve(article_.stripped.size());
    for (const auto& removal : article_.stripped) out.reasons.push_back(why(removal));
    add_kept(out.staying);
    add_left(out.staying);
    return out;
  }

 private:
  // --- what went --------------------------------------------------------------------------------------------------

  Reason why(const article::Stripped& removal) const {
    if (removal.rule == kLearned) return why_learned(removal.text);
    Reason reason;
    reason.source = source_of(removal.rule);
    if (const auto rule = phrase_rule(removal.rule)) {
      why_phrase(*rule, removal.text, reason);
    } else if (has_selectors(removal.rule)) {
      reason.selectors = selectors_of(removal);
      reason.what = "its markup is what a selector of the rule looks for";
    }
    if (const auto sentence = sentence_of(removal.rule); reason.what.empty() && !sentence.empty())
      reason.what = sentence;
    if (reason.what.empty()) reason.what = "no rule of this name is in force here; there was one when the article came";
    return reason;
  }

  void why_phrase(std::uint32_t rule, std::string_view text, Reason& reason) const {
    const auto& compiled = rules_.compiled();
    const auto first = text.substr(0, text.find('\n'));
    reason.patterns = compiled.phrase_set.patterns_of(rule, core_text(first));
    const bool heads = compiled.phrases[rule].may(Where::section);
    if (reason.patterns.empty()) {
      reason.what = "belongs to what the rule takes, such as a list below its heading or an address after its words";
    } else if (heads && first.size() < text.size()) {
      reason.what = "its first line is a heading of the rule, and the rest belongs to it";
    } else {
      reason.what = "its words are what the rule looks for (" + where_of(compiled.phrases[rule].name) + ")";
    }
  }

  Reason why_learned(std::string_view text) const {
    Reason reason;
    for (const auto line : split(text, '\n')) {
      const auto* const block = block_of(core_text(line));
      if (block != nullptr) reason.evidence.push_back(*block);
    }
    if (reason.evidence.empty()) {
      reason.what = article_.learned == nullptr
                        ? "the site repeats it; what is known about the site could not be asked for"
                        : "the site repeated it; by now that is forgotten";
    } else if (reason.evidence.front().verdict == Verdict::strip) {
      reason.what = "a person decided that it goes";
    } else {
      reason.what = evidence_sentence(reason.evidence.front());
    }
    return reason;
  }

  const LearnedBlock* block_of(std::string_view text) const {
    if (text.size() < 2) return nullptr;
    const auto find = [&](std::uint64_t id) {
      const auto found = learned_.find(id);
      return found == learned_.end() ? nullptr : found->second;
    };
    const auto* const exact = find(fingerprint(text, {}));
    const auto* const general = find(fingerprint(text, title_));
    if (exact == nullptr || general == nullptr) return exact != nullptr ? exact : general;
    return exact->verdict == Verdict::learned && general->entries > exact->entries ? general : exact;
  }

  // --- rules --------------------------------------------------------------------------------------------------------

  const RuleInfo* info(std::string_view rule) const {
    const auto& all = rules_.list();
    const auto found = std::find_if(all.begin(), all.end(), [&](const RuleInfo& i) { return i.name == rule; });
    return found == all.end() ? nullptr : &*found;
  }

  std::string source_of(std::string_view rule) const {
    const auto* const found = info(rule);
    return found == nullptr ? std::string{} : found->source;
  }

  std::string where_of(std::string_view rule) const {
    const auto* const found = info(rule);
    return found == nullptr ? std::string{} : "where: " + found->where;
  }

  std::optional<std::uint32_t> phrase_rule(std::string_view name) const {
    const auto& all = rules_.compiled().phrases;
    const auto found = std::find_if(all.begin(), all.end(), [&](const PhraseRule& r) { return r.name == name; });
    if (found == all.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - all.begin());
  }

  bool has_selectors(std::string_view name) const {
    const auto& all = rules_.compiled().structure;
    return std::any_of(all.begin(), all.end(), [&](const StructureRule& r) { return r.name == name; });
  }

  // Those that match an element with the removed text; all of the rule's where there is no markup to try them on.
  std::vector<std::string> selectors_of(const article::Stripped& removal) const {
    std::vector<std::string> all;
    std::vector<std::string> matching;
    for (const auto& rule : rules_.compiled().structure) {
      if (rule.name != removal.rule) continue;
      all.push_back(rule.written);
      if (original_ && matches(*original_, rule.selector, removal.text)) matching.push_back(rule.written);
    }
    return matching.empty() ? all : matching;
  }

  static bool matches(const Tree& tree, const Selector& selector, std::string_view text) {
    for (auto id = tree.next_in(tree.root(), tree.root()); id != kNoNode; id = tree.next_in(id, tree.root())) {
      if (!tree.is_element(id) || !selector.matches(tree, id)) continue;
      const auto own = flat_text(tree, id);
      if (own.empty() || own == text) return true;
    }
    return false;
  }

  // --- what stays ---------------------------------------------------------------------------------------------------

  void add_kept(std::vector<Staying>& staying) const {
    if (!original_) return;
    for (const auto& written : options_.keep_selectors) {
      const auto selector = Selector::parse(written);
      if (!selector) continue;
      const auto& tree = *original_;
      for (auto id = tree.next_in(tree.root(), tree.root()); id != kNoNode;) {
        const bool hit = tree.is_element(id) && selector->matches(tree, id);
        if (hit) {
          Reason reason;
          reason.what = "the configuration says so (clean.keep)";
          reason.selectors.push_back(written);
          staying.push_back({flat_text(tree, id), "keep-selector", "configured", std::move(reason)});
        }
        id = hit ? tree.next_beyond(id, tree.root()) : tree.next_in(id, tree.root());
      }
    }
  }

  void add_left(std::vector<Staying>& staying) const {
    const auto tree = Tree::parse_fragment(markup_of(std::string(article_.html), std::string(article_.text)));
    std::vector<std::uint32_t> found;
    for (const auto& line : lines_of(tree, tree.root())) {
      const auto text = core_text(line.text);
      if (text.size() < 2 || line.verbatim) continue;
      rules_.compiled().phrase_set.match(text, found);
      if (auto stays = why_it_stays(line.text, text, found)) staying.push_back(*std::move(stays));
    }
  }

  std::optional<Staying> why_it_stays(const std::string& line, std::string_view text,
                                      const std::vector<std::uint32_t>& found) const {
    const auto* const block = block_of(text);
    const bool decided = block != nullptr && block->verdict == Verdict::keep;
    const bool recurs = block != nullptr && (decided || block->entries >= kRecurs);
    const auto& phrases = rules_.compiled().phrases;
    const auto guard =
        std::find_if(found.begin(), found.end(), [&](std::uint32_t id) { return phrases[id].category == kProtected; });
    if (found.empty() && !recurs) return std::nullopt;
    Staying stays;
    stays.text = line;
    if (recurs) stays.reason.evidence.push_back(*block);
    if (!found.empty()) {
      const auto id = guard == found.end() ? found.front() : *guard;
      stays.rule = phrases[id].name;
      stays.category = phrases[id].category;
      stays.reason.source = source_of(stays.rule);
      stays.reason.patterns = rules_.compiled().phrase_set.patterns_of(id, text);
    } else {
      stays.rule = kLearned;
      stays.category = "learned";
    }
    if (decided) {
      stays.reason.what = "a person decided that it stays";
    } else if (guard != found.end()) {
      stays.reason.what = "of a protected kind, which is not taken for repeating itself";
    } else if (!found.empty()) {
      const bool off = is_off(stays.rule) || is_off(stays.category) || !options_.phrases;
      stays.reason.what = off ? "the rule that matches is switched off"
                              : "the rule that matches does not apply here (" + where_of(stays.rule) + ")";
    } else {
      stays.reason.what = evidence_sentence(*block) + ": not often or not regularly enough";
    }
    return stays;
  }

  bool is_off(std::string_view name) const {
    const auto& off = options_.disabled_categories;
    return std::find(off.begin(), off.end(), name) != off.end();
  }

  const ToExplain& article_;
  const Options& options_;
  const Rules& rules_;
  std::string title_;
  std::unordered_map<std::uint64_t, const LearnedBlock*> learned_;
  std::optional<Tree> original_;
};

}  // namespace

Explanation explain(const ToExplain& article, const Options& options) { return Explainer(article, options).run(); }

}  // namespace newswire::clean
