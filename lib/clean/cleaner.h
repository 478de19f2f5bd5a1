#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "article/article.h"
#include "base/result.h"
#include "base/time.h"
#include "clean/rules.h"
#include "clean/site_model.h"

namespace newswire::clean {

/// An entry as the feed has it.
struct Entry {
  std::string html;
  std::string text;      ///< plain content, used if there is no html; blank lines separate paragraphs
  std::string title;     ///< plain text
  std::string base_url;  ///< relative URLs are resolved against it
  std::string url;       ///< the permalink
  std::vector<std::string> authors;
  std::string language;
  std::string image;
};

/// What to do. The default does everything with the built-in rules.
struct Options {
  bool structure = true;  ///< share bars, hidden nodes, pixels, repeated title, related lists
  bool phrases = true;    ///< rule files
  bool learning = true;   ///< recurring blocks; off: the model is neither read nor changed
  bool links = true;      ///< tracking parameters and redirect wrappers
  std::vector<std::string> disabled_categories;  ///< and single rules, by name
  std::vector<std::string> keep_selectors;  ///< what they match is never stripped (but still sanitized)
  std::vector<std::string> drop_selectors;  ///< what they match always goes
  std::shared_ptr<const Rules> rules;       ///< null: the built-in ones
};

struct Cleaned {
  std::string html;                         ///< sanitized; empty if there is nothing to show
  std::string text;                         ///< plain, paragraphs separated by a blank line
  std::string url;                          ///< Entry::url without tracking
  std::vector<article::Stripped> stripped;  ///< in document order, links last
  std::vector<article::Related> related;
};

/// Cleans the entries of one site that came together, in their order: learns from all of them first, then cleans each,
/// so that the first fetch is already clean. The result has one element per entry. The model is changed if
/// `options.learning`. Selectors that do not parse are ignored here: check them with check_selector when the
/// configuration is read. Pure but for `model`; linear in the input; no entry is emptied.
std::vector<Cleaned> clean_entries(std::span<const Entry> entries, const Options& options, SiteModel& model, Time now);

/// Is it a selector this room understands? Errc::invalid with the column in `where`. The subset: type, *, .class, #id,
/// [attribute] with = ~= ^= $= *= |= and the i flag, :not(…), :is(…), :has(…), :first-child, :last-child, :empty,
/// descendant, > + ~ and lists.
Result<void> check_selector(std::string_view selector);

}  // namespace newswire::clean
