#include "clean/detail/plain_reader.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "clean/language.h"
#include "clean/metadata.h"
#include "clean/page_labels.h"
#include "clean/plain_lines.h"
#include "clean/plain_teasers.h"
#include "clean/plain_wording.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kMaxBlock = 6;
constexpr std::size_t kMaxCaption = 160;      // bytes of a picture's description without a label
constexpr std::size_t kLongestAppeal = 8;     // words of a sentence that is a button's
constexpr std::size_t kMaxBetween = 4;        // lines between two labels that belong to the first
constexpr std::size_t kLongestBetween = 120;  // characters of such a line

}  // namespace

bool PlainReader::read_furniture(std::size_t i) {
  const auto& line = lines_[i];
  const auto [label, whole] = label_of(cut_utf8(line, 110));
  switch (label) {
    case Label::none: return read_unlabelled(i);
    case Label::image:
      if (line.size() > 400) return false;
      take_caption_above(i);
      mark(i, "alt-text", "alt-text");
      return true;
    case Label::app:
      if (!whole && is_prose(line) && i < last_prose_ && i < end_) return false;
      take_block(i, "app-download", "app-download", [](std::string_view next) { return mentions_app(next); });
      if (whole) take_until_label(i, "app-download", "app-download");
      return true;
    case Label::ai:
      if (!whole && ends_sentence(line) && line.size() > kProse) return false;
      if (!whole && line.ends_with('.') && words_in(line) > kLongestAppeal) return false;
      if (whole && is_button(line) && !has_furniture_beside(i) && !mentions_ai(line)) return false;
      take_block(i, "ai-feature", "ai-feature", [](std::string_view next) {
        return next.size() < kLongProse &&
               (mentions_ai(next) || next.ends_with('?') || label_of(next).label == Label::ai || is_button(next));
      });
      return true;
    case Label::comments:
      if (!whole && line.size() > kProse) return false;
      take_block(i, "comments", "comments", [this, i](std::string_view next) {
        return label_of(next).label == Label::comments ||
               (is_below(i) && is_button(next) && label_of(next).label == Label::none);
      });
      if (whole) take_until_label(i, "comments", "comments");
      return true;
    case Label::share:
      if (!whole && ends_sentence(line) && line.size() > kProse) return false;
      if (whole && is_button(line) && !has_furniture_beside(i)) return false;
      mark(i, "share", "share");
      return true;
    case Label::related:
    case Label::author: return false;
    case Label::advertisement:
    case Label::newsletter:
    case Label::tags:
      if (!whole && ends_sentence(line) && i < last_prose_) return false;
      if (label == Label::advertisement) take_until_its_end(i);
      if (label == Label::newsletter && whole) take_form(i);
      mark(i, category_of(label), category_of(label));
      return true;
  }
  return false;
}

bool PlainReader::read_unlabelled(std::size_t i) {
  const auto& line = lines_[i];
  if (is_credited_caption(line)) {
    if (line.starts_with("©")) take_caption_above(i);
    mark(i, "alt-text", "alt-text");
    return true;
  }
  if (is_prose(line)) return false;
  // The heading of a row of buttons: "Unsere KI-Funktionen ausprobieren", "Summarise", "Translate".
  if (mentions_ai(line) && characters_in(line) <= kLongestBetween / 2 && has_ai_button_below(i)) {
    take_block(i, "ai-feature", "ai-feature", [](std::string_view next) {
      return mentions_ai(next) || label_of(next).label == Label::ai || is_button(next);
    });
    return true;
  }
  if (is_below(i) && asks_for_app(line)) {
    take_block(i, "app-download", "app-download", [](std::string_view next) { return mentions_app(next); });
    take_until_label(i, "app-download", "app-download");
    return true;
  }
  return false;
}

void PlainReader::take_form(std::size_t i) {
  if (!is_below(i)) return;
  for (auto j = i + 1; j < std::min(i + 1 + kMaxBetween, lines_.size()); ++j) {
    if (!rule_[j].empty() || characters_in(lines_[j]) > kLongestBetween) return;
    const auto label = label_of(lines_[j]);
    if (label.label == Label::newsletter && label.whole) {
      for (auto k = i + 1; k <= j; ++k) mark(k, "newsletter", "newsletter");
      return;
    }
    if (label.label != Label::none) return;
  }
}

bool PlainReader::has_ai_button_below(std::size_t i) const {
  if (i + 1 < lines_.size() && is_label(i + 1, Label::ai)) return true;
  if (i + 2 >= lines_.size()) return false;
  if (is_label(i + 2, Label::ai) && mentions_ai(lines_[i + 1])) return true;
  // Buttons in words that no table has: below the article only.
  const auto could_be = [this](std::size_t at) {
    const auto label = label_of(lines_[at]).label;
    return rule_[at].empty() && is_button(lines_[at]) && (label == Label::none || label == Label::ai);
  };
  return is_below(i) && !ends_sentence(lines_[i]) && could_be(i + 1) && could_be(i + 2);
}

void PlainReader::take_until_label(std::size_t i, std::string_view rule, std::string_view category) {
  if (!is_below(i)) return;
  const auto own = category == "comments" ? Label::comments : Label::app;
  while (i + 1 < lines_.size() && rule_[i + 1] == rule) ++i;
  auto end = i + 1;
  for (; end < lines_.size() && end <= i + kMaxBetween; ++end) {
    const auto& line = lines_[end];
    const auto label = label_of(line).label;
    if (!rule_[end].empty() || (label != Label::none && label != own) || starts_with_copyright(line)) break;
    if (characters_in(line) > kLongestBetween || source_line(line).matched) return;
  }
  if (end > i + kMaxBetween) return;
  for (auto j = i + 1; j < end; ++j) mark(j, rule, category);
}

void PlainReader::take_until_its_end(std::size_t i) {
  for (auto j = i + 1; j < std::min(i + 1 + kMaxBlock, end_); ++j) {
    if (!ends_advertisement(lines_[j])) continue;
    for (auto k = i + 1; k <= j; ++k) mark(k, "ad", "ad");
    return;
  }
}

void PlainReader::take_caption_above(std::size_t i) {
  if (i == 0 || !rule_[i - 1].empty()) return;
  const auto& line = lines_[i - 1];
  if (!is_credit(lines_[i]) && !(i < first_prose_ && reads_as_description(line))) return;
  if (line.size() > kMaxCaption || ends_sentence(line) || line.ends_with(':') || words_in(line) < 3 ||
      label_of(line).label != Label::none)
    return;
  mark(i - 1, "alt-text", "alt-text");
}

void PlainReader::read_descriptions() {
  for (std::size_t i = 1; i < std::min(last_prose_, end_) && i + 1 < lines_.size(); ++i) {
    if (!rule_[i].empty() || !reads_as_description(lines_[i]) || lines_[i].size() > kMaxCaption) continue;
    const bool above = i + 1 == first_prose_ && !rule_[i - 1].empty();
    const bool between = is_prose(lines_[i - 1]) && ends_sentence(lines_[i - 1]) && is_prose(lines_[i + 1]);
    if ((above || between) && rule_[i + 1].empty() && !reads_as_description(lines_[i + 1]))
      mark(i, "alt-text", "alt-text");
  }
}

bool PlainReader::has_furniture_beside(std::size_t i) const {
  const auto is_label = [this](std::size_t at) {
    return at < lines_.size() && (label_of(cut_utf8(lines_[at], 110)).label != Label::none || rule_[at] == "dateline" ||
                                  rule_[at] == "byline");
  };
  return is_label(i + 1) || (i > 0 && is_label(i - 1)) || is_below(i);
}

template <class Belongs>
void PlainReader::take_block(std::size_t i, std::string_view rule, std::string_view category, Belongs belongs) {
  mark(i, rule, category);
  const auto own = label_of(cut_utf8(lines_[i], 110)).label;
  for (auto j = i + 1; j < lines_.size() && j <= i + kMaxBlock && rule_[j].empty() && belongs(lines_[j]); ++j) {
    const auto label = label_of(lines_[j]).label;
    if (label != Label::none && label != own) break;
    mark(j, rule, category);
  }
}

}  // namespace newswire::clean
