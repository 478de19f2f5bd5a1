#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "article/article.h"
#include "base/result.h"
#include "base/time.h"
#include "clean/cleaner.h"

namespace newswire::clean {

/// What is known about a page beyond its bytes. Everything may be left empty.
struct ExtractOptions {
  std::string url;           ///< where the page came from; relative links and the canonical URL are resolved against it
  Time fetched_at{};         ///< "2 hours ago" is relative to this; zero: relative dates are not read
  std::string title_hint;    ///< the entry's title; decides between several headings and helps to find the article
  std::string content_type;  ///< the HTTP header, for its charset
  Options cleaning;          ///< how the article is cleaned once it is found; nothing is learned from a single page
};

/// The article of a page. Texts are UTF-8; empty means not found.
struct Extracted {
  std::string url;    ///< the page's canonical URL if it names one on http(s), else the URL it came from
  std::string title;  ///< without the site's name
  std::vector<article::Author> authors;
  std::optional<ZonedTime> date_published;
  std::string content_html;  ///< sanitized: safe to show; empty for plain text input
  std::string content_text;  ///< paragraphs separated by a blank line
  std::string language;      ///< BCP 47, declared by the page and believable, else detected
  std::string image;
  std::vector<article::Stripped> stripped;  ///< removals inside the article, in document order
  std::vector<article::Related> related;    ///< teasers of other articles that stood in the text
};

/// The article of a web page, or of plain text that a page's markup was scraped off (told apart by looking at it).
/// `bytes` may be in any charset that the page or `content_type` declares. Pure, any thread; linear in the size of
/// `bytes`, no recursion on input. Errc::empty for nothing but white space, Errc::binary for what is no text,
/// Errc::too_large over 16 MiB, Errc::not_found when the page has no text that could be an article.
Result<Extracted> extract(std::string_view bytes, const ExtractOptions& options);

}  // namespace newswire::clean
