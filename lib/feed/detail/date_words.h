#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace newswire::feed::detail {

/// `text` in the form that the tables of date words have: lower case, without diacritics (Latin, Greek, Cyrillic),
/// digits of all scripts as ASCII digits, fullwidth signs and the many dashes and spaces as ASCII.
std::string fold_date_text(std::string_view text);

/// What a folded word can mean in a date.
struct DateWord {
  int month = 0;  ///< 1..12, 0 if none; only if no two months match
  bool weekday = false;
  bool english = false;
  bool exact = false;  ///< the whole name, not the first letters
};
DateWord find_date_word(std::string_view word) noexcept;

/// Minutes east of UTC of a zone's folded name.
std::optional<int> find_zone(std::string_view name) noexcept;

/// Words that dates are dressed with ("de", "den", "um", "th", "года").
bool is_date_filler(std::string_view word) noexcept;

}  // namespace newswire::feed::detail
