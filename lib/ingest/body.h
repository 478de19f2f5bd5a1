#pragma once

#include <string>

#include "feed/feed.h"

namespace newswire::ingest {

/// The part of an entry that is cleaned and becomes the article's content.
struct Body {
  std::string html;  ///< either html or text is set
  std::string text;
  bool from_summary = false;  ///< the entry has nothing but a summary
};

/// The fullest text that the entry has: its content, else its summary; a summary that is much longer than the content
/// (publishers who swap the two) wins.
Body body_of(const feed::Entry& entry);

}  // namespace newswire::ingest
