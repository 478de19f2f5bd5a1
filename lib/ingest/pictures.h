#pragma once

#include "article/article.h"
#include "feed/feed.h"

namespace newswire::ingest {

/// Appends to the content the pictures that stand beside it and are described in words (media:content with a
/// media:description: what Mastodon and Pixelfed do with a post's pictures), each as a figure with its caption. What
/// the content, the summary or the title says already is left out. `html`: the record has content_html.
void add_pictures(const feed::Entry& entry, bool html, article::Article& article);

}  // namespace newswire::ingest
