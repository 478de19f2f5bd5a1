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

constexpr std::size_t kMaxTitle = 300;
constexpr std::size_t kMaxHeader = 12;  // lines of facts above the article

}  // namespace

void PlainReader::read_facts() {
  const auto limit = std::min<std::size_t>(first_prose_, kMaxHeader);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < limit; ++i)
    if (head_fact(lines_[i]).first != HeadFact::none || starts_with_by(lines_[i])) found.push_back(i);
  if (found.size() < 2) return;
  for (const auto i : found) {
    const auto [fact, value] = head_fact(lines_[i]);
    if (fact == HeadFact::none) continue;
    if (fact == HeadFact::title) {
      if (!fact_title_.empty()) continue;
      fact_title_ = value;
      mark(i, "title", "title");
    } else {
      mark(i, "source-line", "byline");
    }
  }
}

bool PlainReader::could_be_title(std::size_t i) const {
  const auto& line = lines_[i];
  if (!rule_[i].empty() || is_breadcrumb(line)) return false;
  const bool runs_on = line.ends_with(',') || line.ends_with(';') || line.ends_with('.');
  return line.size() >= (i == 0 ? 6U : 12U) && line.size() <= kMaxTitle && !runs_on &&
         words_in(line) >= (is_ideographic(line) ? 1U : 2U) && label_of(cut_utf8(line, 110)).label == Label::none &&
         !source_line(line).matched && !looks_like_dateline(line) && !is_reading_time(line) && !starts_with_by(line);
}

bool PlainReader::is_repeated(std::size_t i, std::size_t limit) const {
  for (auto j = i + 1; j < limit; ++j)
    if (lines_[j] == lines_[i]) return true;
  return false;
}

void PlainReader::find_title() {
  const auto limit = std::min<std::size_t>(std::min(first_prose_ + 1, lines_.size()), 12);
  const auto hint = fold_words(fact_title_.empty() ? options_.title_hint : fact_title_);
  std::size_t first = lines_.size();
  for (std::size_t i = 0; i < limit; ++i) {
    if (!could_be_title(i)) continue;
    if (!hint.empty() && fold_words(lines_[i]) == hint) {
      first = i;
      break;
    }
    // A headline that is there twice is one; otherwise the first line that could be.
    if (is_repeated(i, limit)) {
      first = i;
      break;
    }
    if (first == lines_.size() && hint.empty()) first = i;
  }
  // "DAILY POST" above the headline.
  if (first + 1 < limit && hint.empty() && words_in(lines_[first]) <= 3 && could_be_title(first + 1) &&
      words_in(lines_[first + 1]) >= 6 && first + 1 < first_prose_ && !is_repeated(first, limit))
    mark(first++, "source-line", "byline");
  if (first == lines_.size() || (first >= first_prose_ && hint.empty())) {
    first = lines_.size();
    out_.title = fact_title_.empty() ? options_.title_hint : fact_title_;
  } else {
    out_.title = title_without_site(lines_[first], {});
    mark(first, "title", "title");
  }
  const auto title = fold_words(out_.title);
  if (title.size() < 8) return;
  for (std::size_t i = 0; i < limit; ++i) {
    const auto line = fold_words(lines_[i]);
    const bool with_site = line.size() > title.size() && line.size() < title.size() + 40 && line.starts_with(title) &&
                           fold_words(title_without_site(lines_[i], {})) == title;
    if (i != first && rule_[i].empty() && (line == title || with_site)) mark(i, "repeated-title", "title");
  }
}

void PlainReader::read_head() {
  bool furniture = false;
  for (std::size_t i = 0; i < std::min(first_prose_, end_); ++i) {
    if (!rule_[i].empty()) continue;
    const auto& line = lines_[i];
    if (const auto source = source_line(line); source.matched && source.title.empty()) {
      read_date(source.date);
      if (const auto by = source.source; starts_with_by(by)) read_byline(by);
      mark(i, "dateline", "byline");
    } else if (starts_with_by(line) && line.size() < 120 && !ends_sentence(line)) {
      read_byline(line);
      mark(i, "byline", "byline");
    } else if (looks_like_dateline(line)) {
      read_labelled_date(line);
      mark(i, "dateline", "byline");
    } else if (is_reading_time(line)) {
      mark(i, "reading-time", "byline");
    } else {
      continue;
    }
    furniture = true;
  }
  name_sources();
  if (!furniture && std::count(rule_.begin(), rule_.end(), std::string("repeated-title")) == 0) return;
  const auto below = head_end();
  for (std::size_t i = 0; i < below; ++i) {
    if (!rule_[i].empty()) continue;
    if (is_breadcrumb(lines_[i]))
      mark(i, "breadcrumb", "navigation");
    else if (is_button(lines_[i]) && label_of(lines_[i]).label == Label::none)
      mark(i, "source-line", "byline");
  }
}

std::size_t PlainReader::head_end() const {
  std::size_t end = 0;
  const auto limit = std::min(first_prose_, end_);
  for (std::size_t i = 0; i < limit; ++i) {
    const auto label = label_of(cut_utf8(lines_[i], 110)).label;
    if (!rule_[i].empty() || label == Label::share || label == Label::image) {
      end = i + 1;
    } else if (ends_sentence(lines_[i]) && label == Label::none && !is_breadcrumb(lines_[i])) {
      return end;
    }
  }
  return end + 1 == limit ? limit : end;
}

void PlainReader::name_sources() {
  const auto is_age = [this](std::size_t i) {
    return i < std::min(first_prose_, end_) && rule_[i] == "dateline" && source_line(lines_[i]).source.empty() &&
           lines_[i].size() <= 30;
  };
  for (std::size_t i = 0; i < std::min(first_prose_, end_); ++i) {
    if (!rule_[i].empty() || !(is_age(i + 1) || (i > 0 && is_age(i - 1)))) continue;
    const auto& line = lines_[i];
    if (characters_in(line) > 40 || words_in(line) > 6 || ends_sentence(line) || label_of(line).label != Label::none)
      continue;
    const bool known = std::any_of(out_.related.begin(), out_.related.end(),
                                   [&line](const article::Related& teaser) { return teaser.source == line; });
    if (known || is_proper_name(line)) mark(i, "source-line", "byline");
  }
}

void PlainReader::read_date(std::string_view text) {
  if (!out_.date_published) out_.date_published = parse_page_date(text, options_.fetched_at);
}

void PlainReader::read_labelled_date(std::string_view line) {
  for (std::size_t at = 0; at != line.npos && !out_.date_published; at = line.find(' ', at)) {
    if (at > 0) ++at;
    read_date(line.substr(at));
  }
}

void PlainReader::read_byline(std::string_view line) {
  for (auto& name : names_of_byline(line))
    if (out_.authors.size() < 16) out_.authors.push_back({std::move(name), {}, {}, {}});
  // "By Ann Lee, June 5, 2025", "By Ann Lee · Updated June 5, 2025 · 4 min read"
  for (const std::string_view border : {"|", "·", "•", ","}) {
    for (auto at = line.find(border); at != line.npos && !out_.date_published; at = line.find(border, at + 1)) {
      const auto rest = line.substr(at + border.size());
      read_labelled_date(trim(border == "," ? rest : rest.substr(0, rest.find(border))));
    }
  }
}

}  // namespace newswire::clean
