#include "clean/plain_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/time.h"
#include "clean/page_labels.h"
#include "clean/plain_lines.h"
#include "clean/plain_teasers.h"

namespace newswire::clean {
namespace {

namespace json = boost::json;
const std::filesystem::path kData = std::filesystem::path(NEWSWIRE_TEST_DATA) / "clean/extract/plain";

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string text_of(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::vector<std::string> samples() {
  std::vector<std::string> out;
  for (const auto& file : std::filesystem::directory_iterator(kData))
    if (file.path().extension() == ".txt") out.push_back(file.path().stem());
  std::sort(out.begin(), out.end());
  return out;
}

// tests/data/clean/extract/plain: X.txt is what was scraped, X.json what the article, its removals (by category, in
// order) and the teasers are.
class PlainText : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    wanted_ = json::parse(read(kData / (GetParam() + ".json"))).as_object();
    input_ = read(kData / (GetParam() + ".txt"));
    ExtractOptions options;
    options.fetched_at = parse_rfc3339(text_of(wanted_, "fetched_at"))->utc;
    auto result = extract(input_, options);
    ASSERT_TRUE(result) << result.error().what;
    got_ = *std::move(result);
  }

  json::object wanted_;
  std::string input_;
  Extracted got_;
};

TEST_P(PlainText, ComesOutAsExactlyTheArticle) {
  const auto& content = wanted_.at("content");
  if (content.is_null()) {  // only that no word is lost
    for (const auto& word : {"Grey", "sky", "wall", "Save", "speak", "week."})
      EXPECT_NE(got_.content_text.find(word), std::string::npos);
    return;
  }
  std::string text;
  for (const auto& paragraph : content.as_array()) {
    if (!text.empty()) text += "\n\n";
    text += std::string(paragraph.as_string());
  }
  EXPECT_EQ(got_.content_text, text);
}

TEST_P(PlainText, NamesEveryRemoval) {
  std::vector<std::string> categories, wanted;
  for (const auto& removal : got_.stripped) categories.push_back(removal.category);
  for (const auto& category : wanted_.at("stripped").as_array()) wanted.emplace_back(category.as_string());
  EXPECT_EQ(categories, wanted);
  for (const auto& removal : got_.stripped) EXPECT_FALSE(removal.rule.empty() || removal.text.empty());
}

TEST_P(PlainText, ReportsTeasersAsRelated) {
  const auto& wanted = wanted_.at("related").as_array();
  ASSERT_EQ(got_.related.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& teaser = wanted[i].as_object();
    EXPECT_EQ(got_.related[i].title, text_of(teaser, "title"));
    EXPECT_EQ(got_.related[i].source, text_of(teaser, "source"));
    EXPECT_EQ(got_.related[i].date, text_of(teaser, "date"));
    EXPECT_EQ(got_.related[i].text, text_of(teaser, "text"));
  }
}

TEST_P(PlainText, ReadsTitleAuthorsDateAndLanguage) {
  EXPECT_EQ(got_.title, text_of(wanted_, "title"));
  EXPECT_EQ(got_.language, text_of(wanted_, "language"));
  std::vector<std::string> authors, wanted;
  for (const auto& author : got_.authors) authors.push_back(author.name);
  for (const auto& author : wanted_.at("authors").as_array()) wanted.emplace_back(author.as_string());
  EXPECT_EQ(authors, wanted);
  EXPECT_EQ(got_.date_published ? to_rfc3339(*got_.date_published) : "", text_of(wanted_, "date_published"));
}

TEST_P(PlainText, HasNothingMoreToTakeFromWhatItGave) {
  ExtractOptions options;
  options.title_hint = got_.title;
  const auto again = extract(got_.content_text, options);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->content_text, got_.content_text);
}

INSTANTIATE_TEST_SUITE_P(Samples, PlainText, testing::ValuesIn(samples()),
                         [](const auto& tested) { return tested.param; });

TEST(PlainParagraphs, AreLinesUnlessTheTextWasWrapped) {
  EXPECT_EQ(paragraphs_of("One line.\nAnother line.\n\nA third.\n-----\n"),
            (std::vector<std::string>{"One line.", "Another line.", "A third."}));
  const auto wrapped = paragraphs_of(
      "This is a paragraph that somebody wrapped at sixty columns,\nas was the custom in the days of typewriters and "
      "of letters\n"
      "that were read on a screen of twenty-four lines, and which\nsome programs still do.\n\nIt ends here, and the "
      "next one begins "
      "without any notice\nthat it does so.\n");
  EXPECT_EQ(wrapped.size(), 2U);
}

struct SourceCase {
  const char* name;
  std::string line, source, date;
};
class SourceLines : public testing::TestWithParam<SourceCase> {};
TEST_P(SourceLines, AreSourceAndDate) {
  const auto got = source_line(GetParam().line);
  EXPECT_EQ(got.matched, !GetParam().date.empty());
  EXPECT_EQ(got.source, GetParam().source);
  EXPECT_EQ(got.date, GetParam().date);
}
INSTANTIATE_TEST_SUITE_P(Lines, SourceLines,
                         testing::Values(SourceCase{"dot", "The Sun · 2 hours ago", "The Sun", "2 hours ago"},
                                         SourceCase{"bar", "BBC News | a day ago", "BBC News", "a day ago"},
                                         SourceCase{"dash", "El País - hace 3 horas", "El País", "hace 3 horas"},
                                         SourceCase{"date_first", "2 hours ago • The Sun", "The Sun", "2 hours ago"},
                                         SourceCase{"no_separator", "The Sun 2 hours ago", "The Sun", "2 hours ago"},
                                         SourceCase{"bare", "5 hours ago", "", "5 hours ago"},
                                         SourceCase{"headline", "Council votes to keep the night ferry", "", ""},
                                         SourceCase{"sentence", "He came two hours ago, and left.", "", ""},
                                         SourceCase{"empty", "", "", ""}),
                         [](const auto& tested) { return std::string(tested.param.name); });

struct LabelCase {
  const char* name;
  std::string line;
  Label label;
};
class Labels : public testing::TestWithParam<LabelCase> {};
TEST_P(Labels, AreToldByTheirWords) { EXPECT_EQ(label_of(GetParam().line).label, GetParam().label); }
INSTANTIATE_TEST_SUITE_P(Lines, Labels,
                         testing::Values(LabelCase{"related", "Related Articles", Label::related},
                                         LabelCase{"colon", "Mehr zum Thema:", Label::related},
                                         LabelCase{"goes_on", "More from The Sun", Label::related},
                                         LabelCase{"count", "12 Comments", Label::comments},
                                         LabelCase{"capitals", "ADVERTISEMENT", Label::advertisement},
                                         LabelCase{"image", "Image: a man", Label::image},
                                         LabelCase{"cyrillic", "ЧИТАЙТЕ ТАКЖЕ", Label::related},
                                         LabelCase{"japanese", "関連記事", Label::related},
                                         LabelCase{"arrow", "» Weiterlesen", Label::related},
                                         LabelCase{"sentence", "Related research suggests more.", Label::none},
                                         LabelCase{"word_inside", "Sharefish are rare.", Label::none},
                                         LabelCase{"empty", "", Label::none}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(PlainText, RefusesNothing) {
  EXPECT_EQ(extract(" \n\t ", {}).error().code, Errc::empty);
  EXPECT_EQ(extract("--- ***\n", {}).error().code, Errc::not_found);
  EXPECT_EQ(extract(std::string_view("\x89PNG\r\n\x1a\n\0\0", 10), {}).error().code, Errc::binary);
}

}  // namespace
}  // namespace newswire::clean
