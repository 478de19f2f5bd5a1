#pragma once

#include <cstdint>
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

/// The entries that a feed has shown: 26 bytes each, newest last. It holds at least twice the largest document it ever
/// saw and everything seen within `forget_after`, so nothing old returns as new (POLLING.md N3). A value; any thread.
class Seen {
 public:
  /// Errc::corrupt for a blob that is not ours. An empty blob is an empty memory.
  static Result<Seen> decode(std::string_view blob);
  std::string encode() const;

  /// Judges the entries of one document and remembers them. An entry is the same as a remembered one when it has its
  /// key, else its canonical link (unless several entries of the document share it), else its title and text where
  /// those are substantial. Two entries of one document under one key: the caller has resolved that (POLLING.md N1).
  std::vector<Verdict> judge(std::span<const Fingerprint> document, Time now);

  /// A line of the spool, when the memory is rebuilt.
  void restore(const Fingerprint& print, std::uint32_t revision, Time seen);

  /// Drops what was last seen before `now - forget_after`, but keeps at least twice the largest document.
  void forget(Time now, std::chrono::hours forget_after);

  std::size_t size() const noexcept { return entries_.size(); }
  std::size_t largest_document() const noexcept { return largest_; }

 private:
  struct Entry {
    std::uint64_t key;
    std::uint64_t link;
    std::uint64_t content;
    std::uint32_t title;
    std::uint16_t day;  ///< days since 1970 of the last document that had it
    std::uint8_t revision;
  };

  std::vector<Entry> entries_;
  std::uint32_t largest_ = 0;
};

}  // namespace newswire::article
