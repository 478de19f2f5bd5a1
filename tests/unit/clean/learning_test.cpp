#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/hash.h"
#include "clean/cleaner.h"
#include "clean/detail/learning.h"
#include "clean/site_model.h"

namespace newswire::clean {
namespace {

// Sentences that no two entries share.
std::string story(int number, int sentences = 6) {
  static constexpr const char* kSubjects[] = {"The baker", "A ferry",   "Our mayor", "The river",
                                              "An owl",    "The choir", "One clerk"};
  static constexpr const char* kVerbs[] = {"found",  "crossed",  "painted", "measured",
                                           "forgot", "repaired", "counted", "sold"};
  static constexpr const char* kThings[] = {"the old bridge", "nine lamps", "a map", "the harbour", "seven coats"};
  std::string out;
  for (int i = 0; i < sentences; ++i) {
    const auto n = static_cast<std::size_t>(number * 31 + i * 17);
    out += "<p>" + std::string(kSubjects[n % 7]) + " " + kVerbs[(n / 7) % 8] + " " + kThings[(n / 3) % 5] + " on day " +
           std::to_string(number * 100 + i) + " of that year.</p>";
  }
  return out;
}

Entry entry_of(int number, std::string html) {
  Entry entry;
  entry.html = std::move(html);
  entry.title = "What happened on day " + std::to_string(number) + " of the year";
  entry.url = "https://example.org/" + std::to_string(number);
  return entry;
}

constexpr const char* kFooter =
    "<p>Pellentesque habitant morbi tristique senectus et netus <a href=\"https://example.org/x\">malesuada "
    "fames</a>.</p>";
constexpr const char* kFooterText = "Pellentesque habitant morbi tristique senectus et netus malesuada fames.";

Options no_phrases() {
  Options options;
  options.phrases = false;
  return options;
}

std::vector<Cleaned> clean(const std::vector<Entry>& entries, SiteModel& model, const Options& options = no_phrases()) {
  return clean_entries(entries, options, model, Time{});
}

bool took(const Cleaned& cleaned, std::string_view text) {
  for (const auto& removal : cleaned.stripped) {
    if (removal.rule == "recurring-block" && removal.text == text) return true;
  }
  return false;
}

// What is hashed: models that were written before must find their blocks again.
struct Block {
  const char* name;
  std::string_view text;
  std::string_view title;
  std::string_view hashed;
};
class BlockFingerprint : public testing::TestWithParam<Block> {};
TEST_P(BlockFingerprint, IsOfTheTextWithoutWhatVaries) {
  EXPECT_EQ(fingerprint(GetParam().text, GetParam().title), hash64(GetParam().hashed));
}

constexpr std::string_view kTitle = "\"The bakers' bread.\"";

INSTANTIATE_TEST_SUITE_P(
    Blocks, BlockFingerprint,
    testing::Values(
        Block{"empty", "", kTitle, ""}, Block{"case", "Read MORE of É", {}, "read more of É"},
        Block{"title", "The post The bakers' bread appeared", kTitle, "the post \x01 appeared"},
        Block{"title_twice", "The bakers' bread: The bakers' bread", kTitle, "\x01: \x01"},
        Block{"title_in_other_case", "the bakers' bread is here", kTitle, "the bakers' bread is here"},
        Block{"title_of_two_words", "All of Wholemeal breads here", "Wholemeal breads", "all of wholemeal breads here"},
        Block{"title_of_few_letters", "It is a b c d", "a b c d", "it is a b c d"},
        Block{"address_in_a_sentence",
              "See HTTPS://Example.org/x?y=1 for more bread",
              {},
              "see https://example.org for more bread"},
        Block{"address_alone", "At https://Example.org/X?y=1#z", {}, "at https://example.org/x"},
        Block{"title_in_an_address", "Of http://x.example/新しい記事です and more bread of it", "新しい記事です",
              "of http://x.example and more bread of it"},
        Block{"other_scheme", "See ftp://Example.org/x for more bread", {}, "see ftp://example.org/x for more bread"},
        Block{"invalid", "A\xFF\xC3 b", {}, "a\xFF\xC3 b"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Learning, TakesWhatEndsEveryEntryOfTheFirstFetch) {
  std::vector<Entry> entries;
  for (int i = 0; i < 6; ++i) entries.push_back(entry_of(i, story(i) + kFooter));
  SiteModel model;
  for (const auto& cleaned : clean(entries, model)) {
    EXPECT_TRUE(took(cleaned, kFooterText));
    EXPECT_EQ(cleaned.text.find("Pellentesque"), std::string::npos);
    EXPECT_NE(cleaned.text.find("of that year."), std::string::npos);
  }
}

// The last lines of a long entry are its end, not lines counted from its beginning.
TEST(Learning, FindsTheEndOfLongEntries) {
  std::vector<Entry> entries;
  for (int i = 0; i < 6; ++i) entries.push_back(entry_of(i, story(i, 60) + kFooter));
  SiteModel model;
  for (const auto& cleaned : clean(entries, model)) EXPECT_TRUE(took(cleaned, kFooterText));
}

TEST(Learning, LeavesWhatTwoEntriesShare) {
  std::vector<Entry> entries;
  for (int i = 0; i < 6; ++i) entries.push_back(entry_of(i, story(i) + (i < 2 ? kFooter : "")));
  SiteModel model;
  for (const auto& cleaned : clean(entries, model)) EXPECT_TRUE(cleaned.stripped.empty());
}

TEST(Learning, LeavesACoincidenceOfAFewEntriesOfMany) {
  std::vector<Entry> entries;
  for (int i = 0; i < 12; ++i) entries.push_back(entry_of(i, story(i) + (i < 3 ? kFooter : "")));
  SiteModel model;
  for (const auto& cleaned : clean(entries, model)) EXPECT_TRUE(cleaned.stripped.empty());
}

TEST(Learning, TheSameArticleAgainIsNoEvidence) {
  SiteModel model;
  for (int i = 0; i < 6; ++i) {
    const std::vector<Entry> again = {entry_of(1, story(1) + kFooter)};
    EXPECT_FALSE(took(clean(again, model)[0], kFooterText));
  }
  EXPECT_EQ(model.entries(), 1U);
}

TEST(Learning, GoesOnFromFetchToFetchThroughTheState) {
  std::string state;
  for (int i = 0; i < 5; ++i) {
    auto model = SiteModel::decode(state);
    ASSERT_TRUE(model);
    const auto cleaned = clean({entry_of(i, story(i) + kFooter)}, *model);
    if (i == 4) {
      EXPECT_TRUE(took(cleaned[0], kFooterText));
    }
    state = model->encode();
  }
}

TEST(Learning, IsTheSameForTheSameInput) {
  std::string states[2];
  for (auto& state : states) {
    SiteModel model;
    std::vector<Entry> entries;
    for (int i = 0; i < 40; ++i) entries.push_back(entry_of(i, story(i, 30) + kFooter));
    clean(entries, model);
    state = model.encode();
  }
  EXPECT_EQ(states[0], states[1]);
}

struct Legitimate {
  const char* name;
  const char* block;
};
class ProtectedKinds : public testing::TestWithParam<Legitimate> {};
TEST_P(ProtectedKinds, StayThoughTheyRecur) {
  std::vector<Entry> entries;
  for (int i = 0; i < 8; ++i) entries.push_back(entry_of(i, story(i) + "<p>" + GetParam().block + "</p>"));
  SiteModel model;
  for (const auto& cleaned : clean(entries, model)) EXPECT_TRUE(cleaned.stripped.empty()) << cleaned.stripped[0].text;
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, ProtectedKinds,
    testing::Values(Legitimate{"byline", "By Jane Doe and John Roe"},
                    Legitimate{"credit", "Photo: Jane Doe/Example Agency, all of it taken on the spot"},
                    Legitimate{"field", "Vehicles: two engines and one ladder"},
                    Legitimate{"production", "Produced by Jane Doe and John Roe for the Example Company of that town"},
                    Legitimate{"short_farewell", "See you!"}),
    [](const auto& tested) { return std::string(tested.param.name); });

// A line that announces what differs from entry to entry.
TEST(Learning, KeepsTheHeadingOfWhatStays) {
  std::vector<Entry> entries;
  for (int i = 0; i < 8; ++i) {
    entries.push_back(
        entry_of(i, story(i, 2) + kFooter +
                        "<p>These are the comments that the readers of this site liked best in the past days:</p>" +
                        story(i + 50, 3)));
  }
  SiteModel model;
  for (const auto& cleaned : clean(entries, model))
    EXPECT_NE(cleaned.text.find("These are the comments"), std::string::npos);
}

TEST(Learning, APersonsDecisionIsFinal) {
  std::vector<Entry> entries;
  for (int i = 0; i < 6; ++i) entries.push_back(entry_of(i, story(i) + kFooter));
  SiteModel model;
  clean(entries, model);
  const auto blocks = model.blocks();
  ASSERT_FALSE(blocks.empty());
  for (const auto& block : blocks) ASSERT_TRUE(model.decide(block.id, Verdict::keep));
  for (int i = 10; i < 14; ++i) EXPECT_TRUE(clean({entry_of(i, story(i) + kFooter)}, model)[0].stripped.empty());
  EXPECT_EQ(model.decide(1, Verdict::keep).error().code, Errc::not_found);
}

TEST(Learning, ForgetsWhatASiteNoLongerSays) {
  SiteModel model;
  std::vector<Entry> entries;
  for (int i = 0; i < 20; ++i) entries.push_back(entry_of(i, story(i) + kFooter));
  clean(entries, model);
  for (int i = 20; i < 1200; ++i) clean({entry_of(i, story(i, 2))}, model);
  EXPECT_FALSE(took(clean({entry_of(5000, story(5000) + kFooter)}, model)[0], kFooterText));
}

TEST(SiteModel, IsBounded) {
  SiteModel model;
  for (int i = 0; i < 300; ++i) clean({entry_of(i, story(i, 100))}, model);
  EXPECT_LE(model.blocks().size(), SiteModel::kMaxBlocks);
  EXPECT_LT(model.encode().size(), SiteModel::kMaxBlocks * (SiteModel::kMaxSample + 40));
  EXPECT_LE(model.entries(), SiteModel::kMemory);
}

TEST(SiteModel, RefusesWhatItDidNotWrite) {
  SiteModel model;
  std::vector<Entry> entries;
  for (int i = 0; i < 6; ++i) entries.push_back(entry_of(i, story(i) + kFooter));
  clean(entries, model);
  const auto good = model.encode();
  ASSERT_TRUE(SiteModel::decode(good));
  EXPECT_EQ(SiteModel::decode(good)->encode(), good);
  EXPECT_TRUE(SiteModel::decode(""));
  for (std::size_t size = 1; size < good.size(); ++size) {
    const auto cut = SiteModel::decode(std::string_view(good).substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, Errc::corrupt);
  }
  EXPECT_FALSE(SiteModel::decode(good + "x"));
  EXPECT_FALSE(SiteModel::decode("\x7f" + good.substr(1)));
}

}  // namespace
}  // namespace newswire::clean
