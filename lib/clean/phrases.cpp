#include "clean/detail/phrases.h"

#include <algorithm>

#include "base/text.h"
#include "base/url.h"
#include "clean/detail/atom_finder.h"
#include "clean/detail/match_text.h"
#include "clean/detail/units.h"

namespace newswire::clean {
namespace {

constexpr std::uint32_t kDefaultMaxWords = 70;
constexpr std::uint32_t kDefaultSectionWords = 160;
constexpr std::uint32_t kTailWords = 60;  // words that may follow a line that counts as being near the end
constexpr std::uint32_t kHeadWords = 30;  // words that may stand before one near the beginning
constexpr std::uint32_t kRemark = 12;     // words of a phrase at the end that may be all there is
constexpr std::uint32_t kEndWords = 12;   // words that may follow an end of a line
constexpr std::uint32_t kBold = 7;        // Line::heading of a line that is only bold: as often a lead as a heading
constexpr int kRounds = 4;
constexpr int kPeels = 6;  // phrases one after the other in one line
constexpr std::string_view kRelated = "related";
constexpr std::string_view kSocial = "social";

// What a site registered: "example.co.uk" of "www.news.example.co.uk", by the shape of the name.
std::string site_of(std::string_view url) {
  const auto host = host_of(url);
  const auto labels = split(host, '.');
  if (labels.size() < 3) return host;
  const auto& second = labels[labels.size() - 2];
  const std::size_t count = labels.back().size() == 2 && second.size() <= 3 ? 3 : 2;
  auto begin = labels.end() - static_cast<std::ptrdiff_t>(std::min(count, labels.size()));
  std::string site(*begin);
  while (++begin != labels.end()) site.append(".").append(*begin);
  return site;
}

class PhraseStripper {
 public:
  PhraseStripper(const Tree& tree, std::vector<Line>& lines, const Rules::Compiled& rules, const Disabled& disabled,
                 std::string_view entry_url, std::vector<article::Related>& related, std::vector<MatchedLine>& matched)
      : tree_(tree),
        lines_(lines),
        rules_(rules),
        disabled_(disabled),
        entry_url_(entry_url),
        site_(site_of(entry_url)),
        related_(related),
        matched_(matched) {
    // The address in a feed may be a redirect of the feed's service.
    if (site_.find("feed") != std::string::npos || site_.find("rss") != std::string::npos) site_.clear();
  }

  void run() {
    matched_.resize(lines_.size());
    for (std::size_t i = 0; i < lines_.size(); ++i) rematch(i);
    // What goes makes something else the end or the beginning.
    for (int round = 0; round < kRounds; ++round) {
      const auto before = count_removals(lines_);
      for (std::size_t i = 0; i < lines_.size(); ++i) section(i);
      for (std::size_t i = 0; i < lines_.size(); ++i) whole_line(i);
      backward();
      forward();
      for (std::size_t i = 0; i < lines_.size(); ++i) link_ends(i);
      orphans();
      if (count_removals(lines_) == before) break;
    }
  }

 private:
  bool is_open(const Line& line) const { return !line.gone() && !line.verbatim && !line.protected_; }

  bool is_off(const PhraseRule& rule) const {
    return disabled_.contains(rule.category) || disabled_.contains(rule.name) ||
           std::any_of(rule.kinds.begin(), rule.kinds.end(),
                       [this](const std::string& kind) { return disabled_.contains(kind); });
  }

  // The rules that match text[begin, end) of a line as a whole, by what decorates it removed.
  const std::vector<std::uint32_t>& match(const Line& line, std::uint32_t begin, std::uint32_t end) {
    const auto text = std::string_view(line.text).substr(begin, end - begin);
    const auto core = core_of(text);
    found_.clear();
    if (core.end - core.begin == 0 || core.end - core.begin > kMaxWholeLine) return found_;
    rules_.phrase_set.match(text.substr(core.begin, core.end - core.begin), found_);
    if (found_.empty()) return found_;
    const auto words = count_words(text);
    const bool is_linked = linked_share(line, begin, end) >= 0.4 || is_labelled_link(line, begin, end);
    // An entry of a list of links may happen to be called "Next" or "Details".
    const bool is_item = line.list != kNoNode && line.words <= 2 && !is_entry_link(line);
    // What a rule that is switched off knows, a general one must not take in its stead.
    const bool is_spared =
        std::any_of(found_.begin(), found_.end(), [this](std::uint32_t id) { return is_off(rules_.phrases[id]); });
    std::erase_if(found_, [&](std::uint32_t id) {
      const auto& rule = rules_.phrases[id];
      const auto limit = rule.max_words > 0 && rule.takes != Takes::end ? rule.max_words : kDefaultMaxWords;
      return words > limit || (rule.linked && (!is_linked || is_item)) || rule.category == "protected" ||
             is_off(rule) || (is_spared && !rule.kinds.empty());
    });
    return found_;
  }

  // After a part of the line may have gone.
  void rematch(std::size_t i) {
    const auto& line = lines_[i];
    auto& matched = matched_[i];
    if (!is_open(line)) {
      matched = {};
    } else if (!matched.known || matched.begin != line.begin || matched.end != line.end) {
      matched = {true, line.begin, line.end, match(line, line.begin, line.end)};
    }
  }

  const PhraseRule* first(const std::vector<std::uint32_t>& found, Where place) const {
    for (const auto id : found) {
      if (rules_.phrases[id].may(place)) return &rules_.phrases[id];
    }
    return nullptr;
  }

  void whole_line(std::size_t i) {
    auto& line = lines_[i];
    if (!is_open(line)) return;
    const auto* rule = first(matched_[i].rules, Where::line);
    if (rule == nullptr || (rule->category == kRelated && is_elsewhere(i, i + 1))) return;
    const auto end = before_announcement(i);
    take(line, line.begin, end, rule->name, rule->category);
    rematch(i);
    if (line.gone()) address_after(i, *rule);
  }

  // "Support us on Patreon" and its address on the next line.
  void address_after(std::size_t i, const PhraseRule& rule) {
    if (i + 1 >= lines_.size()) return;
    auto& next = lines_[i + 1];
    const bool is_address = istarts_with(next.rest(), "http://") || istarts_with(next.rest(), "https://");
    if (!is_open(next) || !is_address || next.words != 1 || next.block != lines_[i].block) return;
    take_all(next, rule.name, rule.category);
  }

  // Where the last sentence of a line begins if it announces what follows and stays ("… by our sponsor. This week:"),
  // else the line's end.
  std::uint32_t before_announcement(std::size_t i) const {
    const auto& line = lines_[i];
    if (!line.rest().ends_with(':') || i + 1 >= lines_.size()) return line.end;
    if (lines_[i + 1].gone() || first(matched_[i + 1].rules, Where::line) != nullptr) return line.end;
    const auto borders = end_borders(line);
    const auto last = std::find_if(borders.rbegin(), borders.rend(), [&](std::uint32_t at) {
      return is_sentence_border(line, at) && line.text[at - 1] == ' ' && line.text[at - 2] != ':';
    });
    return last == borders.rend() ? line.end : *last;
  }

  // --- sections ---------------------------------------------------------------------------------------------------

  void section(std::size_t i) {
    auto& head = lines_[i];
    if (!is_open(head)) return;
    const auto* rule = first(matched_[i].rules, Where::section);
    if (rule == nullptr) return;
    std::size_t end = i + 1;
    switch (rule->takes) {
      case Takes::links: end = end_of_teasers(i); break;
      case Takes::list: end = end_of_list(i); break;
      case Takes::end: end = end_of_entry(i, rule->max_words > 0 ? rule->max_words : kDefaultSectionWords); break;
    }
    const bool last = std::all_of(lines_.begin() + static_cast<std::ptrdiff_t>(i) + 1, lines_.end(),
                                  [](const Line& l) { return l.gone(); });
    // Nothing follows: a heading that leads nowhere, or a sentence that only looks like one.
    if (end == i + 1 && !(last && (head.heading != 0 || head.text.ends_with(':')))) return;
    if (rule->category == kRelated && is_elsewhere(i, end)) return;
    if (rule->category == kSocial && !are_addresses(i + 1, end)) return;
    take_all(head, rule->name, rule->category);
    for (auto j = i + 1; j < end; ++j) {
      if (rule->category == kRelated) report_teaser(lines_[j]);
      take_all(lines_[j], rule->name, rule->category);
    }
  }

  // Do most links of the lines lead to other sites? Then they are what the article refers to, not its teasers.
  bool is_elsewhere(std::size_t begin, std::size_t end) const {
    if (site_.empty()) return false;
    std::size_t own = 0;
    std::size_t foreign = 0;
    for (auto i = begin; i < end; ++i) {
      for (const auto& link : lines_[i].links) {
        const auto site = site_of(tree_.attribute(link.node, "href"));
        ++(site.empty() || site == site_ ? own : foreign);
      }
    }
    return foreign > own;
  }

  // Are most of the lines addresses with a word or two, as those under "Follow us" are?
  bool are_addresses(std::size_t begin, std::size_t end) const {
    std::size_t addresses = 0;
    std::size_t others = 0;
    for (auto i = begin; i < end; ++i) {
      if (lines_[i].gone()) continue;
      const auto text = lines_[i].rest();
      const bool has_address = text.find("://") != std::string_view::npos || text.find('@') != std::string_view::npos ||
                               text.find(".com") != std::string_view::npos || link_share(lines_[i]) >= 0.5;
      ++(has_address && lines_[i].words <= 12 ? addresses : others);
    }
    return addresses >= others;
  }

  bool is_teaser(const Line& line) const {
    if (!is_open(line) || line.words > 60) return false;
    if (line.links.empty()) return false;
    const double share = link_share(line);
    return share >= 0.5 || (line.list != kNoNode && line.words <= 40);
  }

  // An item without a link (the entry itself) in a list of teasers.
  bool is_in_teaser_list(const Line& line) const {
    if (!is_open(line) || line.list == kNoNode || line.words > 40) return false;
    return std::any_of(lines_.begin(), lines_.end(),
                       [&](const Line& other) { return other.list == line.list && is_teaser(other); });
  }

  // A short line between teasers: a date, a source.
  static bool is_teaser_detail(const Line& line) {
    return !line.verbatim && !line.protected_ && line.heading == 0 && line.words <= 6;
  }

  std::size_t end_of_teasers(std::size_t i) const {
    std::size_t end = i + 1;
    const auto own_heading = lines_[i].heading;
    for (auto j = i + 1; j < lines_.size(); ++j) {
      const auto& line = lines_[j];
      if (line.gone()) continue;
      if (is_teaser(line) || is_in_teaser_list(line)) {
        // A heading that is no link of the list begins something else.
        if (line.heading != 0 && line.heading <= own_heading && own_heading != 0 && link_share(line) < 0.9) break;
        end = j + 1;
      } else if (!is_teaser_detail(line) || j > end + 1) {
        break;
      }
    }
    return end;
  }

  std::size_t end_of_list(std::size_t i) const {
    auto j = i + 1;
    while (j < lines_.size() && lines_[j].gone()) ++j;
    if (j == lines_.size()) return i + 1;
    const auto list = lines_[j].list;
    const auto block = lines_[i].block;
    const bool same_block = lines_[j].block == block && block != kNoNode && lines_[i].list == kNoNode;
    if (list == kNoNode && !same_block) return i + 1;
    std::uint32_t words = 0;
    auto end = j;
    while (end < lines_.size() &&
           (list != kNoNode ? tree_.is_inside(lines_[end].block, list) : lines_[end].block == block)) {
      if (!lines_[end].gone() && !is_open(lines_[end])) break;
      words += lines_[end].words;
      ++end;
    }
    return words > 400 ? i + 1 : end;
  }

  std::size_t end_of_entry(std::size_t i, std::uint32_t limit) const {
    std::uint32_t words = 0;
    for (auto j = i + 1; j < lines_.size(); ++j) {
      if (lines_[j].gone()) continue;
      if (!is_open(lines_[j])) return i + 1;
      words += lines_[j].words;
      if (words > limit) return i + 1;
    }
    return lines_.size();
  }

  void report_teaser(const Line& line) {
    if (line.gone() || line.links.empty()) return;
    const auto& link =
        *std::max_element(line.links.begin(), line.links.end(),
                          [](const LinkSpan& a, const LinkSpan& b) { return a.end - a.begin < b.end - b.begin; });
    article::Related teaser;
    teaser.title = line.text.substr(link.begin, link.end - link.begin);
    teaser.url = std::string(tree_.attribute(link.node, "href"));
    if (link_share(line) < 0.95) teaser.text = line.rest();
    related_.push_back(std::move(teaser));
  }

  // --- from the end -----------------------------------------------------------------------------------------------

  void backward() {
    std::uint32_t before = 0;
    for (const auto& line : lines_) before += line.gone() ? 0 : words_left(line);
    std::uint32_t after = 0;
    for (auto i = lines_.size(); i-- > 0 && after <= kTailWords;) {
      auto& line = lines_[i];
      if (line.gone()) continue;
      const auto own = words_left(line);
      before -= std::min(before, own);
      if (is_open(line)) {
        const auto* rule = first(matched_[i].rules, Where::tail);
        if (rule == nullptr && after <= kEndWords) rule = first(matched_[i].rules, Where::end);
        // What an entry begins with, and goes on about, is what it is about.
        if (rule != nullptr && (before > 0 || own <= kRemark)) take_all(line, rule->name, rule->category);
        if (after <= kEndWords) {
          peel_end(line, before > 0);
          rematch(i);
        }
      }
      if (!line.gone()) after += words_left(line);
    }
  }

  // `has_more`: the entry says something before this line.
  void peel_end(Line& line, bool has_more) {
    for (int peel = 0; peel < kPeels && !line.gone(); ++peel) {
      bool taken = false;
      // The nearest border first: what stands before the phrase is the article.
      const auto borders = end_borders(line);
      for (auto at = borders.rbegin(); at != borders.rend(); ++at) {
        const auto begin = *at;
        if (!is_sentence_border(line, begin) && linked_share(line, begin, line.end) < 0.6) continue;
        if (const auto* rule = first(match(line, begin, line.end), Where::end)) {
          if (rule->linked && !begins_anew(line, begin)) continue;
          const bool led_in = has_more && is_lead_in(line, begin, *rule);
          take(line, before_separator(line, begin), line.end, rule->name, rule->category);
          if (led_in) take_all(line, rule->name, rule->category);
          taken = true;
          break;
        }
      }
      if (!taken) return;
      // What is left may be a phrase as a whole now.
      if (line.gone()) return;
      const auto& found = match(line, line.begin, line.end);
      const auto* rule = first(found, Where::line);
      if (rule == nullptr) rule = first(found, Where::tail);
      if (rule == nullptr) rule = first(found, Where::end);
      if (rule != nullptr) take_all(line, rule->name, rule->category);
    }
  }

  // "Never miss a story: get our app", "Have thoughts on this? Discuss it with us": one short sentence before an
  // invitation that begins at `at`, and nothing else in the line. What only announces the invitation goes with it.
  static bool is_lead_in(const Line& line, std::uint32_t at, const PhraseRule& rule) {
    static constexpr std::string_view kInvitations[] = {"newsletter", "social",       "share",        "comments",
                                                        "donation",   "app-download", "subscription", "appeal"};
    const bool invites =
        std::find(std::begin(kInvitations), std::end(kInvitations), rule.category) != std::end(kInvitations);
    if (!invites || rule.linked || count_words(std::string_view(line.text).substr(at, line.end - at)) < 3) return false;
    const auto text = trim(std::string_view(line.text).substr(line.begin, at - line.begin));
    if (text.empty() || count_words(text) > kRemark) return false;
    const auto ends = [](std::string_view one) {
      return one == "?" || one == "!" || one == ":" || one == "-" || one == "？" || one == "！" || one == "：" ||
             one == "؟";
    };
    const bool announces = ends(text.substr(text.size() - 1)) ||
                           (text.size() >= 2 && ends(text.substr(text.size() - 2))) ||
                           (text.size() >= 3 && ends(text.substr(text.size() - 3)));
    const auto inside = text.substr(0, text.size() - 1);
    return announces && inside.find(". ") == std::string_view::npos && inside.find("? ") == std::string_view::npos;
  }

  // Separators and opening brackets in front of a removed end go with it.
  static std::uint32_t before_separator(const Line& line, std::uint32_t at) {
    const auto text = std::string_view(line.text);
    while (at > line.begin) {
      auto before = at - 1;
      while (before > line.begin && (static_cast<unsigned char>(text[before]) & 0xC0) == 0x80) --before;
      const auto c = decode_utf8(text.substr(before, at - before)).value;
      const bool separator = c == ' ' || c == '|' || c == '[' || c == '(' || c == '>' || c == '<' || c == 0x2022 ||
                             c == 0xB7 || c == 0xBB || c == 0x3010 || c == 0xFF08 || (c >= 0x2190 && c <= 0x21FF) ||
                             (c >= 0x25A0 && c <= 0x27BF) || c >= 0x1F000 ||
                             (c == '-' && before > line.begin && text[before - 1] == ' ');
      if (!separator) break;
      at = before;
    }
    return at;
  }

  // --- from the beginning -----------------------------------------------------------------------------------------

  void forward() {
    std::uint32_t before = 0;
    for (std::size_t i = 0; i < lines_.size() && before <= kHeadWords; ++i) {
      auto& line = lines_[i];
      if (line.gone()) continue;
      if (is_open(line)) {
        const auto* rule = first(matched_[i].rules, Where::head);
        if (rule == nullptr && before == 0) rule = first(matched_[i].rules, Where::start);
        if (rule != nullptr) take_all(line, rule->name, rule->category);
        if (before == 0) {
          peel_start(line);
          rematch(i);
        }
      }
      if (!line.gone()) before += words_left(line);
    }
  }

  void peel_start(Line& line) {
    for (int peel = 0; peel < kPeels && !line.gone(); ++peel) {
      bool taken = false;
      const auto borders = start_borders(line);
      for (auto at = borders.rbegin(); at != borders.rend(); ++at) {
        const auto end = *at;
        if (!is_sentence_border(line, end)) continue;
        if (const auto* rule = first(match(line, line.begin, end), Where::start)) {
          take(line, line.begin, end, rule->name, rule->category);
          taken = true;
          break;
        }
      }
      if (!taken) return;
    }
  }

  // A heading under which everything went goes too.
  void orphans() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      auto& head = lines_[i];
      if (!is_open(head) || head.heading == 0 || head.heading == kBold || head.words > 12) continue;
      auto j = i + 1;
      while (j < lines_.size() && lines_[j].gone()) ++j;
      if (j == i + 1) continue;
      if (j < lines_.size() && (lines_[j].heading == 0 || lines_[j].heading > head.heading)) continue;
      const auto& cause = lines_[i + 1].removals.front();
      take_all(head, cause.rule, cause.category);
    }
  }

  // Ordinary words as a link ("here", "more") may be the end of a sentence of the article: "You find it here". They
  // are not if a sentence ends before them, if they begin like one, or if they lead to the entry itself.
  bool begins_anew(const Line& line, std::uint32_t at) const {
    const auto before = trim(std::string_view(line.text).substr(0, at));
    if ((is_sentence_border(line, at) && !before.ends_with(':') && !before.ends_with(')')) ||
        begins_upper(std::string_view(line.text).substr(at)))
      return true;
    return std::any_of(line.links.begin(), line.links.end(), [&](const LinkSpan& l) {
      return l.begin <= at && at < l.end && is_entry(tree_.attribute(l.node, "href"));
    });
  }

  bool is_entry_link(const Line& line) const {
    return !line.links.empty() && is_entry(tree_.attribute(line.links.front().node, "href"));
  }

  static bool begins_upper(std::string_view text) {
    const auto first = text.substr(0, decode_utf8(text).size);
    return fold_case(first) != first;
  }

  bool is_entry(std::string_view href) const {
    return !entry_url_.empty() && (href == entry_url_ || canonical_link(href) == canonical_link(entry_url_));
  }

  // --- links ------------------------------------------------------------------------------------------------------

  // "Read more" at the end of any line, if it is a link.
  void link_ends(std::size_t i) {
    auto& line = lines_[i];
    if (!is_open(line)) return;
    while (!line.gone() && !line.links.empty()) {
      const auto core = core_of(line.rest());
      const auto end = line.begin + static_cast<std::uint32_t>(core.end);
      const auto link = std::find_if(line.links.rbegin(), line.links.rend(),
                                     [&](const LinkSpan& l) { return l.begin < end && l.end >= end; });
      if (link == line.links.rend() || link->begin < line.begin) return;
      const auto* rule = first(match(line, link->begin, link->end), Where::link);
      if (rule == nullptr || (rule->linked && !begins_anew(line, link->begin))) return;
      take(line, before_separator(line, link->begin), line.end, rule->name, rule->category);
      rematch(i);
    }
  }

  const Tree& tree_;
  std::vector<Line>& lines_;
  const Rules::Compiled& rules_;
  const Disabled& disabled_;
  std::string_view entry_url_;
  std::string site_;  // empty: unknown
  std::vector<article::Related>& related_;
  std::vector<MatchedLine>& matched_;
  std::vector<std::uint32_t> found_;
};

}  // namespace

void strip_phrases(const Tree& tree, std::vector<Line>& lines, const Rules::Compiled& rules, const Disabled& disabled,
                   std::string_view entry_url, std::vector<article::Related>& related,
                   std::vector<MatchedLine>& matched) {
  PhraseStripper(tree, lines, rules, disabled, entry_url, related, matched).run();
}

}  // namespace newswire::clean
