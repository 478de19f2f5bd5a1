#include "clean/detail/plain_reader.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "clean/detail/compiled_rules.h"
#include "clean/detail/match_text.h"
#include "clean/language.h"
#include "clean/metadata.h"
#include "clean/page_labels.h"
#include "clean/plain_lines.h"
#include "clean/plain_teasers.h"
#include "clean/plain_wording.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kLongTeaser = 300;
constexpr std::size_t kMaxBlock = 6;
constexpr std::size_t kLongestLeadIn = 40;   // bytes of "Read more:"
constexpr std::size_t kMaxTeaserLine = 160;  // bytes of it with the title
constexpr std::size_t kLongestHeading = 40;  // characters

}  // namespace

void PlainReader::find_related() {
  // Below each line: how many name a source, and how many are too long for a teaser.
  std::vector<std::size_t> sources_below(lines_.size() + 1), prose_below(lines_.size() + 1);
  for (auto i = lines_.size(); i-- > 1;) {
    const bool source = source_line(lines_[i]).matched;
    const bool prose = !source && lines_[i].size() > kLongTeaser && !mentions_app(lines_[i]);
    sources_below[i - 1] = sources_below[i] + (source ? 1 : 0);
    prose_below[i - 1] = prose_below[i] + (prose ? 1 : 0);
  }
  for (std::size_t i = std::min(first_prose_ + 1, lines_.size()); i < lines_.size(); ++i) {
    if (!heads_teasers(i)) continue;
    if (prose_below[i] > sources_below[i] || goes_on_below(i)) {
      take_inline_teasers(i);
      continue;
    }
    end_ = i;
    while (last_prose_ > first_prose_ && (last_prose_ >= end_ || !is_prose(lines_[last_prose_]))) --last_prose_;
    mark(i, "related", "related");
    read_sections(i + 1);
    return;
  }
}

bool PlainReader::heads_teasers(std::size_t i) const {
  const auto& line = lines_[i];
  const auto [label, whole] = label_of(line);
  if (label != Label::related) return false;
  if (whole || line.ends_with(':')) return true;
  return is_below(i) && characters_in(line) <= kLongestHeading && !ends_sentence(line) && line.find(':') == line.npos &&
         i + 1 < lines_.size() && !is_prose(lines_[i + 1]);
}

void PlainReader::read_sections(std::size_t i) {
  std::vector<std::string> teasers;
  const auto close = [&] {
    auto read = teasers_of(teasers);
    std::move(read.begin(), read.end(), std::back_inserter(out_.related));
    teasers.clear();
  };
  bool footer = false;  // below an invitation: names of pages, unless sources show that there are teasers again
  for (; i < lines_.size(); ++i) {
    if (rule_[i].empty() && is_pager(lines_[i])) mark(i, "pager", "navigation");
    if (rule_[i].empty() && !read_furniture(i)) read_between_teasers(i);
    if (rule_[i].empty() && footer && !has_source_below(i)) mark(i, "footer-line", "navigation");
    if (rule_[i].empty()) {
      footer = false;
      teasers.push_back(lines_[i]);
      mark(i, "related-teaser", {});
    } else if (rule_[i] == "related") {
      footer = false;
      close();
    } else if (category_[i] == "app-download" || category_[i] == "copyright" || category_[i] == "newsletter") {
      footer = true;
    }
  }
  close();
}

bool PlainReader::has_source_below(std::size_t i) const {
  for (auto j = i + 1; j < std::min(i + 3, lines_.size()); ++j)
    if (source_line(lines_[j]).matched) return true;
  return source_line(lines_[i]).matched;
}

void PlainReader::read_between_teasers(std::size_t i) {
  const auto& line = lines_[i];
  if (label_of(line).label == Label::related && characters_in(line) <= kLongestHeading &&
      (line.ends_with(':') || line.find(':') == line.npos)) {
    mark(i, "related", "related");
    return;
  }
  if (starts_with_copyright(line)) {
    mark(i, "copyright-line", "copyright");
    return;
  }
  const auto matched = match_text(line);
  const auto core = core_of(matched);
  if (line.size() > kLongProse || core.end == core.begin) return;
  const auto& rules = options_.cleaning.rules ? *options_.cleaning.rules : *Rules::built_in();
  std::vector<std::uint32_t> found;
  rules.compiled().phrase_set.match(std::string_view(matched).substr(core.begin, core.end - core.begin), found);
  for (const auto id : found) {
    const auto& rule = rules.compiled().phrases[id];
    if (rule.linked || rule.category == "protected" || rule.category == "related") continue;
    if (!rule.may(Where::line) && !rule.may(Where::tail)) continue;
    mark(i, rule.name, rule.category);
    if (rule.category == "app-download") take_until_label(i, rule.name, rule.category);
    return;
  }
}

void PlainReader::take_inline_teasers(std::size_t i) {
  auto end = i + 1;
  while (end < lines_.size() && end <= i + kMaxBlock && !is_sentence(lines_[end]) &&
         lines_[end].size() <= kMaxTeaserLine && label_of(lines_[end]).label == Label::none)
    ++end;
  if (end == i + 1 || end > i + kMaxBlock) return;
  mark(i, "related", "related");
  for (auto j = i + 1; j < end; ++j) {
    if (is_pager(lines_[j])) {
      mark(j, "pager", "navigation");
      continue;
    }
    mark(j, "related-teaser", {});
    article::Related teaser;
    teaser.title = lines_[j];
    inline_.push_back(std::move(teaser));
  }
}

bool PlainReader::goes_on_below(std::size_t heading) const {
  std::size_t titles = 0;
  bool sentence_before = false;
  for (auto i = heading + 1; i < lines_.size(); ++i) {
    const auto label = label_of(lines_[i]).label;
    if (label != Label::none || source_line(lines_[i]).matched) return false;
    if (mentions_app(lines_[i])) continue;
    if (!is_sentence(lines_[i])) {
      ++titles;
      sentence_before = false;
      continue;
    }
    if (sentence_before || titles >= 2) return titles > 0;
    sentence_before = true;
    titles = 0;
  }
  return false;
}

bool PlainReader::read_teaser_line(std::size_t i) {
  const auto& line = lines_[i];
  if (line.size() > kMaxTeaserLine || ends_sentence(line)) return false;
  for (const std::string_view border : {":", "：", " > ", " » ", " › ", " | ", " → ", " ▶ "}) {
    const auto at = line.find(border);
    if (at == line.npos || at > kLongestLeadIn) continue;
    const auto [label, whole] = label_of(line.substr(0, at));
    const auto title = trim(std::string_view(line).substr(at + border.size()));
    if (label != Label::related || !whole || words_in(title) < (is_ideographic(title) ? 1U : 3U)) continue;
    mark(i, "related", "related");
    article::Related teaser;
    teaser.title = title;
    inline_.push_back(std::move(teaser));
    return true;
  }
  return false;
}

}  // namespace newswire::clean
