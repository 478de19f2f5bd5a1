#include "clean/metadata_jsonld.h"

#include <boost/json.hpp>
#include <string>

#include "base/entities.h"
#include "base/text.h"

namespace newswire::clean {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxBytes = 1U << 20;
constexpr int kMaxDepth = 32;
constexpr int kMaxValues = 10000;
constexpr std::size_t kMaxAuthors = 16;

// Publishers paste text into JSON without escaping it, and wrap it for XHTML.
std::string repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  bool escaped = false;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20;
    if (in_string && control) {
      if (c == '\n')
        out += "\\n";
      else if (c == '\t' || c == '\r')
        out += ' ';
      escaped = false;
      continue;
    }
    if (escaped) {
      escaped = false;
    } else if (in_string && c == '\\') {
      escaped = true;
    } else if (c == '"') {
      in_string = !in_string;
    }
    out += c;
  }
  return out;
}

std::string_view without_wrapping(std::string_view text) {
  text = trim(text);
  for (const std::string_view open : {"<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["})
    if (text.starts_with(open)) text = trim(text.substr(open.size()));
  for (const std::string_view close : {"-->", "//]]>", "/*]]>*/", "]]>"})
    if (text.ends_with(close)) text = trim(text.substr(0, text.size() - close.size()));
  while (text.ends_with(';')) text = trim(text.substr(0, text.size() - 1));
  return text;
}

bool is_article_type(std::string_view type) {
  if (const auto slash = type.rfind('/'); slash != type.npos) type.remove_prefix(slash + 1);
  return type.ends_with("Article") || type.ends_with("Posting") || type == "Report" || type == "Review" ||
         type == "Recipe" || type == "HowTo" || type == "CreativeWork" || type == "SocialMediaPosting" ||
         type == "NewsItem" || type == "Blog";
}

bool has_article_type(const json::object& object) {
  const auto* type = object.if_contains("@type");
  if (type == nullptr) return false;
  if (type->is_string()) return is_article_type(type->get_string());
  if (type->is_array())
    for (const auto& one : type->get_array())
      if (one.is_string() && is_article_type(one.get_string())) return true;
  return false;
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return {};
  if (value->is_array() && !value->get_array().empty()) value = &value->get_array().front();
  return value->is_string() ? decode_entities(std::string_view(value->get_string())) : std::string{};
}

// A URL, or an object that has one.
std::string url_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return {};
  if (value->is_array() && !value->get_array().empty()) value = &value->get_array().front();
  if (value->is_string()) return std::string(trim(std::string_view(value->get_string())));
  if (!value->is_object()) return {};
  auto url = text_of(value->get_object(), "url");
  if (url.empty()) url = text_of(value->get_object(), "@id");
  if (url.empty()) url = text_of(value->get_object(), "contentUrl");
  return url;
}

void add_authors(const json::value& value, std::vector<article::Author>& authors, bool nested = false) {
  if (authors.size() >= kMaxAuthors) return;
  if (value.is_string()) {
    authors.push_back({fold_space(decode_entities(std::string_view(value.get_string()))), {}, {}, {}});
  } else if (value.is_object()) {
    const auto& object = value.get_object();
    article::Author author;
    const auto* name = object.if_contains("name");
    if (name != nullptr && name->is_array() && !nested) {  // {"name": ["A", "B"]}
      add_authors(*name, authors, true);
      return;
    }
    author.name = fold_space(text_of(object, "name"));
    author.url = url_of(object, "url");
    if (!author.name.empty()) authors.push_back(std::move(author));
  } else if (value.is_array() && authors.empty()) {
    for (const auto& one : value.get_array())
      if (!one.is_array()) add_authors(one, authors, true);
  }
}

void take(std::string& into, std::string value) {
  if (into.empty()) into = std::move(value);
}

void read_article(const json::object& object, JsonLdArticle& article) {
  article.found = true;
  take(article.headline, fold_space(text_of(object, "headline")));
  take(article.headline, fold_space(text_of(object, "name")));
  take(article.date_published, text_of(object, "datePublished"));
  take(article.date_published, text_of(object, "dateCreated"));
  take(article.language, text_of(object, "inLanguage"));
  take(article.image, url_of(object, "image"));
  take(article.image, url_of(object, "thumbnailUrl"));
  take(article.url, url_of(object, "mainEntityOfPage"));
  take(article.url, url_of(object, "url"));
  take(article.description, fold_space(text_of(object, "description")));
  const auto body = text_of(object, "articleBody");
  if (body.size() > article.body.size()) article.body = body;
  if (const auto* author = object.if_contains("author"); author != nullptr && article.authors.empty())
    add_authors(*author, article.authors);
  if (const auto* publisher = object.if_contains("publisher"); publisher != nullptr && publisher->is_object())
    take(article.publisher, fold_space(text_of(publisher->get_object(), "name")));
}

}  // namespace

void read_json_ld(std::string_view text, JsonLdArticle& article) {
  text = without_wrapping(text);
  if (text.empty() || text.size() > kMaxBytes) return;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  options.allow_trailing_commas = true;
  options.allow_comments = true;
  options.allow_invalid_utf8 = true;
  boost::system::error_code error;
  const auto document = json::parse(repaired(text), error, {}, options);
  if (error) return;
  // Breadth first: the outermost article is the page's own, deeper ones are usually other articles.
  std::vector<const json::value*> level{&document};
  int seen = 0;
  while (!level.empty() && seen < kMaxValues) {
    std::vector<const json::value*> below;
    for (const auto* value : level) {
      if (++seen > kMaxValues) break;
      if (value->is_array()) {
        for (const auto& one : value->get_array()) below.push_back(&one);
        continue;
      }
      if (!value->is_object()) continue;
      const auto& object = value->get_object();
      if (has_article_type(object) && !article.found) {
        read_article(object, article);
        continue;
      }
      for (const auto& member : object) {
        const std::string_view name = member.key();
        // Lists of other things.
        if (name == "itemListElement" || name == "blogPost" || name == "hasPart" || name == "comment" ||
            name == "isPartOf" || name == "mentions")
          continue;
        if (member.value().is_structured()) below.push_back(&member.value());
      }
    }
    level = std::move(below);
  }
}

}  // namespace newswire::clean
