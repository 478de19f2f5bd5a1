#include "clean/metadata.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/url.h"
#include "clean/language.h"
#include "clean/metadata_jsonld.h"
#include "clean/metadata_shown.h"
#include "clean/page_hints.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kMaxMeta = 400;
constexpr std::size_t kMaxScripts = 32;
constexpr std::size_t kMaxTitle = 500;
constexpr std::size_t kMaxShown = 160;           // bytes of a line below the headline
constexpr std::size_t kShownBelowHeadline = 60;  // elements

// Everything of a page that may speak about its article, gathered in one walk.
struct Sources {
  std::map<std::string, std::string, std::less<>> meta;  // name, property or itemprop in lower case -> first content
  std::vector<std::string> authors;                      // of repeated author elements
  JsonLdArticle json_ld;
  std::string title_element;
  std::vector<std::string> headings;  // h1
  std::string canonical;
  std::string lang;
  std::vector<std::string> itemprop_dates, itemprop_authors, rel_authors, bylines, times;
  std::vector<std::string> shown_dates, shown_authors;  // right below the headline, told by their elements' names only
  std::size_t below_headline = 0;                       // elements since the first h1
  std::string itemprop_headline, itemprop_image;

  std::string_view get(std::initializer_list<std::string_view> names) const {
    for (const auto name : names)
      if (const auto at = meta.find(name); at != meta.end() && !at->second.empty()) return at->second;
    return {};
  }
};

std::string value_of(const Tree& tree, NodeId id) {
  for (const std::string_view name : {"content", "datetime"})
    if (const auto value = trim(tree.attribute(id, name)); !value.empty()) return fold_space(value);
  return flat_text(tree, id);
}

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto start = list.find_first_not_of(" \t\r\n\f");
    if (start == list.npos) return false;
    auto end = list.find_first_of(" \t\r\n\f", start);
    if (end == list.npos) end = list.size();
    if (iequals(list.substr(start, end - start), word)) return true;
    list.remove_prefix(end);
  }
  return false;
}

void read_meta(const Tree& tree, NodeId id, Sources& out) {
  auto name = tree.attribute(id, "property");
  if (name.empty()) name = tree.attribute(id, "name");
  if (name.empty()) name = tree.attribute(id, "itemprop");
  if (name.empty()) name = tree.attribute(id, "http-equiv");
  const auto content = trim(tree.attribute(id, "content"));
  if (name.empty() || content.empty() || out.meta.size() >= kMaxMeta) return;
  const auto key = lower(trim(name));
  if (key == "author" || key == "citation_author" || key == "parsely-author" || key == "sailthru.author" ||
      key == "dc.creator" || key == "article:author" || key == "og:article:author" || key == "book:author")
    if (out.authors.size() < 16 && !is_http_url(content)) out.authors.push_back(key + '\n' + fold_space(content));
  out.meta.emplace(key, fold_space(content));
}

void read_itemprop(const Tree& tree, NodeId id, std::string_view itemprop, Sources& out) {
  if (has_word(itemprop, "datePublished")) out.itemprop_dates.push_back(value_of(tree, id));
  if (has_word(itemprop, "headline") && out.itemprop_headline.empty()) out.itemprop_headline = value_of(tree, id);
  if (has_word(itemprop, "author") && out.itemprop_authors.size() < 16) {
    // <span itemprop=author itemscope><a itemprop=name>: the name is inside.
    std::string name;
    for (auto inner = tree.next_in(id, id); inner != kNoNode && name.empty(); inner = tree.next_in(inner, id))
      if (tree.is_element(inner) && has_word(tree.attribute(inner, "itemprop"), "name")) name = value_of(tree, inner);
    if (name.empty()) name = value_of(tree, id);
    out.itemprop_authors.push_back(std::move(name));
  }
  if (has_word(itemprop, "image") && out.itemprop_image.empty()) {
    auto image = tree.attribute(id, "content");
    if (image.empty()) image = tree.attribute(id, "src");
    out.itemprop_image = std::string(trim(image));
  }
}

// <span class="date">4 June 2025</span>, <p class="meta">Posted by Ada Holm on June 3rd</p>: what a page shows, where
// its author has told no machine.
void read_shown(const Tree& tree, NodeId id, Sources& out) {
  const auto names = tree.attribute(id, "class");
  if (names.empty() || out.shown_dates.size() + out.shown_authors.size() >= 16) return;
  const auto kind = shown_kind(names);
  if (!kind.date && !kind.author && !kind.either) return;
  auto text = flat_text(tree, id);
  if (text.empty() || text.size() > kMaxShown) return;
  if (kind.author || kind.either)
    if (auto author = shown_author(text, kind.author); !author.empty()) out.shown_authors.push_back(std::move(author));
  if (kind.date || kind.either) out.shown_dates.push_back(std::move(text));
}

Sources gather(const Tree& tree) {
  Sources out;
  std::size_t scripts = 0;
  for (auto id = tree.root(); id != kNoNode; id = tree.next_in(id, tree.root())) {
    if (!tree.is_element(id)) continue;
    switch (tree[id].tag) {
      case Tag::html: out.lang = std::string(trim(tree.attribute(id, "lang"))); break;
      case Tag::meta: read_meta(tree, id, out); break;
      case Tag::title:
        if (out.title_element.empty() && tree[id].first_child != kNoNode && tree.is_text(tree[id].first_child))
          out.title_element = fold_space(tree[tree[id].first_child].text);  // the head has no text to show
        break;
      case Tag::h1:
        if (out.headings.size() < 8) out.headings.push_back(flat_text(tree, id));
        break;
      case Tag::link:
        if (out.canonical.empty() && has_word(tree.attribute(id, "rel"), "canonical"))
          out.canonical = std::string(trim(tree.attribute(id, "href")));
        break;
      case Tag::script:
        if (++scripts <= kMaxScripts && tree[id].first_child != kNoNode &&
            ifind(tree.attribute(id, "type"), "ld+json") != std::string_view::npos)
          read_json_ld(tree[tree[id].first_child].text, out.json_ld);
        break;
      case Tag::time:
        if (out.times.size() < 16) out.times.push_back(value_of(tree, id));
        break;
      default: break;
    }
    if (!out.headings.empty() && ++out.below_headline <= kShownBelowHeadline) read_shown(tree, id, out);
    if (const auto itemprop = tree.attribute(id, "itemprop"); !itemprop.empty() && !tree.is(id, Tag::meta))
      read_itemprop(tree, id, itemprop, out);
    else if (tree.is(id, Tag::meta) && iequals(itemprop, "datePublished"))
      out.itemprop_dates.push_back(value_of(tree, id));
    if (tree.is(id, Tag::a) && has_word(tree.attribute(id, "rel"), "author") && out.rel_authors.size() < 8)
      out.rel_authors.push_back(flat_text(tree, id));
    if (out.bylines.size() < 8) {
      const auto names = tree.attribute(id, "class");
      if (ifind(names, "byline") != names.npos || ifind(names, "author-name") != names.npos ||
          ifind(names, "author_name") != names.npos || ifind(names, "authorname") != names.npos)
        if (auto text = flat_text(tree, id); !text.empty() && text.size() < 200) out.bylines.push_back(std::move(text));
    }
  }
  return out;
}

std::string choose_title(const Sources& from, std::string_view site) {
  std::string_view title =
      from.get({"og:title", "twitter:title", "parsely-title", "dc.title", "citation_title", "title"});
  if (title.empty()) title = from.json_ld.headline;
  if (title.empty()) title = from.itemprop_headline;
  if (title.empty()) title = from.title_element;
  auto clean = title_without_site(title, site);
  // A heading that says the same without a site's name, a channel or a slogan around it.
  for (const auto& heading : from.headings) {
    if (heading.size() < 8) continue;
    if (clean.empty() || (clean.size() > heading.size() && clean.find(heading) != clean.npos)) clean = heading;
  }
  if (clean.empty()) clean = from.json_ld.headline;
  return std::string(cut_utf8(clean, kMaxTitle));
}

std::optional<ZonedTime> choose_date(const Sources& from, Time fetched_at) {
  std::vector<std::string_view> candidates{from.json_ld.date_published};
  for (const std::string_view name : {"article:published_time",
                                      "og:article:published_time",
                                      "datepublished",
                                      "parsely-pub-date",
                                      "sailthru.date",
                                      "citation_publication_date",
                                      "citation_online_date",
                                      "dc.date.issued",
                                      "dcterms.created",
                                      "dc.date",
                                      "dcterms.date",
                                      "pubdate",
                                      "publishdate",
                                      "publish-date",
                                      "publication_date",
                                      "article.published",
                                      "cxenseparse:recs:publishtime",
                                      "date",
                                      "article_date_original",
                                      "og:published_time",
                                      "release_date",
                                      "last-modified"})
    if (const auto value = from.get({name}); !value.empty()) candidates.push_back(value);
  for (const auto& value : from.itemprop_dates) candidates.push_back(value);
  for (const auto& value : from.times) candidates.push_back(value);
  for (const auto candidate : candidates)
    if (!candidate.empty())
      if (const auto date = parse_page_date(candidate, fetched_at)) return date;
  for (const auto& shown : from.times)  // <time>Published June 3, 2025</time>
    if (const auto date = parse_shown_date(shown, fetched_at)) return date;
  for (const auto& shown : from.shown_dates)
    if (const auto date = parse_shown_date(shown, fetched_at)) return date;
  return std::nullopt;
}

std::vector<article::Author> choose_authors(const Sources& from, std::string_view site) {
  std::vector<article::Author> out;
  const auto add = [&](std::string_view text) {
    for (auto& name : names_of_byline(text)) {
      const bool known =
          std::any_of(out.begin(), out.end(), [&](const auto& author) { return iequals(author.name, name); });
      if (!known && !iequals(name, site)) out.push_back({std::move(name), {}, {}, {}});
    }
  };
  for (const auto& author : from.json_ld.authors) {
    const auto before = out.size();
    add(author.name);
    if (out.size() == before + 1 && is_http_url(author.url)) out.back().url = author.url;
  }
  if (!out.empty()) return out;
  for (const auto& author : from.authors) add(author.substr(author.find('\n') + 1));
  if (!out.empty()) return out;
  for (const auto& author : from.itemprop_authors) add(author);
  if (!out.empty()) return out;
  for (const auto& author : from.rel_authors) add(author);
  if (!out.empty()) return out;
  for (const auto& byline : from.bylines) {
    add(byline);
    if (!out.empty()) break;
  }
  for (const auto& shown : from.shown_authors) {
    if (!out.empty()) break;
    add(shown);
  }
  return out;
}

std::string http_url(std::string_view base, std::string_view reference) {
  reference = trim(reference);
  if (reference.empty()) return {};
  auto url = resolve_url(base, reference);
  return is_http_url(url) ? url : std::string{};
}

}  // namespace

PageMetadata read_metadata(const Tree& page, std::string_view url, Time fetched_at) {
  const auto from = gather(page);
  PageMetadata out;
  out.site_name = std::string(from.get({"og:site_name", "application-name", "twitter:app:name:iphone"}));
  if (out.site_name.empty()) out.site_name = from.json_ld.publisher;
  out.title = choose_title(from, out.site_name);
  out.authors = choose_authors(from, out.site_name);
  out.date_published = choose_date(from, fetched_at);

  // A canonical URL of another host is usually a mistake of a template, unless we do not know where we are.
  for (const std::string_view candidate : {std::string_view(from.canonical), from.get({"og:url"})}) {
    if (!out.url.empty()) break;
    auto canonical = http_url(url, candidate);
    const auto path = split_url(canonical).path;
    if (canonical.empty() || (path.size() <= 1 && split_url(url).path.size() > 1)) continue;  // every page says "/"
    out.url = std::move(canonical);
  }

  for (const std::string_view candidate :
       {std::string_view(from.lang), from.get({"og:locale", "dc.language", "content-language", "language"}),
        std::string_view(from.json_ld.language)}) {
    out.language = normalize_language(candidate);
    if (!out.language.empty()) break;
  }
  for (const std::string_view candidate :
       {from.get({"og:image", "og:image:url", "og:image:secure_url"}), std::string_view(from.json_ld.image),
        from.get({"twitter:image", "twitter:image:src", "thumbnail"}), std::string_view(from.itemprop_image)}) {
    out.image = http_url(url, candidate);
    if (!out.image.empty()) break;
  }
  out.description = std::string(from.get({"og:description", "description", "twitter:description"}));
  if (out.description.empty()) out.description = from.json_ld.description;
  out.body = from.json_ld.body;
  return out;
}

}  // namespace newswire::clean
