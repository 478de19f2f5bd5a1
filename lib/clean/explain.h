#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "article/article.h"
#include "clean/cleaner.h"
#include "clean/site_model.h"

namespace newswire::clean {

/// Why a text was taken out, or stays.
struct Reason {
  std::string what;                    ///< one sentence, for a person
  std::string source;                  ///< file:line of the rule; empty where no rule file says it
  std::vector<std::string> patterns;   ///< of a phrase rule: those that match, their definitions put in
  std::vector<std::string> selectors;  ///< of a structural rule: those that match the original, or all if it is unknown
  std::vector<LearnedBlock> evidence;  ///< what the site's other entries say, one for each line that recurs
};

/// A text that a rule or its recurrence could have taken, but did not.
struct Staying {
  std::string text;
  std::string rule;  ///< the rule that matches; "recurring-block" for what only recurs; "keep-selector"
  std::string category;
  Reason reason;
};

/// An article to be explained: as Cleaned or the spool has it.
struct ToExplain {
  std::string_view title;
  std::string_view original;  ///< the markup that was cleaned; empty if it is not known any more
  std::string_view html;      ///< what is left, as HTML, or else as `text`
  std::string_view text;
  std::span<const article::Stripped> stripped;
  const std::vector<LearnedBlock>* learned = nullptr;  ///< SiteModel::blocks of the site; null: not known
};

struct Explanation {
  std::vector<Reason> reasons;   ///< beside `stripped`
  std::vector<Staying> staying;  ///< in document order, what keep selectors protect first
};

/// Says for each removal why it was made, and what stays although it looks like one: protected kinds, text that recurs
/// without being evidence enough, phrases where their rule does not apply. Works from the record alone, so that an
/// article from the spool can be explained; rules that have changed since are told as they are now. Pure, any thread;
/// tries all patterns of the rules concerned: for people, not for the daemon's way of an article.
Explanation explain(const ToExplain& article, const Options& options);

}  // namespace newswire::clean
