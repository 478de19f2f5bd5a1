#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "article/article.h"
#include "base/result.h"

namespace newswire::article {

/// Appends the record's line from the comma behind `"seq":N` to its last brace, without the line break: what the spool's
/// append() takes. Never longer than `limit` bytes: a longer article loses content_html first, then the end of
/// content_text, and says `truncated`.
void append_tail(std::string& out, const Article& article, std::size_t limit);

/// The whole line with article.seq, without the line break (what `preview` prints).
std::string to_line(const Article& article, std::size_t limit = std::size_t{4} << 20);

/// A line back into the record: for rebuilding state from the spool and for clients. Members it does not know are
/// ignored. Errc::corrupt if it is no line of ours.
Result<Article> parse_line(std::string_view line);

}  // namespace newswire::article
