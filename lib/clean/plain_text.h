#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "clean/extract.h"

namespace newswire::clean {

/// Is `text` (UTF-8) markup rather than plain text?
bool looks_like_markup(std::string_view text);

/// The article in plain text that was scraped off a page: the text of a news aggregator, a reader mode, a terminal
/// browser. Lines or blank lines separate paragraphs. What an article is surrounded with goes, each removal named:
/// the repeated title, labels of pictures, bylines and date lines (read into the result), promotional blocks, prompts
/// to comment, to share, to download or to subscribe. A "Related Articles" section, and everything after it, becomes
/// `related`. A doubtful line stays; if everything would go, nothing goes. Linear. Errc::not_found if there are no
/// words.
Result<Extracted> extract_plain_text(std::string_view text, const ExtractOptions& options);

}  // namespace newswire::clean
