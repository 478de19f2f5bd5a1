#include "feed/detail/person.h"

#include <algorithm>

#include "base/text.h"
#include "base/url.h"
#include "feed/detail/plain.h"

namespace newswire::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_address_char(char c) noexcept {
  return is_alnum(c) || std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != npos;
}

// The bounds of the first e-mail address in a text; an empty view if there is none. Linear: looks around each "@" only
// as far as address characters go, and those stretches do not overlap.
std::string_view find_email(std::string_view text) noexcept {
  for (auto at = text.find('@'); at != npos; at = text.find('@', at + 1)) {
    auto start = at;
    while (start > 0 && is_address_char(text[start - 1])) --start;
    auto end = at + 1;
    while (end < text.size() && (is_alnum(text[end]) || text[end] == '.' || text[end] == '-')) ++end;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    const auto host = text.substr(at + 1, end - at - 1);
    if (start < at && host.find('.') != npos && host.front() != '.') return text.substr(start, end - start);
  }
  return {};
}

std::string_view unwrapped(std::string_view text) noexcept {
  text = trim(text);
  while (text.size() >= 2 &&
         ((text.front() == '(' && text.back() == ')') || (text.front() == '<' && text.back() == '>') ||
          (text.front() == '"' && text.back() == '"') || (text.front() == '[' && text.back() == ']'))) {
    text = trim(text.substr(1, text.size() - 2));
  }
  return text;
}

std::string without(std::string_view text, std::string_view part) {
  std::string out(text.substr(0, static_cast<std::size_t>(part.data() - text.data())));
  out += ' ';
  out += text.substr(static_cast<std::size_t>(part.data() - text.data()) + part.size());
  return out;
}

// Puts a blank in place of each `what`.
void erase_all(std::string& text, std::string_view what) {
  auto at = text.find(what);
  if (at == npos) return;
  std::string rest;
  rest.reserve(text.size());
  std::size_t from = 0;
  for (; at != npos; at = text.find(what, from)) {
    rest.append(text, from, at - from);
    rest += ' ';
    from = at + what.size();
  }
  rest.append(text, from);
  text = std::move(rest);
}

}  // namespace

Person parse_person(std::string_view raw) {
  Person person;
  std::string text = label_from(raw);
  if (holds_markup(text)) text = plain_from_html(text);
  const auto email = find_email(text);
  if (email.empty()) {
    if (is_http_url(text) && text.find(' ') == npos) {
      person.url = std::move(text);
    } else {
      person.name = unwrapped(text);
    }
    return person;
  }
  person.email = email;
  auto rest = without(text, email);
  if (const auto query = rest.find("?subject="); query != npos) {
    const auto end = std::min(rest.find_first_of(" )>", query), rest.size());
    rest.erase(query, end - query);
  }
  rest = fold_space(rest);
  if (const auto scheme = ifind(rest, "mailto:"); scheme != npos) rest.erase(scheme, 7);
  for (const std::string_view empty : {"( )", "< >", "()", "<>", "[ ]", "&lt; &gt;", "&lt;&gt;"})
    erase_all(rest, empty);
  auto name = unwrapped(rest);
  while (!name.empty() && (name.back() == ',' || name.back() == '-' || name.back() == ':' || name.back() == '/'))
    name = trim(name.substr(0, name.size() - 1));
  while (!name.empty() && (name.front() == ',' || name.front() == '-' || name.front() == ':' || name.front() == '/'))
    name = trim(name.substr(1));
  person.name = fold_space(unwrapped(name));
  return person;
}

std::vector<Person> parse_people(std::string_view text) {
  constexpr std::size_t kMost = 64;
  std::vector<Person> people;
  if (std::count(text.begin(), text.end(), '@') < 2) return {parse_person(text)};
  const auto label = label_from(text);
  std::string_view rest = label;
  while (!rest.empty()) {
    const auto end = people.size() + 1 < kMost ? rest.find_first_of(",;") : npos;
    if (const auto piece = trim(rest.substr(0, end)); !piece.empty()) people.push_back(parse_person(piece));
    rest.remove_prefix(end == npos ? rest.size() : end + 1);
  }
  const bool all = std::all_of(people.begin(), people.end(), [](const Person& one) { return !one.email.empty(); });
  if (all) return people;
  return {parse_person(text)};
}

void add_person(std::vector<Person>& people, Person person) {
  if (person.name.empty() && person.email.empty() && person.url.empty()) return;
  constexpr std::size_t kMostCompared = 64;  // beyond that nobody wrote a list of people; keeps it linear
  const auto last = people.size() > kMostCompared ? people.begin() + kMostCompared : people.end();
  const auto same = std::find_if(people.begin(), last, [&person](const Person& known) {
    if (!known.name.empty() && !person.name.empty()) return iequals(known.name, person.name);
    if (!known.email.empty() && !person.email.empty()) return iequals(known.email, person.email);
    return !known.url.empty() && known.url == person.url;
  });
  if (same == last) {
    people.push_back(std::move(person));
    return;
  }
  if (same->name.empty()) same->name = std::move(person.name);
  if (same->email.empty()) same->email = std::move(person.email);
  if (same->url.empty()) same->url = std::move(person.url);
  if (same->avatar.empty()) same->avatar = std::move(person.avatar);
}

}  // namespace newswire::feed::detail
