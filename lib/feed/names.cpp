#include "feed/detail/names.h"

#include <array>
#include <iterator>

#include "base/text.h"

namespace newswire::feed::detail {
namespace {

constexpr std::string_view kTagNames[] = {
    "",
#define X(id, text) text,
#include "feed/detail/tags.inc"
#undef X
};

constexpr std::size_t kSlots = 512;  // several times the number of names: nearly every probe ends at once
constexpr std::size_t kLongestTag = 24;
constexpr std::size_t kMostBindings = 256;  // no real document comes near; keeps the lookup of a prefix bounded

// Length and three letters tell nearly all names apart.
constexpr std::uint32_t hash_name(std::string_view name) noexcept {
  const auto letter = [name](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i])) | 0x20U;
  };
  const auto size = static_cast<std::uint32_t>(name.size());
  return (size * 37U + letter(0) * 5U + letter(name.size() / 2) * 67U + letter(name.size() - 1) * 131U) * 2654435761U >>
         16U;
}

constexpr auto kTagSlots = [] {
  std::array<std::uint8_t, kSlots> slots{};
  for (std::size_t i = 1; i < std::size(kTagNames); ++i) {
    auto at = hash_name(kTagNames[i]) % kSlots;
    while (slots[at] != 0) at = (at + 1) % kSlots;
    slots[at] = static_cast<std::uint8_t>(i);
  }
  return slots;
}();
static_assert(std::size(kTagNames) < 256);

struct Known {
  std::string_view text;
  Ns ns;
};

// Without scheme and trailing slash, in lower case. The experimental URIs of early Atom and the many spellings of RSS
// were all seen in real feeds; the list of the vocabulary's modules is that of web.resource.org/rss/1.0/modules.
constexpr Known kNamespaces[] = {
    {"www.w3.org/2005/atom", Ns::atom},
    {"purl.org/atom/ns#", Ns::atom},
    {"purl.org/atom/ns", Ns::atom},
    {"example.com/newformat#", Ns::atom},
    {"example.com/necho", Ns::atom},
    {"purl.org/echo", Ns::atom},
    {"uri/of/echo/namespace#", Ns::atom},
    {"purl.org/pie", Ns::atom},
    {"www.intertwingly.net/wiki/pie", Ns::atom},
    {"purl.org/rss/1.0", Ns::rss10},
    {"my.netscape.com/rdf/simple/0.9", Ns::rss090},
    {"channel.netscape.com/rdf/simple/0.9", Ns::rss090},
    {"purl.org/net/rss1.1#", Ns::rss10},
    {"backend.userland.com/rss", Ns::plain},
    {"backend.userland.com/rss2", Ns::plain},
    {"blogs.law.harvard.edu/tech/rss", Ns::plain},
    {"cyber.law.harvard.edu/rss/rss.html", Ns::plain},
    {"cyber.harvard.edu/rss/rss.html", Ns::plain},
    {"purl.org/rss/1.0/modules/rss091#", Ns::plain},
    {"my.netscape.com/publish/formats/rss-0.91.dtd", Ns::plain},
    {"www.w3.org/1999/02/22-rdf-syntax-ns#", Ns::rdf},
    {"www.w3.org/1999/02/22-rdf-syntax-ns", Ns::rdf},
    {"purl.org/dc/elements/1.1", Ns::dc},
    {"purl.org/dc/elements/1.0", Ns::dc},
    {"purl.org/metadata/dublin_core", Ns::dc},
    {"purl.org/metadata/dublin_core#", Ns::dc},
    {"dublincore.org/documents/dcmi-namespace", Ns::dc},
    {"purl.org/dc/terms", Ns::dcterms},
    {"purl.org/rss/1.0/modules/dcterms", Ns::dcterms},
    {"purl.org/rss/1.0/modules/content", Ns::content},
    {"search.yahoo.com/mrss", Ns::media},
    {"video.search.yahoo.com/mrss", Ns::media},
    {"www.rssboard.org/media-rss", Ns::media},
    {"tools.search.yahoo.com/mrss", Ns::media},
    {"www.itunes.com/dtds/podcast-1.0.dtd", Ns::itunes},
    {"itunes.apple.com/dtds/podcast-1.0.dtd", Ns::itunes},
    {"example.com/dtds/podcast-1.0.dtd", Ns::itunes},
    {"www.google.com/schemas/play-podcasts/1.0", Ns::googleplay},
    {"www.google.com/schemas/play-podcasts/1.0/play-podcasts.xsd", Ns::googleplay},
    {"podcastindex.org/namespace/1.0", Ns::podcast},
    {"github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", Ns::podcast},
    {"purl.org/rss/1.0/modules/syndication", Ns::sy},
    {"purl.org/rss/1.0/modules/slash", Ns::slash},
    {"wellformedweb.org/commentapi", Ns::wfw},
    {"purl.org/syndication/thread/1.0", Ns::thr},
    {"rssnamespace.org/feedburner/ext/1.0", Ns::feedburner},
    {"www.pheedo.com/namespace/pheedo", Ns::pheedo},
    {"www.georss.org/georss", Ns::georss},
    {"www.georss.org/georss/10", Ns::georss},
    {"www.georss.org", Ns::georss},
    {"www.w3.org/2003/01/geo/wgs84_pos#", Ns::geo},
    {"www.w3.org/2003/01/geo/wgs84_pos", Ns::geo},
    {"postneo.com/icbm", Ns::geo},
    {"www.opengis.net/gml", Ns::gml},
    {"creativecommons.org/ns#license", Ns::cc},
    {"creativecommons.org/ns#", Ns::cc},
    {"web.resource.org/cc", Ns::cc},
    {"cyber.law.harvard.edu/rss/creativecommonsrssmodule.html", Ns::cc},
    {"backend.userland.com/creativecommonsrssmodule", Ns::cc},
    {"webns.net/mvcb", Ns::admin},
    {"purl.org/syndication/history/1.0", Ns::history},
    {"purl.org/atompub/tombstones/1.0", Ns::tombstone},
    {"www.w3.org/1999/xhtml", Ns::xhtml},
    {"www.w3.org/tr/rec-html40", Ns::xhtml},
    {"webfeeds.org/rss/1.0", Ns::webfeeds},
    {"prismstandard.org/namespaces/1.2/basic", Ns::prism},
    {"prismstandard.org/namespaces/basic/2.0", Ns::prism},
    {"purl.org/rss/1.0/modules/prism", Ns::prism},
    {"news.yandex.ru", Ns::yandex},
    {"xmlns.com/foaf/0.1", Ns::foaf},
};

// What modules are called where nobody declares them.
constexpr Known kPrefixes[] = {
    {"atom", Ns::atom},
    {"atom10", Ns::atom},
    {"atom03", Ns::atom},
    {"a10", Ns::atom},
    {"rdf", Ns::rdf},
    {"rss", Ns::plain},
    {"dc", Ns::dc},
    {"dcterms", Ns::dcterms},
    {"dct", Ns::dcterms},
    {"content", Ns::content},
    {"media", Ns::media},
    {"itunes", Ns::itunes},
    {"googleplay", Ns::googleplay},
    {"podcast", Ns::podcast},
    {"sy", Ns::sy},
    {"syn", Ns::sy},
    {"slash", Ns::slash},
    {"wfw", Ns::wfw},
    {"thr", Ns::thr},
    {"feedburner", Ns::feedburner},
    {"pheedo", Ns::pheedo},
    {"georss", Ns::georss},
    {"geo", Ns::geo},
    {"icbm", Ns::geo},
    {"gml", Ns::gml},
    {"cc", Ns::cc},
    {"creativecommons", Ns::cc},
    {"admin", Ns::admin},
    {"fh", Ns::history},
    {"at", Ns::tombstone},
    {"xhtml", Ns::xhtml},
    {"html", Ns::xhtml},
    {"webfeeds", Ns::webfeeds},
    {"prism", Ns::prism},
    {"yandex", Ns::yandex},
    {"foaf", Ns::foaf},
};

}  // namespace

SplitName split_name(std::string_view qualified) noexcept {
  const auto colon = qualified.find(':');
  if (colon == std::string_view::npos) return {{}, qualified};
  return {qualified.substr(0, colon), qualified.substr(colon + 1)};
}

Tag find_tag(std::string_view local) noexcept {
  if (local.empty() || local.size() > kLongestTag) return Tag::unknown;
  for (auto at = hash_name(local) % kSlots; kTagSlots[at] != 0; at = (at + 1) % kSlots) {
    const auto known = kTagNames[kTagSlots[at]];
    if (known.size() == local.size() && (known == local || iequals(known, local)))
      return static_cast<Tag>(kTagSlots[at]);
  }
  return Tag::unknown;
}

Ns find_namespace(std::string_view uri, bool is_default) noexcept {
  uri = trim(uri);
  if (const auto scheme = uri.find("://"); scheme != std::string_view::npos && scheme < 6)
    uri.remove_prefix(scheme + 3);
  while (uri.ends_with('/')) uri.remove_suffix(1);
  for (const auto& known : kNamespaces) {
    if (known.text.size() == uri.size() && iequals(known.text, uri)) return known.ns;
  }
  return is_default ? Ns::plain : Ns::other;
}

Ns find_conventional_prefix(std::string_view prefix) noexcept {
  for (const auto& known : kPrefixes) {
    if (known.text.size() == prefix.size() && iequals(known.text, prefix)) return known.ns;
  }
  return Ns::other;
}

void Bindings::bind(std::string_view prefix, std::string_view uri) {
  if (bound_.size() == kMostBindings) return;
  auto ns = find_namespace(uri, prefix.empty());
  // A prefix by its usual name with a URI nobody knows ("http://www.itunes.com/DTDs/Podcast-1.1.dtd") means the usual.
  if (ns == Ns::other) ns = find_conventional_prefix(prefix);
  bound_.push_back({prefix, ns});
}

void Bindings::bind_plain(std::string_view prefix) {
  if (bound_.size() < kMostBindings) bound_.push_back({prefix, Ns::plain});
}

Ns Bindings::of_prefix(std::string_view prefix) const noexcept {
  for (auto it = bound_.rbegin(); it != bound_.rend(); ++it) {
    if (it->prefix == prefix) return it->ns;
  }
  return prefix.empty() ? Ns::plain : find_conventional_prefix(prefix);
}

Name Bindings::resolve(std::string_view qualified) const noexcept {
  const auto [prefix, local] = split_name(qualified);
  const auto ns = of_prefix(prefix);
  return {ns, ns == Ns::other ? Tag::unknown : find_tag(local)};
}

}  // namespace newswire::feed::detail
