#include "feed/detail/odd_markup.h"

namespace newswire::feed::detail {

std::size_t cdata_opening(std::string_view text) noexcept {
  if (text.starts_with("<![CDATA[")) return 9;
  if (!text.starts_with("<!")) return 0;
  std::size_t at = text.substr(2).starts_with('[') ? 3 : 2;
  if (!istarts_with(text.substr(at), "CDATA")) return 0;
  at += 5;
  while (at < text.size() && at < 16 && is_space(text[at])) ++at;
  return at < text.size() && text[at] == '[' ? at + 1 : 0;
}

std::string_view without_odd_quotes(std::string_view value) noexcept {
  static constexpr std::string_view kQuotes[] = {"`", "\u00B4", "\u2018", "\u2019", "\u201C", "\u201D"};
  for (const auto quote : kQuotes) {
    if (value.starts_with(quote)) {
      value.remove_prefix(quote.size());
      break;
    }
  }
  for (const auto quote : kQuotes) {
    if (value.ends_with(quote)) {
      value.remove_suffix(quote.size());
      break;
    }
  }
  return value;
}

std::size_t find_lost_quote(std::string_view value) noexcept {
  if (!value.ends_with('=')) return std::string_view::npos;
  auto at = value.size() - 1;
  while (at > 0 && is_name_char(value[at - 1])) --at;
  if (at + 1 == value.size() || at == 0 || !is_space(value[at - 1]) || !is_name_start(value[at]))
    return std::string_view::npos;
  return at - 1;
}

}  // namespace newswire::feed::detail
