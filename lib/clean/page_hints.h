#pragma once

#include <cstdint>
#include <string_view>

#include "clean/html.h"

namespace newswire::clean {

/// What the names that a page gives an element (class, id, role, itemprop, test ids) say about it. A set of flags.
enum Hint : std::uint32_t {
  hint_content = 1U << 0,        ///< article, post, story, entry, content
  hint_body = 1U << 1,           ///< surely the article's body: articleBody, entry-content, post-body
  hint_comments = 1U << 2,       ///< readers' comments and their form
  hint_related = 1U << 3,        ///< other articles: related, recommended, most read
  hint_share = 1U << 4,          ///< share, follow, social
  hint_navigation = 1U << 5,     ///< menus, breadcrumbs, pagers, skip links
  hint_advertisement = 1U << 6,  ///< ads and sponsors
  hint_newsletter = 1U << 7,     ///< sign-up, subscription, paywall
  hint_author = 1U << 8,         ///< about the author
  hint_meta = 1U << 9,           ///< byline, date line, reading time
  hint_caption = 1U << 10,       ///< captions and credits of pictures
  hint_sidebar = 1U << 11,       ///< beside the article
  hint_footer = 1U << 12,        ///< page footer, copyright, legal, cookie banners
  hint_tags = 1U << 13,          ///< keywords and categories
  hint_hidden = 1U << 14,        ///< for screen readers or print only
  hint_interaction = 1U << 15,   ///< pop-ups, ratings, polls, players, log-in
  hint_summary = 1U << 16,       ///< standfirst, lead, abstract: belongs to the article
  hint_donation = 1U << 17,      ///< donate, support us
  hint_header = 1U << 18,        ///< a header: title, kicker
  hint_picture = 1U << 20,       ///< a picture, gallery or video with what belongs to it
  hint_teaser = 1U << 19,        ///< card, teaser, promo: a pointer to something else
};

/// Every flag of things that are not the article.
inline constexpr std::uint32_t kForeignHints = hint_comments | hint_related | hint_share | hint_navigation |
                                               hint_advertisement | hint_newsletter | hint_author | hint_sidebar |
                                               hint_footer | hint_tags | hint_interaction | hint_donation;

/// The flags of element `id` from its names alone; not from its tag or content. Looks at the first 512 bytes of each
/// attribute, so that the cost of an element has a bound.
std::uint32_t hints_of(const Tree& tree, NodeId id);

/// The category of docs/rules.md that fits the strongest foreign flag ("comments", "related", "share" …).
std::string_view category_of(std::uint32_t hints) noexcept;

}  // namespace newswire::clean
