#include "clean/extract.h"

#include "base/text.h"
#include "base/url.h"
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

}  // namespace

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
  out.url = metadata.url.empty() ? options.url : std::move(metadata.url);
  out.title = metadata.title.empty() ? options.title_hint : std::move(metadata.title);
  out.authors = std::move(metadata.authors);
  out.date_published = metadata.date_published;
  out.image = std::move(metadata.image);
  out.content_html = inner_html(found.tree, found.main);
  out.content_text = to_text(found.tree, found.main);
  out.stripped = std::move(found.stripped);
  out.language = believable_language(metadata.language, out.content_text);
  return out;
}

}  // namespace newswire::clean
