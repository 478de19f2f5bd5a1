#include "clean/plain_text.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "clean/detail/clean_extracted.h"
#include "clean/detail/plain_reader.h"
#include "clean/language.h"
#include "clean/page_labels.h"
#include "clean/plain_lines.h"
#include "clean/plain_teasers.h"
#include "clean/plain_wording.h"

namespace newswire::clean {

Extracted PlainReader::read() {
  find_prose();
  read_facts();
  find_title();
  find_related();
  read_head();
  for (std::size_t i = 0; i < end_; ++i)
    if (rule_[i].empty()) read_line(i);
  read_descriptions();
  drop_repeats();
  return result();
}

void PlainReader::mark(std::size_t i, std::string_view rule, std::string_view category) {
  rule_[i] = rule;
  category_.resize(lines_.size());
  category_[i] = category;
}

void PlainReader::find_prose() {
  end_ = first_prose_ = lines_.size();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!is_prose(lines_[i]) || label_of(cut_utf8(lines_[i], 110)).label != Label::none) continue;
    // "Download the app", "Get started now: …", "Ready to read more?"
    const bool invited = (i > 0 && is_label(i - 1, Label::app)) || (i > 1 && is_label(i - 2, Label::app));
    if (invited && mentions_app(lines_[i])) continue;
    first_prose_ = std::min(first_prose_, i);
    last_prose_ = i;
  }
  if (!has_prose()) find_short_prose();
}

void PlainReader::find_short_prose() {
  std::size_t first = lines_.size(), last = 0;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const auto [label, whole] = label_of(lines_[i]);
    const bool ends = label == Label::ai || label == Label::comments || label == Label::related || label == Label::app;
    if (whole && ends && first < i) {
      first_prose_ = first;
      last_prose_ = last;
      return;
    }
    if (label != Label::none || !is_short_sentence(lines_[i]) || source_line(lines_[i]).matched) continue;
    first = std::min(first, i);
    last = i;
  }
}

void PlainReader::read_line(std::size_t i) {
  if (read_furniture(i) || read_teaser_line(i)) return;
  if (!is_below(i)) return;
  // Below the last paragraph.
  const auto& line = lines_[i];
  const auto hash_tags = static_cast<std::size_t>(std::count(line.begin(), line.end(), '#'));
  if (line.starts_with('#') && hash_tags * 2 >= words_in(line))
    mark(i, "tags", "navigation");
  else if (const auto source = source_line(line); (source.matched && source.title.empty()) || looks_like_dateline(line))
    mark(i, "dateline", "byline");
}

void PlainReader::drop_repeats() {
  // A picture's description, then its caption in the same words.
  for (std::size_t i = 0; i + 1 < std::min(end_, last_prose_); ++i) {
    const bool is_caption = rule_[i + 1].empty() || rule_[i + 1] == "alt-text";
    if (!rule_[i].empty() || !is_caption || lines_[i] != lines_[i + 1] || words_in(lines_[i]) < 3) continue;
    if (ends_sentence(lines_[i])) continue;
    mark(i, "alt-text", "alt-text");
    mark(i + 1, "alt-text", "alt-text");
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < end_; ++i) {
    if (!rule_[i].empty() || lines_[i].size() < 20) continue;
    if (!seen.insert(lines_[i]).second) mark(i, "repeated-line", "alt-text");
  }
}

Extracted PlainReader::result() {
  std::string text;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!rule_[i].empty()) continue;
    if (!text.empty()) text += "\n\n";
    text += lines_[i];
  }
  out_.url = options_.url;
  if (text.empty()) {  // if everything would go, nothing goes
    for (const auto& line : lines_) text.append(text.empty() ? "" : "\n\n").append(line);
    out_.related.clear();
  } else {
    report();
    out_.related.insert(out_.related.begin(), std::make_move_iterator(inline_.begin()),
                        std::make_move_iterator(inline_.end()));
  }
  Entry entry;
  entry.text = std::move(text);
  clean_extracted(std::move(entry), options_, out_);
  out_.language = detect_language(out_.content_text);
  return std::move(out_);
}

void PlainReader::report() {
  std::string_view open;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const bool reported = !rule_[i].empty() && rule_[i] != "title" && rule_[i] != "related-teaser";
    if (!reported) {
      if (rule_[i] != "related-teaser") open = {};
      continue;
    }
    if (rule_[i] == open) {
      out_.stripped.back().text.append(" ").append(lines_[i]);
      continue;
    }
    open = rule_[i];
    const std::string_view where = i < first_prose_ ? "head" : i > last_prose_ || i >= end_ ? "tail" : "body";
    out_.stripped.push_back({rule_[i], category_[i], std::string(where), lines_[i]});
  }
}

bool looks_like_markup(std::string_view text) {
  const auto head = text.substr(0, 256U << 10U);
  if (const auto start = trim(head); istarts_with(start, "<!doctype") || istarts_with(start, "<html")) return true;
  if (ifind(head, "<html") != head.npos || ifind(head, "<body") != head.npos) return true;
  int tags = 0;
  for (auto at = head.find("</"); at != head.npos && tags < 2; at = head.find("</", at + 2))
    if (at + 2 < head.size() && is_alpha(head[at + 2])) ++tags;
  for (const std::string_view tag : {"<p>", "<br>", "<br/>", "<br />", "<div", "<p ", "<img "})
    if (ifind(head, tag) != head.npos) ++tags;
  return tags >= 2;
}

Result<Extracted> extract_plain_text(std::string_view text, const ExtractOptions& options) {
  auto lines = paragraphs_of(text);
  if (lines.empty()) return Error{Errc::not_found, "the text has no words", options.url};
  return PlainReader(std::move(lines), options).read();
}

}  // namespace newswire::clean
