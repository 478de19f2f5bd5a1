#include "clean/detail/plain_markup.h"

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
    if (escape) append_html_escaped(out, content);
    else out += content;
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
  if (has_blank_line(html) && !has_block_markup(html)) return with_lines(html, false);
  return std::string(html);
}

}  // namespace newswire::clean
