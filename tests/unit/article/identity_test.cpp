#include "article/identity.h"

#include <gtest/gtest.h>

namespace newswire::article {
namespace {

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

struct Case {
  const char* name;
  Entry a;
  Entry b;
  bool same_key;
  bool same_content;
};
class FingerprintOf : public testing::TestWithParam<Case> {};

TEST_P(FingerprintOf, TellsSameFromDifferent) {
  const auto a = fingerprint(GetParam().a);
  const auto b = fingerprint(GetParam().b);
  EXPECT_EQ(a.key == b.key, GetParam().same_key);
  EXPECT_EQ(a.content == b.content, GetParam().same_content);
}

INSTANTIATE_TEST_SUITE_P(
    Publishers, FingerprintOf,
    testing::Values(
        Case{"same", {"1", "https://x.org/a", "T", kText, ""}, {"1", "https://x.org/a", "T", kText, ""}, true, true},
        Case{"http_to_https_in_the_id",
             {"http://x.org/a", "", "T", kText, ""},
             {"https://www.x.org/a/", "", "T", kText, ""},
             true,
             true},
        Case{"link_as_the_key",
             {"", "http://x.org/a", "T", kText, ""},
             {"", "https://x.org/a", "T", kText, ""},
             true,
             true},
        Case{"title_and_date_as_the_key", {"", "", "T", kText, "Mon"}, {"", "", "T", kText, "Tue"}, false, true},
        Case{"white_space_is_no_change", {"1", "", "T", "a  b\n\nc", ""}, {"1", "", "T", "a b c", ""}, true, true},
        Case{"typography_is_no_change",
             {"1", "", "“T” – it’s…", "a", ""},
             {"1", "", "\"T\" - it's...", "a", ""},
             true,
             true},
        Case{"soft_hyphens_are_no_change",
             {"1", "", "T",
              "sil\xC2\xAD"
              "ben",
              ""},
             {"1", "", "T", "silben", ""},
             true,
             true},
        Case{"a_number_is_a_change", {"1", "", "5 dead", "a", ""}, {"1", "", "6 dead", "a", ""}, true, false},
        Case{"title_and_text_do_not_run_together", {"1", "", "a b", "c", ""}, {"1", "", "a", "b c", ""}, true, false}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Fingerprint, ShortTextsAreNotSubstantial) {
  EXPECT_FALSE(fingerprint({"1", "", "New comment", "Nice!", ""}).substantial);
  EXPECT_TRUE(fingerprint({"1", "", "T", kText, ""}).substantial);
}

TEST(Uid, HoldsTheKeyAndDependsOnTheFeed) {
  const auto key = fingerprint({"urn:1", "", "", "", ""}).key;
  EXPECT_EQ(make_uid("a", key), make_uid("a", key));
  EXPECT_NE(make_uid("a", key), make_uid("b", key));
  EXPECT_EQ(key_of_uid(make_uid("a", key)), key);
  EXPECT_EQ(key_of_uid("short"), 0U);
  EXPECT_EQ(key_of_uid("!!!!!!!!!!!!!!!!!!!!!!!!!!"), 0U);
}

}  // namespace
}  // namespace newswire::article
