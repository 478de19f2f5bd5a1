#include "feed/detail/text_ends.h"

#include <algorithm>

#include "base/text.h"
#include "feed/detail/cdata.h"
#include "feed/detail/odd_markup.h"
#include "feed/detail/repair_names.h"

namespace newswire::feed::detail {

bool TextEnds::misses_end(std::string_view name, std::size_t at) {
  const auto known = std::find_if(kNames.begin(), kNames.end(), [name](auto one) { return iequals(one, name); });
  if (known == kNames.end()) return false;
  auto& seen = seen_[static_cast<std::size_t>(known - kNames.begin())];
  if (at < seen.from || at > seen.at) seen = look(name, at);
  return seen.missing;
}

TextEnds::Seen TextEnds::look(std::string_view name, std::size_t from) const {
  constexpr std::size_t kLongestName = 32;
  for (auto at = document_.find('<', from); at != std::string_view::npos; at = document_.find('<', at + 1)) {
    if (document_.substr(at).starts_with(kCdataStart)) {
      at = document_.find(kCdataEnd, at);
      if (at == std::string_view::npos) break;
      continue;
    }
    const bool closes = document_.substr(at + 1).starts_with('/');
    const auto start = at + (closes ? 2 : 1);
    auto end = start;
    while (end < document_.size() && end < start + kLongestName && is_name_char(document_[end])) ++end;
    const auto tag = document_.substr(start, end - start);
    if (is_item(tag)) return {from, at, closes};
    if (closes && iequals(tag, name)) return {from, at, false};
  }
  return {from, document_.size(), false};
}

}  // namespace newswire::feed::detail
