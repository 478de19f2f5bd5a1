#include "feed/detail/json_reader.h"

#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "base/text.h"
#include "base/url.h"
#include "feed/dates.h"
#include "feed/detail/html_urls.h"
#include "feed/detail/media.h"
#include "feed/detail/person.h"
#include "feed/detail/xml_entry.h"

namespace newswire::feed::detail {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepestNesting = 64;  // JSON Feed needs five; extensions may have their own
constexpr std::size_t kMostOfAKind = 4096;

// A string, or what a careless publisher puts in its place.
std::string text_of(const json::value* value) {
  if (value == nullptr) return {};
  if (const auto* text = value->if_string()) return std::string(text->data(), text->size());
  if (value->is_int64() || value->is_uint64()) return json::serialize(*value);
  if (const auto* number = value->if_double()) {
    std::array<char, 32> digits{};
    const auto [end, ec] = std::to_chars(digits.data(), digits.data() + digits.size(), *number);
    return ec == std::errc{} ? std::string(digits.data(), end) : std::string();
  }
  return {};
}

// A number is a Unix time, or nothing: "12345" in a string may be a date, the number is none.
Date date_of(const json::value* value) {
  constexpr double kFirst = 1e8;  // 1973
  if (value == nullptr) return {};
  const auto text = text_of(value);
  if (!value->is_number() || value->to_number<double>() >= kFirst) return make_date(text);
  Date date;
  date.raw = text;
  return date;
}

std::string line_of(const json::object& object, json::string_view key) {
  return fold_space(text_of(object.if_contains(key)));
}

std::optional<double> number_of(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->to_number<double>();
  if (const auto* text = value->if_string()) return parse_duration({text->data(), text->size()});
  return std::nullopt;
}

class JsonReader final : public DocumentReader {
 public:
  JsonReader(json::value document, const ParseOptions& options)
      : document_(std::move(document)), base_(options.base_url) {
    const auto& root = document_.get_object();
    if (const auto* items = root.if_contains("items")) items_ = items->if_array();
  }

  void read_feed(Feed& feed) override {
    const auto& root = document_.get_object();
    const auto version = text_of(root.if_contains("version"));
    const bool old = version.ends_with("/1") || version.ends_with("/1.0") ||
                     (version.empty() && root.if_contains("author") != nullptr);
    feed.format = old ? Format::jsonfeed10 : Format::jsonfeed11;
    feed.title = line_of(root, "title");
    feed.description = line_of(root, "description");
    feed.home_page_url = url_of(root, "home_page_url");
    feed.feed_url = url_of(root, "feed_url");
    feed.next_url = url_of(root, "next_url");
    feed.icon = url_of(root, "icon");
    feed.favicon = url_of(root, "favicon");
    feed.language = line_of(root, "language");
    people(root, feed.authors);
    if (const auto* expired = root.if_contains("expired"))
      feed.hints.expired = expired->is_bool() && expired->get_bool();
    if (const auto* hubs = root.if_contains("hubs"); hubs != nullptr && hubs->is_array()) {
      for (const auto& hub : hubs->get_array()) {
        if (!hub.is_object() || feed.hubs.size() >= kMostOfAKind) continue;
        if (auto url = url_of(hub.get_object(), "url"); !url.empty()) feed.hubs.push_back(std::move(url));
      }
    }
    extension(root, feed);
    home_ = feed.home_page_url;
    language_ = feed.language;
  }

  bool next(Entry& entry) override {
    while (items_ != nullptr && at_ < items_->size()) {
      const auto& value = (*items_)[at_++];
      if (!value.is_object()) continue;
      item(value.get_object(), entry);
      return true;
    }
    return false;
  }

  [[nodiscard]] std::size_t count() const override { return items_ == nullptr ? 0 : items_->size(); }

 private:
  std::string url_of(const json::object& object, json::string_view key) {
    const auto text = line_of(object, key);
    return text.empty() ? text : resolve_url(base_, text);
  }

  Person person_of(const json::value& value) {
    Person person;
    if (const auto* text = value.if_string()) return parse_person({text->data(), text->size()});
    if (!value.is_object()) return person;
    const auto& object = value.get_object();
    person.name = line_of(object, "name");
    person.url = url_of(object, "url");
    person.avatar = url_of(object, "avatar");
    person.email = line_of(object, "email");
    if (person.email.empty()) person.email = line_of(object, "_email");
    if (istarts_with(person.url, "mailto:") && person.email.empty()) person.email = person.url.substr(7);
    if (const auto* own = object.if_contains("_newswire"); own != nullptr && own->is_object() && person.email.empty()) {
      person.email = line_of(own->get_object(), "email");
    }
    return person;
  }

  // `authors` of 1.1 before `author` of 1.0, as both may be given for old readers.
  void people(const json::object& object, std::vector<Person>& out) {
    if (const auto* list = object.if_contains("authors"); list != nullptr && list->is_array()) {
      for (const auto& one : list->get_array()) {
        if (out.size() < kMostOfAKind) add_person(out, person_of(one));
      }
    }
    if (const auto* one = object.if_contains("author"); one != nullptr && out.empty()) {
      if (one->is_array()) {
        for (const auto& each : one->get_array()) {
          if (out.size() < kMostOfAKind) add_person(out, person_of(each));
        }
      } else {
        add_person(out, person_of(*one));
      }
    }
  }

  // What newswire itself writes beyond the format, so that its own output reads back.
  static void extension(const json::object& root, Feed& feed) {
    const auto* own = root.if_contains("_newswire");
    if (own == nullptr || !own->is_object()) return;
    const auto& more = own->get_object();
    feed.id = line_of(more, "id");
    feed.rights = line_of(more, "rights");
    feed.generator = line_of(more, "generator");
    feed.updated = make_date(text_of(more.if_contains("updated")));
    feed.published = make_date(text_of(more.if_contains("published")));
    if (const auto* tags = more.if_contains("tags"); tags != nullptr && tags->is_array()) {
      for (const auto& tag : tags->get_array()) add_tag(feed.tags, fold_space(text_of(&tag)));
    }
  }

  void item(const json::object& object, Entry& entry) {
    entry.id = line_of(object, "id");
    entry.url = url_of(object, "url");
    entry.external_url = url_of(object, "external_url");
    entry.title = line_of(object, "title");
    entry.summary = trim(text_of(object.if_contains("summary")));
    entry.content_text = text_of(object.if_contains("content_text"));
    entry.image = url_of(object, "image");
    entry.banner_image = url_of(object, "banner_image");
    const auto html = text_of(object.if_contains("content_html"));
    const std::string_view html_base = !entry.url.empty() ? entry.url : !home_.empty() ? home_ : base_;
    std::string found_image;
    entry.content_html = resolve_html_urls(html, html_base, patched_, &found_image);
    if (entry.image.empty()) entry.image = std::move(found_image);
    entry.published = date_of(object.if_contains("date_published"));
    entry.updated = date_of(object.if_contains("date_modified"));
    if (entry.published.raw.empty()) entry.published = entry.updated;
    entry.language = line_of(object, "language");
    if (iequals(entry.language, language_)) entry.language.clear();
    people(object, entry.authors);
    if (const auto* tags = object.if_contains("tags"); tags != nullptr) {
      if (tags->is_array()) {
        for (const auto& tag : tags->get_array()) add_tag(entry.tags, fold_space(text_of(&tag)));
      } else {
        add_tags(entry.tags, text_of(tags));
      }
    }
    if (const auto* list = object.if_contains("attachments"); list != nullptr && list->is_array()) {
      for (const auto& one : list->get_array()) attachment(one, entry);
    }
    if (const auto* own = object.if_contains("_newswire"); own != nullptr && own->is_object()) {
      entry.comments = line_of(own->get_object(), "comments");
      entry.rights = line_of(own->get_object(), "rights");
    }
  }

  void attachment(const json::value& value, Entry& entry) {
    if (!value.is_object() || entry.attachments.size() >= kMostOfAKind) return;
    const auto& object = value.get_object();
    Attachment found;
    found.url = url_of(object, "url");
    if (found.url.empty()) return;
    found.mime_type = line_of(object, "mime_type");
    if (found.mime_type.empty()) found.mime_type = guess_type(found.url);
    found.title = line_of(object, "title");
    if (const auto size = number_of(object.if_contains("size_in_bytes")); size && *size > 0 && *size < 1e18) {
      found.size_in_bytes = static_cast<std::uint64_t>(*size);
    }
    if (const auto duration = number_of(object.if_contains("duration_in_seconds"));
        duration && *duration > 0 && *duration < 1e9) {
      found.duration_in_seconds = duration;
    }
    entry.attachments.push_back(std::move(found));
  }

  json::value document_;
  const json::array* items_ = nullptr;
  std::size_t at_ = 0;
  std::string base_;
  std::string home_;
  std::string language_;
  std::string patched_;
};

bool is_feed(const json::object& root) {
  const auto* version = root.if_contains("version");
  if (version != nullptr && version->is_string()) {
    const auto& text = version->get_string();
    if (ifind({text.data(), text.size()}, "jsonfeed.org/version") != std::string_view::npos) return true;
  }
  const auto* items = root.if_contains("items");
  if (items == nullptr || !items->is_array() ||
      (root.if_contains("title") == nullptr && root.if_contains("feed_url") == nullptr))
    return false;
  const auto& list = items->get_array();
  if (list.empty()) return root.if_contains("home_page_url") != nullptr || root.if_contains("feed_url") != nullptr;
  if (!list.front().is_object()) return false;
  const auto& first = list.front().get_object();
  return first.if_contains("content_html") != nullptr || first.if_contains("content_text") != nullptr ||
         (first.if_contains("id") != nullptr && first.if_contains("url") != nullptr);
}

}  // namespace

namespace {

Result<json::value> parse_json(std::string_view text, bool lenient) {
  json::parse_options options;
  options.max_depth = kDeepestNesting;
  options.allow_trailing_commas = lenient;
  options.allow_comments = lenient;
  options.allow_invalid_utf8 = true;  // the decoder has looked already
  json::error_code failure;
  json::stream_parser parser({}, options);
  const auto used = parser.write_some(text.data(), text.size(), failure);
  if (!failure && !parser.done()) parser.finish(failure);
  if (!failure && !lenient && !trim(text.substr(used)).empty()) failure = json::error::extra_data;
  if (failure) {
    return Error{Errc::not_a_feed,
                 "the document looks like JSON but is not: " + failure.message() + " at byte " + std::to_string(used)};
  }
  return parser.release();
}

}  // namespace

Result<std::unique_ptr<DocumentReader>> open_json(std::string_view text, const ParseOptions& options, bool& lenient) {
  lenient = false;
  auto parsed = parse_json(text, false);
  if (!parsed) {
    lenient = true;
    parsed = parse_json(text, true);
  }
  if (!parsed) return parsed.error();
  auto document = *std::move(parsed);
  if (!document.is_object())
    return Error{Errc::not_a_feed,
                 "the document is JSON, but no object: JSON Feed is one object with \"version\" and \"items\""};
  if (!is_feed(document.get_object())) {
    return Error{Errc::not_a_feed,
                 "the document is JSON, but no JSON Feed: \"version\" does not name jsonfeed.org and there are no "
                 "items of the kind"};
  }
  return std::unique_ptr<DocumentReader>(std::make_unique<JsonReader>(std::move(document), options));
}

}  // namespace newswire::feed::detail
