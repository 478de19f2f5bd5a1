#include <string>

#include "base/text.h"
#include "clean/metadata.h"
#include "clean/metadata_relative.h"
#include "feed/dates.h"

namespace newswire::clean {

std::optional<ZonedTime> parse_page_date(std::string_view raw, Time fetched_at) {
  if (raw.size() > 256) return std::nullopt;
  const auto text = fold_space(raw);
  if (const auto date = feed::parse_date(text)) return date;
  return fetched_at == Time{} ? std::nullopt : parse_relative_date(text, fetched_at);
}

}  // namespace newswire::clean
