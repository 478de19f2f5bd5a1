#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace newswire::clean {

/// What a person decided about a block, over what was learned.
enum class Verdict : std::uint8_t { learned, keep, strip };

/// A recurring block of a site, with the evidence: for `newswirectl learned`.
struct LearnedBlock {
  std::uint64_t id = 0;       ///< fingerprint of the block's text; the same on every machine
  std::string text;           ///< the beginning of it, as last seen
  std::uint32_t entries = 0;  ///< different entries it was seen in (aged)
  std::uint32_t heads = 0;    ///< of them, at the beginning of the entry
  std::uint32_t tails = 0;    ///< of them, at the end of it
  double share = 0;           ///< of the site's entries
  Time first_seen{};          ///< since when it is remembered
  Time last_seen{};
  Verdict verdict = Verdict::learned;
};

/// One observation: a block (line, or the beginning or end of one) of one entry.
struct BlockSeen {
  std::uint64_t id = 0;
  std::string_view text;
  bool head = false;
  bool tail = false;
};

/// The blocks that recur across different entries of one site. Bounded: kMaxBlocks blocks, of which those seen once are
/// dropped first, oldest first; counts are halved after kMemory entries, so that what a site no longer says is
/// forgotten. Deterministic: the same observations in the same order give the same model and the same bytes.
/// A value; one thread at a time.
class SiteModel {
 public:
  static constexpr std::size_t kMaxBlocks = 384;
  static constexpr std::size_t kMaxSample = 160;  ///< bytes of text kept of a block that recurs
  static constexpr std::uint32_t kMemory = 256;   ///< entries

  /// Counts the blocks of one entry. `entry`: a hash that is the same for the same article (a repeat is not counted;
  /// the model remembers the last kMemory). False if it was a repeat.
  bool observe(std::uint64_t entry, const std::vector<BlockSeen>& blocks, Time now);

  struct Evidence {
    std::uint32_t entries = 0;
    std::uint32_t heads = 0;
    std::uint32_t tails = 0;
    double share = 0;
    Verdict verdict = Verdict::learned;
  };
  /// What is known about a block; zeros for an unknown one.
  Evidence evidence(std::uint64_t id) const;

  /// Entries behind the counts (aged).
  std::uint32_t entries() const noexcept { return entries_; }

  /// Blocks seen in more than one entry or decided by a person, most frequent first.
  std::vector<LearnedBlock> blocks() const;

  /// Errc::not_found if the block is not known. Verdict::learned takes a decision back.
  Result<void> decide(std::uint64_t id, Verdict verdict);

  /// A compact, versioned form for the state. An empty model is an empty string.
  std::string encode() const;
  /// Errc::corrupt for anything that `encode` does not write. Bounded by `bytes`.
  static Result<SiteModel> decode(std::string_view bytes);

 private:
  struct Block {
    std::uint16_t entries = 0;
    std::uint16_t heads = 0;
    std::uint16_t tails = 0;
    Verdict verdict = Verdict::learned;
    std::uint32_t last = 0;  // ordinal of the entry
    std::uint32_t first_minute = 0;
    std::uint32_t last_minute = 0;
    std::string text;
  };

  void age();
  void shrink();

  std::unordered_map<std::uint64_t, Block> blocks_;
  std::vector<std::uint32_t> recent_;  // hashes of the last entries, a ring
  std::uint32_t ordinal_ = 0;
  std::uint32_t entries_ = 0;
};

}  // namespace newswire::clean
