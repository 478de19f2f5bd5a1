#include "clean/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "clean/cleaner.h"
#include "clean/rules.h"

namespace newswire::clean {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::string_view kStory =
    "The bakers of the town met on the market square in the morning and spoke about the price of flour for an hour";

std::shared_ptr<const Rules> rules() {
  static const auto parsed = [] {
    const RuleText files[] = {
        {"mine.yaml",
         "category: mine\n"
         "define: {bread: 'bread|rolls'}\n"
         "rules:\n"
         "  - {name: buy, where: [line], patterns: ['buy ({{bread}})( now)?', 'buy flour'], strip: [x], keep: [x]}\n"
         "  - {name: last, where: [end], patterns: ['thank you for baking'], strip: [x], keep: [x]}\n"
         "  - {name: box, selectors: ['.shop-box', '.shop-list']}\n"
         "  - {name: more, where: [section], takes: list, patterns: ['more bread'], strip: [x], keep: [x]}\n"},
        {"guard.yaml",
         "category: protected\n"
         "rules:\n"
         "  - {name: reporter, where: [line], patterns: ['reported by [a-z ]+'], keep: [x]}\n"}};
    auto compiled = parse_rules(files, false);
    if (!compiled) throw std::runtime_error(to_string(compiled.error()));
    return *std::move(compiled);
  }();
  return parsed;
}

struct Explained {
  Cleaned cleaned;
  Explanation explanation;
};

// The last of the entries, cleaned with the others and explained.
Explained explain_last(const std::vector<std::string>& htmls, Options options = {}) {
  options.rules = rules();
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < htmls.size(); ++i) {
    Entry entry;
    entry.html = htmls[i];
    entry.title = "What happened on day " + std::to_string(i) + " of the year";
    entry.url = "https://example.org/" + std::to_string(i);
    entries.push_back(std::move(entry));
  }
  SiteModel model;
  const Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}};
  auto cleaned = clean_entries(entries, options, model, now);
  const auto learned = model.blocks();
  Explained out{std::move(cleaned.back()), {}};
  ToExplain what;
  what.title = entries.back().title;
  what.original = entries.back().html;
  what.html = out.cleaned.html;
  what.text = out.cleaned.text;
  what.stripped = out.cleaned.stripped;
  what.learned = &learned;
  out.explanation = explain(what, options);
  return out;
}

std::string story(std::string_view more) { return "<p>" + std::string(kStory) + "</p>" + std::string(more); }

TEST(Explain, NamesThePatternThatMatchesAndWhereItStands) {
  const auto told = explain_last({story("<p>→ Buy rolls now!</p>")});
  ASSERT_THAT(told.cleaned.stripped, SizeIs(1));
  ASSERT_THAT(told.explanation.reasons, SizeIs(1));
  const auto& reason = told.explanation.reasons[0];
  EXPECT_EQ(reason.source, "mine.yaml:4");
  EXPECT_THAT(reason.patterns, ElementsAre("buy (bread|rolls)( now)?"));
  EXPECT_THAT(reason.what, HasSubstr("where: line"));
  EXPECT_THAT(told.explanation.staying, IsEmpty());
}

TEST(Explain, SaysWhatASectionTookWithIt) {
  const auto told = explain_last({story("<h3>More bread</h3><ul><li>Rye</li><li>Oat</li></ul>")});
  ASSERT_THAT(told.cleaned.stripped, SizeIs(1));
  EXPECT_THAT(told.explanation.reasons.at(0).what, HasSubstr("heading"));
  EXPECT_THAT(told.explanation.reasons[0].patterns, ElementsAre("more bread"));
}

TEST(Explain, NamesTheSelectorThatMatches) {
  const auto told = explain_last({story("<div class=shop-list>Rye, oat, wheat</div>")});
  ASSERT_THAT(told.explanation.reasons, SizeIs(1));
  EXPECT_EQ(told.explanation.reasons[0].source, "mine.yaml:6");
  EXPECT_THAT(told.explanation.reasons[0].selectors, ElementsAre(".shop-list"));
}

TEST(Explain, WithoutTheMarkupGivesAllSelectorsOfTheRule) {
  const std::vector<article::Stripped> stripped = {{"box", "mine", "tail", "Rye, oat, wheat"}};
  Options options;
  options.rules = rules();
  ToExplain what;
  what.stripped = stripped;
  EXPECT_THAT(explain(what, options).reasons.at(0).selectors, ElementsAre(".shop-box", ".shop-list"));
}

TEST(Explain, GivesTheEvidenceOfWhatWasLearned) {
  std::vector<std::string> entries;
  for (int i = 0; i < 6; ++i)
    entries.push_back("<p>On day " + std::to_string(i * 17) + " the ferry crossed the river " + std::to_string(i) +
                      " times.</p><p>It carried " + std::to_string(i * 29) + " sheep and " + std::to_string(i * 7) +
                      " goats.</p><p>Nobody paid for seat " + std::to_string(i) +
                      ".</p><p>Pellentesque habitant morbi tristique senectus et netus malesuada fames.</p>");
  const auto told = explain_last(entries);
  ASSERT_THAT(told.cleaned.stripped, SizeIs(1));
  const auto& reason = told.explanation.reasons.at(0);
  EXPECT_THAT(reason.what, StartsWith("stands in 6 of the site's last 6 entries, 6 times at the end"));
  EXPECT_THAT(reason.what, EndsWith(", since 2026-11-01"));
  ASSERT_THAT(reason.evidence, SizeIs(1));
  EXPECT_EQ(reason.evidence[0].entries, 6U);
  EXPECT_EQ(reason.evidence[0].tails, 6U);
}

TEST(Explain, SaysSoWhereNothingIsKnownOfTheSite) {
  const std::vector<article::Stripped> stripped = {{"recurring-block", "learned", "tail", "Some words of the site"}};
  Options options;
  options.rules = rules();
  ToExplain what;
  what.stripped = stripped;
  EXPECT_THAT(explain(what, options).reasons.at(0).what, HasSubstr("could not be asked"));
  const std::vector<LearnedBlock> nothing;
  what.learned = &nothing;
  EXPECT_THAT(explain(what, options).reasons.at(0).what, HasSubstr("forgotten"));
}

TEST(Explain, TellsWhatStaysAndWhy) {
  std::vector<std::string> entries;
  for (int i = 0; i < 6; ++i)
    entries.push_back("<p>Thank you for baking</p><p>On day " + std::to_string(i * 17) +
                      " the ferry crossed the river " + std::to_string(i) +
                      " times, and nobody counted the passengers of it.</p>" +
                      "<p class=quote>Buy rolls now</p><p>Reported by Jane Roe</p>");
  Options options;
  options.keep_selectors = {".quote"};
  const auto told = explain_last(entries, options);
  std::vector<std::string> staying;
  for (const auto& stays : told.explanation.staying)
    staying.push_back(stays.rule + " | " + stays.text + " | " + stays.reason.what);
  EXPECT_THAT(staying, Contains("keep-selector | Buy rolls now | the configuration says so (clean.keep)"));
  EXPECT_THAT(
      staying,
      Contains("reporter | Reported by Jane Roe | of a protected kind, which is not taken for repeating itself"));
  EXPECT_THAT(staying,
              Contains("last | Thank you for baking | the rule that matches does not apply here (where: end)"));
}

TEST(Explain, HasASentenceForEveryRemoval) {
  Options options;
  options.rules = rules();
  std::vector<article::Stripped> stripped;
  for (const auto* const rule : {"tracking",      "tracking-pixel", "hidden",
                                 "drop-selector", "repeated-title", "page-title",
                                 "page-dateline", "page-meta",      "page-caption",
                                 "page-foreign",  "page-links",     "page-related",
                                 "page-author",   "page-label",     "page-empty-section",
                                 "dateline",      "byline",         "reading-time",
                                 "source-line",   "alt-text",       "repeated-line",
                                 "app-download",  "ai-feature",     "comments",
                                 "share",         "related",        "ad",
                                 "newsletter",    "navigation",     "tags"})
    stripped.push_back({rule, "x", "tail", "text"});
  ToExplain what;
  what.stripped = stripped;
  const auto reasons = explain(what, options).reasons;
  for (std::size_t i = 0; i < stripped.size(); ++i) {
    EXPECT_THAT(reasons.at(i).what, testing::Not(HasSubstr("no rule of this name"))) << stripped[i].rule;
  }
  stripped = {{"gone-since", "x", "tail", "text"}};
  what.stripped = stripped;
  EXPECT_THAT(explain(what, options).reasons.at(0).what, HasSubstr("no rule of this name"));
}

}  // namespace
}  // namespace newswire::clean
