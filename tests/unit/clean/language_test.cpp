#include "clean/language.h"

#include <gtest/gtest.h>

#include <string>

namespace newswire::clean {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::string language;
};

class DetectLanguage : public testing::TestWithParam<Case> {};
TEST_P(DetectLanguage, NamesWhatMostOfTheTextIsWrittenIn) {
  EXPECT_EQ(detect_language(GetParam().text), GetParam().language);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, DetectLanguage,
    testing::Values(
        Case{"english", "The lighthouse opened its doors again on Thursday, ten years after the great storm.", "en"},
        Case{"german", "Die Stadtwerke haben am Dienstag mit dem Bau eines großen Wärmespeichers begonnen.", "de"},
        Case{"french", "Après dix-huit mois de travaux, le marché couvert accueillera de nouveau ses marchands.", "fr"},
        Case{"russian", "Городской театр открыл в понедельник новый сезон спектаклем о жизни деревни.", "ru"},
        Case{"japanese", "港町の灯台が木曜日、嵐で壊れてから十年ぶりに一般公開された。", "ja"},
        Case{"hebrew_by_its_modern_code", "המגדלור נפתח מחדש ביום חמישי, עשר שנים אחרי הסערה הגדולה שפגעה בעיר.", "he"},
        Case{"too_short", "Hello", ""}, Case{"empty", "", ""}, Case{"numbers", "1234 5678 90 12 34 56", ""},
        Case{"not_utf8", "\xFF\xFE\xFA some words that would be English otherwise, of some length", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(DetectLanguage, LooksAtABoundedPartOnly) {
  std::string text;
  while (text.size() < 20 * 1024) text += "Der Turm steht seit vielen Jahren am Hafen und leuchtet in der Nacht. ";
  while (text.size() < 1024 * 1024) text += "The tower has stood at the harbour for many years and shines at night. ";
  EXPECT_EQ(detect_language(text), "de");
}

struct TagCase {
  const char* name;
  std::string tag;
  std::string normal;
};
class NormalizeLanguage : public testing::TestWithParam<TagCase> {};
TEST_P(NormalizeLanguage, GivesTheUsualSpelling) { EXPECT_EQ(normalize_language(GetParam().tag), GetParam().normal); }

INSTANTIATE_TEST_SUITE_P(Tags, NormalizeLanguage,
                         testing::Values(TagCase{"plain", "de", "de"}, TagCase{"region", "EN_us", "en-US"},
                                         TagCase{"script", "zh-hant-tw", "zh-Hant-TW"},
                                         TagCase{"space", " fr-FR ", "fr-FR"}, TagCase{"list", "de, en", "de"},
                                         TagCase{"locale", "pt_BR.UTF-8", "pt-BR"}, TagCase{"word", "english", ""},
                                         TagCase{"empty", "", ""}, TagCase{"markup", "<b>", ""},
                                         TagCase{"one_letter", "x", ""}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::clean
