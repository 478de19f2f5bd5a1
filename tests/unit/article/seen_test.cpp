#include "article/seen.h"

#include <gtest/gtest.h>

namespace newswire::article {
namespace {

using Kind = Verdict::Kind;
constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};
struct Entry {
  std::string id;
  std::string link;
  std::string title;
  std::string text;
  std::string date;
};

Fingerprint fingerprint(const Entry& entry) {
  auto print = identify({entry.id, entry.link, entry.title, entry.date}, entry.title + "\n" + entry.text);
  complete(print, entry.title, entry.text);
  return print;
}

constexpr const char* kText =
    "A text that is long enough to be recognised again when the publisher gives it another name.";

Entry entry(std::string id, std::string link, std::string title, std::string text = kText) {
  return {std::move(id), std::move(link), std::move(title), std::move(text), ""};
}

std::vector<Verdict> judge(Seen& seen, const std::vector<Entry>& document) {
  std::vector<Fingerprint> prints;
  for (const auto& one : document) prints.push_back(fingerprint(one));
  return seen.judge(prints, kNow);
}

struct Case {
  const char* name;
  Entry before;
  Entry after;
  Kind kind;
};
class SecondPoll : public testing::TestWithParam<Case> {};

TEST_P(SecondPoll, JudgesTheEntryAgainstMemory) {
  Seen seen;
  ASSERT_EQ(judge(seen, {GetParam().before}).front().kind, Kind::new_);
  auto reread = Seen::decode(seen.encode());
  ASSERT_TRUE(reread);
  const auto verdict = judge(*reread, {GetParam().after}).front();
  EXPECT_EQ(verdict.kind, GetParam().kind);
  if (GetParam().kind != Kind::new_) {
    EXPECT_EQ(verdict.key, fingerprint(GetParam().before).key);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Publishers, SecondPoll,
    testing::Values(
        Case{"unchanged", entry("1", "http://x.org/a", "T"), entry("1", "http://x.org/a", "T"), Kind::known},
        Case{"new_guid_same_link", entry("1", "http://x.org/a", "T"), entry("2", "https://x.org/a/", "T"), Kind::known},
        Case{"new_guid_new_link_same_text", entry("1", "http://x.org/a", "T"), entry("2", "http://y.org/b", "T"),
             Kind::known},
        Case{"new_guid_same_link_new_title", entry("1", "http://x.org/a", "T"), entry("2", "http://x.org/a", "U"),
             Kind::updated},
        Case{"new_title", entry("1", "http://x.org/a", "T"), entry("1", "http://x.org/a", "U"), Kind::updated},
        Case{"moved_link", entry("1", "http://x.org/a", "T"), entry("1", "http://x.org/b", "T"), Kind::known},
        Case{"short_texts_recur", entry("1", "http://x.org/a", "Hi", "short"),
             entry("2", "http://x.org/b", "Hi", "short"), Kind::new_},
        Case{"another_entry", entry("1", "http://x.org/a", "T"), entry("2", "http://x.org/b", "U"), Kind::new_}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Seen, ALinkThatEntriesOfADocumentShareTellsNothing) {
  Seen seen;
  judge(seen, {entry("1", "http://x.org/", "A", "a"), entry("2", "http://x.org/", "B", "b")});
  const auto verdicts = judge(seen, {entry("3", "http://x.org/", "C", "c"), entry("1", "http://x.org/", "A", "a")});
  EXPECT_EQ(verdicts[0].kind, Kind::new_);
  EXPECT_EQ(verdicts[1].kind, Kind::known);
}

TEST(Seen, AnEntryThatIsStillThereIsNotTheOldNameOfAnother) {
  Seen seen;
  judge(seen, {entry("1", "http://x.org/a", "A")});
  // A later entry takes over the link (a live page), while the first one is still shown elsewhere.
  const auto verdicts = judge(seen, {entry("2", "http://x.org/a", "B", "other"), entry("1", "http://x.org/old", "A")});
  EXPECT_EQ(verdicts[0].kind, Kind::new_);
  EXPECT_EQ(verdicts[1].kind, Kind::known);
}

TEST(Seen, OrderMeansNothing) {  // POLLING.md N2
  Seen seen;
  judge(seen, {entry("sticky", "", "S"), entry("1", "", "A")});
  const auto verdicts = judge(seen, {entry("sticky", "", "S"), entry("2", "", "B"), entry("1", "", "A")});
  EXPECT_EQ(verdicts[0].kind, Kind::known);
  EXPECT_EQ(verdicts[1].kind, Kind::new_);
}

TEST(Seen, SaysWhatAnUpdateChangedAndCountsRevisions) {
  Seen seen;
  judge(seen, {entry("1", "", "T")});
  const auto title = judge(seen, {entry("1", "", "U")}).front();
  EXPECT_TRUE(title.title_changed);
  EXPECT_EQ(title.revision, 2U);
  const auto text = judge(seen, {entry("1", "", "U", std::string(kText) + " More.")}).front();
  EXPECT_FALSE(text.title_changed);
  EXPECT_TRUE(text.text_changed);
  EXPECT_EQ(text.revision, 3U);
}

TEST(Seen, HoldsTwiceTheLargestDocument) {  // POLLING.md N3; Huginn's fixed 500 lost feeds of 700 entries
  Seen seen;
  std::vector<Entry> document;
  for (int i = 0; i < 700; ++i) document.push_back(entry(std::to_string(i), "", "T" + std::to_string(i)));
  judge(seen, document);
  std::vector<Entry> later;
  for (int i = 700; i < 2100; ++i) later.push_back(entry(std::to_string(i), "", "T" + std::to_string(i)));
  for (std::size_t i = 0; i < later.size(); i += 100)
    judge(seen, {later.begin() + static_cast<std::ptrdiff_t>(i), later.begin() + static_cast<std::ptrdiff_t>(i + 100)});
  seen.forget(kNow + std::chrono::hours{24 * 365}, std::chrono::hours{24 * 30});
  EXPECT_EQ(seen.size(), 1400U);
}

TEST(Seen, KeepsWhatWasShownLately) {
  Seen seen;
  for (int i = 0; i < 10; ++i) judge(seen, {entry(std::to_string(i), "", "T" + std::to_string(i))});
  seen.forget(kNow, std::chrono::hours{24 * 30});
  EXPECT_EQ(seen.size(), 10U);
}

TEST(Seen, AnEntryWhoseBytesAreTheSameNeedsNoCleaning) {
  Seen seen;
  judge(seen, {entry("1", "http://x.org/a", "T")});
  auto print = identify({"1", "http://x.org/a", "T", ""}, std::string("T\n") + kText);
  EXPECT_TRUE(seen.unchanged(print));
  EXPECT_EQ(seen.judge(std::vector{print}, kNow).front().kind, Kind::known);
  // And its memory is whole: another cleaning result of the same bytes is no update (learning goes on).
  complete(print, "T", "something else that cleaning gives today");
  EXPECT_EQ(seen.judge(std::vector{print}, kNow).front().kind, Kind::known);
}

TEST(Seen, WhatOnlyMarkupChangedIsNoUpdate) {
  Seen seen;
  judge(seen, {entry("1", "http://x.org/a", "T")});
  auto print = identify({"1", "http://x.org/a", "T", ""}, "T\n<p>other markup</p>");
  EXPECT_FALSE(seen.unchanged(print));
  complete(print, "T", kText);
  EXPECT_EQ(seen.judge(std::vector{print}, kNow).front().kind, Kind::known);
}

TEST(Seen, RefusesABlobThatIsNotOurs) {
  EXPECT_FALSE(Seen::decode("garbage"));
  EXPECT_FALSE(Seen::decode(std::string("\x01\0\0\0\0x", 6)));
  EXPECT_TRUE(Seen::decode(""));
}

TEST(Seen, IsRestoredFromTheSpool) {
  Seen seen;
  seen.restore(fingerprint(entry("1", "http://x.org/a", "T")), 3, kNow);
  EXPECT_EQ(judge(seen, {entry("1", "http://x.org/a", "T")}).front().kind, Kind::known);
  EXPECT_EQ(judge(seen, {entry("1", "http://x.org/a", "U")}).front().revision, 4U);
}

TEST(Seen, ARestoredEntryIsBelievedWhenOnlyItsCleaningDiffers) {
  Seen seen;
  seen.restore(fingerprint(entry("1", "http://x.org/a", "T", "as it was cleaned then")), 1, kNow);
  EXPECT_EQ(judge(seen, {entry("1", "http://x.org/a", "T", "as it is cleaned now")}).front().kind, Kind::known);
}

std::vector<Fingerprint> prints_of(const std::vector<Entry>& document) {
  std::vector<Fingerprint> prints;
  for (const auto& one : document) prints.push_back(fingerprint(one));
  return prints;
}

const std::vector<Entry> kThree = {entry("1", "http://x.org/a", "A", "first"),
                                   entry("2", "http://x.org/b", "B", "second"),
                                   entry("3", "http://x.org/c", "C", "third")};

TEST(Removal, WhatACompleteDocumentLeavesOutIsRemovedOnceAndRemembered) {
  Seen seen;
  judge(seen, kThree);
  EXPECT_EQ(seen.shown_last(), 3U);
  const auto shorter = prints_of({kThree[0], kThree[2]});
  const auto removals = seen.remove_absent(shorter);
  ASSERT_EQ(removals.size(), 1U);
  EXPECT_EQ(removals[0].key, fingerprint(kThree[1]).key);
  EXPECT_EQ(removals[0].revision, 2U);
  auto reread = Seen::decode(seen.encode());
  ASSERT_TRUE(reread);
  EXPECT_TRUE(reread->remove_absent(shorter).empty());
  EXPECT_EQ(reread->shown_last(), 2U);
  EXPECT_FALSE(reread->unchanged(fingerprint(kThree[1])));
  const auto back = judge(*reread, kThree)[1];
  EXPECT_EQ(back.kind, Kind::updated);
  EXPECT_EQ(back.revision, 3U);
}

TEST(Removal, AnEntryUnderAnotherNameIsNotAbsent) {
  Seen seen;
  judge(seen, kThree);
  auto renamed = kThree;
  renamed[1].id = "another";
  EXPECT_TRUE(seen.remove_absent(prints_of(renamed)).empty());
}

TEST(Removal, WhatWasGoneBeforeTheLastDocumentIsNotRemovedNow) {
  Seen seen;
  judge(seen, kThree);
  seen.judge(prints_of({kThree[0], kThree[2]}), kNow + std::chrono::days{3});
  EXPECT_TRUE(seen.remove_absent(prints_of({kThree[0], kThree[2]})).empty());
}

TEST(Removal, ByNameTakesOnlyWhatIsRemembered) {
  Seen seen;
  judge(seen, kThree);
  EXPECT_TRUE(seen.remove(fingerprint(kThree[0]).key));
  EXPECT_FALSE(seen.remove(fingerprint(kThree[0]).key));
  EXPECT_FALSE(seen.remove(12345));
}

TEST(Removal, SurvivesARebuildFromTheSpool) {
  Seen seen;
  const auto print = fingerprint(kThree[0]);
  seen.restore(print, 1, kNow);
  seen.restore_removed(print.key, 2);
  EXPECT_FALSE(seen.remove(print.key));
  EXPECT_EQ(judge(seen, {kThree[0]})[0].revision, 3U);
}

TEST(KnowsAny, ByIdOrByLink) {
  Seen seen;
  judge(seen, kThree);
  EXPECT_TRUE(seen.knows_any(prints_of({entry("9", "http://x.org/z", "Z"), kThree[2]})));
  EXPECT_TRUE(seen.knows_any(prints_of({entry("9", "http://x.org/a", "Z")})));
  EXPECT_FALSE(seen.knows_any(prints_of({entry("9", "http://x.org/z", "Z"), entry("8", "", "Y")})));
  EXPECT_FALSE(seen.knows_any({}));
}

}  // namespace
}  // namespace newswire::article
