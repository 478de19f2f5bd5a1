#include "clean/rules.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "clean/cleaner.h"
#include "clean/detail/built_in_rules.h"

namespace newswire::clean {
namespace {

constexpr std::string_view kFiller =
    "The bakers of the town met on the market square in the morning and spoke about the price of flour for an hour";

/// The built-in rules read like anybody's: with their examples, and with every pattern tried.
const std::shared_ptr<const Rules>& all_rules() {
  static const auto rules = [] {
    std::vector<RuleText> files;
    for (const auto& file : built_in_rule_files()) files.push_back({std::string(file.name), std::string(file.yaml)});
    auto parsed = parse_rules(files, false);
    if (!parsed) throw std::runtime_error(to_string(parsed.error()));
    return *std::move(parsed);
  }();
  return rules;
}

/// An article that holds an example: markup as it is, text where the rule may stand.
std::string article(const std::string& example, const std::string& where) {
  const auto filler = "<p>" + std::string(kFiller) + ".</p>";
  const bool markup = example.find('<') != std::string::npos;
  if (markup) return filler + example;
  std::string escaped;
  for (const char c : example) escaped += c == '&' ? std::string("&amp;") : std::string(1, c);
  if (where.find("line") == std::string::npos && where.find("head") != std::string::npos)
    return "<p>" + escaped + "</p>" + filler;
  return filler + "<p>" + escaped + "</p>";
}

std::vector<article::Stripped> stripped_of(const std::string& html, bool structure) {
  Options options;
  options.learning = false;
  options.structure = structure;
  options.links = false;
  SiteModel model;
  Entry entry;
  entry.html = html;
  entry.base_url = "https://example.org/";
  return clean_entries({&entry, 1}, options, model, Time{})[0].stripped;
}

bool strips(const std::string& rule, const std::string& html, bool structure) {
  for (const auto& removal : stripped_of(html, structure)) {
    if (removal.rule == rule) return true;
  }
  return false;
}

class BuiltInRules : public testing::TestWithParam<RuleInfo> {};
INSTANTIATE_TEST_SUITE_P(All, BuiltInRules, testing::ValuesIn(all_rules()->list()), [](const auto& tested) {
  auto name = tested.param.name;
  for (auto& c : name) {
    if (c == '-') c = '_';
  }
  return name;
});

TEST_P(BuiltInRules, StripsItsExamples) {
  const auto& rule = GetParam();
  if (rule.category == "protected") return;
  EXPECT_TRUE(!rule.strip.empty() || rule.where == "selector")
      << rule.source << ": a rule needs examples of what it strips";
  for (const auto& example : rule.strip) {
    EXPECT_TRUE(strips(rule.name, article(example, rule.where), rule.where == "selector"))
        << rule.source << " does not strip: " << example << "\nbut " << testing::PrintToString([&] {
             std::vector<std::string> taken;
             for (const auto& removal : stripped_of(article(example, rule.where), true))
               taken.push_back(removal.rule + ": " + removal.text);
             return taken;
           }());
  }
}

// No rule may touch what another one promises to keep.
TEST_P(BuiltInRules, AllOfThemKeepItsCounterexamples) {
  const auto& rule = GetParam();
  EXPECT_TRUE(!rule.keep.empty() || rule.where == "selector")
      << rule.source << ": a rule needs examples of what it keeps";
  for (const auto& example : rule.keep) {
    for (const auto& removal : stripped_of(article(example, rule.where), true)) {
      ADD_FAILURE() << rule.source << " keeps: " << example << "\n  but " << removal.rule << " takes: " << removal.text;
    }
  }
}

TEST(BuiltInRuleSet, SpeaksTheLanguagesOfMostFeeds) {
  std::set<std::string> languages;
  std::set<std::string> categories;
  for (const auto& rule : all_rules()->list()) {
    languages.insert(rule.languages.begin(), rule.languages.end());
    categories.insert(rule.category);
  }
  for (const auto* language : {"en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "pl", "cs",
                               "ru", "uk", "tr", "el", "ar", "fa", "he", "hi", "id", "vi", "ja", "zh", "ko"}) {
    EXPECT_TRUE(languages.contains(language)) << language;
  }
  for (const auto* category :
       {"feed-footer", "read-more", "newsletter", "app-download", "social", "share", "ad", "related", "comments",
        "donation", "author-bio", "copyright", "navigation", "alt-text", "ai-feature"}) {
    EXPECT_TRUE(categories.contains(category)) << category;
  }
}

TEST(BuiltInRuleSet, IsTheSameWithoutItsExamples) {
  const auto& lean = Rules::built_in()->list();
  const auto& full = all_rules()->list();
  ASSERT_EQ(lean.size(), full.size());
  for (std::size_t i = 0; i < lean.size(); ++i) {
    EXPECT_EQ(lean[i].name, full[i].name);
    EXPECT_EQ(lean[i].source, full[i].source);
    EXPECT_TRUE(lean[i].strip.empty() && lean[i].keep.empty()) << lean[i].name;
  }
}

struct Mistake {
  const char* name;
  std::string_view yaml;
  std::string_view where;
  std::string_view what;
};
class RuleMistakes : public testing::TestWithParam<Mistake> {};
TEST_P(RuleMistakes, AreReportedWithTheirPlace) {
  const RuleText file{"my.yaml", std::string(GetParam().yaml)};
  const auto rules = parse_rules({&file, 1}, false);
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().code, Errc::invalid);
  EXPECT_EQ(rules.error().where, GetParam().where);
  EXPECT_NE(rules.error().what.find(GetParam().what), std::string::npos) << rules.error().what;
}
INSTANTIATE_TEST_SUITE_P(
    Files, RuleMistakes,
    testing::Values(
        Mistake{"unknown_key", "category: x\nrules:\n  - name: a\n    wehre: [line]\n", "my.yaml:4:5",
                "did you mean \"where\"?"},
        Mistake{"no_name", "category: x\nrules:\n  - where: [line]\n    patterns: [a]\n", "my.yaml:3:5",
                "needs a name"},
        Mistake{"no_category", "rules:\n  - name: a\n    where: [line]\n    patterns: [a]\n", "my.yaml:2:5",
                "no category"},
        Mistake{"bad_place", "category: x\nrules:\n  - name: a\n    where: [lime]\n    patterns: [a]\n", "my.yaml:4:13",
                "where"},
        Mistake{"bad_pattern", "category: x\nrules:\n  - name: a\n    where: [line]\n    patterns:\n      - 'a('\n",
                "my.yaml:6:9", "bad pattern"},
        Mistake{"bad_selector", "category: x\nrules:\n  - name: a\n    selectors: ['p >']\n", "my.yaml:4:17",
                "bad selector"},
        Mistake{"no_patterns", "category: x\nrules:\n  - name: a\n    where: [line]\n", "my.yaml:3:5",
                "either patterns or selectors"},
        Mistake{"undefined_macro", "category: x\nrules:\n  - name: a\n    where: [line]\n    patterns: ['{{net}}']\n",
                "my.yaml:5:16", "not defined"},
        Mistake{
            "twice",
            "category: x\nrules:\n  - {name: a, where: line, patterns: a}\n  - {name: a, where: line, patterns: b}\n",
            "my.yaml:4:12", "two rules"},
        Mistake{"bad_number", "category: x\nrules:\n  - {name: a, where: line, patterns: a, max_words: many}\n",
                "my.yaml:3:52", "number"},
        Mistake{"bad_yaml", "category: x\nrules: [\n", "my.yaml:3:1", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ExtraRules, AddReplaceAndDisable) {
  const RuleText file{"my.yaml",
                      "category: mine\nrules:\n  - {name: bread, where: [line], patterns: ['buy bread( now)?'], strip: "
                      "[Buy bread], keep: [x]}\n"
                      "  - {name: ad-label, disabled: true}\n"};
  const auto rules = parse_rules({&file, 1}, true);
  ASSERT_TRUE(rules) << to_string(rules.error());
  Options options;
  options.rules = *rules;
  options.learning = false;
  SiteModel model;
  Entry entry;
  entry.html = "<p>" + std::string(kFiller) + "</p><p>Buy bread now!</p><p>Advertisement</p>";
  const auto cleaned = clean_entries({&entry, 1}, options, model, Time{});
  ASSERT_EQ(cleaned[0].stripped.size(), 1U);
  EXPECT_EQ(cleaned[0].stripped[0].rule, "bread");
  EXPECT_EQ(cleaned[0].stripped[0].category, "mine");
  EXPECT_EQ(cleaned[0].stripped[0].text, "Buy bread now!");
  EXPECT_EQ(cleaned[0].text, std::string(kFiller) + "\n\nAdvertisement");
}

TEST(ExtraRules, MissingFilesAreErrors) {
  const std::filesystem::path path = "/nonexistent/rules.yaml";
  const auto rules = load_rules({&path, 1});
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().code, Errc::io);
}

}  // namespace
}  // namespace newswire::clean
