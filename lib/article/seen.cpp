#include "article/seen.h"

#include <algorithm>

namespace newswire::article {
namespace {

// Blob: a version byte, the largest document (4 bytes), then 26 bytes an entry; all little endian.
constexpr char kVersion = 1;
constexpr std::size_t kHeader = 5;
constexpr std::size_t kEntry = 26;
constexpr std::uint8_t kMaxRevision = 255;

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
    seen.entries_.push_back({get(blob, at, 8), get(blob, at + 8, 6), get(blob, at + 14, 6),
                             static_cast<std::uint32_t>(get(blob, at + 20, 3)),
                             static_cast<std::uint16_t>(get(blob, at + 23, 2)),
                             static_cast<std::uint8_t>(get(blob, at + 25, 1))});
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
    put(out, entry.title, 3);
    put(out, entry.day, 2);
    put(out, entry.revision, 1);
  }
  return out;
}

std::vector<Verdict> Seen::judge(std::span<const Fingerprint> document, Time now) {
  largest_ = std::max(largest_, static_cast<std::uint32_t>(std::min<std::size_t>(document.size(), 0xFFFFFFFF)));
  std::unordered_map<std::uint64_t, std::size_t> by_key;
  std::unordered_map<std::uint64_t, std::size_t> by_link;
  std::unordered_map<std::uint64_t, std::size_t> by_content;
  by_key.reserve(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    by_key.emplace(entries_[i].key, i);
    if (entries_[i].link != 0) by_link.emplace(entries_[i].link, i);
    by_content.emplace(entries_[i].content, i);
  }
  // A link or a content that several entries of this document share tells none of them apart.
  std::unordered_map<std::uint64_t, unsigned> links;
  std::unordered_map<std::uint64_t, unsigned> contents;
  for (const auto& print : document) {
    if (print.link != 0) ++links[print.link];
    ++contents[print.content];
  }
  // A remembered entry that the document still shows under its own key is not the old name of another one.
  std::vector<bool> claimed(entries_.size(), false);
  for (const auto& print : document) {
    if (const auto found = by_key.find(print.key); found != by_key.end()) claimed[found->second] = true;
  }
  const auto day = day_of(now);
  std::vector<Verdict> verdicts;
  verdicts.reserve(document.size());
  const auto known_before = entries_.size();
  for (const auto& print : document) {
    std::size_t at = entries_.size();
    if (const auto key = by_key.find(print.key); key != by_key.end()) {
      at = key->second;
    } else if (const auto link = by_link.find(print.link);
               print.link != 0 && links[print.link] == 1 && link != by_link.end() && !claimed[link->second]) {
      at = link->second;
    } else if (const auto text = by_content.find(print.content); print.substantial && contents[print.content] == 1 &&
                                                                 text != by_content.end() && !claimed[text->second]) {
      at = text->second;
    }
    if (at == entries_.size()) {
      verdicts.push_back({Verdict::Kind::new_, print.key, 1, false, false});
      by_key.emplace(print.key, entries_.size());  // a second entry under this key in this document is no news
      entries_.push_back({print.key, print.link, print.content, print.title, day, 1});
      continue;
    }
    auto& entry = entries_[at];
    if (at < known_before) claimed[at] = true;
    Verdict verdict{Verdict::Kind::known, entry.key, entry.revision, false, false};
    if (entry.content != print.content && at < known_before) {
      verdict.kind = Verdict::Kind::updated;
      verdict.title_changed = entry.title != print.title;
      verdict.text_changed = !verdict.title_changed || print.substantial;
      if (entry.revision < kMaxRevision) ++entry.revision;
      verdict.revision = entry.revision;
    }
    if (print.link != 0) entry.link = print.link;
    entry.content = print.content;
    entry.title = print.title;
    entry.day = day;
    verdicts.push_back(verdict);
  }
  return verdicts;
}

void Seen::restore(const Fingerprint& print, std::uint32_t revision, Time seen) {
  const Entry entry{print.key,     print.link,
                    print.content, print.title,
                    day_of(seen),  static_cast<std::uint8_t>(std::min<std::uint32_t>(revision, kMaxRevision))};
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& old) { return old.key == print.key; });
  if (found == entries_.end()) {
    entries_.push_back(entry);
  } else if (found->revision <= entry.revision) {
    *found = entry;
  }
  largest_ = std::max(largest_, static_cast<std::uint32_t>(entries_.size() / 2));
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
}

}  // namespace newswire::article
