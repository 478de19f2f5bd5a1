#include "feed/detail/decode.h"

#include <gtest/gtest.h>
#include <iconv.h>

#include "base/text.h"

namespace newswire::feed::detail {
namespace {

struct Decoded {
  std::string text;
  std::string encoding;
  std::vector<std::string> repairs;
};

Decoded decoded(std::string_view bytes, std::string_view content_type = {}) {
  Decoded out;
  std::string buffer;
  std::string_view text;
  decode(bytes, content_type, buffer, text, out.encoding, out.repairs);
  out.text = text;
  return out;
}

std::string to(const char* encoding, std::string text) {
  iconv_t converter = iconv_open(encoding, "UTF-8");
  std::string out(text.size() * 4 + 16, '\0');
  char* from = text.data();
  char* into = out.data();
  std::size_t left = text.size();
  std::size_t room = out.size();
  EXPECT_NE(iconv(converter, &from, &left, &into, &room), static_cast<std::size_t>(-1)) << encoding;
  iconv_close(converter);
  out.resize(out.size() - room);
  return out;
}

std::string document(std::string_view encoding, std::string_view text) {
  return "<?xml version=\"1.0\" encoding=\"" + std::string(encoding) + "\"?><rss><channel><title>" + std::string(text) +
         "</title></channel></rss>";
}

constexpr std::string_view kWestern = "Größe, élan, señor, façade – und noch mehr Wörter für die Länge";
constexpr std::string_view kRussian = "Правительство обсудило новый закон о связи и печати";
constexpr std::string_view kJapanese = "日本語のニュースを毎日お届けします";

struct Case {
  const char* name;
  std::string bytes;
  std::string content_type;
  std::string_view text;
  std::string_view encoding;
};
class Decode : public testing::TestWithParam<Case> {};
TEST_P(Decode, FindsTheTextAndItsEncoding) {
  const auto out = decoded(GetParam().bytes, GetParam().content_type);
  EXPECT_NE(out.text.find(GetParam().text), std::string::npos) << out.text;
  EXPECT_EQ(out.encoding, GetParam().encoding);
  EXPECT_TRUE(is_utf8(out.text));
}
INSTANTIATE_TEST_SUITE_P(
    Documents, Decode,
    testing::Values(
        Case{"undeclared_utf8", std::string(kRussian), "", kRussian, "utf-8"},
        Case{"undeclared_utf8_cut_in_a_letter", "<title>Gr\u00F6\u00DFe</title><p>\xC3", "", "Gr\u00F6\u00DFe",
             "utf-8"},
        Case{"declared_utf8", document("utf-8", kRussian), "", kRussian, "utf-8"},
        Case{"mark", "\xEF\xBB\xBF" + document("iso-8859-1", kWestern), "", kWestern, "utf-8"},
        Case{"two_marks", "\xEF\xBB\xBF\xEF\xBB\xBF" + document("utf-8", kWestern), "", kWestern, "utf-8"},
        Case{"utf16_mark", to("UTF-16", document("utf-16", kRussian)), "", kRussian, "utf-16le"},
        Case{"utf16le_bare", to("UTF-16LE", document("utf-16", kRussian)), "", kRussian, "utf-16le"},
        Case{"utf16be_bare", to("UTF-16BE", document("utf-16", kRussian)), "", kRussian, "utf-16be"},
        Case{"utf32_bare", to("UTF-32LE", document("utf-32", kRussian)), "", kRussian, "utf-32le"},
        Case{"utf16_that_is_utf8", document("utf-16", kRussian), "", kRussian, "utf-8"},
        Case{"latin1", to("ISO-8859-1", document("iso-8859-1", "façade")), "", "façade", "iso-8859-1"},
        Case{"latin1_with_1252", to("CP1252", document("iso-8859-1", kWestern)), "", kWestern, "windows-1252"},
        Case{"latin1_that_is_utf8", document("iso-8859-1", kWestern), "", kWestern, "utf-8"},
        Case{"cp1251", to("CP1251", document("windows-1251", kRussian)), "", kRussian, "windows-1251"},
        Case{"cp1251_underscore", to("CP1251", document("windows_1251", kRussian)), "", kRussian, "windows_1251"},
        Case{"mac_central_europe", to("MAC-CENTRALEUROPE", document("maclatin2", "Größe")), "", "Größe", "maclatin2"},
        Case{"ebcdic_of_its_declaration", to("IBM424", document("ebcdic-cp-he", "אבגד")), "", "אבגד", "ebcdic-cp-he"},
        Case{"ebcdic_undeclared", to("IBM037", "<?xml version=\"1.0\"?><rss/>"), "", "<rss/>", "ibm037"},
        Case{"koi8", to("KOI8-R", document("koi8-r", kRussian)), "", kRussian, "koi8-r"},
        Case{"sjis", to("CP932", document("Shift_JIS", kJapanese)), "", kJapanese, "shift_jis"},
        Case{"euc_jp", to("EUC-JP", document("euc-jp", kJapanese)), "", kJapanese, "euc-jp"},
        Case{"hz", document("HZ-GB-2312", "~~ ~{VPND~} a~\nb"), "", "~ \u4E2D\u6587 ab", "hz-gb-2312"},
        Case{"hz_broken", document("hz", "~{VP\nND"), "", "\u4E2D\nND", "hz"},
        Case{"mac_greek", document("x-mac-greek", "\xE1\xE2\xE7"), "", "\u03B1\u03B2\u03B3", "x-mac-greek"},
        Case{"mac_turkish", document("MacTurkish", "\xDB\xDD\xDF"), "", "\u011F\u0131\u015F", "macturkish"},
        Case{"turkish_ebcdic", to("IBM1026", document("cp1026", "\u00e7 \u015f")), "", "\u00e7 \u015f", "ibm1026"},
        Case{"declared_without_quotes",
             "<?xml version=1.0 encoding=windows-1251 ?><rss><channel><title>\xE6\xE7</title></channel></rss>", "",
             "\u0436\u0437", "windows-1251"},
        Case{"declared_behind_comments",
             "<!-- made by hand -->\n<!-- twice -->\n" + to("CP1251", document("windows-1251", kRussian)), "", kRussian,
             "windows-1251"},
        Case{"declared_in_a_comment", "<!-- <?xml version='1.0' encoding='windows-1251'?> --><title>\xE6</title>", "",
             "\u00E6", "windows-1252"},
        Case{"declared_in_capitals",
             "<?XML VERSION='1.0' ENCODING='windows-1251'?><rss><channel><title>\xE6\xE7</title></channel></rss>", "",
             "\u0436\u0437", "windows-1251"},
        Case{"iso_2022_jp", to("ISO-2022-JP", document("iso-2022-jp", kJapanese)), "", kJapanese, "iso-2022-jp"},
        Case{"iso_2022_jp_undeclared", to("ISO-2022-JP", "<title>" + std::string(kJapanese) + "</title>"), "",
             kJapanese, "iso-2022-jp"},
        Case{"iso_2022_kr_undeclared", to("ISO-2022-KR", "<title>\uD55C\uAD6D\uC5B4</title>"), "",
             "<title>\uD55C\uAD6D\uC5B4</title>", "iso-2022-kr"},
        Case{"cp866_undeclared", to("CP866", std::string(kRussian) + " " + std::string(kRussian)), "", kRussian,
             "ibm866"},
        Case{"mac_cyrillic_undeclared", to("MAC-CYRILLIC", std::string(kRussian) + " " + std::string(kRussian)), "",
             kRussian, "mac-cyrillic"},
        Case{"escape_of_a_terminal", "<title>\x1B[1mbold</title>", "", "<title>[1mbold</title>", "utf-8"},
        Case{"gb2312", to("GBK", document("gb2312", "中文新闻每日更新")), "", "中文新闻每日更新", "gb2312"},
        Case{"gbk_that_could_be_utf8", to("GBK", document("gb2312", "联通")), "", "联通", "gb2312"},
        Case{"big5", to("BIG5", document("big5", "中文新聞")), "", "中文新聞", "big5"},
        Case{"euc_kr", to("EUC-KR", document("euc-kr", "한국어 뉴스")), "", "한국어 뉴스", "euc-kr"},
        Case{"header", to("CP1251", document("utf-8", kRussian)), "text/xml; charset=windows-1251", kRussian,
             "windows-1251"},
        Case{"header_quoted", to("CP1251", std::string(kRussian)), "text/xml; charset=\"windows-1251\"", kRussian,
             "windows-1251"},
        Case{"header_lies", document("utf-8", kRussian), "application/rss+xml; charset=iso-8859-1", kRussian, "utf-8"},
        Case{"text_xml_is_not_ascii", document("utf-8", kRussian), "text/xml", kRussian, "utf-8"},
        Case{"header_wrong_declaration_right", to("CP1251", document("windows-1251", kRussian)),
             "text/xml; charset=utf-8", kRussian, "windows-1251"},
        Case{"unknown_label", to("CP1252", document("no-such-thing", kWestern)), "", kWestern, "windows-1252"},
        Case{"declared_utf8_is_1252", to("CP1252", document("utf-8", "façade")), "", "façade", "windows-1252"},
        Case{"latin1_is_cyrillic",
             to("CP1251", document("iso-8859-1",
                                   std::string(kRussian) + " " + std::string(kRussian) + " " + std::string(kRussian))),
             "", kRussian, "windows-1251"},
        Case{"ascii_keeps_its_label", document("iso-8859-15", "plain"), "", "plain", "iso-8859-15"},
        Case{"ebcdic", to("IBM037", document("cp037", "plain")), "", "plain", "cp037"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(DecodeDamage, ReplacesStrayBytesInUtf8) {
  const auto out = decoded(document("utf-8", std::string(kRussian) + "\xFF!"));
  EXPECT_NE(out.text.find("\xEF\xBF\xBD!"), std::string::npos);
  EXPECT_EQ(out.encoding, "utf-8");
  ASSERT_EQ(out.repairs.size(), 1U);
  EXPECT_EQ(out.repairs.front(), "1 byte malformed in utf-8");
}

TEST(DecodeDamage, DropsControlsAndNul) {
  const auto out =
      decoded(std::string("a\0b\x01"
                          "c\td\n",
                          8));
  EXPECT_EQ(out.text, "abc\td\n");
  EXPECT_EQ(out.repairs.size(), 1U);
}

TEST(DecodeDamage, ReadsControlsOfTheC1RangeAsWindows1252) { EXPECT_EQ(decoded("It\xC2\x92s").text, "It\u2019s"); }

TEST(DecodeDamage, NotesWhatMayHaveBeenEncodedTwice) {
  EXPECT_EQ(decoded("Br\xC3\x83\xC2\xB8ndby").repairs, std::vector<std::string>{"text encoded in utf-8 twice"});
  EXPECT_TRUE(decoded("Caf\xC3\xA9").repairs.empty());
  EXPECT_TRUE(decoded("\xC3\xAA\xC2\xB6l").repairs.empty());  // 0xEA 0xB6 begins three bytes, but "l" is none
}

TEST(CharsetOf, ReadsTheParameter) {
  EXPECT_EQ(charset_of("text/xml; charset=UTF-8"), "utf-8");
  EXPECT_EQ(charset_of("text/xml;charset = 'utf-8' ; x=y"), "utf-8");
  EXPECT_EQ(charset_of("text/xml; charset:iso-8859-1"), "iso-8859-1");
  EXPECT_EQ(charset_of("text/xml"), "");
  EXPECT_EQ(charset_of("text/xml; charset"), "");
}

}  // namespace
}  // namespace newswire::feed::detail
