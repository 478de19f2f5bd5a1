#include "feed/detail/plain.h"
#include "feed/detail/bytes.h"

#include <algorithm>
#include <cstring>

#include "base/entities.h"
#include "base/text.h"
#include "feed/detail/markup.h"

namespace newswire::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;

// A tag at the front of `text` ("<b …>", "</b>"): its size and name, or size 0 where this is no tag of HTML.
struct TagAt {
  std::size_t size = 0;
  std::string_view name;
  bool closing = false;
};

TagAt tag_at(std::string_view text) noexcept {
  TagAt tag;
  std::size_t at = 1;
  if (at < text.size() && text[at] == '/') {
    tag.closing = true;
    ++at;
  }
  const auto first = at;
  while (at < text.size() && is_alnum(text[at])) ++at;
  tag.name = text.substr(first, at - first);
  if (!is_html_element(tag.name)) return {};
  if (at < text.size() && !is_space(text[at]) && text[at] != '>' && text[at] != '/') return {};
  const auto end = text.find('>', at);
  // An angle bracket before the end: the first one was no tag ("a <b and c > d" still is; a title is short).
  if (end == npos || text.substr(at, end - at).find('<') != npos) return {};
  tag.size = end + 1;
  return tag;
}

bool breaks_words(std::string_view name) noexcept {
  static constexpr std::string_view kBlocks[] = {"br", "p",  "div", "li", "td", "tr", "h1",
                                                 "h2", "h3", "h4",  "hr", "ul", "ol"};
  return std::any_of(std::begin(kBlocks), std::end(kBlocks),
                     [name](std::string_view block) { return iequals(block, name); });
}

// Appends the decoded reference at the front of `text`; its size, 0 if it is none.
std::size_t take_reference(std::string& out, std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && end < 40 && (is_alnum(text[end]) || (end == 1 && text[end] == '#'))) ++end;
  if (end < 2) return 0;
  const bool closed = end < text.size() && text[end] == ';';
  const bool numeric = text[1] == '#';
  if (!closed && (numeric ? end < 4 : end < text.size() && (text[end] == '=' || is_alnum(text[end])))) return 0;
  const auto reference = text.substr(0, closed ? end + 1 : end);
  if (!numeric) {
    bool legacy = false;
    const auto found = html_entity(text.substr(1, end - 1), &legacy);
    if (!found || (!closed && !legacy)) return 0;
    out += *found;
    return reference.size();
  }
  const auto decoded = decode_entities(reference);
  if (decoded.starts_with('&')) return 0;
  out += decoded;
  return reference.size();
}

// One pass of tag removal and decoding, without folding.
std::string strip_once(std::string_view html, bool decode) {
  std::string out;
  out.reserve(html.size());
  while (!html.empty()) {
    const auto at = decode ? find_either<'<', '&'>(html) : html.find('<');
    out += html.substr(0, at);
    if (at == npos) break;
    html.remove_prefix(at);
    if (html.front() == '&') {
      auto taken = take_reference(out, html);
      if (taken == 0) {
        out += '&';
        taken = 1;
      }
      html.remove_prefix(taken);
      continue;
    }
    if (html.starts_with("<!--")) {
      const auto end = html.find("-->", 4);
      html.remove_prefix(end == npos ? html.size() : end + 3);
      continue;
    }
    const auto tag = tag_at(html);
    if (tag.size == 0) {
      out += '<';
      html.remove_prefix(1);
      continue;
    }
    html.remove_prefix(tag.size);
    if (breaks_words(tag.name)) out += ' ';
    if (!tag.closing && (iequals(tag.name, "script") || iequals(tag.name, "style"))) {
      const auto end = ifind(html, tag.name == "script" ? "</script" : "</style");
      html.remove_prefix(end == npos ? html.size() : end);
    }
  }
  return out;
}

// Are all "&" of the text complete references? Then somebody escaped once too often.
bool only_references(std::string_view text) {
  std::string sink;
  bool any = false;
  for (auto at = text.find('&'); at != npos; at = text.find('&', at + 1)) {
    const auto taken = take_reference(sink, text.substr(at));
    if (taken == 0 || text[at + taken - 1] != ';') return false;
    any = true;
  }
  return any;
}

}  // namespace

bool holds_markup(std::string_view text) noexcept {
  // Names of open tags whose end tag would prove them; a handful is enough for the texts this is asked about.
  std::string_view open[8];
  std::size_t opened = 0;
  std::size_t looked = 0;
  for (auto at = text.find('<'); at != npos && looked < 64; at = text.find('<', at + 1), ++looked) {
    const auto tag = tag_at(text.substr(at, 4096));
    if (tag.size == 0) continue;
    if (tag.closing) {
      for (std::size_t i = 0; i < opened; ++i) {
        if (iequals(open[i], tag.name)) return true;
      }
    } else {
      char low[12];
      const auto size = std::min(tag.name.size(), sizeof low);
      std::transform(tag.name.begin(), tag.name.begin() + static_cast<std::ptrdiff_t>(size), low, to_lower);
      const auto* const before_end = text.data() + at + tag.size - 2;
      const bool furnished =
          tag.size > tag.name.size() + 2;  // "<img src=…>", "<br/>"; not a bare "<img>" in a sentence
      if (is_void_element({low, size}) && (furnished || *before_end == '/' || std::string_view(low, size) == "br"))
        return true;
      if (opened < 8) open[opened++] = tag.name;
    }
  }
  return false;
}

bool looks_like_html(std::string_view text) noexcept {
  if (holds_markup(text)) return true;
  return text.find('<') == npos && text.find('&') != npos && only_references(text);
}

void append_plain_from_html(std::string& out, std::string_view html) {
  html = trim(html);
  if (find_either<'<', '&'>(html) == npos) {
    out += fold_space(html);
    return;
  }
  auto text = strip_once(html, true);
  // Escaped twice: "&amp;amp;", "&lt;b&gt;" left over. Two more rounds at most, each only on clear evidence.
  for (int round = 0; round < 2; ++round) {
    if (holds_markup(text)) {
      text = strip_once(text, true);
    } else if (text.find('<') == npos && only_references(text)) {
      text = strip_once(text, true);
    } else {
      break;
    }
  }
  out += fold_space(text);
}

std::string plain_from_html(std::string_view html) {
  std::string out;
  append_plain_from_html(out, html);
  return out;
}

std::string plain_from_text(std::string_view text) {
  if (find_either<'<', '&'>(text) != npos && looks_like_html(text)) return plain_from_html(text);
  return fold_space(text);
}

std::string label_from(std::string_view text) {
  text = trim(text);
  if (text.find('&') == npos) return fold_space(text);
  std::string decoded;
  decoded.reserve(text.size());
  while (!text.empty()) {
    const auto at = text.find('&');
    decoded += text.substr(0, at);
    if (at == npos) break;
    text.remove_prefix(at);
    std::string one;
    const auto taken = take_reference(one, text);
    if (taken == 0 || one == "<" || one == ">") {
      decoded += text.substr(0, std::max<std::size_t>(taken, 1));
    } else {
      decoded += one;
    }
    text.remove_prefix(std::max<std::size_t>(taken, 1));
  }
  return fold_space(decoded);
}

}  // namespace newswire::feed::detail
