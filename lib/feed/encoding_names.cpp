#include "feed/detail/encoding_names.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace newswire::feed::detail {
namespace {

struct Alias {
  std::string_view label;
  std::string_view name;
};
constexpr Alias kAliases[] = {
#define X(label, name) {label, name},
#include "feed/encoding_labels.inc"
#undef X
};
static_assert(std::is_sorted(std::begin(kAliases), std::end(kAliases),
                             [](const Alias& a, const Alias& b) { return a.label < b.label; }));

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// "iso8859-5", "iso-8859-5:1988", "iso-8859-5-1988", "8859-5": the part's number, empty for anything else.
std::string_view part_of_iso_8859(std::string_view name) noexcept {
  if (name.starts_with("iso")) name.remove_prefix(name.starts_with("iso-") ? 4 : 3);
  if (!name.starts_with("8859")) return {};
  name.remove_prefix(4);
  if (name.starts_with('-')) name.remove_prefix(1);
  const auto part = name.substr(0, name.find_first_of(":-"));
  const auto rest = name.substr(part.size());
  const bool dated = rest.size() == 5 && all_digits(rest.substr(1));
  return all_digits(part) && part.size() <= 2 && (rest.empty() || dated) ? part : std::string_view{};
}

// "windows-1251", "win1251", "cp-1251", "1251", "ibm-437": the code page, empty for anything else.
std::string_view code_page_of(std::string_view name) noexcept {
  for (const std::string_view family : {"windows-", "windows", "win-", "win", "cp-", "cp", "ibm-", "dos-", "ms-"}) {
    if (!name.starts_with(family)) continue;
    name.remove_prefix(family.size());
    break;
  }
  return all_digits(name) && name.size() >= 3 && name.size() <= 5 ? name : std::string_view{};
}

}  // namespace

std::string canonical_encoding(std::string_view label) {
  auto name = lower(trim(label));
  std::replace(name.begin(), name.end(), '_', '-');
  const auto known = [&name]() -> std::string_view {
    const auto* const at = std::lower_bound(std::begin(kAliases), std::end(kAliases), std::string_view(name),
                                            [](const Alias& a, std::string_view wanted) { return a.label < wanted; });
    return at != std::end(kAliases) && at->label == name ? at->name : std::string_view{};
  };
  if (const auto alias = known(); !alias.empty()) return std::string(alias);
  const bool private_name = name.starts_with("x-");
  if (private_name) {
    name.erase(0, 2);
    if (const auto alias = known(); !alias.empty()) return std::string(alias);
  }
  if (const auto part = part_of_iso_8859(name); !part.empty()) {
    name = "iso-8859-" + std::string(part);
  } else if (const auto page = code_page_of(name); !page.empty()) {
    name = "cp" + std::string(page);
  } else if (name.starts_with("iso2022") || name.starts_with("iso-2022")) {  // "iso2022jp-2", "iso-2022jp"
    auto rest = name.substr(name.starts_with("iso-") ? 8 : 7);
    if (rest.starts_with('-')) rest.erase(0, 1);
    if (rest.size() > 2 && rest[2] != '-') rest.insert(2, 1, '-');
    name = "iso-2022-" + rest;
  } else if (private_name) {
    name.insert(0, "x-");
  }
  // Once more: "iso8859-9" is iso-8859-9 first and cp1254 then.
  const auto alias = known();
  return alias.empty() ? name : std::string(alias);
}

}  // namespace newswire::feed::detail
