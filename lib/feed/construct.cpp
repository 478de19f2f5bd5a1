#include "feed/detail/construct.h"
#include "feed/detail/bytes.h"

#include <algorithm>
#include <charconv>

#include "base/entities.h"
#include "base/text.h"
#include "base/url.h"
#include "feed/detail/base64.h"
#include "feed/detail/markup.h"
#include "feed/detail/person.h"
#include "feed/detail/plain.h"

namespace newswire::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;

// "text/html; charset=utf-8" is "text/html".
std::string_view media_type(std::string_view type) noexcept { return trim(type.substr(0, type.find(';'))); }

bool iends_with(std::string_view text, std::string_view suffix) noexcept {
  return text.size() >= suffix.size() && iequals(text.substr(text.size() - suffix.size()), suffix);
}

}  // namespace

xml::Node enclosing_div(xml::Node node) noexcept {
  xml::Node div;
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    if (child.is_element()) {
      const auto name = child.name();
      const auto local = name.substr(name.find(':') == npos ? 0 : name.find(':') + 1);
      if (div || !iequals(local, "div")) return {};
      div = child;
    } else if (!trim(child.value()).empty()) {
      return {};
    }
  }
  return div;
}

namespace {

// The div that RFC 4287 wants around XHTML is not part of it.
xml::Node inside_div(xml::Node node) noexcept {
  const auto div = enclosing_div(node);
  return div ? div : node;
}

Construct read_xhtml(xml::Node from, std::string& scratch, std::string_view base) {
  scratch.clear();
  append_inner_html(scratch, from, false, base);
  return {trim(scratch), true};
}

bool is_never_text(std::string_view type) noexcept {
  for (const std::string_view kind :
       {"image/", "audio/", "video/", "font/", "application/octet-stream", "application/pdf", "application/zip"}) {
    if (istarts_with(type, kind)) return true;
  }
  return false;
}

Construct read_base64(xml::Node node, std::string_view type, std::string& scratch) {
  const bool html = iequals(type, "html") || iequals(type, "text/html") || iequals(type, "application/xhtml+xml");
  const auto text = inner_text(node, scratch);
  auto decoded = decode_base64(text);
  if (!decoded) return {trim(text), html || looks_like_html(text)};
  if (!is_utf8(*decoded) || decoded->find('\0') != std::string::npos) {
    if (is_never_text(type)) return {};
    return {trim(text), html || looks_like_html(text)};  // letters that are base64 by accident
  }
  scratch = std::move(*decoded);
  return {trim(scratch), html || looks_like_html(scratch)};
}

std::string short_rel(std::string_view rel) {
  rel = trim(rel);
  for (const std::string_view registry :
       {"http://www.iana.org/assignments/relation/", "https://www.iana.org/assignments/relation/"}) {
    if (istarts_with(rel, registry)) rel.remove_prefix(registry.size());
  }
  return rel.empty() ? "alternate" : lower(rel);
}

// Escaped markup in a text that has none itself: at least an end tag with a name of HTML, or a break or picture.
bool is_escaped_markup(std::string_view text) noexcept {
  if (text.find('<') != npos) return false;
  int seen = 0;
  for (auto at = text.find("&lt;"); at != npos; at = text.find("&lt;", at + 4)) {
    auto rest = text.substr(at + 4, 16);
    const bool closing = rest.starts_with('/');
    if (closing) rest.remove_prefix(1);
    std::size_t size = 0;
    while (size < rest.size() && is_alnum(rest[size])) ++size;
    const auto name = rest.substr(0, size);
    if (!is_html_element(name)) return false;  // "&lt;vector&gt;": somebody writes about code
    if (++seen == 4) return true;              // two elements: an article, not a word about a tag
  }
  return false;
}

// <link/>http://example.org/: in HTML, through which some programs send their feeds, a link has no content.
std::string_view address_behind(xml::Node link) noexcept {
  const auto next = link.next_sibling();
  if (!next.is_text()) return {};
  const auto text = trim(next.value());
  return is_http_url(text) && std::none_of(text.begin(), text.end(), is_space) ? text : std::string_view{};
}

}  // namespace

Construct read_atom_construct(xml::Node node, bool atom03, std::string& scratch, std::string_view base) {
  const auto type = media_type(attribute(node, "type"));
  const auto mode = attribute(node, "mode");
  const bool html = iequals(type, "html") || iequals(type, "text/html");
  if (iequals(mode, "base64")) return read_base64(node, type, scratch);
  if (iequals(type, "xhtml") || iequals(type, "application/xhtml+xml")) {
    if (iequals(mode, "escaped")) return {trim(inner_text(node, scratch)), true};
    return read_xhtml(atom03 ? node : inside_div(node), scratch, base);
  }
  if (has_elements(node)) {
    // Escaped markup inside a real div (TypePad, 2007): the div is but a wrapper.
    const auto div = html ? enclosing_div(node) : xml::Node{};
    if (div && !has_elements(div)) return {trim(inner_text(div, scratch)), true};
    // Naked markup: what Atom 0.3 calls mode="xml", and in Atom 1.0 a mistake that everybody understands.
    return read_xhtml(atom03 ? node : inside_div(node), scratch, base);
  }
  // Of an XML type but without elements: text of a document, so "<" in it is no tag.
  if (iends_with(type, "+xml") || iends_with(type, "/xml")) return read_xhtml(node, scratch, base);
  const auto text = trim(inner_text(node, scratch));
  if (html) return {text, true};
  const bool plain = type.empty() || iequals(type, "text") || istarts_with(type, "text/") || iends_with(type, "json") ||
                     iequals(type, "plain");
  if (!plain) return read_base64(node, type, scratch);
  return {text, find_either<'<', '&'>(text) != npos && looks_like_html(text)};
}

Construct read_rss_construct(xml::Node node, std::string& scratch) {
  const auto text = trim(inner_text(node, scratch));
  if (text.find("&lt;") != npos && is_escaped_markup(text)) {
    scratch = decode_entities(text);
    return {trim(scratch), true};
  }
  return {text, true};
}

std::string read_plain(xml::Node node, bool atom, std::string& scratch) {
  if (!atom) return plain_from_html(inner_text(node, scratch));
  const auto construct = read_atom_construct(node, false, scratch);
  return construct.html ? plain_from_html(construct.value) : fold_space(construct.value);
}

std::vector<Person> read_people(xml::Node node, Scopes& scopes, std::string& scratch) {
  Person person;
  bool structured = false;
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    if (!child.is_element()) continue;
    const Level level(scopes, child);
    switch (scopes.name(child).tag) {
      case Tag::name:
      case Tag::person:
        structured = true;
        if (person.name.empty()) person.name = plain_from_text(inner_text(child, scratch));
        break;
      case Tag::email:
        structured = true;
        if (person.email.empty()) {
          auto parsed = parse_person(inner_text(child, scratch));
          person.email = parsed.email.empty() ? std::move(parsed.name) : std::move(parsed.email);
        }
        break;
      case Tag::uri:
      case Tag::url:
      case Tag::homepage:
      case Tag::link:
        structured = true;
        if (person.url.empty()) {
          const auto text = trim(inner_text(child, scratch));
          const auto reference = text.empty() ? attribute(child, "href") : text;
          if (!reference.empty()) person.url = resolve_url(scopes.base(), reference);
        }
        break;
      case Tag::image:
      case Tag::avatar: {
        auto source = attribute(child, "src");
        if (source.empty()) source = attribute(child, "href");
        if (!source.empty() && person.avatar.empty()) person.avatar = resolve_url(scopes.base(), source);
        break;
      }
      default: break;
    }
  }
  if (!structured) return parse_people(inner_text(node, scratch));
  // Blogger and others put the address into the name: <name>noreply@blogger.com (Mike)</name>.
  if (person.email.empty() && person.name.find('@') != std::string::npos) {
    auto parsed = parse_person(person.name);
    if (!parsed.email.empty()) {
      person.email = std::move(parsed.email);
      if (!parsed.name.empty()) person.name = std::move(parsed.name);
    }
  }
  std::vector<Person> people;
  people.push_back(std::move(person));
  return people;
}

std::string absolute_id(std::string_view id, const Scopes& scopes, bool atom) {
  const bool path = id.find('/') != npos && id.find(':') == npos;
  return path && (atom || scopes.has_own_base()) ? resolve_url(scopes.base(), id) : std::string(id);
}

xml::Node rdf_value(xml::Node node, const Scopes& scopes) noexcept {
  auto at = first_element(node);
  while (at) {
    if (at.is_element()) {
      if (scopes.name(at).tag == Tag::value) return at;
      if (const auto inner = at.first_child()) {
        at = inner;
        continue;
      }
    }
    while (!at.next_sibling()) {
      at = at.parent();
      if (at == node || !at) return {};
    }
    at = at.next_sibling();
  }
  return {};
}

std::string_view cdf_href(xml::Node node) noexcept {
  if (const auto href = trim(attribute(node, "href")); !href.empty()) return href;
  for (auto child = first_element(node); child; child = child.next_sibling()) {
    if (child.is_element() && iequals(child.name(), "a")) return trim(attribute(child, "href"));
  }
  return {};
}

std::string cdf_anchor_text(xml::Node node, std::string& scratch) {
  for (auto child = first_element(node); child; child = child.next_sibling()) {
    if (child.is_element() && iequals(child.name(), "a")) return plain_from_html(inner_text(child, scratch));
  }
  return {};
}

Link cdf_link(std::string_view href, const Scopes& scopes) {
  Link link;
  link.href = resolve_url(scopes.base(), href);
  link.rel = "alternate";
  return link;
}

Link read_link(xml::Node node, const Scopes& scopes, std::string& scratch) {
  Link link;
  link.rel = short_rel(attribute(node, "rel"));
  const auto any_href = trim(attribute(node, "href"));
  auto href = has_attribute(node, "href") ? any_href : std::string_view{};
  if (node.first_attribute()) {
    link.type = trim(attribute(node, "type"));
    link.title = fold_space(attribute(node, "title"));
    link.hreflang = trim(attribute(node, "hreflang"));
    const auto length = trim(attribute(node, "length"));
    std::uint64_t bytes = 0;
    if (std::from_chars(length.data(), length.data() + length.size(), bytes).ec == std::errc{}) link.length = bytes;
  }
  if (href.empty()) href = trim(inner_text(node, scratch));
  if (href.empty()) href = any_href;  // xlink:href stands beside a link's text, seldom in its place
  if (href.empty()) href = trim(attribute(node, "url"));
  if (href.empty()) href = trim(attribute(node, "uri"));
  if (href.empty() && !node.first_attribute()) href = address_behind(node);
  // An empty href is a reference to the base itself, where there is one.
  if (!href.empty() || has_attribute(node, "href")) link.href = resolve_url(scopes.base(), href);
  return link;
}

}  // namespace newswire::feed::detail
