#include "feed/detail/markup.h"

#include <algorithm>
#include <iterator>

#include "base/entities.h"
#include "base/text.h"
#include "base/url.h"
#include "feed/detail/cdata.h"
#include "feed/detail/html_urls.h"

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

// What its xml:base says, which HTML does not know.
std::string_view append_start_tag(std::string& out, xml::Node node) {
  const auto name = local_name(node.name());
  std::string_view base;
  out += '<';
  out += name;
  for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
    const std::string_view key = attribute.name();
    if (key.starts_with("xml")) {  // neither does it know bindings
      if (key == "xml:base") base = attribute.value();
      continue;
    }
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
  return base;
}

// Elements with an xml:base of their own inside a piece of XHTML: what is written of them is made absolute when they
// end.
class InnerBases {
 public:
  explicit InnerBases(std::string_view base) : base_(base) {}

  // `node` was opened; its start tag begins at `start` of what is written, and says `base`.
  void open(xml::Node node, std::size_t start, std::string_view base) {
    constexpr std::size_t kDeepest = 8;  // each is one more pass over what is inside
    if (base.empty() || inside_.size() >= kDeepest) return;
    const auto outer = inside_.empty() ? base_ : std::string_view(inside_.back().base);
    inside_.push_back({node, start, resolve_url(outer, trim(base))});
  }

  void close(std::string& out, xml::Node node) {
    if (inside_.empty() || !(inside_.back().node == node)) return;
    const auto& [_, start, base] = inside_.back();
    if (is_http_url(base)) {
      std::string patched;
      const auto whole = std::string_view(out).substr(start);
      const auto resolved = resolve_html_urls(whole, base, patched, nullptr);
      if (resolved.data() != whole.data()) {
        out.resize(start);
        out += resolved;
      }
    }
    inside_.pop_back();
  }

 private:
  struct Inside {
    xml::Node node;
    std::size_t start;
    std::string base;
  };
  std::string_view base_;
  std::vector<Inside> inside_;
};

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

namespace {

// CDF (W3C note of March 1997) says <Title VALUE="…"/> for <Title>…</Title>; nobody else writes it in capitals.
std::string_view cdf_value(xml::Node node) noexcept {
  for (auto at = node.first_attribute(); at; at = at.next_attribute()) {
    if (at.name() == "VALUE") return at.value();
  }
  return {};
}

}  // namespace

bool is_blank(xml::Node node) noexcept {
  if (!node.first_child()) return is_blank(cdf_value(node));
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

void append_inner_html(std::string& out, xml::Node node, bool raw_cdata, std::string_view base) {
  InnerBases bases(base);
  auto at = node.first_child();
  while (at) {
    if (at.is_element()) {
      const auto start = out.size();
      bases.open(at, start, append_start_tag(out, at));
      if (const auto inner = at.first_child()) {
        at = inner;
        continue;
      }
      append_end_tag(out, at);
      bases.close(out, at);
    } else {
      append_text(out, at, raw_cdata && at.parent() == node);
    }
    while (!at.next_sibling()) {
      at = at.parent();
      if (at == node) return;
      append_end_tag(out, at);
      bases.close(out, at);
    }
    at = at.next_sibling();
  }
}

std::string_view inner_text(xml::Node node, std::string& scratch) {
  const auto first = node.first_child();
  if (!first) return cdf_value(node);
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
