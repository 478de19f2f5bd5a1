#include <algorithm>
#include <cstring>
#include <map>
#include <pugixml.hpp>
#include <unordered_map>

#include "base/text.h"
#include "config/feed_list.h"
#include "config/print.h"

namespace newswire::config {
namespace {

constexpr unsigned kMaxDepth = 64;
constexpr std::size_t kMaxTag = 100;
constexpr std::string_view kNamespace = "https://github.com/newswire/newswire/opml";
constexpr const char* kId = "newswire:id";

/// Text as the rest of the program wants it: well-formed UTF-8, white space folded, at most `limit` bytes.
std::string clean_text(std::string_view raw, std::size_t limit) {
  std::string out;
  if (is_utf8(raw)) {
    out = fold_space(raw);
  } else {
    for (auto rest = raw; !rest.empty();) {
      const auto step = decode_utf8(rest);
      append_utf8(out, step.value);
      rest.remove_prefix(step.size);
    }
    out = fold_space(out);
  }
  std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return std::string(trim(cut_utf8(out, limit)));
}

/// A folder's name or a category as a tag; commas separate tags elsewhere and become spaces.
std::string to_tag(std::string_view raw) {
  std::string text(raw);
  std::replace(text.begin(), text.end(), ',', ' ');
  auto tag = clean_text(text, kMaxTag);
  while (tag.starts_with('/')) tag.erase(0, 1);
  while (tag.ends_with('/')) tag.pop_back();
  return tag;
}

/// An attribute by name; OPML in the wild writes xmlUrl, xmlurl and xmlURL.
pugi::xml_attribute attribute(pugi::xml_node node, std::string_view name) {
  for (const auto& candidate : node.attributes()) {
    if (iequals(candidate.name(), name)) return candidate;
  }
  return {};
}

class OpmlReader {
 public:
  OpmlReader(std::string_view text, const OnError& error) : text_(text), error_(error) {}

  void read(const OnFeed& on_feed) {
    pugi::xml_document document;
    const auto result = document.load_buffer(text_.data(), text_.size(), pugi::parse_default | pugi::parse_trim_pcdata);
    if (!result) {
      return fail(Errc::invalid, std::string("not XML: ") + result.description(),
                  static_cast<std::size_t>(result.offset));
    }
    const auto body = document.child("opml").child("body");
    if (!body) return fail(Errc::invalid, "no OPML: <opml><body> is missing", 0);
    walk(body, {}, 0);
    for (const auto& item : feeds_) {
      std::vector<std::string_view> tags(item.tags.begin(), item.tags.end());
      on_feed(ListedFeed{item.url, item.id, item.title, tags, item.line, item.column});
    }
  }

 private:
  struct Item {
    std::string url;
    std::string id;
    std::string title;
    std::vector<std::string> tags;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
  };
  struct Position {
    std::uint32_t line;
    std::uint32_t column;
  };

  /// Offsets come in document order, so that counting lines is linear over all calls.
  Position position(std::size_t offset) {
    offset = std::min(offset, text_.size());
    if (offset < counted_) counted_ = line_start_ = 0, line_ = 1;
    for (; counted_ < offset; ++counted_) {
      if (text_[counted_] == '\n') ++line_, line_start_ = counted_ + 1;
    }
    return {line_, static_cast<std::uint32_t>(offset - line_start_) + 1};
  }

  void fail(Errc code, std::string what, std::size_t offset) {
    const auto [line, column] = position(offset);
    error_(Error{code, std::move(what), std::to_string(line) + ':' + std::to_string(column)});
  }

  static std::size_t offset_of(pugi::xml_node node) {
    const auto offset = node.offset_debug();
    return offset > 0 ? static_cast<std::size_t>(offset) : 0;
  }

  void walk(pugi::xml_node parent, const std::string& folder, unsigned depth) {
    if (depth > kMaxDepth) return fail(Errc::too_large, "outlines nested deeper than 64", offset_of(parent));
    for (const auto outline : parent.children("outline")) {
      const std::string_view url = attribute(outline, "xmlUrl").value();
      if (!trim(url).empty()) add(outline, url, folder);
      if (!outline.first_child()) continue;
      const auto title = attribute(outline, "text") ? attribute(outline, "text") : attribute(outline, "title");
      auto inner = to_tag(title.value());
      if (!trim(url).empty()) inner.clear();  // a feed is no folder
      if (!folder.empty() && !inner.empty()) inner = to_tag(folder + '/' + inner);
      walk(outline, inner.empty() ? folder : inner, depth + 1);
    }
  }

  void add(pugi::xml_node outline, std::string_view url, const std::string& folder) {
    Item item;
    item.url = std::string(trim(url));
    item.id = std::string(outline.attribute(kId).value());
    const std::string_view title = attribute(outline, "title").value();
    item.title = clean_text(title.empty() && item.id.empty() ? attribute(outline, "text").value() : title, 1000);
    if (item.title == item.url) item.title.clear();
    if (!folder.empty()) item.tags.push_back(folder);
    for (const auto category : split(attribute(outline, "category").value(), ',')) {
      if (auto tag = to_tag(category); !tag.empty()) item.tags.push_back(std::move(tag));
    }
    const auto [line, column] = position(offset_of(outline));
    item.line = line;
    item.column = column;
    const auto [known, fresh] = by_url_.emplace(item.url, feeds_.size());
    if (fresh) {
      feeds_.push_back(std::move(item));
    } else {
      auto& first = feeds_[known->second];
      first.tags.insert(first.tags.end(), item.tags.begin(), item.tags.end());
      if (first.title.empty()) first.title = std::move(item.title);
    }
  }

  std::string_view text_;
  const OnError& error_;
  std::size_t counted_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  std::vector<Item> feeds_;
  std::unordered_map<std::string, std::size_t> by_url_;
};

struct Folder {
  std::map<std::string, Folder, std::less<>> folders;
  std::vector<const FeedConfig*> feeds;
};

/// The tag that becomes the enclosing outlines: one that was nested, else the first. npos without tags.
std::size_t folder_tag(const std::vector<std::string>& tags) {
  if (tags.empty()) return std::string::npos;
  const auto nested =
      std::find_if(tags.begin(), tags.end(), [](const std::string& tag) { return tag.find('/') != tag.npos; });
  return nested == tags.end() ? 0 : static_cast<std::size_t>(nested - tags.begin());
}

void write_folder(const Folder& folder, pugi::xml_node parent) {
  for (const auto* feed : folder.feeds) {
    const auto& labels = labels_of(*feed);
    auto outline = parent.append_child("outline");
    outline.append_attribute("type") = "rss";
    outline.append_attribute("text") = labels.title.empty() ? feed->id.c_str() : labels.title.c_str();
    if (!labels.title.empty()) outline.append_attribute("title") = labels.title.c_str();
    outline.append_attribute("xmlUrl") = feed->url.c_str();
    outline.append_attribute(kId) = feed->id.c_str();
    std::string categories;
    const auto folder_at = folder_tag(labels.tags);
    for (std::size_t i = 0; i < labels.tags.size(); ++i) {
      if (i != folder_at) categories += (categories.empty() ? "" : ",") + labels.tags[i];
    }
    if (!categories.empty()) outline.append_attribute("category") = categories.c_str();
  }
  for (const auto& [name, inner] : folder.folders) {
    auto outline = parent.append_child("outline");
    outline.append_attribute("text") = name.c_str();
    write_folder(inner, outline);
  }
}

struct StringWriter : pugi::xml_writer {
  std::string text;
  void write(const void* data, std::size_t size) override { text.append(static_cast<const char*>(data), size); }
};

}  // namespace

void read_opml(std::string_view text, const OnFeed& feed, const OnError& error) { OpmlReader(text, error).read(feed); }

std::string write_opml(std::span<const FeedConfig> feeds, std::string_view title) {
  Folder root;
  for (const auto& feed : feeds) {
    auto* folder = &root;
    if (const auto& tags = labels_of(feed).tags; !tags.empty()) {
      for (const auto part : split(tags[folder_tag(tags)], '/')) folder = &folder->folders[std::string(part)];
    }
    folder->feeds.push_back(&feed);
  }
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  auto opml = document.append_child("opml");
  opml.append_attribute("version") = "2.0";
  opml.append_attribute("xmlns:newswire") = std::string(kNamespace).c_str();
  opml.append_child("head").append_child("title").text().set(std::string(title).c_str());
  write_folder(root, opml.append_child("body"));
  StringWriter writer;
  document.save(writer, "  ", pugi::format_default, pugi::encoding_utf8);
  return std::move(writer.text);
}

}  // namespace newswire::config
