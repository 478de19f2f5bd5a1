#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace newswire::article {

/// What identifies an entry and its content, after cleaning. `link` has lost its tracking parameters.
struct Identity {
  std::string id;     ///< guid, atom:id, JSON id; empty if the document gives none
  std::string link;   ///< permalink, absolute; empty if there is none, or if it is no mark of this entry (home page)
  std::string title;  ///< plain text
  std::string text;   ///< cleaned plain text
  std::string date;   ///< as the publisher wrote it; only used when there is neither id nor link
};

/// The fingerprints that a feed's memory keeps of an entry: how it is recognised when a publisher changes guids, links
/// or texts. 0 means absent.
struct Fingerprint {
  std::uint64_t key = 0;      ///< of the id, else the canonical link, else title and date: the entry's own name
  std::uint64_t link = 0;     ///< of the canonical link (48 bit)
  std::uint64_t content = 0;  ///< of title and text without markup, white space and typographic variants (48 bit)
  std::uint32_t title = 0;    ///< of the title (24 bit), to say what an update changed
  bool substantial = false;   ///< enough text that an equal content is the same entry under another name
};
Fingerprint fingerprint(const Identity& identity);

/// The stable identifier of (feed, entry): 26 characters, from nothing but the feed's id and the entry's key, so it is
/// the same after a re-install; `uid` and `revision` together are a safe key for deduplication downstream.
std::string make_uid(std::string_view feed_id, std::uint64_t key);

/// The key inside a uid that make_uid made; 0 if it is none. With it a feed's memory is rebuilt from the spool.
std::uint64_t key_of_uid(std::string_view uid);

}  // namespace newswire::article
