// The parts that turn markup into text: plain, html_urls, person, durations.
#include <gtest/gtest.h>

#include "feed/detail/double_encoding.h"
#include "feed/detail/html_urls.h"
#include "feed/detail/media.h"
#include "feed/detail/person.h"
#include "feed/detail/plain.h"

namespace newswire::feed::detail {
namespace {

struct PlainCase {
  const char* name;
  std::string_view html;
  std::string_view text;
};
class PlainFromHtml : public testing::TestWithParam<PlainCase> {};
TEST_P(PlainFromHtml, GivesOneLineOfText) { EXPECT_EQ(plain_from_html(GetParam().html), GetParam().text); }
INSTANTIATE_TEST_SUITE_P(
    Titles, PlainFromHtml,
    testing::Values(PlainCase{"plain", " Fish and\n Chips ", "Fish and Chips"},
                    PlainCase{"markup", "<b>Fish</b> &amp; Chips", "Fish & Chips"},
                    PlainCase{"double_escaped_amp", "Fish &amp;amp; Chips", "Fish & Chips"},
                    PlainCase{"double_escaped_quote", "It&amp;#8217;s", "It\u2019s"},
                    PlainCase{"double_escaped_markup", "&lt;i&gt;Fish&lt;/i&gt;", "Fish"},
                    PlainCase{"talk_of_a_tag", "History of the &lt;blink&gt; tag", "History of the <blink> tag"},
                    PlainCase{"code", "vector<int> in C++", "vector<int> in C++"},
                    PlainCase{"heart", "Chips <3 you", "Chips <3 you"},
                    PlainCase{"comparison", "1 < 2 > 0", "1 < 2 > 0"},
                    PlainCase{"query", "?a=1&copy=2;b=x & done", "?a=1&copy=2;b=x & done"},
                    PlainCase{"break", "one<br/>two", "one two"}, PlainCase{"comment", "one<!-- x -->two", "onetwo"},
                    PlainCase{"script", "one<script>alert(1)</script>two", "onetwo"},
                    PlainCase{"nbsp", "a&nbsp;b", "a b"}, PlainCase{"unknown_entity", "a &foo; b", "a &foo; b"},
                    PlainCase{"open_angle", "a <b", "a <b"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(PlainFromText, LeavesWhatIsPlain) {
  EXPECT_EQ(plain_from_text("1 < 2 & 3"), "1 < 2 & 3");
  EXPECT_EQ(plain_from_text("the <b> element"), "the <b> element");
  EXPECT_EQ(plain_from_text("<b>bold</b> claim"), "bold claim");
}

TEST(LabelFrom, DecodesButNeverMakesMarkup) {
  EXPECT_EQ(label_from(" Q&amp;A "), "Q&A");
  EXPECT_EQ(label_from("&lt;p&gt;Tag&lt;/p&gt;"), "&lt;p&gt;Tag&lt;/p&gt;");
}

struct UrlCase {
  const char* name;
  std::string_view html;
  std::string_view resolved;
};
class ResolveHtmlUrls : public testing::TestWithParam<UrlCase> {};
TEST_P(ResolveHtmlUrls, AgainstTheBase) {
  std::string out;
  EXPECT_EQ(resolve_html_urls(GetParam().html, "http://example.org/a/b.html", out, nullptr), GetParam().resolved);
}
INSTANTIATE_TEST_SUITE_P(
    Elements, ResolveHtmlUrls,
    testing::Values(UrlCase{"link", R"(<a href="c.html">x</a>)", R"(<a href="http://example.org/a/c.html">x</a>)"},
                    UrlCase{"absolute", R"(<a href="https://x.org/">x</a>)", R"(<a href="https://x.org/">x</a>)"},
                    UrlCase{"mail", R"(<a href="mailto:a@b.org">x</a>)", R"(<a href="mailto:a@b.org">x</a>)"},
                    UrlCase{"fragment", R"(<a href="#n1">x</a>)", R"(<a href="http://example.org/a/b.html#n1">x</a>)"},
                    UrlCase{"scheme_relative", R"(<img src='//cdn.org/i.png'>)", R"(<img src='http://cdn.org/i.png'>)"},
                    UrlCase{"unquoted", "<img src=/i.png alt=x>", "<img src=http://example.org/i.png alt=x>"},
                    UrlCase{"srcset", R"(<img srcset="a.png 1x, /b.png 2x">)",
                            R"(<img srcset="http://example.org/a/a.png 1x, http://example.org/b.png 2x">)"},
                    UrlCase{"other_attribute", R"(<a title="c.html" href='d'>x</a>)",
                            R"(<a title="c.html" href='http://example.org/a/d'>x</a>)"},
                    UrlCase{"not_a_url", R"(<p class="c.html">)", R"(<p class="c.html">)"},
                    UrlCase{"unclosed_quote", R"(<a href="c.html>x)", R"(<a href="c.html>x)"},
                    UrlCase{"poster", R"(<video poster="p.jpg">)", R"(<video poster="http://example.org/a/p.jpg">)"},
                    UrlCase{"empty", R"(<a href="">x</a>)", R"(<a href="">x</a>)"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ResolveHtmlUrlsImage, IsTheFirstThatIsNoPixel) {
  std::string out;
  std::string image;
  resolve_html_urls(R"(<img src="p.gif" width="1" height="1"><img src="a.png?x=1&amp;y=2"><img src="b.png">)",
                    "http://example.org/", out, &image);
  EXPECT_EQ(image, "http://example.org/a.png?x=1&y=2");
}

struct PersonCase {
  const char* name;
  std::string_view text;
  std::string_view person;
  std::string_view email;
};
class ParsePerson : public testing::TestWithParam<PersonCase> {};
TEST_P(ParsePerson, SplitsNameAndAddress) {
  const auto person = parse_person(GetParam().text);
  EXPECT_EQ(person.name, GetParam().person);
  EXPECT_EQ(person.email, GetParam().email);
}
INSTANTIATE_TEST_SUITE_P(
    Forms, ParsePerson,
    testing::Values(PersonCase{"rss", "jane@example.org (Jane Doe)", "Jane Doe", "jane@example.org"},
                    PersonCase{"turned_round", "Jane Doe (jane@example.org)", "Jane Doe", "jane@example.org"},
                    PersonCase{"mail", "Jane Doe <jane@example.org>", "Jane Doe", "jane@example.org"},
                    PersonCase{"address", "jane@example.org", "", "jane@example.org"},
                    PersonCase{"name", "Jane  Doe", "Jane Doe", ""},
                    PersonCase{"mailto", "mailto:jane@example.org", "", "jane@example.org"},
                    PersonCase{"subject", "jane@example.org?subject=RSS (Jane)", "Jane", "jane@example.org"},
                    PersonCase{"dash", "jane@example.org - Jane", "Jane", "jane@example.org"},
                    PersonCase{"parentheses_in_name", "Jane (Desk)", "Jane (Desk)", ""},
                    PersonCase{"twitter", "@jane", "@jane", ""},
                    PersonCase{"entity", "Jane &amp; Joe", "Jane & Joe", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct TwiceCase {
  const char* name;
  std::string text;
  std::string undone;
};
class EncodedTwice : public testing::TestWithParam<TwiceCase> {};
TEST_P(EncodedTwice, IsUndoneWhereItCanBe) {
  auto text = GetParam().text;
  const bool undone = undo_double_encoding(text, true);
  EXPECT_EQ(text, GetParam().undone);
  EXPECT_EQ(undone, GetParam().text != GetParam().undone);
}
INSTANTIATE_TEST_SUITE_P(Texts, EncodedTwice,
                         testing::Values(TwiceCase{"letter", "Br\u00C3\u00B8ndby", "Br\u00F8ndby"},
                                         TwiceCase{"by_windows", "It\u00E2\u20AC\u2122s", "It\u2019s"},
                                         TwiceCase{"once", "Br\u00F8ndby", "Br\u00F8ndby"},
                                         TwiceCase{"ascii", "Brondby", "Brondby"},
                                         TwiceCase{"partly", "Br\u00C3\u00B8ndby \u00F8", "Br\u00C3\u00B8ndby \u00F8"},
                                         // fuzz_feed_parse: U+FFFE came out, which no document may hold
                                         TwiceCase{"no_character", "a\u00EF\u00BF\u00BEb", "ab"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(ParseDuration, KnowsSecondsAndClocks) {
  EXPECT_EQ(parse_duration("90"), 90);
  EXPECT_EQ(parse_duration("1:30"), 90);
  EXPECT_EQ(parse_duration("01:00:05"), 3605);
  EXPECT_EQ(parse_duration("12.5"), 12.5);
  EXPECT_EQ(parse_duration("1h 2m 3s"), 3723);
  EXPECT_EQ(parse_duration("2 hrs 5 min"), 7500);
  EXPECT_EQ(parse_duration("PT1H2M3.5S"), 3723.5);
  EXPECT_FALSE(parse_duration("PT"));
  EXPECT_FALSE(parse_duration("5 parsecs"));
  EXPECT_FALSE(parse_duration("nanh"));
  EXPECT_FALSE(parse_duration("an hour"));
  EXPECT_FALSE(parse_duration("0"));
  EXPECT_FALSE(parse_duration("-5"));
  EXPECT_FALSE(parse_duration("nan"));
}

TEST(ParseSize, KnowsBytesAndWhatIsNone) {
  EXPECT_EQ(parse_size("12,345"), 12345U);
  EXPECT_EQ(parse_size("5 MB"), 5U * 1024 * 1024);
  EXPECT_FALSE(parse_size("0"));
  EXPECT_FALSE(parse_size("-1"));
  EXPECT_FALSE(parse_size("99999999999999999999999"));
  EXPECT_FALSE(parse_size("unknown"));
}

}  // namespace
}  // namespace newswire::feed::detail
