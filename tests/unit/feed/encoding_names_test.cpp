#include "feed/detail/encoding_names.h"

#include <gtest/gtest.h>

namespace newswire::feed::detail {
namespace {

struct Case {
  const char* name;
  std::string_view label;
  std::string_view expected;
};
class CanonicalEncoding : public testing::TestWithParam<Case> {};
TEST_P(CanonicalEncoding, IsWhatIconvKnows) { EXPECT_EQ(canonical_encoding(GetParam().label), GetParam().expected); }
INSTANTIATE_TEST_SUITE_P(
    Labels, CanonicalEncoding,
    testing::Values(Case{"plain", "utf-8", "utf-8"}, Case{"case_and_space", " UTF-8 ", "utf-8"},
                    Case{"no_dash", "utf8", "utf-8"}, Case{"underscore", "windows_1251", "cp1251"},
                    Case{"windows", "Windows-1250", "cp1250"}, Case{"win", "win1251", "cp1251"},
                    Case{"x_cp", "x-cp1252", "cp1252"}, Case{"number", "437", "cp437"},
                    Case{"iso_no_dash", "ISO8859-5", "iso-8859-5"}, Case{"iso_underscores", "iso_8859_7", "iso-8859-7"},
                    Case{"iso_with_year", "ISO_8859-6:1987", "iso-8859-6"},
                    Case{"iso_with_dashed_year", "iso-8859-8-1988", "iso-8859-8"},
                    Case{"turkish", "iso8859-9", "cp1254"}, Case{"wider_chinese", "gb2312", "gb18030"},
                    Case{"wider_korean", "KS_C_5601-1987", "cp949"}, Case{"japanese", "shift_jis", "cp932"},
                    Case{"hz", "HZ_GB_2312", "hz-gb-2312"}, Case{"hz_short", "hz", "hz-gb-2312"},
                    Case{"thai", "TIS_620-2529-1", "cp874"}, Case{"greek_macintosh", "MacGreek", "mac-greek"},
                    Case{"stateful", "iso2022jp_2", "iso-2022-jp-2"}, Case{"macintosh", "mac-roman", "macintosh"},
                    Case{"icelandic", "cp_is", "cp861"}, Case{"ebcdic", "EBCDIC_CP_HE", "ibm424"},
                    Case{"unknown", "X_Foo", "x-foo"}, Case{"not_iso", "8859-5-draft", "8859-5-draft"},
                    Case{"empty", "", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::feed::detail
