#include "feed/detail/sniff.h"

#include <algorithm>
#include <array>

#include "base/entities.h"
#include "base/text.h"
#include "base/url.h"
#include "feed/detail/plain.h"

namespace newswire::feed {
namespace {

constexpr auto npos = std::string_view::npos;

// The value of an attribute in the text of one tag, decoded; empty if it is not there.
std::string attribute_of(std::string_view tag, std::string_view name) {
  for (auto at = ifind(tag, name); at != npos; at = ifind(tag, name, at + 1)) {
    if (at == 0 || !(is_space(tag[at - 1]) || tag[at - 1] == '"' || tag[at - 1] == '\'')) continue;
    auto rest = trim(tag.substr(at + name.size()));
    if (!rest.starts_with('=')) continue;
    rest = trim(rest.substr(1));
    if (rest.empty()) return {};
    if (rest.front() == '"' || rest.front() == '\'') {
      const auto end = rest.find(rest.front(), 1);
      return decode_entities(rest.substr(1, end == npos ? npos : end - 1));
    }
    return decode_entities(rest.substr(0, rest.find_first_of(" \t\r\n>")));
  }
  return {};
}

bool is_feed_type(std::string_view type) noexcept {
  type = trim(type.substr(0, type.find(';')));
  for (const std::string_view known :
       {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
        "application/x.atom+xml", "application/x-atom+xml", "application/x-netcdf", "text/rss+xml"}) {
    if (iequals(type, known)) return true;
  }
  return false;
}

// "alternate", "feed alternate", never "alternate stylesheet".
bool has_word(std::string_view list, std::string_view word) noexcept {
  while (!list.empty()) {
    list = trim(list);
    const auto end = std::min(list.find_first_of(" \t\r\n"), list.size());
    if (iequals(list.substr(0, end), word)) return true;
    list.remove_prefix(end);
  }
  return false;
}

}  // namespace

std::vector<AdvertisedFeed> advertised_feeds(std::string_view html, std::string_view base_url) {
  constexpr std::size_t kMost = 64;
  constexpr std::size_t kLongestTag = 4096;
  std::vector<AdvertisedFeed> feeds;
  std::string base(base_url);
  for (auto at = html.find('<'); at != npos && feeds.size() < kMost; at = html.find('<', at + 1)) {
    const auto rest = html.substr(at + 1, kLongestTag);
    if (rest.starts_with("!--")) {
      const auto end = html.find("-->", at);
      if (end == npos) break;
      at = end;
      continue;
    }
    const bool is_base = istarts_with(rest, "base") && rest.size() > 4 && is_space(rest[4]);
    const bool is_link = istarts_with(rest, "link") && rest.size() > 4 && (is_space(rest[4]) || rest[4] == '/');
    if (!is_base && !is_link) continue;
    const auto tag = rest.substr(0, rest.find('>'));
    auto href = attribute_of(tag, "href");
    if (trim(href).empty()) continue;
    if (is_base) {
      base = resolve_url(base_url, href);
      continue;
    }
    const auto rel = attribute_of(tag, "rel");
    const auto type = attribute_of(tag, "type");
    const bool json =
        iequals(trim(type), "application/json") && ifind(href, "feed") != npos && ifind(href, "/wp-json/") == npos;
    const bool advertised =
        (has_word(rel, "alternate") && !has_word(rel, "stylesheet") && (is_feed_type(type) || json)) ||
        (has_word(rel, "feed") && (type.empty() || is_feed_type(type)));
    if (!advertised) continue;
    auto url = resolve_url(base, href);
    if (std::any_of(feeds.begin(), feeds.end(), [&url](const AdvertisedFeed& known) { return known.url == url; }))
      continue;
    feeds.push_back({std::move(url), fold_space(attribute_of(tag, "title")), std::string(trim(type))});
  }
  return feeds;
}

namespace detail {
namespace {

struct Magic {
  std::string_view bytes;
  std::string_view kind;
};
constexpr Magic kMagic[] = {
    {"\x1F\x8B", "gzip-compressed data"},
    {"PK\x03\x04", "a ZIP archive"},
    {"%PDF-", "a PDF document"},
    {"\x89PNG", "a PNG image"},
    {"\xFF\xD8\xFF", "a JPEG image"},
    {"GIF8", "a GIF image"},
    {"\x28\xB5\x2F\xFD", "zstd-compressed data"},
    {"BZh", "bzip2-compressed data"},
    {"\xFD"
     "7zXZ",
     "xz-compressed data"},
    {"RIFF", "a RIFF file (WebP, WAV, AVI)"},
    {"ID3", "an MP3 file"},
    {"OggS", "an Ogg file"},
    {"\x7F"
     "ELF",
     "an executable"},
    {"wOFF", "a font"},
};

// The name of the first element.
std::string_view root_of(std::string_view text) noexcept {
  for (auto at = text.find('<'); at != npos; at = text.find('<', at + 1)) {
    if (at + 1 >= text.size()) break;
    if (text.substr(at).starts_with("<!--")) {
      const auto end = text.find("-->", at);
      if (end == npos) break;
      at = end;
      continue;
    }
    if (!is_alpha(text[at + 1]) && text[at + 1] != '_') continue;
    std::size_t end = at + 1;
    while (end < text.size() && end < at + 64 && !is_space(text[end]) && text[end] != '>' && text[end] != '/') ++end;
    return text.substr(at + 1, end - at - 1);
  }
  return {};
}

bool looks_like_page(std::string_view text, std::string_view root) noexcept {
  static constexpr std::string_view kRoots[] = {"html", "head",   "body", "meta",  "title",    "script", "div", "p",
                                                "h1",   "center", "link", "style", "noscript", "table",  "br",  "b"};
  if (std::any_of(std::begin(kRoots), std::end(kRoots), [root](std::string_view name) { return iequals(name, root); }))
    return true;
  const auto head = text.substr(0, 2048);
  return ifind(head, "<!doctype html") != npos || ifind(head, "<html") != npos;
}

std::string page_title(std::string_view html) {
  const auto start = ifind(html.substr(0, 65536), "<title");
  if (start == npos) return {};
  const auto open = html.find('>', start);
  if (open == npos) return {};
  const auto close = html.find('<', open);
  return plain_from_html(cut_utf8(html.substr(open + 1, close == npos ? npos : close - open - 1), 200));
}

// Where <meta http-equiv="refresh" content="0; url=…"> sends browsers; empty if nowhere.
std::string refresh_of(std::string_view html, std::string_view base_url) {
  constexpr std::size_t kFarthest = 65536;
  constexpr std::size_t kMostTags = 64;
  const auto head = html.substr(0, kFarthest);
  std::size_t looked = 0;
  for (auto at = ifind(head, "<meta"); at != npos && looked < kMostTags; at = ifind(head, "<meta", at + 5), ++looked) {
    const auto tag = head.substr(at, std::min<std::size_t>(head.find('>', at) - at, 2048));
    if (!iequals(trim(attribute_of(tag, "http-equiv")), "refresh")) continue;
    const auto content = attribute_of(tag, "content");
    const auto url = ifind(content, "url");
    if (url == npos) continue;
    auto target = trim(std::string_view(content).substr(url + 3));
    if (!target.starts_with('=')) continue;
    target = trim(target.substr(1));
    while (!target.empty() && (target.front() == '"' || target.front() == '\'')) target.remove_prefix(1);
    target = target.substr(0, target.find_first_of("\"'"));
    if (!target.empty()) return resolve_url(base_url, target);
  }
  return {};
}

Error explain_page(std::string_view text, const ParseOptions& options) {
  Error error{Errc::html_page, "a web page, not a feed"};
  if (const auto title = page_title(text); !title.empty()) error.what += " (\"" + title + "\")";
  if (const auto target = refresh_of(text, options.base_url); !target.empty())
    error.what += "; it sends browsers on to " + redact_url(target) + ", which is not followed";
  const auto feeds = advertised_feeds(text, options.base_url);
  if (feeds.empty()) {
    error.what += "; it advertises no feeds";
    return error;
  }
  error.what += feeds.size() == 1 ? "; it advertises this feed: " : "; it advertises these feeds: ";
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    if (i > 0) error.what += ", ";
    error.what += feeds[i].url;
    if (!feeds[i].title.empty()) error.what += " (" + feeds[i].title + ")";
  }
  return error;
}

std::string_view kind_of_root(std::string_view root) noexcept {
  if (const auto colon = root.find(':'); colon != npos) root.remove_prefix(colon + 1);
  struct Known {
    std::string_view root;
    std::string_view kind;
  };
  static constexpr Known kKnown[] = {
      {"opml", "an OPML list: import it as a list of feeds"},
      {"urlset", "a sitemap"},
      {"sitemapindex", "an index of sitemaps"},
      {"service", "an AtomPub service document"},
      {"OpenSearchDescription", "an OpenSearch description"},
      {"Envelope", "a SOAP message"},
      {"Error", "an error message of a web service"},
      {"error", "an error message of a web service"},
      {"stylesheet", "an XSL stylesheet"},
      {"svg", "an SVG image"},
      {"plist", "a property list"},
      {"rsp", "an answer of a web service"},
      {"RDF", "RDF without a channel or items"},
      {"XRDS", "an XRDS document"},
  };
  const auto* const found =
      std::find_if(std::begin(kKnown), std::end(kKnown), [root](const Known& known) { return known.root == root; });
  return found == std::end(kKnown) ? std::string_view{} : found->kind;
}

}  // namespace

namespace {

// UTF-16 or UTF-32 by its mark or its first "<": half of the bytes of other scripts than ours look like controls
// (U+0400..U+04FF is Cyrillic).
bool is_wide_text(std::string_view bytes) noexcept {
  static constexpr std::string_view kFronts[] = {{"\xFF\xFE", 2}, {"\xFE\xFF", 2},     {"<\0", 2},
                                                 {"\0<", 2},      {"\0\0\xFE\xFF", 4}, {"\0\0\0<", 4}};
  return std::any_of(std::begin(kFronts), std::end(kFronts),
                     [bytes](std::string_view front) { return bytes.starts_with(front); });
}

}  // namespace

std::optional<Error> refuse_binary(std::string_view bytes) {
  for (const auto& magic : kMagic) {
    if (bytes.starts_with(magic.bytes))
      return Error{Errc::binary, "the document is " + std::string(magic.kind) + ", not text"};
  }
  if (is_wide_text(bytes)) return std::nullopt;
  // Without a sign of what it is: many control characters. UTF-16 and UTF-32 have zeros, but regularly.
  const auto head = bytes.substr(0, 1024);
  std::size_t controls = 0;
  std::size_t zeros[4] = {};
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto c = static_cast<unsigned char>(head[i]);
    if (c == 0) {
      ++zeros[i % 4];
    } else if (c < 0x20 && !is_space(head[i]) && c != 0x1B && c != 0x0E && c != 0x0F) {  // ISO 2022 shifts with them
      ++controls;
    }
  }
  const auto all_zeros = zeros[0] + zeros[1] + zeros[2] + zeros[3];
  const auto most = std::max({zeros[0] + zeros[2], zeros[1] + zeros[3]});
  const bool wide = all_zeros * 3 > head.size() && most * 10 >= all_zeros * 6;
  if (controls * 10 > head.size() || (all_zeros * 10 > head.size() && !wide))
    return Error{Errc::binary, "the document is binary data, not text"};
  return std::nullopt;
}

Error explain(std::string_view text, const ParseOptions& options) {
  const auto root = root_of(text);
  if (looks_like_page(text, root)) return explain_page(text, options);
  if (root.empty() && trim(text).starts_with("<?xml"))
    return Error{Errc::not_a_feed, "XML that ends before its first element"};
  if (root.empty())
    return Error{Errc::not_a_feed, "plain text without markup: \"" + fold_space(cut_utf8(trim(text), 80)) + "\""};
  if (const auto kind = kind_of_root(root); !kind.empty())
    return Error{Errc::not_a_feed, "the document is " + std::string(kind) + ", not a feed"};
  return Error{Errc::not_a_feed,
               "XML with the root element <" + std::string(root) + ">, which is no feed format that is known"};
}

}  // namespace detail
}  // namespace newswire::feed
