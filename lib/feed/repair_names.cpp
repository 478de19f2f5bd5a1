#include "feed/detail/repair_names.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "feed/detail/odd_markup.h"

namespace newswire::feed::detail {
namespace {

template <std::size_t N>
bool one_of(std::string_view name, const std::string_view (&list)[N]) noexcept {
  return std::any_of(std::begin(list), std::end(list), [name](std::string_view known) { return iequals(known, name); });
}

}  // namespace

std::string_view local_name(std::string_view name) noexcept {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_item(std::string_view name) noexcept { return iequals(name, "item") || iequals(local_name(name), "entry"); }

TagStart tag_at(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kLongestName = 32;
  const bool closes = text.substr(at + 1).starts_with('/');
  const auto start = at + (closes ? 2 : 1);
  auto end = start;
  while (end < text.size() && end < start + kLongestName && is_name_char(text[end])) ++end;
  return {text.substr(start, end - start), closes};
}

std::size_t find_item_tag(std::string_view text, std::size_t from) noexcept {
  for (auto at = text.find('<', from); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const auto tag = tag_at(text, at);
    const auto end = at + (tag.closes ? 2 : 1) + tag.name.size();
    if (end < text.size() && (text[end] == '>' || is_space(text[end])) && is_item(tag.name)) return at;
  }
  return text.size();
}

bool is_root(std::string_view name) noexcept {
  static constexpr std::string_view kRoots[] = {"rss", "rdf", "feed", "channel"};
  return one_of(local_name(name), kRoots);
}

bool is_structural(std::string_view name) noexcept { return is_item(name) || is_root(name); }

bool is_leaf(std::string_view name) noexcept {
  static constexpr std::string_view kLeaves[] = {
      "title",     "link",       "guid",       "pubdate",       "comments", "language",
      "copyright", "ttl",        "generator",  "lastbuilddate", "docs",     "managingeditor",
      "webmaster", "id",         "updated",    "published",     "modified", "issued",
      "email",     "uri",        "url",        "enclosure",     "cloud",    "category",
      "dc:date",   "dc:creator", "dc:subject", "logo",          "icon"};
  return one_of(name, kLeaves);
}

bool is_feed_element(std::string_view name) noexcept {
  static constexpr std::string_view kNames[] = {
      "guid",      "pubdate", "description",    "enclosure", "comments",      "author",
      "category",  "updated", "published",      "content",   "lastbuilddate", "language",
      "generator", "image",   "managingeditor", "webmaster", "copyright",     "ttl",
      "id",        "docs",    "issued",         "modified",  "cloud",         "link",
      "title",     "logo",    "icon",           "subtitle",  "summary"};
  return is_structural(name) || one_of(name, kNames) ||
         (name.find(':') != std::string_view::npos && name.find(':') > 1);
}

bool is_void(std::string_view name) noexcept {
  static constexpr std::string_view kVoid[] = {"br",  "img",   "hr",    "input", "col",  "area",
                                               "wbr", "embed", "param", "meta",  "base", "frame"};
  return one_of(name, kVoid);
}

}  // namespace newswire::feed::detail
