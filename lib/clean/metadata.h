#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "article/article.h"
#include "base/time.h"
#include "clean/html.h"

namespace newswire::clean {

/// What a page says about its article outside the text. Empty means it does not say.
struct PageMetadata {
  std::string url;    ///< canonical URL, absolute http(s)
  std::string title;  ///< without the site's name
  std::string site_name;
  std::vector<article::Author> authors;
  std::optional<ZonedTime> date_published;
  std::string language;  ///< as declared, BCP 47
  std::string image;     ///< absolute http(s)
  std::string description;
  std::string
      body;  ///< the article's text, if structured data has it (JSON-LD articleBody): evidence, may be cut short
};

/// Reads JSON-LD (schema.org), OpenGraph and other meta elements, microdata, <time>, bylines, <h1> and <title>, the
/// more trustworthy before the less. `url` is where the page came from, `fetched_at` what "2 hours ago" is relative to
/// (zero: such dates are not read). `page` is as it was parsed, nothing removed. Pure; any thread; bounded.
PageMetadata read_metadata(const Tree& page, std::string_view url, Time fetched_at);

/// A date as pages write it: RFC 3339 and its many near misses, "November 24, 2026", "24.11.2026", "2 hours ago" (if
/// `fetched_at` is not zero). Without a zone it is UTC.
std::optional<ZonedTime> parse_page_date(std::string_view text, Time fetched_at);

/// `title` without the site's name at its end or start ("Headline | The Sun", "The Sun: Headline"). `site_name` may be
/// empty; then a short last part after a bar or spaced dash goes if the rest is a headline by itself.
std::string title_without_site(std::string_view title, std::string_view site_name);

/// The names in a byline: "By Ann Lee and Bob Day, Reuters" gives "Ann Lee", "Bob Day". Nothing that looks like a
/// sentence, a URL or a date.
std::vector<std::string> names_of_byline(std::string_view byline);

}  // namespace newswire::clean
