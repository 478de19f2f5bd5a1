#include "feed/detail/layout.h"

#include "base/text.h"
#include "feed/detail/markup.h"

namespace newswire::feed::detail {
namespace {

Format rss_version(xml::Node root) noexcept {
  const auto version = trim(attribute(root, "version"));
  if (version.starts_with("0.90")) return Format::rss090;
  if (version.starts_with("0.91")) return Format::rss091;
  if (version.starts_with("0.92")) return Format::rss092;
  if (version.starts_with("0.93")) return Format::rss093;
  if (version.starts_with("0.94")) return Format::rss094;
  if (version.starts_with("1.")) return Format::rss10;
  return Format::rss20;
}

// The namespace of unprefixed names, or of the root's own prefix, decides between the Atoms.
Format atom_version(xml::Node root) noexcept {
  const auto version = trim(attribute(root, "version"));
  if (version.starts_with("0.")) return Format::atom03;
  for (auto attribute = root.first_attribute(); attribute; attribute = attribute.next_attribute()) {
    const auto name = attribute.name();
    const std::string_view uri = trim(attribute.value());
    if (!name.starts_with("xmlns")) continue;
    if (ifind(uri, "www.w3.org/2005/atom") != std::string_view::npos) return Format::atom10;
    if (ifind(uri, "purl.org/atom/ns") != std::string_view::npos) return Format::atom03;
  }
  return Format::atom10;
}

bool declares(xml::Node node, Ns wanted) noexcept {
  for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
    const auto name = attribute.name();
    if (name.starts_with("xmlns") && find_namespace(attribute.value(), name == "xmlns") == wanted) return true;
  }
  return false;
}

xml::Node child_with(xml::Node node, Tag tag, Scopes& scopes) {
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    if (!child.is_element()) continue;
    const Level level(scopes, child);
    const auto name = scopes.name(child);
    if (name.tag == tag && name.ns <= Ns::rss090) return child;
  }
  return {};
}

// CDF says with attributes what RSS says with elements, or with HTML's <A>; xml:base is neither's own.
bool speaks_cdf(xml::Node node) noexcept {
  const auto first = first_element(node);
  if (first && iequals(first.name(), "a") && !attribute(first, "href").empty()) return true;
  for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
    const auto name = attribute.name();
    if (iequals(name, "href") || iequals(name, "base") || iequals(name, "lastmod") || iequals(name, "self"))
      return true;
  }
  return false;
}

bool is_cdf(xml::Node channel, Scopes& scopes) {
  if (speaks_cdf(channel)) return true;
  const auto item = child_with(channel, Tag::item, scopes);
  return item && speaks_cdf(item);
}

// Is this an element that could only be a feed's root, but for its namespace: one that nobody knows, bound to a prefix,
// or XHTML's, inherited from a page around it? Then its prefix is taken for the feed's own.
bool adopt_root(xml::Node node, Scopes& scopes) {
  const auto [prefix, local] = split_name(node.name());
  const auto tag = find_tag(local);
  if (tag != Tag::rss && tag != Tag::rdf && tag != Tag::feed && tag != Tag::channel) return false;
  const auto mark = scopes.mark();
  scopes.adopt(prefix);
  const bool has_members = child_with(node, Tag::item, scopes) ||
                           (tag != Tag::feed && tag != Tag::channel && child_with(node, Tag::channel, scopes)) ||
                           (tag == Tag::feed && child_with(node, Tag::entry, scopes));
  if (!has_members) scopes.restore(mark);
  return has_members;
}

// Is this element a feed's root?
std::optional<Layout> layout_at(xml::Node node, Scopes& scopes) {
  Layout layout{Format::rss20, Dialect::rss, node, node};
  if (scopes.name(node).ns > Ns::rss090) {
    if (!adopt_root(node, scopes)) return std::nullopt;
    layout.adopted = split_name(node.name()).prefix;
  }
  const auto name = scopes.name(node);
  switch (name.tag) {
    case Tag::rss:
      layout.format = rss_version(node);
      if (const auto channel = child_with(node, Tag::channel, scopes)) layout.channel = channel;
      return layout;
    case Tag::rdf: {
      const auto channel = child_with(node, Tag::channel, scopes);
      const auto item = child_with(node, Tag::item, scopes);
      if (!channel && !item && !declares(node, Ns::rss10) && !declares(node, Ns::rss090)) return std::nullopt;
      layout.dialect = Dialect::rdf;
      layout.format = declares(node, Ns::rss090) || declares(channel, Ns::rss090) ? Format::rss090 : Format::rss10;
      if (channel) layout.channel = channel;
      return layout;
    }
    case Tag::feed:
      layout.dialect = Dialect::atom;
      layout.format = atom_version(node);
      return layout;
    case Tag::entry:
      if (name.ns != Ns::atom) return std::nullopt;
      layout.dialect = Dialect::atom;
      layout.format = atom_version(node);
      return layout;
    case Tag::channel:
      if (is_cdf(node, scopes)) {
        layout.dialect = Dialect::cdf;
        layout.format = Format::cdf;
      } else if (declares(node, Ns::rss10)) {  // RSS 1.1, or RSS 1.0 that lost its root
        layout.format = Format::rss10;
      }
      return layout;
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<Layout> find_layout(const xml::Document& document) {
  Scopes scopes({});
  std::vector<Scopes::Mark> marks;
  std::optional<Layout> entryless;  // a lone entry is taken only if no feed follows
  auto node = document.first_child();
  while (node) {
    bool inside = false;
    if (node.is_element()) {
      const auto mark = scopes.mark();
      scopes.enter(node);
      if (auto found = layout_at(node, scopes)) {
        if (scopes.name(node).tag != Tag::entry) return found;
        if (!entryless) entryless = found;
        scopes.restore(mark);
      } else if (node.first_child()) {
        marks.push_back(mark);
        inside = true;
      } else {
        scopes.restore(mark);
      }
    }
    if (inside) {
      node = node.first_child();
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      if (node && !marks.empty()) {
        scopes.restore(marks.back());
        marks.pop_back();
      }
    }
    if (node) node = node.next_sibling();
  }
  return entryless;
}

}  // namespace newswire::feed::detail
