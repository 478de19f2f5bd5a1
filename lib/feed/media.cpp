#include "feed/detail/media.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/text.h"
#include "base/url.h"
#include "feed/detail/markup.h"
#include "feed/detail/plain.h"

namespace newswire::feed::detail {
namespace {

constexpr std::size_t kMostMedia = 4096;  // of one entry; more is an attack, or a database

// Texts and pictures that belong to one media:content or to a whole group.
void read_details(xml::Node node, Scopes& scopes, Media& media, std::string& scratch) {
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    if (!child.is_element()) continue;
    const Level level(scopes, child);
    const auto name = scopes.name(child);
    if (name.ns != Ns::media && name.ns != Ns::plain) continue;
    switch (name.tag) {
      case Tag::title:
        if (media.title.empty()) media.title = plain_from_html(inner_text(child, scratch));
        break;
      case Tag::description:
      case Tag::text:
        if (media.description.empty()) media.description = trim(inner_text(child, scratch));
        break;
      case Tag::credit:
        if (media.credit.empty()) media.credit = plain_from_html(inner_text(child, scratch));
        break;
      case Tag::thumbnail: {
        auto url = trim(attribute(child, "url"));
        if (url.empty()) url = trim(inner_text(child, scratch));
        if (media.thumbnail.empty() && !url.empty()) media.thumbnail = resolve_url(scopes.base(), url);
        break;
      }
      case Tag::player:
        if (media.url.empty() && !attribute(child, "url").empty())
          media.url = resolve_url(scopes.base(), attribute(child, "url"));
        break;
      default: break;
    }
  }
}

std::optional<std::uint64_t> number(std::string_view text) noexcept {
  text = trim(text);
  std::uint64_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
  return value;
}

Media read_content(xml::Node node, Scopes& scopes, std::string& scratch) {
  Media media;
  auto url = trim(attribute(node, "url"));
  if (url.empty()) url = trim(attribute(node, "href"));
  if (!url.empty()) media.url = resolve_url(scopes.base(), url);
  media.type = trim(attribute(node, "type"));
  media.medium = lower(trim(attribute(node, "medium")));
  media.width = number(attribute(node, "width"));
  media.height = number(attribute(node, "height"));
  media.size_in_bytes = parse_size(attribute(node, "fileSize"));
  media.duration_in_seconds = parse_duration(attribute(node, "duration"));
  read_details(node, scopes, media, scratch);
  if (media.medium.empty()) {
    const auto type = media.type.empty() ? guess_type(media.url) : std::string_view(media.type);
    for (const std::string_view medium : {"image", "audio", "video"}) {
      if (istarts_with(type, medium)) media.medium = medium;
    }
  }
  return media;
}

void add(Entry& entry, Media media) {
  if (media.url.empty() && media.thumbnail.empty()) return;
  if (entry.media.size() < kMostMedia) entry.media.push_back(std::move(media));
}

Media read_thumbnail(xml::Node node, const Scopes& scopes, std::string& scratch) {
  Media media;
  auto url = trim(attribute(node, "url"));
  if (url.empty()) url = trim(inner_text(node, scratch));
  if (!url.empty()) media.url = resolve_url(scopes.base(), url);
  media.medium = "thumbnail";
  media.width = number(attribute(node, "width"));
  media.height = number(attribute(node, "height"));
  return media;
}

void read_group(xml::Node group, Scopes& scopes, Entry& entry, std::string& scratch) {
  Media common;
  read_details(group, scopes, common, scratch);
  for (auto child = group.first_child(); child; child = child.next_sibling()) {
    if (!child.is_element()) continue;
    const Level level(scopes, child);
    const auto name = scopes.name(child);
    if (name.tag == Tag::thumbnail) add(entry, read_thumbnail(child, scopes, scratch));
    if (name.tag != Tag::content) continue;
    auto media = read_content(child, scopes, scratch);
    if (media.title.empty()) media.title = common.title;
    if (media.description.empty()) media.description = common.description;
    if (media.credit.empty()) media.credit = common.credit;
    if (media.thumbnail.empty()) media.thumbnail = common.thumbnail;
    add(entry, std::move(media));
  }
}

bool is_playable(const Media& media) noexcept {
  if (media.type.empty()) return media.medium == "audio" || media.medium == "video";
  return istarts_with(media.type, "audio/") || istarts_with(media.type, "video/");
}

bool is_picture(const Media& media) noexcept { return media.medium == "image" || istarts_with(media.type, "image/"); }

}  // namespace

bool read_media(xml::Node node, Name name, Scopes& scopes, Entry& entry, std::string& scratch) {
  switch (name.tag) {
    case Tag::content: add(entry, read_content(node, scopes, scratch)); return true;
    case Tag::thumbnail: add(entry, read_thumbnail(node, scopes, scratch)); return true;
    case Tag::group: read_group(node, scopes, entry, scratch); return true;
    default: return false;
  }
}

std::optional<Attachment> read_enclosure(xml::Node node, const Scopes& scopes, std::string& scratch) {
  auto url = trim(attribute(node, "url"));
  if (url.empty()) url = trim(attribute(node, "href"));
  if (url.empty()) url = trim(attribute(node, "uri"));
  if (url.empty() && !has_elements(node)) url = trim(inner_text(node, scratch));
  if (url.empty()) return std::nullopt;
  Attachment attachment;
  attachment.url = resolve_url(scopes.base(), url);
  attachment.mime_type = trim(attribute(node, "type"));
  if (attachment.mime_type.empty()) attachment.mime_type = guess_type(attachment.url);
  attachment.title = fold_space(attribute(node, "title"));
  attachment.size_in_bytes = parse_size(attribute(node, "length"));
  attachment.duration_in_seconds = parse_duration(attribute(node, "duration"));
  return attachment;
}

void apply_media(Entry& entry) {
  for (const auto& media : entry.media) {
    if (!is_playable(media) || media.url.empty()) continue;
    const auto last =
        entry.attachments.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(entry.attachments.size(), 64));
    const auto known =
        std::find_if(entry.attachments.begin(), last, [&media](const Attachment& a) { return a.url == media.url; });
    if (known == last) {
      Attachment attachment{media.url, media.type, media.title, media.size_in_bytes, media.duration_in_seconds};
      if (attachment.mime_type.empty()) attachment.mime_type = guess_type(media.url);
      if (attachment.mime_type.empty()) attachment.mime_type = media.medium == "audio" ? "audio/mpeg" : "video/mp4";
      entry.attachments.push_back(std::move(attachment));
    } else {
      if (!known->duration_in_seconds) known->duration_in_seconds = media.duration_in_seconds;
      if (!known->size_in_bytes) known->size_in_bytes = media.size_in_bytes;
    }
  }
  if (!entry.image.empty()) return;
  const auto picture = std::find_if(entry.media.begin(), entry.media.end(), is_picture);
  if (picture != entry.media.end() && !picture->url.empty()) {
    entry.image = picture->url;
    return;
  }
  for (const auto& media : entry.media) {
    const auto& url = media.medium == "thumbnail" ? media.url : media.thumbnail;
    if (url.empty()) continue;
    entry.image = url;
    return;
  }
  const auto enclosed = std::find_if(entry.attachments.begin(), entry.attachments.end(),
                                     [](const Attachment& a) { return istarts_with(a.mime_type, "image/"); });
  if (enclosed != entry.attachments.end()) entry.image = enclosed->url;
}

namespace {

// "1h 2m 3s", "1 hr 2 min", and ISO 8601's "PT1H2M3S".
std::optional<double> duration_in_units(std::string_view text) noexcept {
  if (istarts_with(text, "pt")) text.remove_prefix(2);
  double total = 0;
  while (!text.empty()) {
    double value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || value < 0) return std::nullopt;
    text = trim(text.substr(static_cast<std::size_t>(end - text.data())));
    std::size_t letters = 0;
    while (letters < text.size() && is_alpha(text[letters])) ++letters;
    // "M" counts minutes in both, as a day and more is no episode.
    const char unit = letters == 0 ? '\0' : to_lower(text.front());
    if (unit != 'h' && unit != 'm' && unit != 's') return std::nullopt;
    total += value * (unit == 'h' ? 3600 : unit == 'm' ? 60 : 1);
    text = trim(text.substr(letters));
  }
  return total > 0 && total < 1e9 ? std::optional(total) : std::nullopt;
}

}  // namespace

std::optional<double> parse_duration(std::string_view text) noexcept {
  text = trim(text);
  if (text.empty() || text.size() > 32) return std::nullopt;
  if (is_alpha(text.front()) || is_alpha(text.back())) return duration_in_units(text);
  double total = 0;
  for (int parts = 0; parts < 4; ++parts) {
    const auto colon = text.find(':');
    const auto piece = text.substr(0, colon);
    double value = 0;
    const auto [end, ec] = std::from_chars(piece.data(), piece.data() + piece.size(), value);
    if (ec != std::errc{} || end != piece.data() + piece.size() || value < 0) return std::nullopt;
    total = total * 60 + value;
    if (colon == std::string_view::npos) return total > 0 && total < 1e9 ? std::optional(total) : std::nullopt;
    text.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
  text = trim(text);
  std::uint64_t value = 0;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (is_digit(text[at])) {
      if (value > 100'000'000'000'000'000U) return std::nullopt;
      value = value * 10 + static_cast<std::uint64_t>(text[at] - '0');
    } else if ((text[at] != ',' && text[at] != '.') || at == 0) {
      break;
    }
  }
  if (value == 0) return std::nullopt;
  const auto unit = trim(text.substr(at));
  if (unit.empty() || istarts_with(unit, "b")) return value;
  if (text.substr(0, at).find('.') != std::string_view::npos) return std::nullopt;
  if (istarts_with(unit, "k")) return value * 1024;
  if (istarts_with(unit, "m")) return value * 1024 * 1024;
  if (istarts_with(unit, "g")) return value * 1024 * 1024 * 1024;
  return std::nullopt;
}

std::string_view guess_type(std::string_view url) noexcept {
  struct Known {
    std::string_view extension;
    std::string_view type;
  };
  static constexpr Known kTypes[] = {
      {"mp3", "audio/mpeg"},      {"m4a", "audio/mp4"},       {"aac", "audio/aac"},
      {"ogg", "audio/ogg"},       {"oga", "audio/ogg"},       {"opus", "audio/opus"},
      {"wav", "audio/wav"},       {"flac", "audio/flac"},     {"mp4", "video/mp4"},
      {"m4v", "video/mp4"},       {"mov", "video/quicktime"}, {"webm", "video/webm"},
      {"mpg", "video/mpeg"},      {"avi", "video/x-msvideo"}, {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},     {"png", "image/png"},       {"gif", "image/gif"},
      {"webp", "image/webp"},     {"svg", "image/svg+xml"},   {"avif", "image/avif"},
      {"pdf", "application/pdf"}, {"zip", "application/zip"}, {"torrent", "application/x-bittorrent"}};
  const auto path = split_url(url).path;
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos) return {};
  const auto extension = path.substr(dot + 1);
  const auto* const found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                         [extension](const Known& k) { return iequals(k.extension, extension); });
  return found == std::end(kTypes) ? std::string_view{} : found->type;
}

}  // namespace newswire::feed::detail
