#include "ingest/body.h"

#include <algorithm>

namespace newswire::ingest {

Body body_of(const feed::Entry& entry) {
  const auto content = std::max(entry.content_html.size(), entry.content_text.size());
  Body body;
  if (content == 0 || entry.summary.size() > 2 * content) {
    body.from_summary = true;
    (entry.summary_is_html ? body.html : body.text) = entry.summary;
  } else if (!entry.content_html.empty()) {
    body.html = entry.content_html;
  } else {
    body.text = entry.content_text;
  }
  return body;
}

}  // namespace newswire::ingest
