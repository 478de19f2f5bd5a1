#include <algorithm>
#include <string>

#include "base/text.h"
#include "clean/metadata.h"

namespace newswire::clean {
namespace {

// Words before the names of a byline. Lower case.
constexpr std::string_view kBy[] = {
    "written by ", "posted by ", "published by ", "reported by ", "story by ", "words by ", "by ",      "by: ",
    "von ",        "von: ",      "text von ",     "par ",         "por ",      "di ",       "door ",    "av ",
    "af ",         "przez ",     "autor: ",       "autor ",       "author: ",  "author ",   "autore: ", "auteur: ",
    "автор: ",     "автор ",     "oleh ",         "oleh: ",       "text: ",    "от ",       "yazan: ",  "a cura di "};
constexpr std::string_view kBetween[] = {" and ", " und ", " et ", " y ", " e ",    " en ", " och ",
                                         " og ",  " i ",   " и ",  " & ", " with ", " mit "};

std::string_view without_by(std::string_view text) {
  for (const auto by : kBy)
    if (text.size() > by.size() && iequals(text.substr(0, by.size()), by)) return trim(text.substr(by.size()));
  return text;
}

bool looks_like_name(std::string_view name) {
  if (name.size() < 3 || name.size() > 80) return false;
  if (name.find("http") != name.npos || name.find('@') != name.npos || name.find_first_of("{}<>|\"?!") != name.npos)
    return false;
  const auto words = static_cast<std::size_t>(std::count(name.begin(), name.end(), ' ')) + 1;
  if (words > 6) return false;
  // "Ann Lee, Senior Reporter": what she is, not who.
  const auto last = name.substr(name.rfind(' ') == name.npos ? 0 : name.rfind(' ') + 1);
  for (const std::string_view role : {"reporter", "correspondent", "editor", "writer", "journalist", "contributor",
                                      "columnist", "redakteur", "redakteurin", "korrespondent", "korrespondentin",
                                      "journaliste", "periodista", "giornalista", "jornalista", "redactie"})
    if (iequals(last, role)) return false;
  const auto digits = static_cast<std::size_t>(std::count_if(name.begin(), name.end(), is_digit));
  return digits == 0 || digits * 4 < name.size();
}

bool is_separator_at(std::string_view title, std::size_t at, std::size_t& length) {
  for (const std::string_view separator :
       {" | ", " - ", " – ", " — ", " :: ", " · ", " » ", " « ", " • ", " / ", ": ", "| "})
    if (title.substr(at).starts_with(separator)) {
      length = separator.size();
      return true;
    }
  return false;
}

// Letters and digits in lower case, so that "The-Sun" and "the sun" are the same name.
std::string key_of(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (is_alnum(c) || static_cast<unsigned char>(c) >= 0x80) out += to_lower(c);
  return out;
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    if (is_space(c)) {
      inside = false;
    } else if (!inside) {
      inside = true;
      ++words;
    }
  }
  return words;
}

}  // namespace

std::vector<std::string> names_of_byline(std::string_view raw) {
  std::vector<std::string> out;
  const auto folded = fold_space(raw.substr(0, 400));
  auto text = without_by(folded);
  for (const char end : {'|', '/', '(', '['})  // "Ann Lee | Updated May 3", "Ann Lee (Reuters)"
    if (const auto at = text.find(end); at != text.npos) text = trim(text.substr(0, at));
  for (const std::string_view end : {" · ", " • ", " — "})  // "Ann Lee · Updated May 3"
    if (const auto at = text.find(end); at != text.npos) text = trim(text.substr(0, at));
  std::vector<std::string_view> parts{text};
  const auto split_by = [&parts](std::string_view separator) {
    std::vector<std::string_view> next;
    for (auto part : parts) {
      for (auto at = part.find(separator); at != part.npos; at = part.find(separator)) {
        next.push_back(trim(part.substr(0, at)));
        part.remove_prefix(at + separator.size());
      }
      next.push_back(trim(part));
    }
    parts = std::move(next);
  };
  split_by(",");
  split_by(";");
  for (const auto between : kBetween) split_by(between);
  for (const auto part : parts) {
    const auto name = without_by(part);
    if (!looks_like_name(name) || out.size() >= 16) continue;
    if (std::find(out.begin(), out.end(), name) == out.end()) out.emplace_back(name);
  }
  return out;
}

std::string title_without_site(std::string_view raw, std::string_view site_name) {
  std::string title = fold_space(raw);
  const auto site = key_of(site_name);
  for (int round = 0; round < 3; ++round) {
    std::size_t first = title.npos, first_length = 0, last = title.npos, last_length = 0;
    for (std::size_t at = 1; at + 1 < title.size(); ++at) {
      std::size_t length = 0;
      if (!is_separator_at(title, at, length)) continue;
      if (first == title.npos) {
        first = at;
        first_length = length;
      }
      last = at;
      last_length = length;
      at += length - 1;
    }
    if (last == title.npos) break;
    const std::string_view view = title;
    const auto head = trim(view.substr(0, first));
    const auto after_head = trim(view.substr(first + first_length));
    const auto tail = trim(view.substr(last + last_length));
    const auto before_tail = trim(view.substr(0, last));
    const bool colon = view.substr(last).starts_with(": ");
    if (!site.empty() && !before_tail.empty() && key_of(tail) == site) {
      title = std::string(before_tail);
    } else if (!site.empty() && !after_head.empty() && key_of(head) == site) {
      title = std::string(after_head);
    } else if (!colon && site.empty() && count_words(tail) <= 4 && count_words(before_tail) >= 3 &&
               count_words(before_tail) > count_words(tail)) {
      title = std::string(before_tail);
      break;
    } else {
      break;
    }
  }
  return title;
}

}  // namespace newswire::clean
