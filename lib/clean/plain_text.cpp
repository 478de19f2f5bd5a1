#include "clean/plain_text.h"

#include "base/text.h"

namespace newswire::clean {

bool looks_like_markup(std::string_view text) {
  const auto head = text.substr(0, 256U << 10);
  if (const auto start = trim(head); istarts_with(start, "<!doctype") || istarts_with(start, "<html")) return true;
  if (ifind(head, "<html") != head.npos || ifind(head, "<body") != head.npos) return true;
  int tags = 0;
  for (auto at = head.find("</"); at != head.npos && tags < 2; at = head.find("</", at + 2))
    if (at + 2 < head.size() && is_alpha(head[at + 2])) ++tags;
  for (const std::string_view tag : {"<p>", "<br>", "<br/>", "<br />", "<div", "<p ", "<img "})
    if (ifind(head, tag) != head.npos) ++tags;
  return tags >= 2;
}

Result<Extracted> extract_plain_text(std::string_view text, const ExtractOptions& options) {
  Extracted out;
  out.url = options.url;
  out.content_text = std::string(trim(text));
  return out;
}

}  // namespace newswire::clean
