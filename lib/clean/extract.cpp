#include "clean/extract.h"

#include <iterator>

#include "base/text.h"
#include "base/url.h"
#include "clean/detail/clean_extracted.h"
#include "clean/html.h"
#include "clean/language.h"
#include "clean/metadata.h"
#include "clean/page_article.h"
#include "clean/page_charset.h"
#include "clean/plain_text.h"

namespace newswire::clean {
namespace {

std::string base_of(const Tree& page, std::string_view url) {
  const auto base = page.first(Tag::base);
  if (base == kNoNode) return std::string(url);
  const auto href = trim(page.attribute(base, "href"));
  return href.empty() ? std::string(url) : resolve_url(url, href);
}

// What the page declares, if its text does not clearly say otherwise: templates are often in another language.
std::string believable_language(const std::string& declared, std::string_view text) {
  const auto spoken = detect_language(text);
  if (declared.empty() || spoken.empty()) return declared.empty() ? spoken : declared;
  const auto primary = [](std::string_view tag) { return tag.substr(0, tag.find('-')); };
  return primary(declared) == primary(spoken) ? declared : spoken;
}

// Without soft hyphens and zero-width characters, which break words for searching and comparing. (The joiners of
// Arabic and Indic scripts, U+200C and U+200D, belong to their words.)
std::string without_invisible(std::string text) {
  for (const std::string_view gone : {"\xC2\xAD", "\xE2\x80\x8B", "\xEF\xBB\xBF"}) {
    if (text.find(gone) == text.npos) continue;
    std::string out;
    out.reserve(text.size());
    std::size_t from = 0;
    for (auto at = text.find(gone); at != text.npos; at = text.find(gone, from)) {
      out.append(text, from, at - from);
      from = at + gone.size();
    }
    out.append(text, from);
    text = std::move(out);
  }
  return text;
}

}  // namespace

void clean_extracted(Entry entry, const ExtractOptions& options, Extracted& out) {
  entry.title = out.title;
  entry.url = out.url;
  entry.language = out.language;
  for (const auto& author : out.authors) entry.authors.push_back(author.name);
  auto cleaning = options.cleaning;
  cleaning.learning = false;
  SiteModel nothing_learned;
  auto cleaned = std::move(clean_entries({&entry, 1}, cleaning, nothing_learned, options.fetched_at).front());
  out.url = std::move(cleaned.url);
  out.content_html = std::move(cleaned.html);
  out.content_text = without_invisible(std::move(cleaned.text));
  out.stripped.insert(out.stripped.end(), std::make_move_iterator(cleaned.stripped.begin()),
                      std::make_move_iterator(cleaned.stripped.end()));
  out.related.insert(out.related.end(), std::make_move_iterator(cleaned.related.begin()),
                     std::make_move_iterator(cleaned.related.end()));
}

Result<Extracted> extract(std::string_view bytes, const ExtractOptions& options) {
  auto text = page_to_utf8(bytes, options.content_type);
  if (!text) return text.error();
  if (!looks_like_markup(*text)) return extract_plain_text(*text, options);

  const auto page = Tree::parse_document(*text);
  const auto base = base_of(page, options.url);
  auto metadata = read_metadata(page, base, options.fetched_at);
  auto found = find_article(page, metadata, options.title_hint);
  if (found.main == kNoNode)
    return Error{Errc::not_found, "the page has no text that could be an article", options.url};

  Extracted out;
  out.url = std::move(metadata.url);
  if (out.url.empty()) out.url = options.url;
  out.title = std::move(metadata.title);
  if (out.title.empty()) out.title = options.title_hint;
  out.authors = std::move(metadata.authors);
  out.date_published = metadata.date_published;
  out.image = std::move(metadata.image);
  out.stripped = std::move(found.stripped);
  out.related = std::move(found.related);
  for (auto& teaser : out.related) {
    teaser.url = resolve_url(base, teaser.url);
    if (!is_http_url(teaser.url)) teaser.url.clear();
  }
  Entry entry;
  entry.html = inner_html(found.tree, found.main);
  entry.base_url = base;
  clean_extracted(std::move(entry), options, out);
  out.language = believable_language(metadata.language, out.content_text);
  return out;
}

}  // namespace newswire::clean
