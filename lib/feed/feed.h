#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace newswire::feed {

/// The format a document declares, with the spelling that `newswirectl parse` prints (to_string).
enum class Format : std::uint8_t {
  rss090,
  rss091,
  rss092,
  rss093,
  rss094,
  rss10,
  rss20,
  atom03,
  atom10,
  jsonfeed10,
  jsonfeed11,
  cdf
};
std::string_view to_string(Format format) noexcept;

/// A date as the publisher wrote it and, if it could be read, the point in time. Never invented: an unreadable date
/// has only `raw`.
struct Date {
  std::string raw;
  std::optional<ZonedTime> time;
};

struct Person {
  std::string name;
  std::string url;
  std::string email;
  std::string avatar;
};

/// An Atom link, or what an RSS element says in its place. `href` is absolute where a base was known.
struct Link {
  std::string href;
  std::string rel;  ///< "alternate" when the document gives none
  std::string type;
  std::string title;
  std::string hreflang;
  std::optional<std::uint64_t> length;
};

/// An enclosure, JSON Feed attachment or playable Media RSS content.
struct Attachment {
  std::string url;
  std::string mime_type;
  std::string title;
  std::optional<std::uint64_t> size_in_bytes;
  std::optional<double> duration_in_seconds;
};

/// Media RSS: one media:content or media:thumbnail, group members included.
struct Media {
  std::string url;
  std::string type;    ///< MIME type
  std::string medium;  ///< image, video, audio, document, executable; "thumbnail" for a thumbnail
  std::string title;
  std::string description;
  std::string credit;
  std::string thumbnail;
  std::optional<std::uint64_t> width;
  std::optional<std::uint64_t> height;
  std::optional<std::uint64_t> size_in_bytes;
  std::optional<double> duration_in_seconds;
};

/// Where an entry was taken from (atom:source, RSS source).
struct Source {
  std::string title;
  std::string id;
  std::string url;
};

/// One entry, as the publisher has it: relative URLs resolved, nothing sanitized, nothing stripped. Texts are UTF-8;
/// empty means absent.
struct Entry {
  std::string id;   ///< guid, atom:id, JSON Feed id; empty if the document gives none
  std::string url;  ///< the permalink
  std::string external_url;
  std::string title;  ///< plain text: markup of the title removed, references decoded
  std::string content_html;
  std::string content_text;  ///< only where the document gives plain text (JSON Feed, Atom type="text")
  std::string summary;       ///< plain text or HTML, see summary_is_html
  bool summary_is_html = false;
  std::string image;
  std::string banner_image;
  Date published;
  Date updated;
  std::vector<Person> authors;
  std::vector<Person> contributors;
  std::vector<std::string> tags;
  std::string language;
  std::vector<Attachment> attachments;
  std::vector<Link> links;
  std::vector<Media> media;
  std::optional<Source> source;
  std::string comments;                        ///< URL of the comments page
  std::string comments_feed;                   ///< URL of the feed of comments (wfw:commentRss, rel=replies)
  std::optional<std::uint64_t> comment_count;  ///< slash:comments, thr:total
  std::string rights;
  std::string geo;  ///< GeoRSS as "lat lon" or the verbatim element text
};

/// What a feed says about how often it wants to be asked. Zero or empty: says nothing.
struct Hints {
  std::chrono::minutes ttl{0};              ///< RSS 2.0 <ttl>
  std::chrono::seconds update_interval{0};  ///< sy:updatePeriod / sy:updateFrequency
  std::vector<std::uint8_t> skip_hours;     ///< 0..23, GMT
  std::vector<std::uint8_t> skip_days;      ///< 0 = Sunday … 6 = Saturday, GMT
  bool expired = false;                     ///< JSON Feed `expired: true`: never polled often again
};

/// A parsed document. Entries are in document order; order means nothing (POLLING.md N2).
struct Feed {
  Format format = Format::rss20;
  std::string encoding;              ///< what it was decoded from, "utf-8", "windows-1252" …
  std::vector<std::string> repairs;  ///< what had to be repaired, one short phrase each; empty for a clean document
  std::string id;
  std::string title;
  std::string description;
  std::string home_page_url;
  std::string feed_url;      ///< the document's own opinion (rel=self, JSON feed_url)
  std::string next_url;      ///< RFC 5005 rel=next / prev-archive, JSON Feed next_url
  std::string new_feed_url;  ///< itunes:new-feed-url: where the publisher says the feed moved
  std::string icon;          ///< RSS image, Atom logo, JSON icon
  std::string favicon;       ///< Atom icon, JSON favicon
  std::string language;
  std::string rights;
  std::string generator;
  Date published;
  Date updated;
  Hints hints;
  std::string ttl_raw;                      ///< as written, for `parse`
  std::vector<std::string> skip_days_raw;   ///< names as written
  std::vector<std::string> skip_hours_raw;  ///< numbers as written
  std::vector<std::string> tags;
  std::vector<Person> authors;
  std::vector<Person> contributors;
  std::vector<Link> links;
  std::vector<std::string> hubs;         ///< WebSub hubs (rel=hub)
  bool complete = false;                 ///< fh:complete (RFC 5005, section 2)
  bool archive = false;                  ///< fh:archive (RFC 5005, section 4): never polled
  std::vector<std::string> deleted_ids;  ///< at:deleted-entry (RFC 6721)
  std::vector<Entry> entries;
};

}  // namespace newswire::feed
