#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "clean/extract.h"
#include "clean/page_labels.h"
#include "clean/plain_wording.h"

namespace newswire::clean {

/// Reads one plain text (plain_text.h): every line gets the rule that takes it, or none if it is the article's. What
/// stands above the article is read in plain_head.cpp, teasers of other articles in plain_sections.cpp, labels and what
/// belongs to them in plain_furniture.cpp. Looks ahead by a bounded number of lines, so that it is linear.
class PlainReader {
 public:
  PlainReader(std::vector<std::string> lines, const ExtractOptions& options)
      : lines_(std::move(lines)), options_(options), rule_(lines_.size()) {}

  Extracted read();

 private:
  void mark(std::size_t i, std::string_view rule, std::string_view category);
  void find_prose();
  // An article of a few short sentences is known by what stands below it.
  void find_short_prose();
  void read_line(std::size_t i);
  void drop_repeats();
  Extracted result();
  // Neighbouring lines of one rule are one removal.
  void report();

  bool is_label(std::size_t i, Label label) const { return label_of(lines_[i]) == LabelMatch{label, true}; }
  bool has_prose() const { return first_prose_ < lines_.size(); }
  bool is_below(std::size_t i) const { return has_prose() && i > last_prose_; }

  // plain_head.cpp
  // "Title: …", "Source: …", "URL: …" above the first paragraph, two of them at least: a header of facts.
  void read_facts();
  bool could_be_title(std::size_t i) const;
  bool is_repeated(std::size_t i, std::size_t limit) const;
  void find_title();
  // Title, source, byline and date above the first paragraph.
  void read_head();
  // Where the article begins: behind the last line that is known to stand above it, and behind a word or two right
  // before the first paragraph; not behind a sentence.
  std::size_t head_end() const;
  // "La Voz del Río" beside "hace 2 horas": a name, since teasers below have the same source or its words are written
  // as those of names.
  void name_sources();
  void read_date(std::string_view text);
  // "Published: June 5, 2025, 9:00 am": the date starts at a digit or at one of the words.
  void read_labelled_date(std::string_view line);
  void read_byline(std::string_view line);

  // plain_sections.cpp
  // The section of teasers, to which everything from there on belongs; or single teasers between paragraphs.
  void find_related();
  // "Related articles", "More from the coast:"; below the article also without a colon.
  bool heads_teasers(std::size_t i) const;
  // Sections of teasers, each with the order of its own, and what stands between and below them.
  void read_sections(std::size_t i);
  bool has_source_below(std::size_t i) const;
  // Another heading of teasers, or an invitation that a phrase rule knows: no teasers.
  void read_between_teasers(std::size_t i);
  // The titles below a heading between two paragraphs; the article goes on behind them.
  void take_inline_teasers(std::size_t i);
  // Titles without sources, then sentences that are no titles' texts: the article goes on.
  bool goes_on_below(std::size_t heading) const;
  // "Read more: Why the last night train stopped": a teaser on one line, between paragraphs.
  bool read_teaser_line(std::size_t i);

  // plain_furniture.cpp
  // Furniture that needs no place: labels and the block that each begins. True if line `i` is.
  bool read_furniture(std::size_t i);
  // What no table knows as a label but its wording shows.
  bool read_unlabelled(std::size_t i);
  // "Newsletter", what it is about, "Sign up".
  void take_form(std::size_t i);
  bool has_ai_button_below(std::size_t i) const;
  // Below the article, a heading owns the few short lines up to the next label or the end of the text.
  void take_until_label(std::size_t i, std::string_view rule, std::string_view category);
  // "Sponsored content" … "End of sponsored content".
  void take_until_its_end(std::size_t i);
  // "Credit: AFP" stands under a picture's description.
  void take_caption_above(std::size_t i);
  // Descriptions of pictures without any label, right above the first paragraph or between two of them.
  void read_descriptions();
  // A word such as "Save" is a button among other buttons, a heading alone.
  bool has_furniture_beside(std::size_t i) const;
  template <class Belongs>
  void take_block(std::size_t i, std::string_view rule, std::string_view category, Belongs belongs);

  std::vector<std::string> lines_;
  const ExtractOptions& options_;
  std::vector<std::string> rule_;  // empty: of the article
  std::vector<std::string> category_;
  std::vector<article::Related> inline_;
  std::string fact_title_;
  Extracted out_;
  std::size_t first_prose_ = 0;
  std::size_t last_prose_ = 0;
  std::size_t end_ = 0;  // of the article: where the teasers begin
};

}  // namespace newswire::clean
