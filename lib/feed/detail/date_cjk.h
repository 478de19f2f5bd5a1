#pragma once

#include <cstddef>

#include "feed/detail/date_tokens.h"

/// Words of Chinese, Japanese and Korean dates, a token a character.
namespace newswire::feed::detail {

struct ChineseMonth {
  int number = 0;
  std::size_t tokens = 0;  ///< that it takes; 0: there is none
};
/// 一月 … 十二月, as PHP and Java write months in Chinese.
ChineseMonth chinese_month(const Tokens& tokens, std::size_t at) noexcept;

/// 星期三, 周三, 水曜日, 수요일, (水): how many tokens it takes, 0 if there is none.
std::size_t cjk_weekday(const Tokens& tokens, std::size_t at) noexcept;

}  // namespace newswire::feed::detail
