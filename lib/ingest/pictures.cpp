#include "ingest/pictures.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/entities.h"
#include "base/text.h"
#include "base/url.h"
#include "clean/html.h"

namespace newswire::ingest {
namespace {

constexpr std::size_t kMostPictures = 16;   // of one entry
constexpr std::size_t kMostLookedAt = 128;  // most of them may be repeats

// Descriptions are plain, and HTML where they say so or not.
std::string plain(const std::string& description) {
  const auto open = description.find('<');
  const bool is_html = open != std::string::npos && description.find('>', open) != std::string::npos;
  if (!is_html) return std::string(trim(description));
  const auto tree = clean::Tree::parse_fragment(description);
  return std::string(trim(clean::to_text(tree, tree.root())));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const auto piece : split(text, '\n')) {
    if (auto line = fold_space(piece); !line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

void append_lines(std::string& out, const std::vector<std::string>& lines, std::string_view between, bool html) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += between;
    if (html) {
      append_html_escaped(out, lines[i]);
    } else {
      out += lines[i];
    }
  }
}

bool is_picture(const feed::Media& media) { return media.medium == "image" || media.type.starts_with("image/"); }

}  // namespace

void add_pictures(const feed::Entry& entry, bool html, article::Article& article) {
  std::string said;  // so far, folded
  std::size_t added = 0;
  std::size_t looked_at = 0;
  for (const auto& media : entry.media) {
    if (!is_picture(media) || media.description.empty()) continue;
    if (++looked_at > kMostLookedAt) break;
    if (said.empty()) said = fold_space(article.title + '\n' + article.summary + '\n' + article.content_text);
    const auto lines = lines_of(plain(media.description));
    std::string words;
    append_lines(words, lines, " ", false);
    if (words.empty() || said.find(words) != std::string::npos) continue;
    if (++added > kMostPictures) break;
    said.append(" ").append(words);
    if (!article.content_text.empty()) article.content_text += "\n\n";
    append_lines(article.content_text, lines, "\n", false);
    if (!html) continue;
    std::string source;
    append_html_escaped(source, media.url, true);
    const bool is_shown = article.content_html.find(source) != std::string::npos;
    article.content_html += "<figure>";
    if (is_http_url(media.url) && !is_shown) article.content_html.append("<img src=\"").append(source).append("\">");
    article.content_html += "<figcaption>";
    append_lines(article.content_html, lines, "<br>", true);
    article.content_html += "</figcaption></figure>";
  }
  if (added > 0 && article.completeness == "title") article.completeness = "summary";
}

}  // namespace newswire::ingest
