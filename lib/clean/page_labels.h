#pragma once

#include <cstdint>
#include <string_view>

namespace newswire::clean {

/// What a short line announces or is, judged by its words alone, in the languages of page_labels.inc.
enum class Label : std::uint8_t {
  none,
  related,     ///< "Related articles", "Mehr zum Thema": other articles follow
  comments,    ///< "3 comments", "Leave a reply"
  share,       ///< "Share this", "Teilen"
  newsletter,  ///< "Sign up for our newsletter"
  author,      ///< "About the author"
  tags,        ///< "Tags:", "Filed under"
  advertisement,
  app,    ///< "Download the app", "Get it on Google Play"
  ai,     ///< "Try our AI features", "Summarize this article"
  image,  ///< "Image:", "Foto:", a caption or credit
};

/// The label that `line` is: the whole line must consist of it, apart from numbers, a colon, quotes, arrows and, for
/// those marked so, a name after it. Lines of more than 120 bytes are none. Any thread.
struct LabelMatch {
  Label label = Label::none;
  bool whole = false;  ///< the line says nothing else

  bool operator==(const LabelMatch&) const = default;
};
LabelMatch label_of(std::string_view line);

/// The stripping category (docs/rules.md) of a label.
std::string_view category_of(Label label) noexcept;

/// `text` in lower case (Latin, Greek, Cyrillic), white space folded.
std::string fold_words(std::string_view text);

/// Is it a line of date, time or place of publication and nothing else of length ("Published 18 November 2019",
/// "05/10/2018 - 14:02", "Updated: 3 hours ago")? Digits that look like a date or time must make up its core.
bool looks_like_dateline(std::string_view line);

}  // namespace newswire::clean
