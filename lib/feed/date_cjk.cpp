#include "feed/detail/date_cjk.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace newswire::feed::detail {

ChineseMonth chinese_month(const Tokens& tokens, std::size_t at) noexcept {
  static constexpr std::string_view kNumerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
  const auto numeral = [&tokens](std::size_t i) {
    const auto* const found = std::find(std::begin(kNumerals), std::end(kNumerals), tokens.at(i).text);
    return found == std::end(kNumerals) ? 0 : static_cast<int>(found - std::begin(kNumerals)) + 1;
  };
  const int first = numeral(at);
  const int second = first == 10 ? numeral(at + 1) : 0;
  const auto size = second == 0 ? 1U : 2U;
  if (first == 0 || second > 2 || !tokens.is(at + size, "月")) return {};
  return {first + second, size + 1};
}

std::size_t cjk_weekday(const Tokens& tokens, std::size_t at) noexcept {
  const auto text = tokens.at(at).text;
  const auto one_of = [text](std::string_view list) {
    return text.size() >= 3 && static_cast<unsigned char>(text.front()) >= 0x80 && list.find(text) != list.npos;
  };
  if ((text == "星" && tokens.is(at + 1, "期")) || (text == "礼" && tokens.is(at + 1, "拜"))) return 3;
  if (text == "周" || text == "週") return 2;
  if (one_of("日月火水木金土")) {
    std::size_t size = 1;
    if (tokens.is(at + size, "曜")) ++size;
    if (tokens.is(at + size, "日")) ++size;
    return size;
  }
  if (one_of("월화수목금토일")) return tokens.is(at + 1, "요") ? 3 : 1;
  return 0;
}

}  // namespace newswire::feed::detail
