#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace newswire::article {

/// What names an entry, as the publisher wrote it. `link` has lost its tracking parameters.
struct Identity {
  std::string id;     ///< guid, atom:id, JSON id; empty if the document gives none, or gives it to several entries
  std::string link;   ///< permalink, absolute; empty if there is none, or if it is no mark of this entry (home page)
  std::string title;  ///< plain text
  std::string date;   ///< as the publisher wrote it; only used when there is neither id nor link
};

/// The fingerprints that a feed's memory keeps of an entry: how it is recognised when a publisher changes guids, links
/// or texts. 0 means absent.
struct Fingerprint {
  std::uint64_t key = 0;      ///< of the id, else the canonical link, else title and date: the entry's own name
  std::uint64_t link = 0;     ///< of the canonical link (48 bit)
  std::uint64_t content = 0;  ///< of title and cleaned text, typographic variants made equal (48 bit)
  std::uint32_t raw = 0;      ///< of everything that cleaning starts from: equal means there is nothing to look at
  std::uint16_t title = 0;    ///< of the title, to say what an update changed
  bool substantial = false;   ///< enough text that an equal content is the same entry under another name
};

/// Key, link and raw: all that is needed to see whether the entry has changed at all. `raw`: title, content and summary
/// of the document in some fixed order, uncleaned.
Fingerprint identify(const Identity& identity, std::string_view raw);

/// Adds what cleaning gave: content, title, substantial.
void complete(Fingerprint& print, std::string_view title, std::string_view text);

/// The stable identifier of (feed, entry): 26 characters, from nothing but the feed's id and the entry's key, so it is
/// the same after a re-install; `uid` and `revision` together are a safe key for deduplication downstream.
std::string make_uid(std::string_view feed_id, std::uint64_t key);

/// The key inside a uid that make_uid made; 0 if it is none. With it a feed's memory is rebuilt from the spool.
std::uint64_t key_of_uid(std::string_view uid);

}  // namespace newswire::article
