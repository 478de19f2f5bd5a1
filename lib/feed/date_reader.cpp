#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/text.h"
#include "feed/detail/date_cjk.h"
#include "feed/detail/date_parts.h"
#include "feed/detail/date_tokens.h"
#include "feed/detail/date_words.h"

namespace newswire::feed::detail {
namespace {

// Reads a date token by token: what is certain (times, numeric dates, names of months) at once, numbers that stand
// alone at the end, when it is known what is missing.
class DateReader {
 public:
  explicit DateReader(std::string_view folded) : tokens_(folded) {}

  std::optional<ZonedTime> read() {
    if (tokens_.overflow()) return std::nullopt;
    while (at_ < tokens_.size()) {
      const auto before = at_;
      const bool understood = tokens_.is_number(at_)                      ? number()
                              : tokens_.at(at_).kind == Token::Kind::word ? word()
                                                                          : sign();
      if (!understood || failed_) return std::nullopt;
      if (at_ == before) return std::nullopt;
    }
    if (!assign_loose()) return std::nullopt;
    if (half_ != 0 && parts_.hour >= 0 && parts_.hour <= 12) parts_.hour = parts_.hour % 12 + (half_ > 0 ? 12 : 0);
    if (korean_ && !parts_.offset && parts_.hour >= 0) parts_.offset = 540;
    return moment(parts_);
  }

 private:
  // --- numbers ---

  bool number() {
    const auto& token = tokens_.at(at_);
    if (tokens_.size() == 1) return lone_number(token);
    if (at_ == 0 && unix_fraction()) return true;
    if (cjk_unit()) return true;
    if (parts_.hour < 0 && clock()) return true;
    if (numeric_date()) return true;
    if (compact(token)) return true;
    if (loose_count_ == loose_.size()) return false;
    loose_[loose_count_++] = {token.value, token.text.size()};
    ++at_;
    skip_ordinal_suffix();
    return true;
  }

  // "20040101T194821Z", "20040101 194821".
  bool compact(const Token& token) {
    if (token.text.size() == 8 && parts_.year < 0) {
      if (!set_date(static_cast<int>(token.value / 10000), static_cast<int>(token.value / 100 % 100),
                    static_cast<int>(token.value % 100)))
        return false;
      ++at_;
      return true;
    }
    if ((token.text.size() == 6 || token.text.size() == 4) && parts_.hour < 0 && parts_.day >= 0 && at_ > 0 &&
        (tokens_.is(at_ - 1, "t") || token.text.size() == 6)) {
      set_clock_digits(token);
      zone_may_follow_ = true;
      ++at_;
      return true;
    }
    if (token.text.size() == 7 && parts_.year < 0 && loose_count_ == 0) {  // YYYYDDD
      parts_.year = static_cast<int>(token.value / 1000);
      parts_.ordinal = static_cast<int>(token.value % 1000);
      ++at_;
      return true;
    }
    return false;
  }

  void set_clock_digits(const Token& token) {
    const bool seconds = token.text.size() == 6;
    const auto value = seconds ? token.value : token.value * 100;
    parts_.hour = static_cast<int>(value / 10000);
    parts_.minute = static_cast<int>(value / 100 % 100);
    parts_.second = static_cast<int>(value % 100);
  }

  // "1072987200.25": seconds of Unix with a fraction.
  bool unix_fraction() {
    const auto digits = tokens_.at(0).text.size();
    if (tokens_.size() != 3 || (digits != 9 && digits != 10) || !tokens_.is(1, ".") || !tokens_.joined(1) ||
        !tokens_.is_number(2) || !tokens_.joined(2)) {
      return false;
    }
    const auto fraction = tokens_.at(2).text;
    if (!lone_number(tokens_.at(0))) return false;
    int scale = 100;
    for (std::size_t i = 0; i < fraction.size() && scale > 0; ++i, scale /= 10)
      parts_.millis += (fraction[i] - '0') * scale;
    at_ = 3;
    return true;
  }

  // The whole text is one number.
  bool lone_number(const Token& token) {
    const auto value = token.value;
    const auto digits = token.text.size();
    ++at_;
    if (digits == 4) {
      parts_.year = static_cast<int>(value);
      return true;
    }
    if (digits == 8)
      return set_date(static_cast<int>(value / 10000), static_cast<int>(value / 100 % 100),
                      static_cast<int>(value % 100));
    if (digits == 14 || digits == 12) {
      const auto whole = digits == 14 ? value : value * 100;
      parts_.hour = static_cast<int>(whole / 10000 % 100);
      parts_.minute = static_cast<int>(whole / 100 % 100);
      parts_.second = static_cast<int>(whole % 100);
      return set_date(static_cast<int>(whole / 10000000000), static_cast<int>(whole / 100000000 % 100),
                      static_cast<int>(whole / 1000000 % 100));
    }
    if (digits == 7) {
      parts_.year = static_cast<int>(value / 1000);
      parts_.ordinal = static_cast<int>(value % 1000);
      return true;
    }
    if (digits != 9 && digits != 10 && digits != 13) return false;
    using namespace std::chrono;
    const Time time{milliseconds{digits == 13 ? value : value * 1000}};
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const auto rest = time - day;
    parts_.hour = static_cast<int>(duration_cast<hours>(rest).count());
    parts_.minute = static_cast<int>(duration_cast<minutes>(rest).count() % 60);
    parts_.second = static_cast<int>(duration_cast<seconds>(rest).count() % 60);
    parts_.millis = static_cast<int>(rest.count() % 1000);
    return set_date(static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
                    static_cast<int>(static_cast<unsigned>(date.day())));
  }

  // "2004年1月5日 14時30分", "2004년 1월 5일", "14h30", "14 Uhr 30".
  bool cjk_unit() {
    const auto& token = tokens_.at(at_);
    const auto unit = tokens_.at(at_ + 1).text;
    const auto value = static_cast<int>(std::min<std::int64_t>(token.value, 100000));
    int* target = nullptr;
    if (unit == "年" || unit == "년") {
      parts_.year = full_year(token.value, token.text.size());
    } else if (unit == "月" || unit == "월") {
      target = &parts_.month;
    } else if (unit == "日" || unit == "일" || unit == "号" || unit == "號") {
      target = &parts_.day;
    } else if (unit == "時" || unit == "时" || unit == "시" || unit == "点" || unit == "點") {
      target = &parts_.hour;
    } else if (unit == "分" || unit == "분") {
      target = &parts_.minute;
    } else if (unit == "秒" || unit == "초") {
      target = &parts_.second;
    } else {
      return false;
    }
    korean_ = korean_ || unit == "년" || unit == "월";
    if (target != nullptr) *target = value;
    at_ += 2;
    return true;
  }

  // "19:48", "19:48:21.5", "19.48 Uhr", "19h48", "7 pm".
  bool clock() {
    const auto& token = tokens_.at(at_);
    if (token.text.size() > 2) return false;
    const auto& next = tokens_.at(at_ + 1);
    const bool minutes_follow = tokens_.is_number(at_ + 2) && tokens_.at(at_ + 2).text.size() <= 2;
    if (next.text == ":" && minutes_follow) {
      take_clock(":");
      return true;
    }
    if (next.text == "." && minutes_follow && tokens_.joined(at_ + 1) && tokens_.joined(at_ + 2) && have_date()) {
      take_clock(".");
      return true;
    }
    if ((next.text == "h" || next.text == "uhr" || next.text == "hs" || next.text == "ч") && have_date()) {
      parts_.hour = static_cast<int>(token.value);
      zone_may_follow_ = true;
      at_ += 2;
      if (tokens_.is_number(at_) && tokens_.at(at_).text.size() == 2) {
        parts_.minute = static_cast<int>(tokens_.at(at_++).value);
        if (tokens_.is(at_, "m") || tokens_.is(at_, "min")) ++at_;
      }
      return true;
    }
    if (half_of_day(at_ + 1) != 0 && have_date()) {
      parts_.hour = static_cast<int>(token.value);
      zone_may_follow_ = true;
      ++at_;
      return true;
    }
    // W3C-DTF with the hour alone: "2003-12-31T18".
    if (at_ > 0 && tokens_.is(at_ - 1, "t") && tokens_.joined(at_) && have_date()) {
      parts_.hour = static_cast<int>(token.value);
      zone_may_follow_ = true;
      ++at_;
      return true;
    }
    return false;
  }

  void take_clock(std::string_view separator) {
    parts_.hour = static_cast<int>(tokens_.at(at_).value);
    parts_.minute = static_cast<int>(tokens_.at(at_ + 2).value);
    at_ += 3;
    if (tokens_.is(at_, separator) && tokens_.is_number(at_ + 1) && tokens_.at(at_ + 1).text.size() <= 2) {
      parts_.second = static_cast<int>(tokens_.at(at_ + 1).value);
      at_ += 2;
    }
    // "19:48:21:500" has milliseconds; "1:2:3:4" is no time.
    const bool colon = tokens_.is(at_, ":") && tokens_.at(at_ + 1).text.size() == 3;
    if ((tokens_.is(at_, ".") || tokens_.is(at_, ",") || colon) && tokens_.joined(at_) && tokens_.joined(at_ + 1) &&
        tokens_.is_number(at_ + 1)) {
      const auto fraction = tokens_.at(at_ + 1).text;
      int scale = 100;
      for (std::size_t i = 0; i < fraction.size() && scale > 0; ++i, scale /= 10)
        parts_.millis += (fraction[i] - '0') * scale;
      at_ += 2;
    }
    // "11:20h" is Spanish for an hour, not the military zone that RFC 822 writes apart.
    if (tokens_.joined(at_) && (tokens_.is(at_, "h") || tokens_.is(at_, "hs") || tokens_.is(at_, "hrs"))) ++at_;
    zone_may_follow_ = true;
  }

  [[nodiscard]] bool have_date() const noexcept {
    return parts_.day >= 0 || parts_.month >= 0 || parts_.ordinal >= 0 || loose_count_ > 1;
  }

  // Three numbers with the same sign between them, or two of them with a year first.
  bool numeric_date() {
    if (parts_.year >= 0 || parts_.month >= 0) return false;
    const auto separator = tokens_.at(at_ + 1).text;
    if (separator == "w" && tokens_.at(at_).text.size() == 4 && tokens_.joined(at_ + 1)) return week(1);  // 2009W011
    if (separator != "-" && separator != "/" && separator != ".") return false;
    if (separator != "." && !tokens_.joined(at_ + 1)) return false;
    const auto& first = tokens_.at(at_);
    if (tokens_.is(at_ + 2, "w") && first.text.size() == 4) return week(2);
    if (!tokens_.is_number(at_ + 2)) return false;
    const auto& second = tokens_.at(at_ + 2);
    const bool third_follows = tokens_.is(at_ + 3, separator) && tokens_.is_number(at_ + 4);
    if (!third_follows) {
      if (first.text.size() != 4) return false;
      if (second.text.size() == 3 && separator == "-") {
        parts_.year = static_cast<int>(first.value);
        parts_.ordinal = static_cast<int>(second.value);
      } else if (second.text.size() <= 2) {
        parts_.year = static_cast<int>(first.value);
        parts_.month = static_cast<int>(second.value);
      } else {
        return false;
      }
      at_ += 3;
      return true;
    }
    const auto& third = tokens_.at(at_ + 4);
    at_ += 5;
    if (tokens_.is(at_, ".") && separator == ".") ++at_;  // "2015. 01. 31."
    return order_date(first, second, third, separator);
  }

  // `letter`: how far on the "W" is.
  bool week(std::size_t letter) {
    const auto& first = tokens_.at(at_);
    if (!tokens_.is_number(at_ + letter + 1)) return false;
    const auto& number = tokens_.at(at_ + letter + 1);
    int week_number = static_cast<int>(std::min<std::int64_t>(number.value, 1000));
    int weekday = 1;
    at_ += letter + 2;
    if (number.text.size() == 3) {
      weekday = week_number % 10;
      week_number /= 10;
    } else if (tokens_.is(at_, "-") && tokens_.is_number(at_ + 1) && tokens_.at(at_ + 1).text.size() == 1) {
      weekday = static_cast<int>(tokens_.at(at_ + 1).value);
      at_ += 2;
    }
    const auto date = week_date(static_cast<int>(first.value), week_number, weekday);
    return date && set_date(static_cast<int>(date->year()), static_cast<int>(static_cast<unsigned>(date->month())),
                            static_cast<int>(static_cast<unsigned>(date->day())));
  }

  bool order_date(const Token& first, const Token& second, const Token& third, std::string_view separator) {
    // "2003-012-31": Google's calendar had a digit too many.
    const bool long_month = first.text.size() == 4 && second.text.size() == 3 && second.value <= 12;
    if (first.text.size() > 4 || (second.text.size() > 2 && !long_month) || third.text.size() > 4) return false;
    const auto a = static_cast<int>(first.value);
    const auto b = static_cast<int>(second.value);
    const auto c = static_cast<int>(third.value);
    if (first.text.size() >= 3) return set_date(a, b, c);
    if (third.text.size() < 2) {
      failed_ = true;  // "1.2.3": a version
      return false;
    }
    const int year = full_year(third.value, third.text.size());
    if (separator == "/") {
      const bool day_first = a > 12 || (foreign_ && b <= 12);
      return day_first ? set_date(year, b, a) : set_date(year, a, b);
    }
    if (separator == "-" && third.text.size() <= 2 && b <= 12 && c <= 31) {  // ISO 8601 with a short year
      return set_date(full_year(a, 2), b, c);
    }
    return b > 12 ? set_date(year, a, b) : set_date(year, b, a);
  }

  // Numbers that can only be a date but are none fail the whole text: nothing else is tried with them.
  bool set_date(int year, int month, int day) noexcept {
    failed_ = month < 1 || month > 12 || day < 1 || day > 31;
    if (failed_) return false;
    parts_.year = year;
    parts_.month = month;
    parts_.day = day;
    return true;
  }

  void skip_ordinal_suffix() {
    static constexpr std::string_view kSuffixes[] = {"st", "nd", "rd", "th", "er", "eme", "ho", "º", "ª", "°", "o"};
    for (const auto suffix : kSuffixes) {
      if (tokens_.is(at_, suffix) && tokens_.joined(at_)) {
        ++at_;
        return;
      }
    }
  }

  // --- words ---

  // -1 for the first half of the day, 1 for the second, 0 for another word.
  [[nodiscard]] int half_of_day(std::size_t i) const noexcept {
    const auto word = tokens_.at(i).text;
    if (tokens_.at(i).kind != Token::Kind::word) return 0;
    if (word == "am" || word == "πμ" || word == "vorm" || word == "de" || word == "oo")
      return word == "de" || word == "oo" ? 0 : -1;
    if (word == "pm" || word == "μμ" || word == "nachm") return 1;
    if ((word == "a" || word == "p" || word == "π" || word == "μ") && tokens_.is(i + 1, ".") &&
        (tokens_.is(i + 2, "m") || tokens_.is(i + 2, "μ"))) {
      return word == "a" || word == "π" ? -1 : 1;
    }
    const auto next = tokens_.at(i + 1).text;
    if (word == "오") return next == "전" ? -1 : next == "후" ? 1 : 0;
    if (word == "上") return next == "午" ? -1 : 0;
    if (word == "下") return next == "午" ? 1 : 0;
    if (word == "午") return next == "前" ? -1 : next == "後" || next == "后" ? 1 : 0;
    return 0;
  }

  void skip_half_of_day() {
    const auto word = tokens_.at(at_).text;
    if (word == "오" || word == "上" || word == "下" || word == "午") {
      korean_ = korean_ || word == "오";
      at_ += 2;
      return;
    }
    const bool dotted = tokens_.is(at_ + 1, ".") && (word == "a" || word == "p" || word == "π" || word == "μ");
    at_ += dotted ? 3 : 1;
    if (tokens_.is(at_, ".")) ++at_;
  }

  bool word() {
    const auto& token = tokens_.at(at_);
    const auto text = token.text;
    if (const int half = half_of_day(at_); half != 0 && (text != "am" || parts_.hour >= 0)) {
      half_ = half;
      skip_half_of_day();
      return true;
    }
    // "T" between date and time, and "Z" after it.
    if (text == "t" && tokens_.is_number(at_ + 1) && parts_.hour < 0) {
      ++at_;
      return true;
    }
    if (zone_may_follow_ && zone()) return true;
    if (const auto month = chinese_month(tokens_, at_); month.tokens > 0 && parts_.month < 0) {
      parts_.month = month.number;
      at_ += month.tokens;
      return true;
    }
    if (const auto tokens = cjk_weekday(tokens_, at_); tokens > 0) {
      at_ += tokens;
      return true;
    }
    const auto meaning = find_date_word(text);
    if (meaning.month != 0 && parts_.month < 0 && !(meaning.weekday && another_month_follows())) {
      parts_.month = meaning.month;
      skip_dotted();
      return true;
    }
    if (meaning.weekday) {
      foreign_ = foreign_ || !meaning.english;
      skip_dotted();
      if (tokens_.is(at_, "-") && tokens_.is(at_ + 1, "feira")) at_ += 2;
      return true;
    }
    if (is_date_filler(text)) {
      skip_dotted();
      return true;
    }
    if (at_ == 0 && unknown_weekday()) return true;
    // An unknown zone name after a complete time says nothing; anything else is no date.
    return zone_may_follow_ && have_date() && skip_unknown_zone();
  }

  // A weekday of a language that is not known: one or two words before a comma, or a short one before the day
  // ("ma 5. tammikuuta 2004", "Cs. 5 jan 2004").
  bool unknown_weekday() noexcept {
    constexpr std::size_t kShort = 6;  // bytes: three letters of Cyrillic
    std::size_t next = 1;
    if (tokens_.at(1).kind == Token::Kind::word && tokens_.is(2, ",")) next = 2;
    const bool comma = tokens_.is(next, ",");
    if (!comma && tokens_.is(next, ".")) ++next;
    if (!comma && (tokens_.at(0).text.size() > kShort || !tokens_.is_number(next))) return false;
    foreign_ = true;
    at_ = comma ? next + 1 : next;
    return true;
  }

  // "Eastern", "America/New_York" at the very end.
  bool skip_unknown_zone() {
    auto next = at_ + 1;
    while (next + 1 < tokens_.size() && (tokens_.is(next, "/") || tokens_.is(next, "_")) && tokens_.joined(next) &&
           tokens_.at(next + 1).kind == Token::Kind::word && tokens_.joined(next + 1)) {
      next += 2;
    }
    if (next < tokens_.size() || tokens_.at(at_).text.size() > 12) return false;
    at_ = next;
    return true;
  }

  // After "mar." (mardi or mars): is there a word further on that is surely a month?
  [[nodiscard]] bool another_month_follows() const noexcept {
    for (auto i = at_ + 1; i < tokens_.size(); ++i) {
      if (tokens_.at(i).kind == Token::Kind::word && find_date_word(tokens_.at(i).text).month != 0) return true;
      if (tokens_.is_number(i) && (tokens_.is(i + 1, "/") || tokens_.is(i + 1, "-")) && tokens_.joined(i + 1))
        return true;
    }
    return false;
  }

  void skip_dotted() {
    ++at_;
    if (tokens_.is(at_, ".")) ++at_;
  }

  // --- zones ---

  bool zone() {
    auto text = tokens_.at(at_).text;
    if (text == "etc" && tokens_.is(at_ + 1, "/")) {
      at_ += 2;
      text = tokens_.at(at_).text;
    }
    const auto minutes = find_zone(text);
    if (!minutes) return city();
    ++at_;
    if (!parts_.offset) parts_.offset = *minutes;
    while (tokens_.is(at_, text) || (*minutes == 0 && find_zone(tokens_.at(at_).text) == 0)) ++at_;  // "Z GMT"
    // "GMT+2", "UTC-05:00"; and "Z+01:00" from those who write both.
    if (*minutes == 0 && (tokens_.is(at_, "+") || tokens_.is(at_, "-")) && tokens_.is_number(at_ + 1)) take_offset();
    zone_may_follow_ = tokens_.is(at_, "(");
    return true;
  }

  // "America/New_York", "Eastern": a zone by its place. False, with nothing taken, if it is not known.
  bool city() {
    std::string place(tokens_.at(at_).text);
    auto next = at_ + 1;
    while ((tokens_.is(next, "/") || tokens_.is(next, "_")) && tokens_.joined(next) &&
           tokens_.at(next + 1).kind == Token::Kind::word && tokens_.joined(next + 1)) {
      if (tokens_.is(next, "/")) {
        place.clear();
      } else {
        place += '_';
      }
      place += tokens_.at(next + 1).text;
      next += 2;
    }
    const auto zone = find_city_zone(place);
    if (!zone) return false;
    parts_.city = *zone;
    at_ = next;
    zone_may_follow_ = false;
    return true;
  }

  void take_offset() {
    const int sign = tokens_.is(at_, "-") ? -1 : 1;
    const auto& number = tokens_.at(at_ + 1);
    int minutes = 0;
    at_ += 2;
    if (number.text.size() <= 2) {
      minutes = static_cast<int>(number.value) * 60;
      if (tokens_.is(at_, ":") && tokens_.is_number(at_ + 1) && tokens_.at(at_ + 1).text.size() <= 2) {
        minutes += static_cast<int>(tokens_.at(at_ + 1).value);
        at_ += 2;
        if (tokens_.is(at_, ":") && tokens_.is_number(at_ + 1)) at_ += 2;
      }
    } else if (number.text.size() <= 4) {
      minutes = static_cast<int>(number.value / 100 * 60 + number.value % 100);
    } else {
      minutes = static_cast<int>(number.value / 10000 * 60 + number.value / 100 % 100);
    }
    if (minutes < 24 * 60) parts_.offset = sign * minutes;
    if (at_ + 1 == tokens_.size() && find_zone(tokens_.at(at_).text)) ++at_;  // "+0000 GMT"
    zone_may_follow_ = tokens_.is(at_, "(");
  }

  bool sign() {
    const auto text = tokens_.at(at_).text;
    if ((text == "+" || text == "-") && tokens_.is_number(at_ + 1) && tokens_.joined(at_ + 1) && zone_may_follow_) {
      take_offset();
      return true;
    }
    if (text == "(" || text == "[") {
      // A comment: a weekday or a zone's name; nothing else counts.
      const auto closing = text == "(" ? ")" : "]";
      auto end = at_ + 1;
      while (end < tokens_.size() && !tokens_.is(end, closing)) ++end;
      if (parts_.hour >= 0 && !parts_.offset && end == at_ + 2) {
        if (const auto minutes = find_zone(tokens_.at(at_ + 1).text)) parts_.offset = *minutes;
      }
      if (parts_.hour >= 0 && !parts_.offset && tokens_.at(at_ + 1).kind == Token::Kind::word) {
        ++at_;
        city();
      }
      at_ = std::min(end + 1, tokens_.size());
      return true;
    }
    // "30 Nov -0001": what PHP makes of no date at all.
    if (text == "-" && !tokens_.joined(at_) && tokens_.joined(at_ + 1) && tokens_.at(at_ + 1).text.size() == 4 &&
        parts_.month >= 0 && parts_.hour < 0)
      return false;
    static constexpr std::string_view kIgnored = ",.-/|;'\"`)]·:";
    if (text.size() == 1 && kIgnored.find(text.front()) != std::string_view::npos) {
      ++at_;
      return true;
    }
    return false;
  }

  // --- what is left ---

  bool assign_loose() {
    std::size_t next = 0;
    const auto left = [&] { return loose_count_ - next; };
    if (left() == 0) return parts_.year >= 0;
    if (parts_.month < 0)
      return loose_count_ == 1 && parts_.year < 0 && loose_[0].digits == 4 && parts_.hour < 0 ? set_year(loose_[0])
                                                                                              : false;
    for (; next < loose_count_; ++next) {
      const auto& number = loose_[next];
      const bool like_a_year = number.digits >= 3 || number.value > 31;
      if (parts_.year < 0 && (like_a_year || parts_.day >= 0)) {
        if (!set_year(number)) return false;
      } else if (parts_.day < 0 && !like_a_year) {
        parts_.day = static_cast<int>(number.value);
      } else if (parts_.hour < 0 && number.digits == 4 && parts_.day >= 0) {
        parts_.hour = static_cast<int>(number.value / 100);
        parts_.minute = static_cast<int>(number.value % 100);
      } else {
        return false;
      }
    }
    return parts_.year >= 0;
  }

  struct Loose {
    std::int64_t value;
    std::size_t digits;
  };

  bool set_year(const Loose& number) {
    if (number.digits > 4) return false;
    parts_.year = full_year(number.value, number.digits);
    return true;
  }

  Tokens tokens_;
  std::size_t at_ = 0;
  Parts parts_;
  std::array<Loose, 4> loose_{};
  std::size_t loose_count_ = 0;
  int half_ = 0;
  bool zone_may_follow_ = false;
  bool foreign_ = false;  ///< a word that is not English was seen
  bool korean_ = false;
  bool failed_ = false;
};

}  // namespace

std::optional<ZonedTime> read_date(std::string_view folded) { return DateReader(folded).read(); }

}  // namespace newswire::feed::detail
