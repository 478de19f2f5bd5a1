#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "article/identity.h"
#include "base/result.h"
#include "base/time.h"

namespace newswire::article {

/// What one entry of a document is, measured against the feed's memory.
struct Verdict {
  enum class Kind : std::uint8_t { known, new_, updated } kind = Kind::known;
  std::uint64_t key = 0;       ///< the name under which the entry was first seen (make_uid)
  std::uint32_t revision = 1;  ///< of `new_` and `updated`
  bool title_changed = false;
  bool text_changed = false;
};

/// The entries that a feed has shown: 30 bytes each, newest last. It holds at least twice the largest document it ever
/// saw and everything seen within `forget_after`, so nothing old returns as new (POLLING.md N3). A value; any thread.
class Seen {
 public:
  /// Errc::corrupt for a blob that is not ours. An empty blob is an empty memory.
  static Result<Seen> decode(std::string_view blob);
  std::string encode() const;

  /// The entry is remembered under this key and has not changed a byte: it needs no cleaning, and judge() may have its
  /// fingerprint without content.
  bool unchanged(const Fingerprint& print) const;

  /// Whether any of these entries is remembered, by its key or its canonical link. Linear.
  bool knows_any(std::span<const Fingerprint> document) const;

  /// How many entries were last shown on the latest day of all, and are not removed: those of the last document, or a
  /// few more. Linear.
  std::size_t shown_last() const noexcept;

  /// What the publisher took back: entries shown on the latest day that are not in `document` (fh:complete), marked as
  /// removed. Ask before judge() has seen the document. A removed entry that is shown again is an update.
  struct Removal {
    std::uint64_t key;
    std::uint32_t revision;
  };
  std::vector<Removal> remove_absent(std::span<const Fingerprint> document);
  /// The same for one entry, by its key (at:deleted-entry); nothing if it is not remembered, or removed already.
  std::optional<Removal> remove(std::uint64_t key);

  /// Judges the entries of one document and remembers them. An entry is the same as a remembered one when it has its
  /// key, else its canonical link (unless several entries of the document share it), else its title and text where
  /// those are substantial. It is updated when both its raw and its cleaned content differ: what only learning or
  /// only markup changed is no update. Two entries under one key: the first counts.
  std::vector<Verdict> judge(std::span<const Fingerprint> document, Time now);

  /// A line of the spool, when the memory is rebuilt. Cleaning may give something else today (what was learned is lost
  /// too), so the next sight of the entry is believed to be the same unless its title differs.
  void restore(const Fingerprint& print, std::uint32_t revision, Time seen);
  /// A line of the spool that says that an entry was removed.
  void restore_removed(std::uint64_t key, std::uint32_t revision);

  /// Drops what was last seen before `now - forget_after`, but keeps at least twice the largest document.
  void forget(Time now, std::chrono::hours forget_after);

  std::size_t size() const noexcept { return entries_.size(); }
  std::size_t largest_document() const noexcept { return largest_; }

 private:
  struct Entry {
    std::uint64_t key;
    std::uint64_t link;
    std::uint64_t content;
    std::uint32_t raw;  ///< 0: restored from the spool
    std::uint16_t title;
    std::uint16_t day;       ///< days since 1970 of the last document that had it
    std::uint16_t revision;  ///< with kRemoved or-ed
    bool is_removed() const noexcept { return (revision & kRemoved) != 0; }
  };
  static constexpr std::uint16_t kRemoved = 0x8000;

  static Removal mark_removed(Entry& entry);
  static Verdict compare(Entry& entry, const Fingerprint& print);

  std::vector<Entry> entries_;
  std::unordered_map<std::uint64_t, std::size_t> by_key_;  ///< into entries_
  std::uint32_t largest_ = 0;
};

}  // namespace newswire::article
