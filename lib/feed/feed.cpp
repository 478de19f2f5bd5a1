#include "feed/feed.h"

#include "feed/detail/reader.h"

namespace newswire::feed {

std::string_view to_string(Format format) noexcept {
  switch (format) {
    case Format::rss090: return "rss090";
    case Format::rss091: return "rss091";
    case Format::rss092: return "rss092";
    case Format::rss093: return "rss093";
    case Format::rss094: return "rss094";
    case Format::rss10: return "rss10";
    case Format::rss20: return "rss20";
    case Format::atom03: return "atom03";
    case Format::atom10: return "atom10";
    case Format::jsonfeed10: return "jsonfeed10";
    case Format::jsonfeed11: return "jsonfeed11";
    case Format::cdf: return "cdf";
  }
  return "rss20";
}

namespace detail {
namespace {

void clear(Date& date) {
  date.raw.clear();
  date.time.reset();
}

}  // namespace

void clear(Entry& entry) {
  for (auto* text : {&entry.id, &entry.url, &entry.external_url, &entry.title, &entry.content_html, &entry.content_text,
                     &entry.summary, &entry.image, &entry.banner_image, &entry.language, &entry.comments, &entry.rights,
                     &entry.geo}) {
    text->clear();
  }
  entry.summary_is_html = false;
  clear(entry.published);
  clear(entry.updated);
  entry.authors.clear();
  entry.contributors.clear();
  entry.tags.clear();
  entry.attachments.clear();
  entry.links.clear();
  entry.media.clear();
  entry.source.reset();
}

}  // namespace detail
}  // namespace newswire::feed
