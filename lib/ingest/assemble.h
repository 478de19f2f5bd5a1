#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "article/article.h"
#include "article/seen.h"
#include "base/time.h"
#include "clean/cleaner.h"
#include "config/config.h"
#include "feed/feed.h"

/// From a parsed document to the articles that it adds: the pure middle of the pipeline, on a worker in the daemon and
/// directly in `newswirectl preview`.
namespace newswire::ingest {

/// The entries of a document that count, and whether there is anything to look at.
struct Inspected {
  std::vector<std::size_t> entries;  ///< indices into Feed::entries; repeats of one entry resolved (POLLING.md N1)
  std::vector<article::Fingerprint> prints;  ///< beside `entries`; without content
  std::vector<bool> changed;                 ///< beside `entries`: not byte for byte as remembered
  bool any_changed = false;                  ///< or the publisher took entries back
  bool shows_known = false;                  ///< at least one entry is remembered (N5)
};

/// Names every entry of `feed` and compares it with the feed's memory. Cheap: nothing is cleaned.
Inspected inspect(const feed::Feed& feed, const article::Seen& seen);

/// The site whose boilerplate is learned together: the host of the feed's home page, else of most entries' links, else
/// of `feed_url`.
std::string site_of(const feed::Feed& feed, const std::string& feed_url);

/// What the digest of a document needs besides the document.
struct DigestOptions {
  article::FeedRef ref;
  clean::Options clean;
  config::Initial initial;
  bool html = true;       ///< content_html in the record
  bool updates = true;    ///< emit `updated`
  bool removals = false;  ///< emit `removed`
  bool first = false;     ///< first document of a subscription: everything new is backlog
  bool delta = false;     ///< RFC 3229: the document is not the whole feed
  /// Entries from this index on were asked for from the feed's archives (N6): new ones are backlog whatever `initial`
  /// says, and tell nothing of how often the feed has something new.
  std::size_t backlog_from = std::string::npos;
  std::chrono::hours remember{24 * 90};
  Time now{};
};

/// What a document adds. `articles` have no `seq` and no `received` yet; oldest first.
struct Digest {
  std::vector<article::Article> articles;
  std::vector<std::size_t> entry_of;  ///< beside `articles`: index into Feed::entries, or npos for a removed one
  article::Seen seen;
  std::vector<Time> new_dates;  ///< one for each new entry, Time{} where the publisher gives none
  std::size_t new_entries = 0;
  std::size_t updated_entries = 0;
  std::size_t removed_entries = 0;
  std::size_t held_back = 0;  ///< new, but not emitted by `initial`
  bool overflow = false;      ///< the feed was known and every entry of the document was new (N5)
};

/// Cleans what changed (and lets `model` learn from it), judges every entry against `seen`, and makes the articles.
/// Deterministic: same input, same order, same result.
Digest digest(const feed::Feed& feed, const Inspected& inspected, article::Seen seen, clean::SiteModel& model,
              const DigestOptions& options);

/// The feed's dates as the scheduler wants them: one for each entry, Time{} where there is none.
std::vector<Time> dates_of(const feed::Feed& feed);

}  // namespace newswire::ingest
