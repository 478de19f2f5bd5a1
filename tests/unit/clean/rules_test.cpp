#include "clean/rules.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "clean/cleaner.h"
#include "clean/detail/rule_codec.h"
#include "clean/detail/rules_read.h"

namespace newswire::clean {
namespace {

constexpr std::string_view kFiller =
    "The bakers of the town met on the market square in the morning and spoke about the price of flour for an hour";

/// The built-in rules read like anybody's: with their examples, and with every pattern tried.
const std::shared_ptr<const Rules>& all_rules() {
  static const auto rules = [] {
    const std::filesystem::path folder = std::filesystem::path(NEWSWIRE_SOURCE_DIR) / "config/rules";
    auto files = read_rule_files({&folder, 1});
    if (!files) throw std::runtime_error(to_string(files.error()));
    for (auto& file : *files) file.name = std::filesystem::path(file.name).filename();
    auto parsed = parse_rules(*files, false);
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

TEST(BuiltInRuleSet, IsWhatItsFilesSay) {
  const std::filesystem::path folder = std::filesystem::path(NEWSWIRE_SOURCE_DIR) / "config/rules";
  auto files = read_rule_files({&folder, 1});
  ASSERT_TRUE(files) << to_string(files.error());
  for (auto& file : *files) file.name = std::filesystem::path(file.name).filename();
  RuleSource source;
  ASSERT_TRUE(read_rules(*files, source));
  EXPECT_EQ(encode_rules(source), built_in_rules());
}

TEST(RuleCodec, GivesBackWhatItTook) {
  const RuleText file{
      "my.yaml",
      "category: mine\n"
      "kinds: [share, ad]\n"
      "unless_title: ['bread']\n"
      "rules:\n"
      "  - {name: buy, languages: [en, de], where: [line, end], max_words: 300, linked: true,\n"
      "     patterns: ['buy (bread|rolls)', '.*'], strip: [x], keep: [x]}\n"
      "  - {name: more, where: [section], takes: end, patterns: ['more bread'], strip: [x], keep: [x]}\n"
      "  - {name: box, category: other, selectors: ['.shop-box']}\n"
      "  - {name: gone, disabled: true}\n"
      "tracking_parameters: [{names: [From, 'utm_*'], hosts: [example.org]}]\n"
      "redirect_wrappers: [{host: out.example, path: /to, parameter: u}]\n"};
  RuleSource source;
  const auto read = read_rules({&file, 1}, source);
  ASSERT_TRUE(read) << to_string(read.error());
  const auto bytes = encode_rules(source);
  const auto decoded = decode_rules(bytes);
  EXPECT_EQ(encode_rules(decoded), bytes);
  ASSERT_EQ(decoded.drafts.size(), 4U);
  const auto& buy = decoded.drafts[0];
  EXPECT_EQ(buy.info.name, "buy");
  EXPECT_EQ(buy.info.category, "mine");
  EXPECT_EQ(buy.info.languages, (std::vector<std::string>{"en", "de"}));
  EXPECT_EQ(buy.info.where, "line, end");
  EXPECT_EQ(buy.info.source, "my.yaml:5");
  EXPECT_EQ(buy.kinds, (std::vector<std::string>{"share", "ad"}));
  EXPECT_EQ(buy.max_words, 300U);
  EXPECT_TRUE(buy.linked && buy.known_good && !buy.disabled);
  EXPECT_TRUE(buy.info.strip.empty() && buy.info.keep.empty());
  ASSERT_EQ(buy.patterns.size(), 2U);
  EXPECT_EQ(buy.patterns[0].text, "buy (bread|rolls)");
  EXPECT_EQ(buy.patterns[0].line, 5);
  // What it requires is named by number, and ".*" requires nothing.
  ASSERT_EQ(buy.required.size(), 2U);
  EXPECT_TRUE(buy.required[1].clauses.empty());
  std::vector<std::string> required;
  for (const auto id : buy.required[0].clauses.at(0)) required.push_back(decoded.atoms.at(id));
  EXPECT_EQ(required, required_text(buy.patterns[0].text).at(0));
  EXPECT_EQ(buy.required[0].shape, shape_of(buy.patterns[0].text));
  EXPECT_EQ(buy.required[1].shape, Shape{});
  EXPECT_EQ(decoded.drafts[1].takes, Takes::end);
  EXPECT_EQ(decoded.drafts[2].info.category, "other");
  EXPECT_EQ(decoded.drafts[2].selectors.at(0).text, ".shop-box");
  EXPECT_TRUE(decoded.drafts[3].disabled);
  ASSERT_EQ(decoded.title_guards.size(), 1U);
  EXPECT_EQ(decoded.title_guards[0].category, "mine");
  ASSERT_EQ(decoded.parameters.size(), 2U);
  EXPECT_EQ(decoded.parameters[0].name, "from");
  EXPECT_TRUE(decoded.parameters[1].prefix);
  EXPECT_EQ(decoded.parameters[1].hosts, (std::vector<std::string>{"example.org"}));
  ASSERT_EQ(decoded.wrappers.size(), 1U);
  EXPECT_EQ(decoded.wrappers[0].parameter, "u");
}

TEST(RuleKinds, SwitchARuleOffWithAnyOfThem) {
  const RuleText file{"my.yaml",
                      "category: mine\n"
                      "kinds: [share, ad]\n"
                      "rules:\n"
                      "  - {name: buy, where: [line], patterns: ['buy bread'], strip: [x], keep: [x]}\n"};
  Options options;
  options.rules = parse_rules({&file, 1}, false).value();
  Entry entry;
  entry.html = "<p>" + std::string(kFiller) + ".</p><p>Buy bread!</p>";
  SiteModel model;
  EXPECT_EQ(clean_entries({&entry, 1}, options, model, Time{})[0].stripped.size(), 1U);
  for (const auto* category : {"mine", "share", "ad"}) {
    options.disabled_categories = {category};
    SiteModel fresh;
    EXPECT_TRUE(clean_entries({&entry, 1}, options, fresh, Time{})[0].stripped.empty()) << category;
  }
  options.disabled_categories = {"social"};
  SiteModel other;
  EXPECT_EQ(clean_entries({&entry, 1}, options, other, Time{})[0].stripped.size(), 1U);
}

TEST(RuleKinds, LeaveWhatARuleThatIsOffWouldTake) {
  const RuleText file{
      "my.yaml",
      "rules:\n"
      "  - {name: exact, category: shop, where: [line], patterns: ['buy bread'], strip: [x], keep: [x]}\n"};
  const RuleText general{"other.yaml",
                         "category: mine\n"
                         "kinds: [share]\n"
                         "rules:\n"
                         "  - {name: buy, where: [line], patterns: ['buy .+'], strip: [x], keep: [x]}\n"};
  const RuleText files[] = {file, general};
  Options options;
  options.rules = parse_rules(files, false).value();
  options.disabled_categories = {"exact"};
  Entry entry;
  entry.html = "<p>" + std::string(kFiller) + ".</p><p>Buy bread!</p><p>Buy rolls!</p>";
  SiteModel model;
  const auto stripped = clean_entries({&entry, 1}, options, model, Time{})[0].stripped;
  ASSERT_EQ(stripped.size(), 1U);
  EXPECT_EQ(stripped[0].text, "Buy rolls!");
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
