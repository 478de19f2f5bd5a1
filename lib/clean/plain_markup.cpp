#include "clean/detail/plain_markup.h"

#include <algorithm>
#include <string>

#include "base/entities.h"
#include "base/text.h"
#include "clean/html.h"

namespace newswire::clean {
namespace {

// Is there an element that makes its own lines?
bool has_block_markup(std::string_view html) {
  for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    auto rest = html.substr(at + 1);
    if (rest.starts_with('/')) rest.remove_prefix(1);
    std::size_t size = 0;
    while (size < rest.size() && size < 12 && is_alnum(rest[size])) ++size;
    const auto tag = tag_of(lower(rest.substr(0, size)));
    if (tag == Tag::br || is_block(tag)) return true;
  }
  return false;
}

bool has_blank_line(std::string_view text) {
  bool blank = false;
  for (const char c : text) {
    if (c == '\n') {
      if (blank) return true;
      blank = true;
    } else if (!is_space(c)) {
      blank = false;
    }
  }
  return false;
}

// The end of the tag, comment or declaration at the front of `rest`, beyond its '>'. 0: it is none; npos: it never
// ends.
std::size_t end_of_tag(std::string_view rest) {
  if (rest.size() < 2 || !(is_alpha(rest[1]) || rest[1] == '/' || rest[1] == '!')) return 0;
  char quote = 0;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    const char c = rest[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

// `html` with spaces for the line breaks inside of tags, which are none of the text's. Linear: the first tag without an
// end is the last that is looked for.
std::string without_breaks_in_tags(std::string_view html) {
  std::string out(html);
  for (auto at = out.find('<'); at != std::string::npos; at = out.find('<', at + 1)) {
    const auto size = end_of_tag(std::string_view(out).substr(at));
    if (size == std::string_view::npos) break;
    if (size == 0) continue;
    std::replace(out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(at + size),
                 '\n', ' ');
    at += size - 1;
  }
  return out;
}

// Lines to <br>, blank lines to paragraphs; `escape` for text that is no markup.
std::string with_lines(std::string_view text, bool escape) {
  std::string out = "<p>";
  bool blank = true;
  for (const auto line : split(text, '\n')) {
    const auto content = trim(line);
    if (content.empty()) {
      blank = true;
      continue;
    }
    if (out.size() > 3) out += blank ? "</p>\n<p>" : "<br>\n";
    blank = false;
    if (escape)
      append_html_escaped(out, content);
    else
      out += content;
  }
  out += "</p>";
  return out;
}

}  // namespace

std::string markup_of(std::string_view html, std::string_view text) {
  if (trim(html).empty()) return trim(text).empty() ? std::string{} : with_lines(text, true);
  if (html.find('<') == std::string_view::npos) {
    if (html.find('\n') == std::string_view::npos) return std::string(html);
    return with_lines(html, false);
  }
  if (has_blank_line(html) && !has_block_markup(html)) {
    const auto lines = without_breaks_in_tags(html);
    if (has_blank_line(lines)) return with_lines(lines, false);
  }
  return std::string(html);
}

}  // namespace newswire::clean
