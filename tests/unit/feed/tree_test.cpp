#include "feed/detail/tree.h"

#include <gtest/gtest.h>

#include <string>

namespace newswire::feed::detail::xml {
namespace {

// The tree as one line: (name a=v … children), text in quotes, CDATA in brackets.
void describe(std::string& out, Node node) {
  for (; node; node = node.next_sibling()) {
    if (!node.is_element()) {
      const bool cdata = node.kind() == Kind::cdata;
      out.append(cdata ? "[" : "'").append(node.value()).append(cdata ? "]" : "'");
      continue;
    }
    out.append("(").append(node.name());
    for (auto at = node.first_attribute(); at; at = at.next_attribute())
      out.append(" ").append(at.name()).append("=").append(at.value());
    if (node.first_child()) out += ' ';
    describe(out, node.first_child());
    out += ')';
  }
}

std::string parsed(std::string text, References references = References::refuse) {
  Document document;
  if (!document.parse(text.data(), text.size(), references)) return "refused";
  std::string out;
  describe(out, document.first_child());
  return out;
}

struct Case {
  const char* name;
  std::string text;
  std::string tree;
};
std::string name_of(const testing::TestParamInfo<Case>& tested) { return tested.param.name; }

class Tree : public testing::TestWithParam<Case> {};
TEST_P(Tree, IsWhatTheDocumentSays) { EXPECT_EQ(parsed(GetParam().text), GetParam().tree); }

const std::string kLong(100, 'x');

INSTANTIATE_TEST_SUITE_P(
    WellFormed, Tree,
    testing::Values(
        Case{"empty_element", "<a/>", "(a)"}, Case{"space_in_tags", "<a  b = 'c'\n/>", "(a b=c)"},
        Case{"end_tag_with_space", "<a>x</a >", "(a 'x')"}, Case{"mixed_content", "<a>x<b/>y</a>", "(a 'x'(b)'y')"},
        Case{"white_space_is_text", "<a> <b/>\n</a>", "(a ' '(b)'\n')"},
        Case{"prefixes_stay", "<x:a xmlns:x='u'/>", "(x:a xmlns:x=u)"},
        Case{"names_beyond_ascii", "<é ü='1'/>", "(é ü=1)"},
        Case{"declaration_and_instruction", "<?xml version='1.0'?><?x y?><a/>", "(a)"},
        Case{"comments", "<!-- <b> --><a>x<!-- - -->y</a><!---->", "(a 'x''y')"},
        Case{"cdata", "<a><![CDATA[<b>&amp;]]]]></a>", "(a [<b>&amp;]]])"},
        Case{"document_type", "<!DOCTYPE a [<!ELEMENT a \">\"> <!-- ]> --> <?x ]>?>]><a/>", "(a)"},
        Case{"references", "<a b='&lt;&quot;'>&lt;b&gt; &amp;amp; &apos;&#65;&#x20AC;&#x1F600;</a>",
             "(a b=<\" '<b> &amp; 'A€\U0001F600')"},
        Case{"many_leading_zeros", "<a>&#000000000000065;</a>", "(a 'A')"},
        Case{"text_behind_references", "<a>&lt;&lt;&lt;&lt;&lt;&lt;&lt;" + kLong + "&lt;" + kLong + "&amp;1</a>",
             "(a '<<<<<<<" + kLong + "<" + kLong + "&1')"},
        Case{"line_ends", "<a>1\r\n2\r3\n<![CDATA[\r\n\r]]></a>", "(a '1\n2\n3\n'[\n\n])"},
        Case{"white_space_in_attributes", "<a b='1\r\n2\t3\n4' c=\"'\"/>", "(a b=1 2 3 4 c=')"},
        Case{"long_attribute", "<a b='" + kLong + "\"" + kLong + "'/>", "(a b=" + kLong + "\"" + kLong + ")"},
        Case{"text_beside_the_root", "x<a/>y", "(a)"}, Case{"two_roots", "<a/><b/>", "(a)(b)"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Malformed, Tree,
    testing::Values(
        Case{"nothing", "", "refused"}, Case{"no_element", "text", "refused"},
        Case{"unclosed", "<a><b></b>", "refused"}, Case{"crossed", "<a><b></a></b>", "refused"},
        Case{"closed_twice", "<a/></a>", "refused"}, Case{"tag_cut_off", "<a", "refused"},
        Case{"slash_cut_off", "<a/", "refused"}, Case{"value_cut_off", "<a b='c", "refused"},
        Case{"value_unquoted", "<a b=c/>", "refused"}, Case{"value_missing", "<a b/>", "refused"},
        Case{"attributes_touch", "<a b='1'c='2'/>", "refused"}, Case{"bare_angle", "<a>1 < 2</a>", "refused"},
        Case{"comment_cut_off", "<a/><!-- ", "refused"}, Case{"cdata_cut_off", "<a><![CDATA[x]]", "refused"},
        Case{"document_type_inside", "<a><!DOCTYPE b></a>", "refused"},
        Case{"document_type_cut_off", "<!DOCTYPE a [<!ENTITY", "refused"},
        Case{"zero_byte", std::string("<a>x\0y</a>", 10), "refused"}, Case{"bare_ampersand", "<a>R&D</a>", "refused"},
        Case{"unknown_entity", "<a>&nbsp;</a>", "refused"}, Case{"forbidden_character", "<a>&#1;</a>", "refused"},
        Case{"surrogate", "<a>&#xD800;</a>", "refused"}, Case{"unknown_in_attribute", "<a b='?x&y=1'/>", "refused"}),
    name_of);

TEST(TreeReferences, ThatMeanNothingCanBeKept) {
  EXPECT_EQ(parsed("<a b='&x;'>R&D &nbsp; &lt;</a>", References::keep), "(a b=&x; 'R&D &nbsp; <')");
}

TEST(TreeParents, LeadBackToTheRoot) {
  std::string text = "<a><b>x</b></a>";
  Document document;
  ASSERT_TRUE(document.parse(text.data(), text.size(), References::refuse));
  const auto inner = document.first_child().first_child().first_child();
  EXPECT_EQ(inner.value(), "x");
  EXPECT_EQ(inner.parent().parent(), document.first_child());
  EXPECT_FALSE(inner.parent().parent().parent());
}

TEST(TreeMemory, IsReusedForDocumentsOfEverySize) {
  Document document;
  for (const std::size_t count : {3U, 50000U, 1U, 70000U}) {
    std::string text = "<a>";
    for (std::size_t i = 0; i < count; ++i) text += "<b c='d'/>";
    text += "</a>";
    ASSERT_TRUE(document.parse(text.data(), text.size(), References::refuse));
    std::size_t found = 0;
    for (auto child = document.first_child().first_child(); child; child = child.next_sibling())
      found += child.first_attribute().value() == "d" ? 1U : 0U;
    EXPECT_EQ(found, count);
  }
}

TEST(TreeDepth, IsNotLimited) {
  std::string text;
  constexpr std::size_t kDeep = 300000;
  for (std::size_t i = 0; i < kDeep; ++i) text += "<b>";
  for (std::size_t i = 0; i < kDeep; ++i) text += "</b>";
  Document document;
  EXPECT_TRUE(document.parse(text.data(), text.size(), References::refuse));
}

}  // namespace
}  // namespace newswire::feed::detail::xml
