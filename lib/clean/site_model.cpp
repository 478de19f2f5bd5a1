#include "clean/site_model.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace newswire::clean {
namespace {

constexpr char kVersion = 2;
constexpr std::size_t kMaxEncoded = 1U << 18;

void put(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(static_cast<unsigned char>(value | 0x80));
    value >>= 7;
  }
  out += static_cast<char>(static_cast<unsigned char>(value));
}

/// Reads what `put` writes; `failed` once the bytes do not fit.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number(std::uint64_t limit) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) break;
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) {
        if (value > limit) failed_ = true;
        return failed_ ? 0 : value;
      }
    }
    failed_ = true;
    return 0;
  }

  std::uint64_t fixed64() {
    std::uint64_t value = 0;
    if (bytes_.size() < 8) {
      failed_ = true;
      return 0;
    }
    for (unsigned i = 0; i < 8; ++i)
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[i])) << (8 * i);
    bytes_.remove_prefix(8);
    return value;
  }

  std::string text(std::size_t limit) {
    const auto size = static_cast<std::size_t>(number(limit));
    if (failed_ || bytes_.size() < size) {
      failed_ = true;
      return {};
    }
    std::string out(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return out;
  }

  bool failed() const noexcept { return failed_; }
  bool done() const noexcept { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

void put_fixed64(std::string& out, std::uint64_t value) {
  for (unsigned i = 0; i < 8; ++i) out += static_cast<char>(static_cast<unsigned char>((value >> (8 * i)) & 0xFF));
}

}  // namespace

bool SiteModel::observe(std::uint64_t entry, const std::vector<BlockSeen>& blocks, Time now) {
  const auto short_hash = static_cast<std::uint32_t>(entry ^ (entry >> 32));
  if (std::find(recent_.begin(), recent_.end(), short_hash) != recent_.end()) return false;
  if (recent_.size() < kMemory) {
    recent_.push_back(short_hash);
  } else {
    recent_[ordinal_ % kMemory] = short_hash;
  }
  ++ordinal_;
  ++entries_;
  const auto minute =
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::minutes>(now.time_since_epoch()).count());
  for (const auto& seen : blocks) {
    auto& block = blocks_[seen.id];
    if (block.entries > 0 && block.last == ordinal_) {
      // Twice in one entry counts once; its best place counts.
      continue;
    }
    if (block.entries == 0 && block.last == 0) block.first_minute = static_cast<std::uint32_t>(minute);
    block.last = ordinal_;
    block.last_minute = static_cast<std::uint32_t>(minute);
    block.entries = static_cast<std::uint16_t>(std::min(block.entries + 1, 60000));
    if (seen.head) ++block.heads;
    if (seen.tail) ++block.tails;
    if (block.entries > 1) block.text = std::string(cut_utf8(seen.text, kMaxSample));
  }
  if (entries_ > kMemory) age();
  if (blocks_.size() > kMaxBlocks) shrink();
  return true;
}

// Halves all counts: what is not said any more fades, what is goes on with half the evidence.
void SiteModel::age() {
  entries_ /= 2;
  for (auto block = blocks_.begin(); block != blocks_.end();) {
    auto& counts = block->second;
    counts.entries = static_cast<std::uint16_t>(counts.entries / 2);
    counts.heads = std::min(static_cast<std::uint16_t>(counts.heads / 2), counts.entries);
    counts.tails = std::min(static_cast<std::uint16_t>(counts.tails / 2), counts.entries);
    block = counts.entries == 0 && counts.verdict == Verdict::learned ? blocks_.erase(block) : std::next(block);
  }
}

// Drops down to three quarters of the bound: rare before frequent, old before new.
void SiteModel::shrink() {
  struct Candidate {
    std::uint32_t entries;
    std::uint32_t last;
    std::uint64_t id;
  };
  std::vector<Candidate> candidates;
  for (const auto& [id, block] : blocks_) {
    if (block.verdict == Verdict::learned) candidates.push_back({block.entries, block.last, id});
  }
  // Of the last 64 entries, what was seen once may still recur; older singles may not.
  const auto worth = [this](const Candidate& c) { return c.entries == 1 && ordinal_ - c.last > 64 ? 0U : c.entries; };
  std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    if (worth(a) != worth(b)) return worth(a) < worth(b);
    if (a.last != b.last) return a.last < b.last;
    return a.id < b.id;
  });
  auto surplus = blocks_.size() - kMaxBlocks * 3 / 4;
  for (const auto& candidate : candidates) {
    if (surplus == 0) break;
    blocks_.erase(candidate.id);
    --surplus;
  }
}

SiteModel::Evidence SiteModel::evidence(std::uint64_t id) const {
  const auto found = blocks_.find(id);
  if (found == blocks_.end()) return {};
  const auto& block = found->second;
  const auto share = entries_ == 0 ? 0.0 : std::min(1.0, static_cast<double>(block.entries) / entries_);
  return {block.entries, block.heads, block.tails, share, block.verdict};
}

std::vector<LearnedBlock> SiteModel::blocks() const {
  std::vector<LearnedBlock> out;
  for (const auto& [id, block] : blocks_) {
    if (block.entries < 2 && block.verdict == Verdict::learned) continue;
    const auto share = entries_ == 0 ? 0.0 : std::min(1.0, static_cast<double>(block.entries) / entries_);
    out.push_back({id, block.text, block.entries, block.heads, block.tails, share,
                   Time{std::chrono::minutes{block.first_minute}}, Time{std::chrono::minutes{block.last_minute}},
                   block.verdict});
  }
  std::sort(out.begin(), out.end(), [](const LearnedBlock& a, const LearnedBlock& b) {
    return a.entries != b.entries ? a.entries > b.entries : a.id < b.id;
  });
  return out;
}

Result<void> SiteModel::decide(std::uint64_t id, Verdict verdict) {
  const auto found = blocks_.find(id);
  if (found == blocks_.end()) return Error{Errc::not_found, "the site has no such block"};
  found->second.verdict = verdict;
  return {};
}

std::string SiteModel::encode() const {
  if (ordinal_ == 0 && blocks_.empty()) return {};
  std::string out(1, kVersion);
  put(out, ordinal_);
  put(out, entries_);
  put(out, recent_.size());
  for (const auto hash : recent_) put(out, hash);
  std::vector<std::uint64_t> ids;
  ids.reserve(blocks_.size());
  for (const auto& [id, block] : blocks_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  put(out, ids.size());
  for (const auto id : ids) {
    const auto& block = blocks_.at(id);
    put_fixed64(out, id);
    put(out, block.entries);
    put(out, block.heads);
    put(out, block.tails);
    put(out, static_cast<std::uint64_t>(block.verdict));
    put(out, ordinal_ - block.last);
    put(out, block.last_minute);
    put(out, block.last_minute - std::min(block.first_minute, block.last_minute));
    put(out, block.text.size());
    out += block.text;
  }
  return out;
}

Result<SiteModel> SiteModel::decode(std::string_view bytes) {
  SiteModel model;
  if (bytes.empty()) return model;
  const Error corrupt{Errc::corrupt, "not a site model"};
  if (bytes.size() > kMaxEncoded || bytes.front() != kVersion) return corrupt;
  Reader in(bytes.substr(1));
  model.ordinal_ = static_cast<std::uint32_t>(in.number(0xFFFFFFFF));
  model.entries_ = static_cast<std::uint32_t>(in.number(kMemory));
  const auto recent = in.number(kMemory);
  for (std::uint64_t i = 0; i < recent && !in.failed(); ++i)
    model.recent_.push_back(static_cast<std::uint32_t>(in.number(0xFFFFFFFF)));
  const auto count = in.number(4 * kMaxBlocks);
  for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
    const auto id = in.fixed64();
    Block block;
    block.entries = static_cast<std::uint16_t>(in.number(60000));
    block.heads = static_cast<std::uint16_t>(in.number(60000));
    block.tails = static_cast<std::uint16_t>(in.number(60000));
    block.verdict = static_cast<Verdict>(in.number(2));
    block.last = model.ordinal_ - static_cast<std::uint32_t>(in.number(model.ordinal_));
    block.last_minute = static_cast<std::uint32_t>(in.number(0xFFFFFFFF));
    block.first_minute = block.last_minute - static_cast<std::uint32_t>(in.number(block.last_minute));
    block.text = in.text(kMaxSample);
    if (!in.failed() && !model.blocks_.emplace(id, std::move(block)).second) return corrupt;
  }
  if (in.failed() || !in.done() || model.recent_.size() > model.ordinal_) return corrupt;
  return model;
}

}  // namespace newswire::clean
