#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "article/article.h"

namespace newswire::clean {

/// What the JSON-LD of a page says of its article (schema.org Article and its kinds), texts as written.
struct JsonLdArticle {
  bool found = false;
  std::string headline;
  std::string date_published;
  std::string language;
  std::string image;
  std::string url;
  std::string description;
  std::string publisher;
  std::string body;
  std::vector<article::Author> authors;
};

/// Reads one JSON-LD script into `article`; what a former script said stays. Broken JSON is skipped, line breaks and
/// other control characters inside strings are repaired first (very common). Bounded: 1 MiB of text, 32 levels, 10,000
/// values.
void read_json_ld(std::string_view json, JsonLdArticle& article);

}  // namespace newswire::clean
