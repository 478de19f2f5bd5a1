#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace newswire::article {

enum class Event : std::uint8_t { new_, updated, removed };

/// The feed an article came from, as far as its consumers need it.
struct FeedRef {
  std::string id;
  std::string url;
  std::string title;
  std::vector<std::string> tags;  ///< the configuration's tags of the feed
};

/// One removal, so that a consumer can audit and undo it.
struct Stripped {
  std::string rule;      ///< name of the rule, or of the structural or learned pattern
  std::string category;  ///< feed-footer, read-more, newsletter, share … (docs/rules.md)
  std::string where;     ///< head, body, tail, link, inline
  std::string text;      ///< the text that went
};

/// A teaser of another article that stood in the text ("Related Articles").
struct Related {
  std::string title;
  std::string url;
  std::string source;
  std::string date;  ///< as written, may be relative ("a day ago")
  std::string text;
};

struct Author {
  std::string name;
  std::string url;
  std::string email;
  std::string avatar;
};

struct Attachment {
  std::string url;
  std::string mime_type;
  std::string title;
  std::optional<std::uint64_t> size_in_bytes;
  std::optional<double> duration_in_seconds;
};

/// The record: one line of the spool and of the socket (DESIGN.md section 3). Empty means absent.
struct Article {
  // _newswire
  std::uint64_t seq = 0;  ///< given by the spool when it appends
  std::string uid;        ///< stable identifier of (feed, entry)
  Event event = Event::new_;
  std::uint32_t revision = 1;
  FeedRef feed;
  Time received{};
  std::string language_source;  ///< entry, feed, detected
  std::string story_uid;        ///< the first article of the same story, if one is known
  double story_similarity = 0;
  std::vector<Stripped> stripped;
  std::vector<Related> related;
  bool backlog = false;              ///< came with the first fetch of the subscription, or by a backfill
  std::string completeness;          ///< full, summary, title
  std::vector<std::string> changed;  ///< of an update: title, text
  std::vector<std::string> repairs;  ///< what had to be repaired in the document
  bool overflow = false;             ///< entries before this one may have been missed
  bool truncated = false;            ///< cut to the length limit of a line
  std::string link_original;         ///< when tracking was removed from `url`
  std::string published_raw;         ///< a date that could not be read or believed, verbatim
  bool date_in_future = false;

  // JSON Feed 1.1 item
  std::string id;
  std::string url;
  std::string external_url;
  std::string title;
  std::string content_text;
  std::string content_html;
  std::string summary;
  std::optional<ZonedTime> date_published;
  std::optional<ZonedTime> date_modified;
  std::vector<Author> authors;
  std::vector<std::string> tags;
  std::string language;
  std::string image;
  std::vector<Attachment> attachments;
};

}  // namespace newswire::article
