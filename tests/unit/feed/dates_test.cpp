#include "feed/dates.h"

#include <gtest/gtest.h>

namespace newswire::feed {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  std::string_view expected;  ///< RFC 3339, or empty where the text is no date
};

class ParseDate : public testing::TestWithParam<Case> {};

TEST_P(ParseDate, GivesThePointInTime) {
  const auto found = parse_date(GetParam().text);
  ASSERT_EQ(found.has_value(), !GetParam().expected.empty()) << (found ? to_rfc3339(*found) : "nothing");
  if (found) {
    EXPECT_EQ(to_rfc3339(*found), GetParam().expected);
  }
}

const auto kName = [](const auto& tested) { return std::string(tested.param.name); };

INSTANTIATE_TEST_SUITE_P(
    Rfc822, ParseDate,
    testing::Values(
        Case{"letter_zulu", "Fri, 13 Dec 2013 18:30:00 Z", "2013-12-13T18:30:00Z"},
        Case{"offset_and_name", "Thu, 01 Jan 2004 19:48:21 +0100 CET", "2004-01-01T19:48:21+01:00"},
        Case{"zone_in_words", "Thu, 01 Jan 2004 19:48:21 Eastern", "2004-01-01T19:48:21-05:00"},
        Case{"zone_of_a_country", "Thu, 01 Jul 2004 19:48:21 US/Pacific", "2004-07-01T19:48:21-07:00"},
        Case{"zone_of_a_city", "Thu, 01 Jan 2004 19:48:21 America/New_York", "2004-01-01T19:48:21-05:00"},
        Case{"zone_of_a_city_in_summer", "Thu, 01 Jul 2004 19:48:21 Europe/Berlin", "2004-07-01T19:48:21+02:00"},
        Case{"zone_of_an_unknown_city", "Thu, 01 Jan 2004 19:48:21 America/Nowhere", "2004-01-01T19:48:21Z"},
        Case{"zone_of_a_city_before_the_year", "Thu Jan  1 19:48:21 Asia/Tokyo 2004", "2004-01-01T19:48:21+09:00"},
        Case{"zone_in_brackets", "2004-01-01T19:48:21[America/Argentina/Buenos_Aires]", "2004-01-01T19:48:21-03:00"},
        Case{"zone_in_brackets_after_an_offset", "2004-01-01T19:48:21+01:00[Europe/Berlin]",
             "2004-01-01T19:48:21+01:00"},
        Case{"europe_springs", "Sun, 28 Mar 2004 00:59:59 Europe/London", "2004-03-28T00:59:59Z"},
        Case{"europe_has_sprung", "Sun, 28 Mar 2004 02:00:00 Europe/London", "2004-03-28T02:00:00+01:00"},
        Case{"america_has_fallen", "Sun, 07 Nov 2010 02:00:00 America/Chicago", "2010-11-07T02:00:00-06:00"},
        Case{"america_before_2007", "Mon, 15 Mar 2004 12:00:00 America/Chicago", "2004-03-15T12:00:00-06:00"},
        Case{"america_since_2007", "Mon, 15 Mar 2010 12:00:00 America/Chicago", "2010-03-15T12:00:00-05:00"},
        Case{"southern_summer", "Thu, 01 Jan 2009 12:00:00 Australia/Sydney", "2009-01-01T12:00:00+11:00"},
        Case{"southern_winter", "Wed, 01 Jul 2009 12:00:00 Pacific/Auckland", "2009-07-01T12:00:00+12:00"},
        Case{"letter_and_name", "2004-01-01T19:48:21Z GMT", "2004-01-01T19:48:21Z"},
        Case{"year_before_all_years", "Mon, 30 Nov -0001 00:00:00 +0000", {}},
        Case{"chinese_months", "周四, 01 一月 2004 19:48:21 +0800", "2004-01-01T19:48:21+08:00"},
        Case{"chinese_december", "四, 31 十二月 2004 19:48:21 +0800", "2004-12-31T19:48:21+08:00"},
        Case{"chinese_october", "31 十月 2004", "2004-10-31T00:00:00Z"}, Case{"no_chinese_month", "31 十三月 2004", {}},
        Case{"zone_twice", "Thu, 01 Jan 2004 19:48:21 GMT GMT", "2004-01-01T19:48:21Z"},
        Case{"words_behind", "Thu, 01 Jan 2004 19:48:21 by Ann", {}},
        Case{"hungarian_misspelt", "2004-m\u00e1ujus-13T9:15-05:00", "2004-05-13T09:15:00-05:00"},
        Case{"database", "2016-12-17 09:08:07", "2016-12-17T09:08:07Z"},
        Case{"database_impossible", "2016-02-30 09:08:07", {}},
        Case{"gmt", "Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
        Case{"offset", "Thu, 01 Jan 2004 19:48:21 +0100", "2004-01-01T19:48:21+01:00"},
        Case{"west", "Thu, 01 Jan 2004 19:48:21 -0730", "2004-01-01T19:48:21-07:30"},
        Case{"no_weekday", "01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
        Case{"no_comma", "Thu 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
        Case{"one_digit_day", "Fri, 3 Mar 2006 08:00:00 -0800", "2006-03-03T08:00:00-08:00"},
        Case{"two_spaces", "Thu,  5 Apr 2012 10:00:00 GMT", "2012-04-05T10:00:00Z"},
        Case{"no_seconds", "Thu, 01 Jan 2004 19:48 GMT", "2004-01-01T19:48:00Z"},
        Case{"no_zone", "Thu, 01 Jan 2004 19:48:21", "2004-01-01T19:48:21Z"},
        Case{"date_only", "Thu, 01 Jan 2004", "2004-01-01T00:00:00Z"},
        Case{"two_digit_year", "Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z"},
        Case{"last_century", "Sun, 06 Nov 94 08:49:37 GMT", "1994-11-06T08:49:37Z"},
        Case{"y2k_bug", "Thu, 01 Jan 104 19:48:21 GMT", "2004-01-01T19:48:21Z"},
        Case{"rfc850", "Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"},
        Case{"full_names", "Thursday, 1 January 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
        Case{"month_first", "Thu, Jan 01 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
        Case{"ordinal", "July 26th, 2004 7:05 pm", "2004-07-26T19:05:00Z"},
        Case{"est", "Thu, 01 Jan 2004 19:48:21 EST", "2004-01-01T19:48:21-05:00"},
        Case{"pdt", "Thu, 01 Jul 2004 19:48:21 PDT", "2004-07-01T19:48:21-07:00"},
        Case{"cest", "Thu, 01 Jul 2004 19:48:21 CEST", "2004-07-01T19:48:21+02:00"},
        Case{"military", "Thu, 01 Jan 2004 19:48:21 A", "2004-01-01T19:48:21-01:00"},
        Case{"spanish_hours", "4 de junio de 2025 - 11:20h", "2025-06-04T11:20:00Z"},
        Case{"etc_gmt", "Wed, 19 Aug 2009 18:28:00 Etc/GMT", "2009-08-19T18:28:00Z"},
        Case{"milliseconds", "Wed, 19 Aug 2009 18:28:00:250 GMT", "2009-08-19T18:28:00.250Z"},
        Case{"four_part_clock", "Sun, 16 Dec 2012 1:2:3:4 GMT", ""},
        Case{"gmt_offset", "Wed, 19 Aug 2009 18:28:00 GMT-06:00", "2009-08-19T18:28:00-06:00"},
        Case{"short_offset", "Wed, 19 Aug 2009 18:28:00 +2", "2009-08-19T18:28:00+02:00"},
        Case{"colon_offset", "Wed, 19 Aug 2009 18:28:00 +02:30", "2009-08-19T18:28:00+02:30"},
        Case{"comment", "Wed, 19 Aug 2009 18:28:00 +0200 (CEST)", "2009-08-19T18:28:00+02:00"},
        Case{"unknown_zone", "Wed, 19 Aug 2009 18:28:00 XYZ", "2009-08-19T18:28:00Z"},
        Case{"midnight_24", "Thu, 01 Jan 2004 24:00:00 GMT", "2004-01-02T00:00:00Z"},
        Case{"leap_second", "Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"},
        Case{"leap_day", "Sun, 29 Feb 2004 12:00:00 GMT", "2004-02-29T12:00:00Z"},
        Case{"wrong_weekday", "Mon, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
        Case{"unknown_weekday", "Xyz, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
        Case{"tabs", "Thu,\t01 Jan 2004\t19:48:21 GMT ", "2004-01-01T19:48:21Z"},
        Case{"lower_case", "thu, 01 jan 2004 19:48:21 gmt", "2004-01-01T19:48:21Z"},
        Case{"fraction", "Thu, 01 Jan 2004 19:48:21.250 GMT", "2004-01-01T19:48:21.250Z"},
        Case{"sept", "Tue, 07 Sept 2010 10:00:00 GMT", "2010-09-07T10:00:00Z"}),
    kName);

INSTANTIATE_TEST_SUITE_P(
    Iso8601, ParseDate,
    testing::Values(
        Case{"utc", "2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z"},
        Case{"offset", "2003-12-31T10:14:55-08:00", "2003-12-31T10:14:55-08:00"},
        Case{"no_zone", "2003-12-31T10:14:55", "2003-12-31T10:14:55Z"},
        Case{"no_seconds", "2003-12-31T10:14Z", "2003-12-31T10:14:00Z"},
        Case{"hour", "2003-12-31T18Z", "2003-12-31T18:00:00Z"},
        Case{"basic_offset", "2003-12-31T10:14:55+0100", "2003-12-31T10:14:55+01:00"},
        Case{"fraction", "2003-12-31T10:14:55.125Z", "2003-12-31T10:14:55.125Z"},
        Case{"long_fraction", "2003-12-31T10:14:55.1234567Z", "2003-12-31T10:14:55.123Z"},
        Case{"comma_fraction", "2003-12-31T10:14:55,5Z", "2003-12-31T10:14:55.500Z"},
        Case{"date", "2003-12-31", "2003-12-31T00:00:00Z"}, Case{"month", "2003-12", "2003-12-01T00:00:00Z"},
        Case{"year", "2003", "2003-01-01T00:00:00Z"}, Case{"basic_date", "20031231", "2003-12-31T00:00:00Z"},
        Case{"basic", "20031231T101455Z", "2003-12-31T10:14:55Z"},
        Case{"ordinal_date", "2003-335", "2003-12-01T00:00:00Z"},
        Case{"basic_ordinal", "2003335", "2003-12-01T00:00:00Z"}, Case{"week", "2004-W53-6", "2005-01-01T00:00:00Z"},
        Case{"basic_week", "2009W011", "2008-12-29T00:00:00Z"},
        Case{"space", "2004-07-08 23:56:58", "2004-07-08T23:56:58Z"},
        Case{"mssql", "2004-07-08 23:56:58.0", "2004-07-08T23:56:58Z"},
        Case{"space_and_zone", "2004-07-08 23:56:58 +0200", "2004-07-08T23:56:58+02:00"},
        Case{"named_zone", "2004-07-08 23:56:58 UTC", "2004-07-08T23:56:58Z"},
        Case{"midnight_24", "2003-12-31T24:00:00Z", "2004-01-01T00:00:00Z"},
        Case{"short_year", "03-12-31", "2003-12-31T00:00:00Z"},
        Case{"short_year_and_month", "-03-12", "2003-12-01T00:00:00Z"},
        Case{"short_year_and_day", "-03-12-31", "2003-12-31T00:00:00Z"},
        Case{"short_basic_ordinal", "03335", "2003-12-01T00:00:00Z"}, Case{"short_basic_ordinal_nonsense", "03367", ""},
        Case{"short_basic_month", "-0312", "2003-12-01T00:00:00Z"},
        Case{"short_basic", "031231", "2003-12-31T00:00:00Z"}, Case{"short_basic_nonsense", "031331", ""},
        Case{"short_ordinal", "03-335", "2003-12-01T00:00:00Z"},
        Case{"three_digit_month", "2003-012-31T10:14:55+00:00", "2003-12-31T10:14:55Z"},
        Case{"three_digit_nonsense", "2003-112-31T10:14:55+00:00", ""},
        Case{"one_digit", "2004-1-5T9:05:00Z", "2004-01-05T09:05:00Z"},
        Case{"slashes", "2020/1/10 14:33:00", "2020-01-10T14:33:00Z"},
        Case{"perforce", "Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T08:19:53-04:00"}),
    kName);

INSTANTIATE_TEST_SUITE_P(Others, ParseDate,
                         testing::Values(Case{"asctime", "Sun Jan  4 16:29:06 2004", "2004-01-04T16:29:06Z"},
                                         Case{"asctime_zone", "Sun Jan  4 16:29:06 PDT 2004",
                                              "2004-01-04T16:29:06-07:00"},
                                         Case{"unix", "1072987200", "2004-01-01T20:00:00Z"},
                                         Case{"unix_millis", "1072987200500", "2004-01-01T20:00:00.500Z"},
                                         Case{"unix_fraction", "1072987200.25", "2004-01-01T20:00:00.250Z"},
                                         Case{"unix_fraction_of_nothing", "1072987200.", ""},
                                         Case{"american", "5/13/2004 7:05:00 PM", "2004-05-13T19:05:00Z"},
                                         Case{"american_noon", "5/13/2004 12:05 PM", "2004-05-13T12:05:00Z"},
                                         Case{"american_midnight", "5/13/2004 12:05 AM", "2004-05-13T00:05:00Z"},
                                         Case{"day_first_by_force", "13/05/2004", "2004-05-13T00:00:00Z"},
                                         Case{"dots", "31.12.2003 10:14", "2003-12-31T10:14:00Z"},
                                         Case{"drupal", "Tuesday, May 5, 2015 - 10:30", "2015-05-05T10:30:00Z"},
                                         Case{"fourteen_digits", "20040102030405", "2004-01-02T03:04:05Z"}),
                         kName);

INSTANTIATE_TEST_SUITE_P(
    Languages, ParseDate,
    testing::Values(Case{"german", "Do, 01 Mär 2018 10:00:00 +0100", "2018-03-01T10:00:00+01:00"},
                    Case{"german_long", "Donnerstag, 1. Dezember 2016, 10:15 Uhr", "2016-12-01T10:15:00Z"},
                    Case{"german_dots", "am 3. Mai 2015 um 14.30 Uhr", "2015-05-03T14:30:00Z"},
                    Case{"french", "mar., 03 juin 2014 10:00:00 +0200", "2014-06-03T10:00:00+02:00"},
                    Case{"french_long", "mardi 12 août 2014 14h30", "2014-08-12T14:30:00Z"},
                    Case{"french_tuesday_slash", "mar. 03/06/2014", "2014-06-03T00:00:00Z"},
                    Case{"spanish", "mié, 05 ene 2011 10:00:00 GMT", "2011-01-05T10:00:00Z"},
                    Case{"spanish_long", "5 de septiembre de 2011", "2011-09-05T00:00:00Z"},
                    Case{"portuguese", "Sex, 03 Jan 2025 23:47:02 -0300", "2025-01-03T23:47:02-03:00"},
                    Case{"portuguese_long", "segunda-feira, 1 de dezembro de 2014", "2014-12-01T00:00:00Z"},
                    Case{"italian", "gio, 05 mag 2011 10:00:00 +0200", "2011-05-05T10:00:00+02:00"},
                    Case{"dutch", "wo, 05 mrt 2014 10:00:00 +0100", "2014-03-05T10:00:00+01:00"},
                    Case{"russian", "Ср, 05 мар 2014 10:00:00 +0400", "2014-03-05T10:00:00+04:00"},
                    Case{"russian_long", "5 декабря 2014 г., 10:00", "2014-12-05T10:00:00Z"},
                    Case{"greek", "Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T12:00:00-05:00"},
                    Case{"greek_may", "Πεμ, 06 Μαϊ 2004 12:00:00 +0300", "2004-05-06T12:00:00+03:00"},
                    Case{"polish", "śr, 05 mar 2014 10:00:00 +0100", "2014-03-05T10:00:00+01:00"},
                    Case{"polish_long", "5 października 2014, 10:00", "2014-10-05T10:00:00Z"},
                    Case{"czech", "St, 05 bře 2014 10:00:00 +0100", "2014-03-05T10:00:00+01:00"},
                    Case{"czech_long", "5. července 2014 10:00", "2014-07-05T10:00:00Z"},
                    Case{"czech_june", "5. června 2014", "2014-06-05T00:00:00Z"},
                    Case{"hungarian", "2004-július-13T9:15-05:00", "2004-07-13T09:15:00-05:00"},
                    Case{"hungarian_long", "2014. március 5., szerda 10:00", "2014-03-05T10:00:00Z"},
                    Case{"turkish", "Çar, 05 Mar 2014 10:00:00 +0200", "2014-03-05T10:00:00+02:00"},
                    Case{"turkish_long", "5 Ağustos 2014 Salı 10:00", "2014-08-05T10:00:00Z"},
                    Case{"korean", "2004년 05월 28일  01:31:15", "2004-05-28T01:31:15+09:00"},
                    Case{"korean_afternoon", "2004-05-25 오후 11:23:17", "2004-05-25T23:23:17+09:00"},
                    Case{"japanese", "2014年3月5日(水) 10時05分", "2014-03-05T10:05:00Z"},
                    Case{"chinese", "2014年3月5日 星期三 下午2:05", "2014-03-05T14:05:00Z"},
                    Case{"arabic_digits", "٢٠١٤-٠٣-٠٥", "2014-03-05T00:00:00Z"},
                    Case{"arabic", "5 مارس 2014", "2014-03-05T00:00:00Z"},
                    Case{"fullwidth", "２０１４／３／５", "2014-03-05T00:00:00Z"},
                    Case{"minus_sign", "Wed, 05 Mar 2014 10:00:00 −0500", "2014-03-05T10:00:00-05:00"},
                    Case{"dutch_monday", "ma 5 jan. 2004", "2004-01-05T00:00:00Z"},
                    Case{"hungarian_thursday", "Cs. 15 jan 2004 10:00", "2004-01-15T10:00:00Z"},
                    Case{"finnish_monday", "ma 5. tammikuuta 2004", "2004-01-05T00:00:00Z"},
                    Case{"vietnamese", "Thứ Hai, 05/01/2004 10:00", "2004-01-05T10:00:00Z"},
                    Case{"swedish", "ons, 05 maj 2014 10:00", "2014-05-05T10:00:00Z"},
                    Case{"finnish", "5. maaliskuuta 2014", "2014-03-05T00:00:00Z"},
                    Case{"ukrainian", "5 березня 2014", "2014-03-05T00:00:00Z"}),
    kName);

INSTANTIATE_TEST_SUITE_P(
    NoDates, ParseDate,
    testing::Values(Case{"empty", "", ""}, Case{"words", "yesterday", ""}, Case{"null", "null", ""},
                    Case{"sentence", "sometime in 2004, maybe", ""},
                    Case{"day_32", "Thu, 32 Jan 2004 19:48:21 GMT", ""},
                    Case{"june_31", "Thu, 31 Jun 2004 19:48:21 GMT", ""}, Case{"no_leap_day", "2003-02-29", ""},
                    Case{"month_13", "2003-13-01", ""}, Case{"hour_25", "2003-12-31T25:14:55Z", ""},
                    Case{"minute_61", "2003-12-31T10:61:55Z", ""}, Case{"second_61", "2003-12-31T10:14:61Z", ""},
                    Case{"zeros", "0000-00-00 00:00:00", ""}, Case{"time_only", "10:14:55", ""},
                    Case{"day_only", "Thursday", ""}, Case{"word_before_a_number", "page 5 2004", ""},
                    Case{"long_word_before_a_day", "harbour 5 Jan 2004", ""}, Case{"number", "12", ""},
                    Case{"long_number", "123456789012345678901234567890", ""}, Case{"version", "1.2.3.4.5", ""},
                    Case{"negative", "-2003-12-31", ""}, Case{"two_months", "Jan Feb 2004", ""},
                    Case{"url", "http://example.org/2004/01/01", ""}),
    kName);

TEST(ParseDate, TakesBoundedTimeForLongText) { EXPECT_FALSE(parse_date(std::string(1'000'000, '1'))); }

TEST(MakeDate, KeepsWhatCannotBeRead) {
  const auto date = make_date("  next\n Tuesday ");
  EXPECT_EQ(date.raw, "next Tuesday");
  EXPECT_FALSE(date.time);
}

}  // namespace
}  // namespace newswire::feed
