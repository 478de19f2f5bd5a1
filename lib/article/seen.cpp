#include "article/seen.h"

#include <algorithm>
#include <unordered_set>

namespace newswire::article {
namespace {

// Blob: a version byte, the largest document (4 bytes), then 30 bytes an entry; all little endian.
constexpr char kVersion = 2;
constexpr std::size_t kHeader = 5;
constexpr std::size_t kEntry = 30;
constexpr std::uint16_t kMaxRevision = 0x7FFF;  // the bit above says "removed"

void put(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i, value >>= 8) out += static_cast<char>(static_cast<unsigned char>(value & 0xFF));
}

std::uint64_t get(std::string_view blob, std::size_t at, unsigned bytes) {
  std::uint64_t value = 0;
  for (unsigned i = bytes; i-- > 0;) value = (value << 8) | static_cast<unsigned char>(blob[at + i]);
  return value;
}

std::uint16_t day_of(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
  return static_cast<std::uint16_t>(std::clamp<decltype(day)>(day, 0, 0xFFFF));
}

}  // namespace

Result<Seen> Seen::decode(std::string_view blob) {
  Seen seen;
  if (blob.empty()) return seen;
  if (blob.size() < kHeader || blob[0] != kVersion || (blob.size() - kHeader) % kEntry != 0) {
    return Error{Errc::corrupt, "the memory of seen entries has an unknown form"};
  }
  seen.largest_ = static_cast<std::uint32_t>(get(blob, 1, 4));
  seen.entries_.reserve((blob.size() - kHeader) / kEntry);
  for (std::size_t at = kHeader; at < blob.size(); at += kEntry) {
    seen.by_key_.emplace(get(blob, at, 8), seen.entries_.size());
    seen.entries_.push_back(
        {get(blob, at, 8), get(blob, at + 8, 6), get(blob, at + 14, 6),
         static_cast<std::uint32_t>(get(blob, at + 20, 4)), static_cast<std::uint16_t>(get(blob, at + 24, 2)),
         static_cast<std::uint16_t>(get(blob, at + 26, 2)), static_cast<std::uint16_t>(get(blob, at + 28, 2))});
  }
  return seen;
}

std::string Seen::encode() const {
  std::string out;
  out.reserve(kHeader + entries_.size() * kEntry);
  out += kVersion;
  put(out, largest_, 4);
  for (const auto& entry : entries_) {
    put(out, entry.key, 8);
    put(out, entry.link, 6);
    put(out, entry.content, 6);
    put(out, entry.raw, 4);
    put(out, entry.title, 2);
    put(out, entry.day, 2);
    put(out, entry.revision, 2);
  }
  return out;
}

bool Seen::unchanged(const Fingerprint& print) const {
  const auto found = by_key_.find(print.key);
  if (found == by_key_.end()) return false;
  const auto& entry = entries_[found->second];
  return entry.raw == print.raw && !entry.is_removed();
}

bool Seen::knows_any(std::span<const Fingerprint> document) const {
  std::unordered_set<std::uint64_t> links;
  for (const auto& print : document) {
    if (by_key_.contains(print.key)) return true;
    if (print.link != 0) links.insert(print.link);
  }
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) { return links.contains(entry.link); });
}

std::size_t Seen::shown_last() const noexcept {
  std::uint16_t day = 0;
  std::size_t count = 0;
  for (const auto& entry : entries_) {
    if (entry.is_removed() || entry.day < day) continue;
    if (entry.day > day) day = entry.day, count = 0;
    ++count;
  }
  return count;
}

Seen::Removal Seen::mark_removed(Entry& entry) {
  if (entry.revision < kMaxRevision) ++entry.revision;
  const Removal removal{entry.key, entry.revision};
  entry.revision |= kRemoved;
  return removal;
}

std::vector<Seen::Removal> Seen::remove_absent(std::span<const Fingerprint> document) {
  std::unordered_set<std::uint64_t> keys;
  std::unordered_set<std::uint64_t> links;
  for (const auto& print : document) {
    keys.insert(print.key);
    if (print.link != 0) links.insert(print.link);
  }
  std::uint16_t day = 0;
  for (const auto& entry : entries_) {
    if (!entry.is_removed()) day = std::max(day, entry.day);
  }
  std::vector<Removal> removals;
  for (auto& entry : entries_) {
    if (entry.is_removed() || entry.day != day || keys.contains(entry.key) || links.contains(entry.link)) continue;
    removals.push_back(mark_removed(entry));
  }
  return removals;
}

std::optional<Seen::Removal> Seen::remove(std::uint64_t key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || entries_[found->second].is_removed()) return std::nullopt;
  return mark_removed(entries_[found->second]);
}

std::vector<Verdict> Seen::judge(std::span<const Fingerprint> document, Time now) {
  largest_ = std::max(largest_, static_cast<std::uint32_t>(std::min<std::size_t>(document.size(), 0xFFFFFFFF)));
  const auto day = day_of(now);
  const auto known_before = entries_.size();
  std::unordered_map<std::uint64_t, std::size_t> by_link;
  std::unordered_map<std::uint64_t, std::size_t> by_content;
  for (std::size_t i = 0; i < known_before; ++i) {
    if (entries_[i].link != 0) by_link.emplace(entries_[i].link, i);
    if (entries_[i].content != 0) by_content.emplace(entries_[i].content, i);
  }
  // A link or a content that several entries of this document share tells none of them apart, and a remembered entry
  // that the document still shows under its own key is not the old name of another one.
  std::unordered_map<std::uint64_t, unsigned> links;
  std::unordered_map<std::uint64_t, unsigned> contents;
  std::vector<bool> claimed(known_before, false);
  for (const auto& print : document) {
    ++links[print.link];
    ++contents[print.content];
    if (const auto found = by_key_.find(print.key); found != by_key_.end()) claimed[found->second] = true;
  }
  const auto find = [&](const Fingerprint& print) {
    if (const auto key = by_key_.find(print.key); key != by_key_.end()) return key->second;
    const auto under_another_name = [&](const auto& index, std::uint64_t hash, const auto& shared) {
      const auto found = index.find(hash);
      const bool is_it = hash != 0 && found != index.end() && shared.at(hash) == 1 && !claimed[found->second];
      return is_it ? found->second : entries_.size();
    };
    const auto at = under_another_name(by_link, print.link, links);
    if (at != entries_.size() || !print.substantial) return at;
    return under_another_name(by_content, print.content, contents);
  };
  std::vector<Verdict> verdicts;
  verdicts.reserve(document.size());
  for (const auto& print : document) {
    const auto at = find(print);
    if (at == entries_.size()) {
      verdicts.push_back({Verdict::Kind::new_, print.key, 1, false, false});
      by_key_.emplace(print.key, entries_.size());
      entries_.push_back({print.key, print.link, print.content, print.raw, print.title, day, 1});
      continue;
    }
    auto& entry = entries_[at];
    if (at >= known_before) {  // a second entry under a key of this document
      verdicts.push_back({Verdict::Kind::known, entry.key, entry.revision, false, false});
      continue;
    }
    claimed[at] = true;
    verdicts.push_back(compare(entry, print));
    if (print.link != 0) entry.link = print.link;
    if (print.content != 0) {
      entry.content = print.content;
      entry.title = print.title;
    }
    entry.raw = print.raw;
    entry.day = day;
  }
  return verdicts;
}

Verdict Seen::compare(Entry& entry, const Fingerprint& print) {
  const bool returned = entry.is_removed();
  entry.revision = static_cast<std::uint16_t>(entry.revision & ~kRemoved);
  Verdict verdict{Verdict::Kind::known, entry.key, entry.revision, false, false};
  if (returned) {
    verdict.kind = Verdict::Kind::updated;
    verdict.title_changed = entry.title != print.title;
    verdict.text_changed = !verdict.title_changed;
    if (entry.revision < kMaxRevision) ++entry.revision;
    verdict.revision = entry.revision;
    return verdict;
  }
  if (print.content == 0 || entry.raw == print.raw || entry.content == print.content) return verdict;
  const bool title_changed = entry.title != print.title;
  if (entry.raw == 0 && !title_changed) return verdict;
  verdict.kind = Verdict::Kind::updated;
  verdict.title_changed = title_changed;
  verdict.text_changed = !title_changed;
  if (entry.revision < kMaxRevision) ++entry.revision;
  verdict.revision = entry.revision;
  return verdict;
}

void Seen::restore(const Fingerprint& print, std::uint32_t revision, Time seen) {
  const Entry entry{print.key,
                    print.link,
                    print.content,
                    0,
                    print.title,
                    day_of(seen),
                    static_cast<std::uint16_t>(std::min<std::uint32_t>(revision, kMaxRevision))};
  const auto [at, added] = by_key_.emplace(print.key, entries_.size());
  if (added) {
    entries_.push_back(entry);
  } else if ((entries_[at->second].revision & ~kRemoved) <= entry.revision) {
    entries_[at->second] = entry;
  }
}

void Seen::restore_removed(std::uint64_t key, std::uint32_t revision) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || (entries_[found->second].revision & ~kRemoved) > static_cast<int>(revision)) return;
  entries_[found->second].revision =
      static_cast<std::uint16_t>(std::min<std::uint32_t>(revision, kMaxRevision) | kRemoved);
}

void Seen::forget(Time now, std::chrono::hours forget_after) {
  const auto floor_day = day_of(now - forget_after);
  const auto least = std::size_t{largest_} * 2;
  if (entries_.size() <= least) return;
  auto excess = entries_.size() - least;
  // Oldest first: entries stand in the order they were first seen, and `day` says when they were last shown.
  std::erase_if(entries_, [&](const Entry& entry) {
    if (excess == 0 || entry.day >= floor_day) return false;
    --excess;
    return true;
  });
  by_key_.clear();
  for (std::size_t i = 0; i < entries_.size(); ++i) by_key_.emplace(entries_[i].key, i);
}

}  // namespace newswire::article
