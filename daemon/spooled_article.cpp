#include "spooled_article.h"

#include <charconv>
#include <optional>

#include "article/line.h"
#include "spool/cursor.h"
#include "spool/line_reader.h"
#include "spool/published.h"

namespace newswire::daemon {
namespace {

std::optional<Seq> number_of(const std::string& text) {
  Seq seq;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), seq.value);
  if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return seq;
}

}  // namespace

Result<article::Article> spooled_article(const std::string& dir, const std::string& uid_or_seq) {
  const auto published = spool::open_for_reading(dir);
  if (!published) return published.error();
  const auto seq = number_of(uid_or_seq);
  auto cursor = spool::Cursor::at(**published, seq ? *seq : (*published)->snapshot()->first());
  if (!cursor) return cursor.error();
  spool::LineReader reader(*std::move(cursor));
  const auto member = "\"uid\":\"" + uid_or_seq + '"';
  std::optional<article::Article> found;
  while (true) {
    const auto line = reader.next();
    if (!line && line.error().code == Errc::corrupt) continue;
    if (!line && line.error().code == Errc::gone) {
      if (const auto gap = reader.skip_gap(); !gap) return gap.error();
      continue;
    }
    if (!line) return line.error();
    if (!*line) break;
    if (seq ? (*line)->seq != *seq : (*line)->text.find(member) == std::string_view::npos) {
      if (seq) break;
      continue;
    }
    auto article = article::parse_line((*line)->text);
    if (!article) return article.error();
    if (seq) return article;
    if (article->uid == uid_or_seq) found = *std::move(article);
  }
  if (!found) return Error{Errc::not_found, "the spool has no article with this uid or number", uid_or_seq};
  return *std::move(found);
}

}  // namespace newswire::daemon
