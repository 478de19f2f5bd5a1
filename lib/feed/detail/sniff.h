#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "feed/parse.h"

namespace newswire::feed::detail {

/// Errc::binary for what cannot be text (images, archives, compressed data, fonts), with its kind.
std::optional<Error> refuse_binary(std::string_view bytes);

/// Why a text in which no feed was found is none, with the nearest hint: the feeds that a page advertises, the kind of
/// document that it is instead (OPML, a sitemap, an error of a web service). Errc::html_page or Errc::not_a_feed.
Error explain(std::string_view text, const ParseOptions& options);

}  // namespace newswire::feed::detail
