#include "feed/json.h"

#include "base/json_text.h"
#include "feed/detail/writer.h"

namespace newswire::feed {
namespace {

void write_people(JsonWriter& json, std::string_view key, const std::vector<Person>& people) {
  if (people.empty()) return;
  json.key(key).begin_array();
  for (const auto& person : people) {
    json.begin_object();
    json.member_unless_empty("name", person.name);
    json.member_unless_empty("url", person.url);
    json.member_unless_empty("avatar", person.avatar);
    if (!person.email.empty()) {
      json.key("_newswire").begin_object();
      json.key("email").value(person.email);
      json.end_object();
    }
    json.end_object();
  }
  json.end_array();
}

void write_strings(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json.key(key).begin_array();
  for (const auto& text : texts) json.value(text);
  json.end_array();
}

void write_links(JsonWriter& json, const std::vector<Link>& links) {
  if (links.empty()) return;
  json.key("links").begin_array();
  for (const auto& link : links) {
    json.begin_object();
    json.member_unless_empty("href", link.href);
    json.member_unless_empty("rel", link.rel);
    json.member_unless_empty("type", link.type);
    json.member_unless_empty("title", link.title);
    json.member_unless_empty("hreflang", link.hreflang);
    if (link.length) json.key("length").value(*link.length);
    json.end_object();
  }
  json.end_array();
}

void write_date(JsonWriter& json, std::string_view key, const Date& date) {
  if (date.time) json.key(key).value(to_rfc3339(*date.time));
}

void write_media(JsonWriter& json, const std::vector<Media>& media) {
  if (media.empty()) return;
  json.key("media").begin_array();
  for (const auto& one : media) {
    json.begin_object();
    json.member_unless_empty("url", one.url);
    json.member_unless_empty("type", one.type);
    json.member_unless_empty("medium", one.medium);
    json.member_unless_empty("title", one.title);
    json.member_unless_empty("description", one.description);
    json.member_unless_empty("credit", one.credit);
    json.member_unless_empty("thumbnail", one.thumbnail);
    if (one.width) json.key("width").value(*one.width);
    if (one.height) json.key("height").value(*one.height);
    if (one.size_in_bytes) json.key("size_in_bytes").value(*one.size_in_bytes);
    if (one.duration_in_seconds) json.key("duration_in_seconds").value(*one.duration_in_seconds);
    json.end_object();
  }
  json.end_array();
}

void write_attachments(JsonWriter& json, const std::vector<Attachment>& attachments) {
  if (attachments.empty()) return;
  json.key("attachments").begin_array();
  for (const auto& one : attachments) {
    json.begin_object();
    json.key("url").value(one.url);
    json.key("mime_type")
        .value(one.mime_type.empty() ? std::string_view("application/octet-stream") : std::string_view(one.mime_type));
    json.member_unless_empty("title", one.title);
    if (one.size_in_bytes) json.key("size_in_bytes").value(*one.size_in_bytes);
    if (one.duration_in_seconds) json.key("duration_in_seconds").value(*one.duration_in_seconds);
    json.end_object();
  }
  json.end_array();
}

// The raw text of dates that could not be read: verbatim, never invented.
void write_raw_dates(JsonWriter& json, const Date& published, const Date& updated) {
  const bool first = !published.time && !published.raw.empty();
  const bool second = !updated.time && !updated.raw.empty();
  if (!first && !second) return;
  json.key("dates").begin_object();
  if (first) json.key("published").value(published.raw);
  if (second) json.key("updated").value(updated.raw);
  json.end_object();
}

bool has_extension(const Entry& entry) {
  return !entry.rights.empty() || !entry.comments.empty() || !entry.comments_feed.empty() || entry.comment_count ||
         entry.source || !entry.links.empty() || !entry.contributors.empty() || !entry.media.empty() ||
         !entry.geo.empty() || (!entry.published.time && !entry.published.raw.empty()) ||
         (!entry.updated.time && !entry.updated.raw.empty());
}

void write_entry_extension(JsonWriter& json, const Entry& entry) {
  if (!has_extension(entry)) return;
  json.key("_newswire").begin_object();
  json.member_unless_empty("rights", entry.rights);
  json.member_unless_empty("comments", entry.comments);
  json.member_unless_empty("comments_feed", entry.comments_feed);
  if (entry.comment_count) json.key("comment_count").value(*entry.comment_count);
  if (entry.source) {
    json.key("source").begin_object();
    json.member_unless_empty("title", entry.source->title);
    json.member_unless_empty("id", entry.source->id);
    json.member_unless_empty("url", entry.source->url);
    json.end_object();
  }
  write_links(json, entry.links);
  write_people(json, "contributors", entry.contributors);
  write_media(json, entry.media);
  json.member_unless_empty("geo", entry.geo);
  write_raw_dates(json, entry.published, entry.updated);
  json.end_object();
}

void write_feed_extension(JsonWriter& json, const Feed& feed) {
  json.key("_newswire").begin_object();
  json.key("format").value(to_string(feed.format));
  json.member_unless_empty("encoding", feed.encoding);
  write_strings(json, "repairs", feed.repairs);
  json.member_unless_empty("id", feed.id);
  json.member_unless_empty("rights", feed.rights);
  json.member_unless_empty("generator", feed.generator);
  write_date(json, "updated", feed.updated);
  write_date(json, "published", feed.published);
  write_raw_dates(json, feed.published, feed.updated);
  json.member_unless_empty("ttl", feed.ttl_raw);
  write_strings(json, "skip_hours", feed.skip_hours_raw);
  write_strings(json, "skip_days", feed.skip_days_raw);
  write_strings(json, "tags", feed.tags);
  write_links(json, feed.links);
  write_people(json, "contributors", feed.contributors);
  json.member_unless_empty("new_feed_url", feed.new_feed_url);
  if (feed.hints.update_interval.count() > 0)
    json.key("update_interval").value(static_cast<std::int64_t>(feed.hints.update_interval.count()));
  if (feed.complete) json.key("complete").value(true);
  if (feed.archive) json.key("archive").value(true);
  write_strings(json, "deleted", feed.deleted_ids);
  json.end_object();
}

}  // namespace

namespace detail {

void write_feed_head(JsonWriter& json, const Feed& feed) {
  json.key("version").value("https://jsonfeed.org/version/1.1");
  json.key("title").value(feed.title);
  json.member_unless_empty("home_page_url", feed.home_page_url);
  json.member_unless_empty("feed_url", feed.feed_url);
  json.member_unless_empty("description", feed.description);
  json.member_unless_empty("next_url", feed.next_url);
  json.member_unless_empty("icon", feed.icon);
  json.member_unless_empty("favicon", feed.favicon);
  write_people(json, "authors", feed.authors);
  json.member_unless_empty("language", feed.language);
  if (feed.hints.expired) json.key("expired").value(true);
  if (!feed.hubs.empty()) {
    json.key("hubs").begin_array();
    for (const auto& hub : feed.hubs) {
      json.begin_object();
      json.key("type").value("WebSub");
      json.key("url").value(hub);
      json.end_object();
    }
    json.end_array();
  }
  write_feed_extension(json, feed);
}

void write_entry(JsonWriter& json, const Entry& entry) {
  json.begin_object();
  json.member_unless_empty("id", entry.id);
  json.member_unless_empty("url", entry.url);
  json.member_unless_empty("external_url", entry.external_url);
  json.member_unless_empty("title", entry.title);
  json.member_unless_empty("content_html", entry.content_html);
  // One of the two is required; an entry without content says so.
  if (!entry.content_text.empty() || entry.content_html.empty()) json.key("content_text").value(entry.content_text);
  json.member_unless_empty("summary", entry.summary);
  json.member_unless_empty("image", entry.image);
  json.member_unless_empty("banner_image", entry.banner_image);
  write_date(json, "date_published", entry.published);
  write_date(json, "date_modified", entry.updated);
  write_people(json, "authors", entry.authors);
  write_strings(json, "tags", entry.tags);
  json.member_unless_empty("language", entry.language);
  write_attachments(json, entry.attachments);
  write_entry_extension(json, entry);
  json.end_object();
}

}  // namespace detail

void append_json_feed(std::string& out, const Feed& feed) {
  JsonWriter json(out);
  json.begin_object();
  detail::write_feed_head(json, feed);
  json.key("items").begin_array();
  for (const auto& entry : feed.entries) detail::write_entry(json, entry);
  json.end_array();
  json.end_object();
}

}  // namespace newswire::feed
