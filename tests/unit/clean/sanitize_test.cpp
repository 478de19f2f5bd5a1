#include "clean/sanitize.h"

#include <gtest/gtest.h>

#include <string>

#include "base/text.h"

namespace newswire::clean {
namespace {

constexpr std::string_view kBase = "https://example.org/a/b.html";

struct Case {
  const char* name;
  std::string_view in;
  std::string_view out;
};
class Sanitize : public testing::TestWithParam<Case> {};
TEST_P(Sanitize, GivesSafePortableMarkup) { EXPECT_EQ(sanitize_html(GetParam().in, kBase), GetParam().out); }
TEST_P(Sanitize, ChangesNothingTheSecondTime) {
  const auto once = sanitize_html(GetParam().in, kBase);
  EXPECT_EQ(sanitize_html(once, kBase), once);
}

INSTANTIATE_TEST_SUITE_P(
    Elements, Sanitize,
    testing::Values(
        Case{"text_markup_stays", "<p>a <b>b</b> <em>c</em> <code>d</code></p>",
             "<p>a <b>b</b> <em>c</em> <code>d</code></p>"},
        Case{"spans_and_fonts_are_unwrapped", "<p><span style=x>a</span><font color=red>b</font></p>", "<p>ab</p>"},
        Case{"unknown_elements_are_unwrapped", "<x-card>a <b>b</b></x-card>", "a <b>b</b>"},
        Case{"forms_keep_their_text_only", "<form action=/x><label>a</label><input name=q><button>Go</button></form>",
             "a"},
        Case{"scripts_go", "a<script>alert(1)</script><noscript>no script</noscript>b", "ab"},
        Case{"tables_stay", "<table><tr><td colspan=2 onclick=x>a</table>",
             "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody></table>"},
        Case{"attributes_by_list", "<p id=x class=y lang=de onclick=z title=t>a</p>",
             "<p lang=\"de\" title=\"t\">a</p>"},
        Case{"objects_give_their_fallback", "<object data=x.swf><embed src=y><p>a</p></object>", "<p>a</p>"},
        Case{"controls_that_references_make_go", "<p title='a&#8;b'>c&#1;d&#x7f;e&#13;f</p>",
             "<p title=\"ab\">cde f</p>"},
        Case{"details_stay", "<details open><summary>s</summary>a</details>",
             "<details open=\"\"><summary>s</summary>a</details>"}),
    [](const auto& tested) { return std::string(tested.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Addresses, Sanitize,
    testing::Values(
        Case{"links_become_absolute", "<a href=../c?x=1&amp;y=2>a</a>",
             "<a href=\"https://example.org/c?x=1&amp;y=2\">a</a>"},
        Case{"fragments_too", "<a href=#n>a</a>", "<a href=\"https://example.org/a/b.html#n\">a</a>"},
        Case{"mail_is_a_link", "<a href=mailto:a@b.c>a</a>", "<a href=\"mailto:a@b.c\">a</a>"},
        Case{"a_link_without_address_is_text", "<a name=x>a</a>", "a"},
        Case{"images_become_absolute", "<img src=i.png alt=x>", "<img src=\"https://example.org/a/i.png\" alt=\"x\">"},
        Case{"lazy_images_get_their_source", "<img src='data:image/gif;base64,R0lG' data-src=/i.png>",
             "<img src=\"https://example.org/i.png\">"},
        Case{"noscript_copies_of_lazy_images_go", "<img data-src=/i.png><noscript><img src=/i.png></noscript>",
             "<img src=\"https://example.org/i.png\">"},
        Case{"noscript_images_stay_if_alone", "<p>a</p><noscript><img src=/i.png></noscript>",
             "<p>a</p><img src=\"https://example.org/i.png\">"},
        Case{"source_sets", "<img src=a.png srcset='b.png 2x, javascript:x 3x, c.png 100w'>",
             "<img src=\"https://example.org/a/a.png\" srcset=\"https://example.org/a/b.png 2x, "
             "https://example.org/a/c.png 100w\">"},
        Case{"images_without_source_go", "a<img alt=x>b", "ab"},
        Case{"video_gets_controls", "<video src=v.mp4 autoplay>no</video>",
             "<video src=\"https://example.org/a/v.mp4\" controls=\"\"></video>"},
        Case{"players_stay", "<iframe src='//www.youtube.com/embed/x' onload=y></iframe>",
             "<iframe src=\"https://www.youtube.com/embed/x\"></iframe>"},
        Case{"other_frames_go", "a<iframe src=https://ads.example/x></iframe>b", "ab"},
        Case{"frames_that_only_look_known_go", "<iframe src=https://youtube.com.evil.example/embed/x></iframe>", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

INSTANTIATE_TEST_SUITE_P(Nesting, Sanitize,
                         testing::Values(Case{"blocks_in_paragraphs", "<p><object><div>a</div></object></p>",
                                              "<div><div>a</div></div>"},
                                         Case{"links_in_links", "<a href=/x>a<object><a href=/y>b</a></object></a>",
                                              "<a href=\"https://example.org/x\">ab</a>"},
                                         Case{"headings_in_headings", "<h1><span><h2>a</h2></span></h1>", "<h1>a</h1>"},
                                         Case{"items_in_items", "<ul><li><form><li>a</li></form></li></ul>",
                                              "<ul><li><div>a</div></li></ul>"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

// Known ways to run a script through a sanitizer (OWASP filter evasion, html5sec.org, mXSS papers). Nothing of them may
// come out active: no element, attribute or scheme that executes.
class ActiveContent : public testing::TestWithParam<const char*> {};
TEST_P(ActiveContent, DoesNotSurvive) {
  const auto once = sanitize_html(GetParam(), kBase);
  const auto low = lower(once);
  const auto tree = Tree::parse_fragment(once);
  for (auto id = tree.root(); id != kNoNode; id = tree.next_in(id, tree.root())) {
    if (!tree.is_element(id)) continue;
    for (const auto* name : {"script", "style",    "object",   "embed",    "svg",   "math",      "form",
                             "base",   "meta",     "link",     "iframe",   "input", "button",    "textarea",
                             "select", "template", "noscript", "frameset", "xmp",   "plaintext", "marquee"}) {
      EXPECT_NE(tree.name(id), name) << once;
    }
    for (auto a = tree.attributes_begin(id); a != tree.attributes_end(id); ++a) {
      EXPECT_FALSE(a->name.starts_with("on")) << once;
      EXPECT_NE(a->name, "style") << once;
      const bool address =
          a->name == "href" || a->name == "src" || a->name == "srcset" || a->name == "poster" || a->name == "cite";
      if (!address) continue;
      const bool web = a->value.starts_with("https://") || a->value.starts_with("http://") ||
                       a->value.starts_with("mailto:") || a->value.starts_with("data:image/png") ||
                       a->value.starts_with("data:image/gif");
      EXPECT_TRUE(web) << once;
    }
  }
  EXPECT_EQ(sanitize_html(once, kBase), once);
}
INSTANTIATE_TEST_SUITE_P(
    MoreVectors, ActiveContent,
    testing::Values(
        R"x(<a href="javascript://%0aalert(1)">x</a>)x", R"x(<a href="jAvAsCrIpT&Tab;:alert(1)">x</a>)x",
        R"x(<a href="java&NewLine;script:alert(1)">x</a>)x",
        R"x(<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61lert(1)">x</a>)x",
        R"x(<a href="&#0000106avascript:alert(1)">x</a>)x",
        R"x(<a href="data:text/html&comma;<script>alert(1)</script>">x</a>)x",
        R"x(<a href="DATA:application/xhtml+xml,x">x</a>)x", R"x(<img src="livescript:x">)x",
        R"x(<img src='vbscript:msgbox("x")'>)x", R"x(<img dynsrc="javascript:alert(1)">)x",
        R"x(<img lowsrc="javascript:alert(1)">)x", R"x(<img src=x:gif onerror=alert(1)>)x",
        R"x(<img src onerror=/"'/onerror=alert(1)>)x", R"x(<img srcset=",javascript:alert(1)">)x",
        R"x(<img src=x onerror	=alert(1)>)x",
        R"x(<img
onerror
=
alert(1) src=x>)x",
        R"x(<<script>alert(1);//\<</script>)x", R"x(<script a=">" src=//evil.example></script>)x",
        R"x(</title><script>alert(1)</script>)x", R"x(<script/xss src=//evil.example></script>)x",
        R"x(<script src=//evil.example <b>)x", R"x(<br size="&{alert('x')}">)x", R"x(<xml src=x id=i></xml>)x",
        R"x(<html xmlns:xss><?import namespace="xss" implementation="//evil.example"><xss:xss>x</xss:xss></html>)x",
        R"x(<!--#exec cmd="x"-->)x", R"x(+ADw-script+AD4-alert(1)+ADw-/script+AD4-)x",
        R"x(<head><meta http-equiv=content-type content="text/html; charset=utf-7"></head>)x",
        R"x(<meta http-equiv=set-cookie content=x>)x",
        R"x(<object type="text/x-scriptlet" data=//evil.example></object>)x",
        R"x(<embed src="data:image/svg+xml;base64,PHN2Zz4=">)x", R"x(<iframe src=//evil.example <)x",
        R"x(<input type=image src=javascript:alert(1)>)x",
        R"x(<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"></use></svg>)x",
        R"x(<svg><set attributename=onload to=alert(1)>)x",
        R"x(<svg><a><animate attributename=href values=javascript:alert(1)></animate></a></svg>)x",
        R"x(<math><maction actiontype="statusline#http://evil.example" xlink:href="javascript:alert(1)">x</maction></math>)x",
        R"x(<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">)x",
        R"x(<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">)x",
        R"x(<svg><title><![CDATA[</title><img src=x onerror=alert(1)>]]></title></svg>)x",
        R"x(<noscript><style></noscript><img src=x onerror=alert(1)></style>)x",
        R"x(<select><template><style><!--</style><a rel="--></style></template></select><img src onerror=alert(1)>">x</a>)x",
        R"x(<p><svg><desc><b><style></desc><img src=x onerror=alert(1)></style>)x",
        R"x(<table><caption><svg><title><table><caption></caption></table></title><style><a id="</style><img src=1 onerror=alert(1)>"></a></style></svg></caption></table>)x",
        R"x(<svg></br><style><img src="</style><img src=x onerror=alert(1)>"></style>)x",
        R"x(<math><mi><b><style><img src="</style><img src=x onerror=alert(1)>">)x",
        R"x(<title>&lt;/title&gt;&lt;img src=x onerror=alert(1)&gt;</title>)x",
        R"x(<p>&lt;img src=x onerror=alert(1)&gt;</p>)x", R"x(&amp;lt;script&amp;gt;alert(1))x",
        R"x(<video><track src=javascript:alert(1) default></video>)x",
        R"x(<video src=/x><a href=javascript:alert(1)>x</a></video>)x",
        R"x(<audio><source src=data:text/html,x></audio>)x",
        R"x(<a href=/x formaction=javascript:alert(1) xlink:href=javascript:alert(1)>x</a>)x",
        R"x(<a href="https:javascript:alert(1)">x</a>)x", R"x(<a href="//javascript:alert(1)">x</a>)x",
        R"x(<a href="http://x/ onmouseover=alert(1)">x</a>)x", R"x(<a href='http://x/"onmouseover="alert(1)'>x</a>)x",
        R"x(<p title=x/onmouseover=alert(1)>x</p>)x", R"x(<p lang='"><img src=x onerror=alert(1)>'>x</p>)x",
        R"x(<td colspan='"><script>x</script>'>x</td>)x", R"x(<ol start='"onclick=x'><li value="javascript:x">x</ol>)x",
        R"x(<style><!--</style><script>alert(1)//--></script>)x",
        R"x(<comment><img src="</comment><img src=x onerror=alert(1)>"></comment>)x",
        R"x(<listing>&lt;img src=x onerror=alert(1)&gt;</listing>)x",
        R"x(<nobr><img src=x onerror=alert(1)></nobr>)x"));
INSTANTIATE_TEST_SUITE_P(
    KnownVectors, ActiveContent,
    testing::Values(
        "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>", "<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)//",
        "<img/src=\"x\"/onerror=\"alert(1)\">", "<IMG SRC=javascript:alert(1)>", "<IMG SRC=JaVaScRiPt:alert(1)>",
        "<img src=\"jav\tascript:alert(1)\">", "<img src=\"jav&#x09;ascript:alert(1);\">",
        "<img src=\"jav&#x0A;ascript:alert(1);\">", "<img src=\" &#14; javascript:alert(1);\">",
        "<img src=`javascript:alert(1)`>",
        "<img src=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
        "<img \"\"\"><script>alert(1)</script>\">", "<a href=javascript:alert(1)>x</a>",
        "<a href=\"javascript&colon;alert(1)\">x</a>", "<a href=\"\x01javascript:alert(1)\">x</a>",
        "<a href=\" javascript:alert(1)\">x</a>", "<a href=\"vbscript:msgbox(1)\">x</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>", "<a href=\"feed:javascript:alert(1)\">x</a>",
        "<a href=\"view-source:javascript:1\">x</a>", "<a href=\"jar:http://x!/y\">x</a>",
        "<a href='java\nscript:alert(1)'>x</a>", "<a onmouseover=alert(1) href=/x>x</a>",
        "<a href=\"//evil.example\\@example.org/javascript:alert(1)\">x</a>", "<body onload=alert(1)>",
        "<body background=\"javascript:alert(1)\">", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
        "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
        "<svg><animate onbegin=alert(1) attributeName=x>", "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<math href=\"javascript:alert(1)\">x</math>",
        "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script></annotation-xml></math>",
        "<style>@import 'javascript:alert(1)';</style>", "<p style=\"background:url(javascript:alert(1))\">x</p>",
        "<p style=\"width:expression(alert(1))\">x</p>", "<link rel=stylesheet href=javascript:alert(1)>",
        "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">", "<base href=\"javascript:/a/\">",
        "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<object data=\"javascript:alert(1)\"></object>", "<object data=\"data:text/html,<script>alert(1)</script>\">",
        "<embed src=javascript:alert(1)>", "<applet code=x>", "<frameset><frame src=javascript:alert(1)></frameset>",
        "<form action=javascript:alert(1)><input type=submit></form>",
        "<button formaction=javascript:alert(1)>x</button>", "<isindex action=javascript:alert(1)>",
        "<input autofocus onfocus=alert(1)>", "<select autofocus onfocus=alert(1)>",
        "<textarea autofocus onfocus=alert(1)>", "<keygen autofocus onfocus=alert(1)>",
        "<video src=x onerror=alert(1)>", "<video><source onerror=alert(1)></video>", "<audio src=javascript:alert(1)>",
        "<video poster=javascript:alert(1) src=/x>", "<details open ontoggle=alert(1)>x</details>",
        "<marquee onstart=alert(1)>x</marquee>", "<table background=javascript:alert(1)><tr><td>x</table>",
        "<img srcset=\"javascript:alert(1) 1x\">", "<img src=/x srcset=\"/y 1x, data:text/html,x 2x\">",
        "<picture><source srcset=javascript:alert(1)><img src=/x></picture>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
        "<title><p title=\"</title><img src=x onerror=alert(1)>\"></title>",
        "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
        "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
        "<noembed><p title=\"</noembed><img src=x onerror=alert(1)>\"></noembed>",
        "<plaintext><img src=x onerror=alert(1)>", "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
        "<!-- --!><img src=x onerror=alert(1)> -->", "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<img src=x onerror=alert(1)>]]>", "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
        "<template><img src=x onerror=alert(1)></template>",
        "<div><template shadowrootmode=open><script>alert(1)</script></template></div>",
        "<a href=x style=x:x onclick=x title='\"><img src=x onerror=alert(1)>'>x</a>",
        "<p title='\"><script>alert(1)</script>'>x</p>", "<img alt='`><script>alert(1)</script>' src=/x>",
        "<blockquote cite=javascript:alert(1)>x</blockquote>", "<q cite=\"javascript:alert(1)\">x</q>",
        "<ins cite=javascript:1>x</ins>", "<td background=x>", "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
        "<a href=\"blob:https://x/y\">x</a>", "<a href=\"file:///etc/passwd\">x</a>", "<a href=\"about:blank\">x</a>",
        "<a href=\"filesystem:http://x\">x</a>", "<a ping=https://evil.example href=/x>x</a>",
        "<a target=_blank href=javascript:alert(1)>x</a>", "<map><area href=javascript:alert(1)></map>",
        "<menu><menuitem onclick=alert(1)>x</menu>", "<ruby><rt><img src=x onerror=alert(1)></rt></ruby>",
        "<bgsound src=javascript:alert(1)>", "<layer src=javascript:alert(1)>", "<xss onclick=alert(1) style=x>x</xss>",
        "<dialog open onclose=alert(1)>x</dialog>", "<slot onslotchange=alert(1)>x</slot>",
        "<portal src=javascript:alert(1)>", "<custom-element onclick=alert(1)>x</custom-element>",
        "<svg><foreignObject><iframe srcdoc=x></iframe></foreignObject></svg>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">"));

TEST(SafeMarkup, StaysCheapForDeepAndWideInput) {
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "<div><b><a href=/x><span>";
  const auto once = sanitize_html(deep + "x", kBase);
  EXPECT_EQ(sanitize_html(once, kBase), once);
  std::string rows = "<table>";
  for (int i = 0; i < 5000; ++i) rows += "<tr><td><ul><li><p>x";
  const auto table = sanitize_html(rows, kBase);
  EXPECT_EQ(sanitize_html(table, kBase), table);
}

}  // namespace
}  // namespace newswire::clean
