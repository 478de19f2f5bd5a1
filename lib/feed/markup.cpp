#include "feed/detail/markup.h"

#include <algorithm>
#include <iterator>

#include "base/entities.h"
#include "base/text.h"

namespace newswire::feed::detail {
namespace {

constexpr std::string_view kVoid[] = {"area",  "base",  "basefont", "bgsound", "br",     "col",   "command",
                                      "embed", "frame", "hr",       "image",   "img",    "input", "keygen",
                                      "link",  "meta",  "param",    "source",  "spacer", "track", "wbr"};

// HTML living standard, section 4, and the obsolete elements that feeds still carry; sorted.
constexpr std::string_view kHtml[] = {
    "a",      "abbr",     "acronym",  "address",  "applet",   "area",       "article",  "aside",      "audio",
    "b",      "base",     "basefont", "bdi",      "bdo",      "big",        "blink",    "blockquote", "body",
    "br",     "button",   "canvas",   "caption",  "center",   "cite",       "code",     "col",        "colgroup",
    "data",   "datalist", "dd",       "del",      "details",  "dfn",        "dialog",   "dir",        "div",
    "dl",     "dt",       "em",       "embed",    "fieldset", "figcaption", "figure",   "font",       "footer",
    "form",   "frame",    "frameset", "h1",       "h2",       "h3",         "h4",       "h5",         "h6",
    "head",   "header",   "hr",       "html",     "i",        "iframe",     "img",      "input",      "ins",
    "kbd",    "label",    "legend",   "li",       "link",     "main",       "map",      "mark",       "marquee",
    "menu",   "meta",     "meter",    "nav",      "nobr",     "noscript",   "object",   "ol",         "optgroup",
    "option", "output",   "p",        "param",    "picture",  "pre",        "progress", "q",          "rp",
    "rt",     "ruby",     "s",        "samp",     "script",   "section",    "select",   "small",      "source",
    "span",   "strike",   "strong",   "style",    "sub",      "summary",    "sup",      "svg",        "table",
    "tbody",  "td",       "template", "textarea", "tfoot",    "th",         "thead",    "time",       "title",
    "tr",     "track",    "tt",       "u",        "ul",       "var",        "video",    "wbr"};
static_assert(std::is_sorted(std::begin(kHtml), std::end(kHtml)));
static_assert(std::is_sorted(std::begin(kVoid), std::end(kVoid)));

bool is_blank(std::string_view text) noexcept { return std::all_of(text.begin(), text.end(), is_space); }

std::string_view local_name(std::string_view name) noexcept {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void append_start_tag(std::string& out, xml::Node node) {
  const auto name = local_name(node.name());
  out += '<';
  out += name;
  for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
    const std::string_view key = attribute.name();
    if (key.starts_with("xml")) continue;  // bindings and bases mean nothing in HTML
    out += ' ';
    out += key;
    out += "=\"";
    append_html_escaped(out, attribute.value(), true);
    out += '"';
  }
  if (!node.first_child() && is_void_element(name)) {
    out += " />";
  } else {
    out += '>';
  }
}

void append_end_tag(std::string& out, xml::Node node) {
  const auto name = local_name(node.name());
  if (!node.first_child() && is_void_element(name)) return;
  out += "</";
  out += name;
  out += '>';
}

void append_text(std::string& out, xml::Node node, bool raw_cdata) {
  if (raw_cdata && node.kind() == xml::Kind::cdata) {
    out += node.value();
  } else if (node.is_text()) {
    append_html_escaped(out, node.value());
  }
}

}  // namespace

bool is_void_element(std::string_view name) noexcept {
  return std::binary_search(std::begin(kVoid), std::end(kVoid), name);
}

bool is_html_element(std::string_view name) noexcept {
  char low[12];
  if (name.empty() || name.size() > sizeof low) return false;
  std::transform(name.begin(), name.end(), low, to_lower);
  return std::binary_search(std::begin(kHtml), std::end(kHtml), std::string_view(low, name.size()));
}

bool has_elements(xml::Node node) noexcept { return static_cast<bool>(first_element(node)); }

bool is_blank(xml::Node node) noexcept {
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    if (child.is_element() || !is_blank(child.value())) return false;
  }
  return true;
}

xml::Node first_element(xml::Node node) noexcept {
  auto child = node.first_child();
  while (child && !child.is_element()) child = child.next_sibling();
  return child;
}

void append_inner_html(std::string& out, xml::Node node, bool raw_cdata) {
  auto at = node.first_child();
  while (at) {
    if (at.is_element()) {
      append_start_tag(out, at);
      if (const auto inner = at.first_child()) {
        at = inner;
        continue;
      }
      append_end_tag(out, at);
    } else {
      append_text(out, at, raw_cdata && at.parent() == node);
    }
    while (!at.next_sibling()) {
      at = at.parent();
      if (at == node) return;
      append_end_tag(out, at);
    }
    at = at.next_sibling();
  }
}

void append_outer_html(std::string& out, xml::Node node) {
  append_start_tag(out, node);
  append_inner_html(out, node, false);
  append_end_tag(out, node);
}

namespace {

constexpr std::string_view kCdataStart = "<![CDATA[";
constexpr std::string_view kCdataEnd = "]]>";

// A text that is a CDATA section once more: somebody escaped one, or put one around another.
std::string_view without_cdata_marks(std::string_view text) noexcept {
  const auto start = text.find('<');
  if (start == std::string_view::npos || !text.substr(start).starts_with(kCdataStart) ||
      !is_blank(text.substr(0, start)))
    return text;
  text = trim(text.substr(start + kCdataStart.size()));
  if (text.ends_with(kCdataEnd)) text.remove_suffix(kCdataEnd.size());
  return text;
}

// CDATA inside CDATA ends at the first "]]>", which leaves the second one in the text behind it. Takes out the inner
// marks: as many ends as there are starts. `end_mark`: how an end is written. Linear.
void undo_nested_cdata(std::string& text, std::string_view end_mark) {
  auto at = text.find(kCdataStart);
  if (at == std::string::npos || text.find(end_mark, at) == std::string::npos) return;
  std::string out;
  out.reserve(text.size());
  std::size_t open = 0;
  std::size_t from = 0;
  while ((at = text.find_first_of("<]", at)) != std::string::npos) {
    const auto rest = std::string_view(text).substr(at);
    const bool starts = rest.starts_with(kCdataStart);
    if (!starts && (open == 0 || !rest.starts_with(end_mark))) {
      ++at;
      continue;
    }
    out.append(text, from, at - from);
    at += starts ? kCdataStart.size() : end_mark.size();
    starts ? ++open : --open;
    from = at;
  }
  out.append(text, from);
  text = std::move(out);
}

}  // namespace

std::string_view inner_text(xml::Node node, std::string& scratch) {
  const auto first = node.first_child();
  if (!first) return {};
  if (!first.next_sibling() && first.is_text()) return without_cdata_marks(first.value());
  // "\n  <![CDATA[…]]>\n" is one piece of text with white space around it.
  std::string_view only;
  std::size_t pieces = 0;
  for (auto child = first; child; child = child.next_sibling()) {
    if (child.is_element()) {
      scratch.clear();
      append_inner_html(scratch, node, true);
      undo_nested_cdata(scratch, "]]&gt;");
      return scratch;
    }
    const auto text = child.value();
    if (is_blank(text)) continue;
    only = text;
    ++pieces;
  }
  if (pieces <= 1) return without_cdata_marks(only);
  scratch.clear();
  for (auto child = first; child; child = child.next_sibling()) {
    scratch += child.value();
  }
  undo_nested_cdata(scratch, kCdataEnd);
  return scratch;
}

std::string_view attribute(xml::Node node, std::string_view name) noexcept {
  std::string_view found;
  bool any = false;
  for (auto at = node.first_attribute(); at; at = at.next_attribute()) {
    const auto key = at.name();
    if (key.size() < name.size()) continue;
    const auto before = key.size() - name.size();
    if (before == 0 && key == name) return at.value();
    if (!any && (before == 0 || key[before - 1] == ':') && iequals(key.substr(before), name)) {
      found = at.value();
      any = true;
    }
  }
  return found;
}

bool has_attribute(xml::Node node, std::string_view name) noexcept {
  for (auto at = node.first_attribute(); at; at = at.next_attribute()) {
    if (at.name() == name) return true;
  }
  return false;
}

}  // namespace newswire::feed::detail
