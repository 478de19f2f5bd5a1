#include "clean/html.h"

#include <gtest/gtest.h>

#include <ctime>
#include <string>

namespace newswire::clean {
namespace {

std::string through(std::string_view html) {
  const auto tree = Tree::parse_fragment(html);
  return inner_html(tree, tree.root());
}

std::string text_of(std::string_view html) {
  const auto tree = Tree::parse_fragment(html);
  return to_text(tree, tree.root());
}

TEST(HtmlTags, EveryNameIsFoundAgain) {
  for (int i = 1; i <= static_cast<int>(Tag::xmp); ++i) {
    const auto tag = static_cast<Tag>(i);
    EXPECT_EQ(tag_of(tag_name(tag)), tag) << tag_name(tag);
  }
  EXPECT_EQ(tag_of("blorp"), Tag::unknown);
  EXPECT_TRUE(is_block(Tag::hr) && is_void(Tag::hr) && !is_block(Tag::span) && is_heading(Tag::h6) &&
              !is_heading(Tag::head));
}

struct Markup {
  const char* name;
  std::string_view in;
  std::string_view out;
};
class HtmlParse : public testing::TestWithParam<Markup> {};
TEST_P(HtmlParse, GivesTheTreeOfABrowser) { EXPECT_EQ(through(GetParam().in), GetParam().out); }
INSTANTIATE_TEST_SUITE_P(
    Fragments, HtmlParse,
    testing::Values(
        Markup{"text", "a &amp; b &lt;", "a &amp; b &lt;"},
        Markup{"unclosed", "<p>one<p>two <b>x", "<p>one</p><p>two <b>x</b></p>"},
        Markup{"void_elements", "a<br>b<br/>c<img src=x>", "a<br>b<br>c<img src=\"x\">"},
        Markup{"attributes_are_escaped", "<a title='\"&quot;<'>x</a>", "<a title=\"&quot;&quot;&lt;\">x</a>"},
        Markup{"unknown_elements_keep_their_name", "<Foo-Bar a=1>x</foo-bar>", "<foo-bar a=\"1\">x</foo-bar>"},
        Markup{"comments_go", "a<!-- b -->c<!--> d --!>e", "ac d --!&gt;e"},
        Markup{"unclosed_comment_ends_at_its_bracket", "a<!-- more >b <p>c</p>", "ab <p>c</p>"},
        Markup{"scripts_and_styles_go", "a<script>if (1<2) x('</p>')</script>b<style>p{}</style>c", "abc"},
        Markup{"json_data_stays", "<script type=\"application/ld+json\">{\"a\":1}</script>",
               "<script type=\"application/ld+json\">{\"a\":1}</script>"},
        Markup{"svg_goes", "a<svg><path d=x /><text>no</text></svg>b", "ab"},
        Markup{"unclosed_svg_goes_alone", "a<svg><b>b</b>", "a<b>b</b>"},
        Markup{"math_text_stays", "<math><mi>x</mi></math>", "<mi>x</mi>"},
        Markup{"select_goes", "a<select><option>1</select>b", "ab"},
        Markup{"pre_keeps_its_first_line_break", "<pre>\n\na</pre>", "<pre>\n\na</pre>"},
        Markup{"frameset_is_no_trap", "<frameset><p>a", "<p>a</p>"},
        Markup{"cut_in_a_tag", "<p>a</p><a href=\"x", "<p>a</p>"}, Markup{"empty", "", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

class HtmlText : public testing::TestWithParam<Markup> {};
TEST_P(HtmlText, ReadsLikeThePage) { EXPECT_EQ(text_of(GetParam().in), GetParam().out); }
INSTANTIATE_TEST_SUITE_P(Rendering, HtmlText,
                         testing::Values(Markup{"paragraphs", "<p>a</p> <p>b\n c</p>d", "a\n\nb c\n\nd"},
                                         Markup{"inline_runs_are_one_word", "<b>a</b>b <i> c</i>", "ab c"},
                                         Markup{"line_breaks", "a<br>b<br><br>c<br><br><br>d", "a\nb\n\nc\n\nd"},
                                         Markup{"lists", "<p>x</p><ul><li>a</li><li><p>b</p></li></ul>y",
                                                "x\n\na\n\nb\n\ny"},
                                         Markup{"plain_lists", "<ul><li>a<li>b</ul>", "a\nb"},
                                         Markup{"tables", "<table><tr><td>a<td>b<tr><td>c</table>", "a\tb\nc"},
                                         Markup{"preformatted", "<p>x</p><pre>a\n  b\n</pre>y", "x\n\na\n  b\n\n\ny"},
                                         Markup{"no_break_space_folds", "a&nbsp;&nbsp; b", "a b"},
                                         Markup{"no_alternative_text", "a<img alt=no>b", "ab"},
                                         Markup{"video_fallback_is_no_text", "a<video>no</video>b", "ab"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(HtmlTree, CanBeChanged) {
  auto tree = Tree::parse_fragment("<p>a<b>b<i>c</i></b>d</p>");
  tree.unwrap(tree.first(Tag::b));
  EXPECT_EQ(inner_html(tree, tree.root()), "<p>ab<i>c</i>d</p>");
  tree.move_before(tree.new_text("x"), tree.first(Tag::i));
  tree.set_attribute(tree.first(Tag::p), "class", "one Two");
  tree.set_attribute(tree.first(Tag::p), "id", "k");
  tree.set_attribute(tree.first(Tag::p), "id", "l");
  EXPECT_TRUE(tree.has_class(tree.first(Tag::p), "two"));
  EXPECT_FALSE(tree.has_class(tree.first(Tag::p), "tw"));
  tree.remove_attribute(tree.first(Tag::p), "class");
  EXPECT_EQ(inner_html(tree, tree.root()), "<p id=\"l\">abx<i>c</i>d</p>");
  const auto copy = tree;
  tree.remove(tree.first(Tag::p));
  EXPECT_EQ(inner_html(tree, tree.root()), "");
  EXPECT_EQ(inner_html(copy, copy.root()), "<p id=\"l\">abx<i>c</i>d</p>");
}

TEST(HtmlTree, DocumentHasAnHtmlElement) {
  const auto page = Tree::parse_document("<!DOCTYPE html><title>T</title><body class=x><p>a");
  EXPECT_EQ(to_html(page, page.root()), "<html><head><title>T</title></head><body class=\"x\"><p>a</p></body></html>");
  EXPECT_EQ(to_text(page, page.root()), "a");
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

// Inputs that cost a browser's algorithm the square of their length: each must stay cheap.
class HtmlHostile : public testing::TestWithParam<Markup> {};
TEST_P(HtmlHostile, CostsNoMoreThanItsLength) {
  const auto started = std::clock();  // processor time: others on the machine do not count
  const auto tree =
      Tree::parse_fragment(std::string(GetParam().in) + repeated(GetParam().out, 500000 / GetParam().out.size()));
  const auto text = to_text(tree, tree.root());
  const auto html = inner_html(tree, tree.root());
  EXPECT_LT(std::clock() - started, 10 * CLOCKS_PER_SEC);  // sanitized: 0.3 s
  EXPECT_LE(tree.size(), 400000U);
}
INSTANTIATE_TEST_SUITE_P(
    Repeated, HtmlHostile,
    testing::Values(Markup{"deep_blocks", "", "<div>"}, Markup{"deep_inlines", "", "<b>"},
                    Markup{"deep_mixed", "", "<b><div>"},
                    Markup{"formatting_in_paragraphs",
                           "<b a=1><b a=2><b a=3><i a=1><i a=2><i a=3><u a=1><u a=2><u a=3><s a=1>", "<p>x"},
                    Markup{"attributes", "<a", " a b"},
                    Markup{"numbered_attributes", "<a", " q w e r t y u i o p a s d f g h j k l z x c v b n m"},
                    Markup{"end_tags", "<div><div><div><div><div><div>", "</b>"},
                    Markup{"misnested", "", "<a><div></a></div>"}, Markup{"tables", "", "<table><td>"},
                    Markup{"foster_parents", "<table>", "x<b>y</b>"}, Markup{"open_comments", "", "<!--"},
                    Markup{"open_svg", "", "<svg><g>"},
                    Markup{"svg_inputs", "<svg><foreignObject><div></svg></div>", "<input>"},
                    Markup{"select_lists", "", "<select><b>"}, Markup{"open_scripts", "", "<script x"},
                    Markup{"raw_text", "", "<xmp>"}, Markup{"entities", "", "&am&#x"},
                    Markup{"unknown_names", "", "<x><y><z>"}, Markup{"quotes", "", "<a b=\"'"}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::clean
