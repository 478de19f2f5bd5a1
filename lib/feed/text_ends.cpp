#include "feed/detail/text_ends.h"

#include <algorithm>

#include "base/text.h"
#include "feed/detail/cdata.h"
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
  for (auto at = document_.find('<', from); at != std::string_view::npos; at = document_.find('<', at + 1)) {
    if (document_.substr(at).starts_with(kCdataStart)) {
      at = document_.find(kCdataEnd, at);
      if (at == std::string_view::npos) break;
      continue;
    }
    const auto tag = tag_at(document_, at);
    if (is_item(tag.name)) return {from, at, tag.closes};
    if (tag.closes && iequals(tag.name, name)) return {from, at, false};
  }
  return {from, document_.size(), false};
}

}  // namespace newswire::feed::detail
