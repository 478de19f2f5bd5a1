#include "article/line.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/json_text.h"
#include "base/text.h"

namespace newswire::article {
namespace {

namespace bj = boost::json;

std::string_view to_string(Event event) {
  switch (event) {
    case Event::updated: return "updated";
    case Event::removed: return "removed";
    case Event::new_: break;
  }
  return "new";
}

void write_strings(JsonWriter& json, std::string_view name, const std::vector<std::string>& strings) {
  if (strings.empty()) return;
  json.key(name).begin_array();
  for (const auto& text : strings) json.value(text);
  json.end_array();
}

void write_flag(JsonWriter& json, std::string_view name, bool flag) {
  if (flag) json.key(name).value(true);
}

void write_extension(JsonWriter& json, const Article& a) {
  json.key("schema").value(std::int64_t{1});
  json.key("uid").value(a.uid);
  json.key("event").value(to_string(a.event));
  json.key("revision").value(std::uint64_t{a.revision});
  json.key("feed").begin_object();
  json.key("id").value(a.feed.id);
  json.key("url").value(a.feed.url);
  json.member_unless_empty("title", a.feed.title);
  write_strings(json, "tags", a.feed.tags);
  json.end_object();
  json.key("received").value(to_rfc3339(a.received, true));
  json.member_unless_empty("completeness", a.completeness);
  json.member_unless_empty("language_source", a.language_source);
  write_flag(json, "backlog", a.backlog);
  write_flag(json, "overflow", a.overflow);
  write_flag(json, "truncated", a.truncated);
  write_strings(json, "changed", a.changed);
  write_strings(json, "repairs", a.repairs);
  json.member_unless_empty("link_original", a.link_original);
  if (!a.published_raw.empty() || a.date_in_future) {
    json.key("dates").begin_object();
    json.member_unless_empty("raw", a.published_raw);
    write_flag(json, "future", a.date_in_future);
    json.end_object();
  }
  if (!a.story_uid.empty()) {
    json.key("story").begin_object();
    json.key("uid").value(a.story_uid);
    json.key("similarity").value(a.story_similarity);
    json.end_object();
  }
  if (!a.stripped.empty()) {
    json.key("stripped").begin_array();
    for (const auto& removal : a.stripped) {
      json.begin_object();
      json.key("rule").value(removal.rule);
      json.member_unless_empty("category", removal.category);
      json.key("where").value(removal.where);
      json.key("text").value(removal.text);
      json.end_object();
    }
    json.end_array();
  }
  if (!a.related.empty()) {
    json.key("related").begin_array();
    for (const auto& teaser : a.related) {
      json.begin_object();
      json.key("title").value(teaser.title);
      json.member_unless_empty("url", teaser.url);
      json.member_unless_empty("source", teaser.source);
      json.member_unless_empty("date", teaser.date);
      json.member_unless_empty("text", teaser.text);
      json.end_object();
    }
    json.end_array();
  }
}

void write_item(JsonWriter& json, const Article& a) {
  json.key("id").value(a.id);
  json.member_unless_empty("url", a.url);
  json.member_unless_empty("external_url", a.external_url);
  json.member_unless_empty("title", a.title);
  json.key("content_text").value(a.content_text);
  json.member_unless_empty("content_html", a.content_html);
  json.member_unless_empty("summary", a.summary);
  if (a.date_published) json.key("date_published").value(to_rfc3339(*a.date_published));
  if (a.date_modified) json.key("date_modified").value(to_rfc3339(*a.date_modified));
  if (!a.authors.empty()) {
    json.key("authors").begin_array();
    for (const auto& author : a.authors) {
      json.begin_object();
      json.member_unless_empty("name", author.name);
      json.member_unless_empty("url", author.url);
      json.member_unless_empty("avatar", author.avatar);
      if (!author.email.empty()) {
        json.key("_newswire").begin_object();
        json.key("email").value(author.email);
        json.end_object();
      }
      json.end_object();
    }
    json.end_array();
  }
  write_strings(json, "tags", a.tags);
  json.member_unless_empty("language", a.language);
  json.member_unless_empty("image", a.image);
  if (!a.attachments.empty()) {
    json.key("attachments").begin_array();
    for (const auto& attachment : a.attachments) {
      json.begin_object();
      json.key("url").value(attachment.url);
      json.key("mime_type")
          .value(attachment.mime_type.empty() ? "application/octet-stream" : std::string_view(attachment.mime_type));
      json.member_unless_empty("title", attachment.title);
      if (attachment.size_in_bytes) json.key("size_in_bytes").value(*attachment.size_in_bytes);
      if (attachment.duration_in_seconds) json.key("duration_in_seconds").value(*attachment.duration_in_seconds);
      json.end_object();
    }
    json.end_array();
  }
}

void write_tail(std::string& out, const Article& article) {
  out += ',';
  JsonWriter json(out);
  write_extension(json, article);
  out += "},";
  JsonWriter item(out);
  write_item(item, article);
  out += '}';
}

// --- reading ---

std::string text_of(const bj::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

bool flag_of(const bj::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<std::uint64_t> number_of(const bj::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_uint64()) return value->get_uint64();
  if (value->is_int64() && value->get_int64() >= 0) return static_cast<std::uint64_t>(value->get_int64());
  return std::nullopt;
}

double real_of(const bj::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return 0;
  return value->is_double() ? value->get_double() : static_cast<double>(number_of(object, name).value_or(0));
}

const bj::object* object_of(const bj::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

template <class Each>
void each_of(const bj::object& object, std::string_view name, Each each) {
  const auto* const value = object.if_contains(name);
  if (value == nullptr || !value->is_array()) return;
  for (const auto& element : value->get_array()) each(element);
}

std::vector<std::string> strings_of(const bj::object& object, std::string_view name) {
  std::vector<std::string> strings;
  each_of(object, name, [&](const bj::value& value) {
    if (value.is_string()) strings.emplace_back(value.get_string());
  });
  return strings;
}

void read_extension(const bj::object& own, Article& a) {
  a.seq = number_of(own, "seq").value_or(0);
  a.uid = text_of(own, "uid");
  const auto event = text_of(own, "event");
  a.event = event == "updated" ? Event::updated : event == "removed" ? Event::removed : Event::new_;
  a.revision = static_cast<std::uint32_t>(number_of(own, "revision").value_or(1));
  if (const auto* const feed = object_of(own, "feed")) {
    a.feed = {text_of(*feed, "id"), text_of(*feed, "url"), text_of(*feed, "title"), strings_of(*feed, "tags")};
  }
  if (const auto received = parse_rfc3339(text_of(own, "received"))) a.received = received->utc;
  a.completeness = text_of(own, "completeness");
  a.language_source = text_of(own, "language_source");
  a.backlog = flag_of(own, "backlog");
  a.overflow = flag_of(own, "overflow");
  a.truncated = flag_of(own, "truncated");
  a.changed = strings_of(own, "changed");
  a.repairs = strings_of(own, "repairs");
  a.link_original = text_of(own, "link_original");
  if (const auto* const dates = object_of(own, "dates")) {
    a.published_raw = text_of(*dates, "raw");
    a.date_in_future = flag_of(*dates, "future");
  }
  if (const auto* const story = object_of(own, "story")) {
    a.story_uid = text_of(*story, "uid");
    a.story_similarity = real_of(*story, "similarity");
  }
  each_of(own, "stripped", [&](const bj::value& value) {
    if (const auto* const removal = value.if_object()) {
      a.stripped.push_back({text_of(*removal, "rule"), text_of(*removal, "category"), text_of(*removal, "where"),
                            text_of(*removal, "text")});
    }
  });
  each_of(own, "related", [&](const bj::value& value) {
    if (const auto* const teaser = value.if_object()) {
      a.related.push_back({text_of(*teaser, "title"), text_of(*teaser, "url"), text_of(*teaser, "source"),
                           text_of(*teaser, "date"), text_of(*teaser, "text")});
    }
  });
}

void read_item(const bj::object& item, Article& a) {
  a.id = text_of(item, "id");
  a.url = text_of(item, "url");
  a.external_url = text_of(item, "external_url");
  a.title = text_of(item, "title");
  a.content_text = text_of(item, "content_text");
  a.content_html = text_of(item, "content_html");
  a.summary = text_of(item, "summary");
  a.date_published = parse_rfc3339(text_of(item, "date_published"));
  a.date_modified = parse_rfc3339(text_of(item, "date_modified"));
  each_of(item, "authors", [&](const bj::value& value) {
    if (const auto* const author = value.if_object()) {
      const auto* const own = object_of(*author, "_newswire");
      a.authors.push_back({text_of(*author, "name"), text_of(*author, "url"),
                           own == nullptr ? std::string{} : text_of(*own, "email"), text_of(*author, "avatar")});
    }
  });
  a.tags = strings_of(item, "tags");
  a.language = text_of(item, "language");
  a.image = text_of(item, "image");
  each_of(item, "attachments", [&](const bj::value& value) {
    if (const auto* const attachment = value.if_object()) {
      Attachment read{text_of(*attachment, "url"),
                      text_of(*attachment, "mime_type"),
                      text_of(*attachment, "title"),
                      number_of(*attachment, "size_in_bytes"),
                      {}};
      if (attachment->contains("duration_in_seconds"))
        read.duration_in_seconds = real_of(*attachment, "duration_in_seconds");
      a.attachments.push_back(std::move(read));
    }
  });
}

// The longest beginning of `text` that is at most `limit` bytes longer in JSON than an empty string.
std::string_view longest_prefix(std::string_view text, std::size_t limit) {
  std::size_t fits = 0;
  std::size_t too_long = std::min(text.size(), limit) + 1;
  std::string json;
  while (fits + 1 < too_long) {
    const auto middle = fits + (too_long - fits) / 2;
    json.clear();
    append_json_string(json, cut_utf8(text, middle));
    (json.size() <= limit + 2 ? fits : too_long) = middle;
  }
  return cut_utf8(text, fits);
}

}  // namespace

void append_tail(std::string& out, const Article& article, std::size_t limit) {
  const auto start = out.size();
  write_tail(out, article);
  if (out.size() - start <= limit) return;
  auto shorter = article;
  shorter.truncated = true;
  shorter.content_html.clear();
  out.resize(start);
  write_tail(out, shorter);
  if (out.size() - start <= limit) return;
  // What may be long besides the text is cut to a fixed size; the text gets what is left.
  constexpr std::size_t kShort = 1024;
  static constexpr std::size_t kFew = 16;
  const auto cut = [](std::string& text, std::size_t length) { text = cut_utf8(text, length); };
  const auto few = [](auto& list) {
    if (list.size() > kFew) list.resize(kFew);
  };
  for (auto* const text :
       {&shorter.id, &shorter.url, &shorter.external_url, &shorter.title, &shorter.summary, &shorter.image,
        &shorter.link_original, &shorter.published_raw, &shorter.language, &shorter.feed.url, &shorter.feed.title}) {
    cut(*text, kShort);
  }
  few(shorter.stripped);
  few(shorter.related);
  few(shorter.repairs);
  few(shorter.tags);
  few(shorter.authors);
  few(shorter.attachments);
  for (auto& removal : shorter.stripped) cut(removal.text, kShort);
  for (auto& teaser : shorter.related) {
    for (auto* const text : {&teaser.title, &teaser.url, &teaser.source, &teaser.date, &teaser.text})
      cut(*text, kShort / 4);
  }
  for (auto& text : shorter.repairs) cut(text, kShort);
  for (auto& text : shorter.tags) cut(text, kShort / 4);
  for (auto& author : shorter.authors) {
    for (auto* const text : {&author.name, &author.url, &author.email, &author.avatar}) cut(*text, kShort / 4);
  }
  for (auto& attachment : shorter.attachments) {
    for (auto* const text : {&attachment.url, &attachment.mime_type, &attachment.title}) cut(*text, kShort);
  }
  const auto content = std::move(shorter.content_text);
  shorter.content_text.clear();
  out.resize(start);
  write_tail(out, shorter);
  const auto used = out.size() - start;
  shorter.content_text = longest_prefix(content, used < limit ? limit - used : 0);
  out.resize(start);
  write_tail(out, shorter);
}

std::string to_line(const Article& article, std::size_t limit) {
  std::string line = R"({"_newswire":{"seq":)" + std::to_string(article.seq);
  append_tail(line, article, limit);
  return line;
}

Result<Article> parse_line(std::string_view line) {
  boost::system::error_code failed;
  bj::monotonic_resource memory;
  const auto value = bj::parse(line, failed, &memory, {});
  if (failed) return Error{Errc::corrupt, "the line is not JSON: " + failed.message()};
  const auto* const item = value.if_object();
  const auto* const own = item == nullptr ? nullptr : object_of(*item, "_newswire");
  if (own == nullptr || !number_of(*own, "seq"))
    return Error{Errc::corrupt, "the line is no article: it has no _newswire.seq"};
  Article article;
  read_extension(*own, article);
  read_item(*item, article);
  return article;
}

}  // namespace newswire::article
