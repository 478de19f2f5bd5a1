#include "feed/detail/repair.h"

#include <gmock/gmock.h>

#include "read.h"

namespace newswire::feed {
namespace {

using detail::repair;
using testing::Contains;
using testing::HasSubstr;

std::string rss(std::string_view inside) {
  return "<rss version=\"2.0\"><channel>" + std::string(inside) + "</channel></rss>";
}

struct Case {
  const char* name;
  std::string_view inside;    ///< of the channel
  std::string_view repaired;  ///< of the channel
  std::string_view phrase;
};
class Repair : public testing::TestWithParam<Case> {};
TEST_P(Repair, MakesXmlAndSaysSo) {
  const auto result = repair(rss(GetParam().inside));
  EXPECT_EQ(result.text, rss(GetParam().repaired));
  EXPECT_THAT(result.repairs, Contains(HasSubstr(std::string(GetParam().phrase))));
  const auto again = repair(result.text);
  EXPECT_EQ(again.text, result.text);
  EXPECT_THAT(again.repairs, testing::IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(
    Faults, Repair,
    testing::Values(
        Case{"member_open_before_items", "<link>http://a.example/<item><title>t</title></item>",
             "<link>http://a.example/</link><item><title>t</title></item>", "unclosed element"},
        Case{"summary_open_before_items",
             "<itunes:summary>s<image><url>u</url></image><item><title>t</title></item><item/>",
             "<itunes:summary>s<image><url>u</url></image></itunes:summary><item><title>t</title></item><item/>",
             "unclosed element"},
        Case{"list_of_items_stays", "<items><item>a & b</item></items>", "<items><item>a &amp; b</item></items>",
             "bare \"&\""},
        Case{"logo_open", "<logo>u<icon>v</icon>", "<logo>u</logo><icon>v</icon>", "unclosed element"},
        Case{"bare_ampersand", "<title>Fish & Chips</title>", "<title>Fish &amp; Chips</title>", "bare \"&\""},
        Case{"bare_angle", "<title>1 < 2</title>", "<title>1 &lt; 2</title>", "bare \"<\""},
        Case{"code_in_title", "<title>vector<int> x</title>", "<title>vector&lt;int> x</title>", "bare \"<\""},
        Case{"html_entity", "<title>A&nbsp;B&eacute;</title>", "<title>A\u00A0B\u00E9</title>",
             "undeclared entity &nbsp; (2 times)"},
        Case{"windows_reference", "<title>It&#146;s</title>", "<title>It\u2019s</title>",
             "invalid character reference"},
        Case{"surrogates", "<title a=\"&#55357;&#56832;\">&#xD83D;&#xDE00; &#55357;!</title>",
             "<title a=\"\U0001F600\">\U0001F600 !</title>", "invalid character reference (3 times)"},
        Case{"forbidden_reference", "<title>A&#1;B</title>", "<title>AB</title>", "invalid character reference"},
        Case{"unquoted", "<enclosure url=http://example.org/a.mp3 length=5 />",
             "<enclosure url=\"http://example.org/a.mp3\" length=\"5\"/>", "attribute without quotes"},
        Case{"unquoted_before_slash", "<item rdf:about=http://a.example/><category a=b/>c</item>",
             "<item rdf:about=\"http://a.example/\"><category a=\"b\"/>c</item>",
             "attribute without quotes or value (2 times)"},
        Case{"no_value", "<guid isPermaLink>x</guid>", "<guid isPermaLink=\"isPermaLink\">x</guid>",
             "attribute without quotes"},
        Case{"duplicate", "<guid a=\"1\" a=\"2\">x</guid>", "<guid a=\"1\">x</guid>", "duplicate attribute"},
        Case{"ampersand_in_attribute", "<a href=\"?a=1&b=2\">x</a>", "<a href=\"?a=1&amp;b=2\">x</a>", "bare \"&\""},
        Case{"mismatched", "<item><b><i>x</b></i></item>", "<item><b><i>x</i></b></item>", "stray end tag"},
        Case{"other_case", "<Title>x</title>", "<Title>x</Title>", "end tag in other case"},
        Case{"void_html", "<item><description>a<br>b<img src=\"i\">c</description></item>",
             "<item><description>a<br/>b<img src=\"i\"/>c</description></item>", "HTML element without end"},
        Case{"unclosed_item", "<item><title>a</title><item><title>b</title></item>",
             "<item><title>a</title></item><item><title>b</title></item>", "unclosed element"},
        Case{"unclosed_title", "<item><title>a<link>b</link></item>", "<item><title>a</title><link>b</link></item>",
             "unclosed element"},
        Case{"unclosed_text", "<item><description>a <b>b<guid>c</guid></item>",
             "<item><description>a <b>b</b></description><guid>c</guid></item>", "unclosed element (2 times)"},
        Case{"unclosed_text_of_two_kinds",
             "<item><description>a<content:encoded>b<pubDate>c</pubDate></item><item><content:encoded>d</"
             "content:encoded>"
             "</item>",
             "<item><description>a</description><content:encoded>b</content:encoded><pubDate>c</pubDate></item><item>"
             "<content:encoded>d</content:encoded></item>",
             "unclosed element (2 times)"},
        Case{"text_with_elements_of_feeds", "<item><description>a & <title>b</title><c:d/></description></item>",
             "<item><description>a &amp; <title>b</title><c:d/></description></item>", "bare \"&\""},
        Case{"unclosed_text_and_an_end_that_is_none", "<item><summary>a<guid>b</guid><![CDATA[</summary>]]></item>",
             "<item><summary>a</summary><guid>b</guid><![CDATA[</summary>]]></item>", "unclosed element"},
        Case{"unclosed_tags", "<item><category>a<category>b<guid>c</guid></item>",
             "<item><category>a<category>b</category></category><guid>c</guid></item>", "unclosed element"},
        Case{"stray_end", "<title>a</title></b>", "<title>a</title>", "stray end tag"},
        Case{"end_with_blank", "<title>a</ title><link>b<//link>", "<title>a</title><link>b</link>", "unfinished tag"},
        Case{"end_without_name", "<title>a</><item><b>c</></item>", "<title>a</title><item><b>c</b></item>",
             "unfinished tag (2 times)"},
        Case{"end_of_nothing_is_text", "<title>a </ b> & c</title>", "<title>a &lt;/ b> &amp; c</title>", "bare \"<\""},
        Case{"odd_quotes", "<enclosure url=`a` type=\u201Cb\u201D/>", "<enclosure url=\"a\" type=\"b\"/>",
             "attribute without quotes"},
        Case{"lost_quote", "<enclosure url=\"a length=\"5\" type=\"b\"/>",
             "<enclosure url=\"a\" length=\"5\" type=\"b\"/>", "attribute without quotes"},
        Case{"no_lost_quote", "<a title=\"b c=\" d=e>f</a>", "<a title=\"b c=\" d=\"e\">f</a>",
             "attribute without quotes"},
        Case{"odd_cdata", "<title><![cdata[a]]></title><link><!CDATA[b]]></link><b><![CDATA [c]]> & </b>",
             "<title><![CDATA[a]]></title><link><![CDATA[b]]></link><b><![CDATA[c]]> &amp; </b>", "bare \"&\""},
        Case{"cdata_in_cdata", "<title><![CDATA[a <![CDATA[b]]> c]]></title>", "<title><![CDATA[a b c]]></title>",
             "CDATA inside CDATA"},
        Case{"cdata_in_a_script", "<description><![CDATA[<script>//<![CDATA[ x //]]></script><p>y</p>]]></description>",
             "<description><![CDATA[<script>// x //</script><p>y</p>]]></description>", "CDATA inside CDATA"},
        Case{"cdata_open_beyond_its_item", "<item><description><![CDATA[a<item><title>b</title></item>",
             "<item><description><![CDATA[a]]></description></item><item><title>b</title></item>", "unclosed CDATA"},
        Case{"comment_open_before_an_item", "<title>a</title><!-- b <item><title>c</title></item>",
             "<title>a</title><item><title>c</title></item>", "unclosed comment"},
        Case{"unclosed_cdata",
             "<item><description><![CDATA[a</description></item><item><title><![CDATA[b]]></title></item>",
             "<item><description><![CDATA[a]]></description></item><item><title><![CDATA[b]]></title></item>",
             "unclosed CDATA"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(RepairWhole, ASlashBehindAValueWithoutQuotesEndsNoRoot) {
  const auto result = repair(
      "<rss xmlns:dc=http://purl.org/dc/elements/1.1/><channel xml:base=http://a.example/><item/></channel></rss>");
  EXPECT_EQ(
      result.text,
      "<rss xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel xml:base=\"http://a.example/\"><item/></channel>"
      "</rss>");
}

TEST(RepairWhole, LeavesWellFormedTextAlone) {
  const auto text = rss(
      "<title a=\"b&quot;\">x &amp; y &#233;</title><item><description><![CDATA[<p>&nbsp;<br>]]></description></item>");
  const auto result = repair(text);
  EXPECT_EQ(result.text, text);
  EXPECT_THAT(result.repairs, testing::IsEmpty());
}

TEST(RepairWhole, DropsWhatIsAroundTheDocument) {
  const auto result = repair("\n<br />Warning: x\n" + rss("<title>a</title>") + "\n<!-- c --><script>1</script> tail");
  EXPECT_EQ(result.text, rss("<title>a</title>"));
  EXPECT_THAT(result.repairs, Contains(HasSubstr("junk before")));
  EXPECT_THAT(result.repairs, Contains(HasSubstr("junk after")));
}

TEST(RepairWhole, KeepsTheFirstOfTwoDocuments) {
  const auto feed =
      read(rss("<item><title>a</title></item>") + "<?xml version='1.0'?>" + rss("<item><title>b</title></item>"));
  ASSERT_EQ(feed.entries.size(), 1U);
  EXPECT_THAT(feed.repairs, Contains("second document ignored"));
}

TEST(RepairWhole, KeepsItemsBehindTheEndOfTheFeed) {
  const auto early =
      rss("<title>T</title>") + "<item><title>a</title></item></channel></rss><item><title>b</title></item>";
  const auto feed = read(early);
  EXPECT_EQ(feed.title, "T");
  ASSERT_EQ(feed.entries.size(), 2U);
  EXPECT_EQ(feed.entries[1].title, "b");
  EXPECT_THAT(feed.repairs, Contains("junk after the document (2 times)"));
  const auto result = repair(early);
  EXPECT_EQ(repair(result.text).text, result.text);
}

TEST(RepairWhole, PutsAFeedAroundLooseItems) {
  const auto feed = read("<item><title>a</title></item><item><title>b</title></item>");
  EXPECT_EQ(feed.entries.size(), 2U);
}

// What the fuzzer found: documents whose first repair left something for a second one.
struct OnceCase {
  const char* name;
  std::string_view document;
  std::string_view repaired;
};
class RepairOnce : public testing::TestWithParam<OnceCase> {};
TEST_P(RepairOnce, LeavesNothingToRepair) {
  const auto result = repair(GetParam().document);
  EXPECT_EQ(result.text, GetParam().repaired);
  EXPECT_EQ(repair(result.text).text, result.text);
}
INSTANTIATE_TEST_SUITE_P(
    NoFeeds, RepairOnce,
    testing::Values(OnceCase{"root_without_end", "<entry><link href='a'/><entry><link href='b'/></entry>",
                             "<entry><link href=\"a\"/></entry>"},
                    OnceCase{"root_that_is_a_leaf", "<link>x<channel></channel>", "<channel></channel>"},
                    OnceCase{"void_root", "<img src='a'>x", "<img src=\"a\"/>"},
                    OnceCase{"void_root_with_end", "<img src='a'>x</img> <!-- c -->y", "<img src=\"a\"/>"},
                    OnceCase{"void_root_before_a_feed", "<hr>Warning<rss><channel></channel></rss>",
                             "<rss><channel></channel></rss>"},
                    OnceCase{"cdata_behind_a_void_one", "<a><t>1<br><![CDATA[2</t><b><![CDATA[3]]></b></a>",
                             "<a><t>1<br/><![CDATA[2]]></t><b><![CDATA[3]]></b></a>"},
                    OnceCase{"cdata_in_cdata_of_a_cut_tag", "<p<!CDATA[<![CDATA[a]]>]]>", "<p><![CDATA[a]]></p>"},
                    OnceCase{"cdata_in_cdata_before_a_tag",
                             "<rss><channel><title><![CDATA[a<![CDATA[b]]><i>c</i></title></channel></rss>",
                             "<rss><channel><title><![CDATA[ab]]><i>c</i></title></channel></rss>"},
                    OnceCase{"marks_of_cdata_that_make_up_another",
                             "<rss><channel><title><![CDATA[a<![CD<![CDATA[ATA[b]]>c]]></title></channel></rss>",
                             "<rss><channel><title><![CDATA[a<![CD ATA[b c]]></title></channel></rss>"},
                    OnceCase{"cdata_in_cdata_before_a_stray_end", "<t><![CDATA[a<![CDATA[b]]> c ]]></x></t>",
                             "<t><![CDATA[ab c ]]></t>"},
                    OnceCase{"end_of_cdata_in_text", "<t>a]]>b]]<!-- c -->></t>", "<t>a]]&gt;b]]&gt;</t>"},
                    OnceCase{"tag_behind_a_void_one_in_a_leaf", "<ttl>1<img><e></ttl>", "<ttl>1<img/>&lt;e></ttl>"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Truncated, KeepsCompleteItemsAtEveryCut) {
  const std::string whole =
      rss("<title>T</title><item><title>a</title><link>http://example.org/1</link></item><item><title>b &amp; "
          "c</title><description><![CDATA[<p>x</p>]]></description></item>");
  const auto first_end = whole.find("</item>") + 7;
  const auto second_end = whole.rfind("</item>") + 7;
  for (std::size_t cut = first_end; cut < whole.size() - 6; ++cut) {
    const auto feed = read(std::string_view(whole).substr(0, cut));
    EXPECT_EQ(feed.entries.size(), cut >= second_end ? 2U : 1U) << whole.substr(0, cut);
    EXPECT_EQ(feed.title, "T");
    EXPECT_FALSE(feed.repairs.empty());
  }
}

TEST(Entities, OfTheDocumentAreExpanded) {
  const auto feed = read(
      "<!DOCTYPE rss [<!ENTITY co \"Fish &amp; Chips\"><!ENTITY more '&co; Ltd'>]><rss "
      "version='2.0'><channel><title>&more;</title></channel></rss>");
  EXPECT_EQ(feed.title, "Fish & Chips Ltd");
}

TEST(Entities, ReferencesInThemAreReadAsElsewhere) {
  const auto feed = read(
      "<!DOCTYPE rss [<!ENTITY a \"it&#146;s &#X41;&#55357;&#56832;&#1;\">]><rss version='2.0'><channel>"
      "<title>&a;</title></channel></rss>");
  EXPECT_EQ(feed.title, "it’s A\U0001F600");
}

// XML 1.0, 4.4.2: the replacement text is read in its place, references and all.
TEST(Entities, MayHoldReferences) {
  const auto feed = read(
      "<!DOCTYPE rss [<!ENTITY a \"x &amp; y\"><!ENTITY b \"&#38;#60;&#38; z\">]><rss version='2.0'><channel>"
      "<item><title>&b;</title><link>http://example.org/?&a;</link><description>&a;&amp;a;</description></item>"
      "</channel></rss>");
  ASSERT_EQ(feed.entries.size(), 1U);
  EXPECT_EQ(feed.entries[0].title, "<& z");
  EXPECT_EQ(feed.entries[0].url, "http://example.org/?x%20&%20y");
  EXPECT_EQ(feed.entries[0].content_html, "x & y&a;");
}

TEST(Entities, MayHoldBracketsAndStandBehindComments) {
  const auto feed = read(
      "<!DOCTYPE rss SYSTEM \"a>b\" [<!-- it's ]> here --><!ENTITY a '[b]>c'> <!ENTITY d \"e\"> ]><rss "
      "version='2.0'><channel><title>&a; &d;</title></channel></rss>");
  EXPECT_EQ(feed.title, "[b]>c e");
  EXPECT_TRUE(feed.repairs.empty());
}

TEST(Entities, NeverExplode) {
  std::string document = "<!DOCTYPE rss [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 30; ++i) {
    document += "<!ENTITY a" + std::to_string(i) + " \"";
    for (int j = 0; j < 10; ++j) document += "&a" + std::to_string(i - 1) + ";";
    document += "\">";
  }
  document += "]><rss version='2.0'><channel>";
  for (int i = 0; i < 1000; ++i) document += "<item><title>&a3;</title></item>";
  document += "<title>&a29;</title></channel></rss>";
  const auto result = repair(document);
  EXPECT_LT(result.text.size(), document.size() + (2U << 20U));
}

TEST(Entities, ExternalOnesAreNeverLoaded) {
  const auto feed = read(
      "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss "
      "version='2.0'><channel><title>a&x;b</title></channel></rss>");
  EXPECT_EQ(feed.title, "a&x;b");
}

struct BombCase {
  const char* name;
  std::string (*document)();
};
std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}
class Bomb : public testing::TestWithParam<BombCase> {};
TEST_P(Bomb, TakesLinearTimeAndNoStack) {
  const auto document = GetParam().document();
  const auto result = parse(document, {});
  if (result) {
    EXPECT_LE(result->entries.size(), document.size());
  }
}
constexpr std::size_t kMany =
    200'000;  // under sanitizers; enough for anything quadratic to be noticed by the time limit
INSTANTIATE_TEST_SUITE_P(
    All, Bomb,
    testing::Values(
        BombCase{"deep",
                 [] {
                   return "<rss><channel><item><description>" + repeated("<b>", kMany) + "x" + repeated("</b>", kMany) +
                          "</description></item></channel></rss>";
                 }},
        BombCase{"deep_unclosed", [] { return "<rss><channel><item>" + repeated("<b>", kMany); }},
        BombCase{"deep_roots", [] { return repeated("<a>", kMany) + "<rss/>" + repeated("</a>", kMany); }},
        BombCase{"deep_items", [] { return "<rss>" + repeated("<item>", kMany); }},
        BombCase{"deep_channels", [] { return repeated("<channel>", kMany); }},
        BombCase{"stray_ends", [] { return "<rss><channel>" + repeated("<p>", 5000) + repeated("</q>", kMany); }},
        BombCase{"attributes",
                 [] {
                   std::string document = "<rss><channel><title";
                   for (std::size_t i = 0; i < kMany; ++i) document += " a" + std::to_string(i) + "=x";
                   return document + ">t</title></channel></rss>";
                 }},
        BombCase{"quotes_in_quotes",
                 [] { return "<rss><channel><a b='" + repeated("\"", kMany * 4) + "'/>&nbsp;</channel></rss>"; }},
        BombCase{"open_quotes", [] { return "<rss><channel>" + repeated("<a b=\"", kMany); }},
        BombCase{"open_quotes_mixed", [] { return "<rss><channel>" + repeated("<a b='<c d=\"", kMany); }},
        BombCase{"open_cdata", [] { return "<rss><channel><title>" + repeated("<![CDATA[", kMany); }},
        BombCase{"deep_bases",
                 [] {
                   return "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>" +
                          repeated("<b xml:base='http://a.example/'>", kMany) + repeated("</b>", kMany) +
                          "</content></entry></feed>";
                 }},
        BombCase{"open_cdata_in_items",
                 [] { return "<rss><channel>" + repeated("<item><title><![CDATA[a", kMany) + "</channel></rss>"; }},
        BombCase{
            "cdata_in_cdata",
            [] { return "<rss><channel><title>&nbsp;" + repeated("<![CDATA[<![CDATA[a]]>b", kMany) + "]]></title>"; }},
        BombCase{"odd_cdata_that_its_holder_ends",
                 [] { return "<rss><channel>" + repeated("<item><title><!CDATA[x</title></item>", kMany); }},
        BombCase{"unclosed_texts",
                 [] { return "<rss><channel><item>" + repeated("<description>a<summary>b<guid>", kMany); }},
        BombCase{"unclosed_texts_of_an_item",
                 [] { return "<rss><channel><item>" + repeated("<summary>&<guid>", kMany) + "</item><item/></rss>"; }},
        BombCase{"texts_and_open_cdata",
                 [] { return "<rss><channel><item>&" + repeated("<summary><guid/></summary><![CDATA[", kMany); }},
        BombCase{"cdata_in_cdata_of_items",
                 [] { return "<rss><channel>" + repeated("<item><![CDATA[<item <![CDATA[]]>", kMany); }},
        BombCase{"comments_before_items",
                 [] { return "<rss><channel>" + repeated("<!-- <item>", kMany) + "</channel></rss>"; }},
        BombCase{"open_comments", [] { return "<rss><channel>" + repeated("<!--", kMany); }},
        BombCase{"open_instructions", [] { return "<rss><channel>" + repeated("<?x ", kMany); }},
        BombCase{"endless_comments", [] { return "<rss><channel>" + repeated("<!-- >", kMany); }},
        BombCase{"endless_instructions", [] { return "<rss><channel>" + repeated("<? >", kMany); }},
        BombCase{"endless_declarations", [] { return repeated("<!DOCTYPE a ['>", kMany); }},
        BombCase{"endless_comments_in_a_declaration", [] { return "<!DOCTYPE a [" + repeated("<!-- ", kMany); }},
        BombCase{"reopened_feeds", [] { return "<rss></rss>" + repeated("<item></item></rss>", kMany); }},
        BombCase{"blank_ends", [] { return "<rss><channel>" + repeated("<p>", 5000) + repeated("</ q>", kMany); }},
        BombCase{"open_declarations", [] { return repeated("<!DOCTYPE a [", kMany); }},
        BombCase{"ampersands",
                 [] { return "<rss><channel><title>" + repeated("&", kMany * 4) + "</title></channel></rss>"; }},
        BombCase{"escaped_tags",
                 [] {
                   return "<rss><channel><item><title>" + repeated("&lt;b>", kMany) + "</title></item></channel></rss>";
                 }},
        BombCase{
            "cdata_then_ampersand",
            [] { return "<rss><channel><title>" + repeated("<![CDATA[&]]>", kMany) + "</title></channel></rss>"; }},
        BombCase{"bindings",
                 [] {
                   std::string document = "<rss";
                   for (std::size_t i = 0; i < 20000; ++i) document += " xmlns:p" + std::to_string(i) + "='u'";
                   return document + "><channel>" + repeated("<z:item/>", 20000) + "</channel></rss>";
                 }},
        BombCase{"links",
                 [] {
                   return "<rss><channel><item>" +
                          repeated("<atom:link href='http://example.org/' rel='enclosure'/>", 20000) +
                          "</item></channel></rss>";
                 }},
        BombCase{"authors",
                 [] {
                   std::string document = "<rss><channel><item>";
                   for (std::size_t i = 0; i < 20000; ++i)
                     document += "<dc:creator>n" + std::to_string(i) + "</dc:creator>";
                   return document + "</item></channel></rss>";
                 }},
        BombCase{"empty_brackets",
                 [] {
                   return "<rss><channel><item><author>a@b.example " + repeated("()", kMany * 4) +
                          "</author></item></channel></rss>";
                 }},
        BombCase{
            "at_signs",
            [] { return "<rss><channel><item><author>" + repeated("a@", kMany) + "</author></item></channel></rss>"; }},
        BombCase{"deep_json", [] { return "{\"items\":" + repeated("[", kMany); }}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::feed
