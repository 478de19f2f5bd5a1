#include "clean/metadata_shown.h"

#include <algorithm>
#include <initializer_list>

#include "base/text.h"
#include "clean/metadata.h"
#include "clean/plain_wording.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kMaxDate = 60;        // bytes
constexpr std::size_t kMaxAuthorWords = 5;  // of one line

// "date" in "post-date entry_date postDate", not in "update".
bool has_part(std::string_view names, std::string_view part) {
  const auto is_border = [&names](std::size_t at) {
    return at == 0 || at == names.size() || !is_alpha(names[at]) || !is_alpha(names[at - 1]) ||
           (names[at] >= 'A' && names[at] <= 'Z');
  };
  for (std::size_t start = 0; start + part.size() <= names.size();) {
    const auto found = ifind(names.substr(start), part);
    if (found == names.npos) return false;
    const auto at = start + found;
    if (is_border(at) && is_border(at + part.size())) return true;
    start = at + 1;
  }
  return false;
}

// What stands before a border that cannot be in a date.
std::string_view before_border(std::string_view text) {
  for (const std::string_view border :
       {" | ", "|", " · ", " • ", " by ", " von ", " par ", " por ", " / ", " – ", " — "})
    if (const auto at = text.find(border); at != text.npos) text = trim(text.substr(0, at));
  return text;
}

// A date that begins here, up to the end or to a border.
std::optional<ZonedTime> date_at(std::string_view text, Time fetched_at) {
  for (const auto value : {text, before_border(text)}) {
    if (value.size() < 5 || value.size() > kMaxDate) continue;
    const auto digits = std::count_if(value.begin(), value.end(), is_digit);
    if (digits == 0 && value.size() > 30) continue;
    if (const auto date = parse_page_date(value, fetched_at)) return date;
  }
  return std::nullopt;
}

std::size_t next_word(std::string_view text, std::size_t at) {
  const auto space = text.find(' ', at);
  return space == text.npos ? text.size() : space + 1;
}

}  // namespace

ShownKind shown_kind(std::string_view names) {
  const auto is_one_of = [names](std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(), [names](auto part) { return has_part(names, part); });
  };
  return {is_one_of({"date", "time", "published", "posted", "pubdate", "timestamp", "datetime"}),
          is_one_of({"author", "writer", "reporter"}), is_one_of({"meta", "info", "byline", "postmeta", "details"})};
}

std::optional<ZonedTime> parse_shown_date(std::string_view text, Time fetched_at) {
  for (std::size_t at = 0; at < text.size(); at = next_word(text, at))
    if (const auto date = date_at(text.substr(at), fetched_at)) return date;
  return std::nullopt;
}

std::string shown_author(std::string_view text, bool certain) {
  if (!certain && !starts_with_by(text) && !istarts_with(text, "posted by ") && !istarts_with(text, "published by "))
    return {};
  constexpr Time kAnyTime{std::chrono::hours{24 * 365 * 50}};
  for (auto at = next_word(text, 0); at < text.size(); at = next_word(text, at)) {
    if (!date_at(text.substr(at), kAnyTime)) continue;
    text = trim(text.substr(0, at));
    for (const std::string_view word :
         {" on", " am", " le", " el", " em", " il", " at", " ,", ",", " -", " –", " |", " ·"})
      if (text.ends_with(word)) text = trim(text.substr(0, text.size() - word.size()));
    break;
  }
  const auto colon = text.find(':');  // "By: Ann Lee", but not "Posts: 41"
  if (words_in(text) > kMaxAuthorWords + 2 || ends_sentence(text) || (colon != text.npos && text.find(' ') < colon))
    return {};
  return std::string(text);
}

}  // namespace newswire::clean
