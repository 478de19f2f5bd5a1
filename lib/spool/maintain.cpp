#include <algorithm>
#include <utility>

#include "spool/detail/parts.h"
#include "spool/detail/salvage.h"
#include "spool/line.h"
#include "spool/spool.h"

namespace newswire::spool {
namespace {

/// How many files go in one call: removing is quick, but not free on every file system.
constexpr int kRemovalsPerCall = 16;
/// After a failure (a full disk) compression waits.
constexpr auto kCompressAgain = std::chrono::minutes(1);
/// A wall clock that moved this much between two ticks was set, or the machine slept: nothing is removed by age for as
/// long again, in case it is wrong.
constexpr auto kClockJump = std::chrono::hours(1);

/// Every line there, in order, each verified.
Result<bool> is_intact(const Segment& segment) {
  const auto file = segment.file();
  if (!file) return file.error();
  BlockSource source(*file, segment.compressed(), segment.size());
  Seq expected = segment.first();
  for (;;) {
    const auto got = source.next();
    if (!got && got.error().code == Errc::corrupt) return false;
    if (!got) return got.error();
    auto block = *got;
    if (block.empty()) return expected == segment.last().next();
    while (!block.empty()) {
      bool whole = false;
      const auto line = take_line(block, whole);
      const auto head = whole ? parse_head(line) : std::nullopt;
      if (!head || head->seq != expected || !is_sound(line, *head)) return false;
      expected = expected.next();
    }
  }
}

}  // namespace

Result<Maintained> Spool::maintain(Time now, std::optional<Seq> acknowledged) {
  auto& own = *parts_;
  Maintained done;
  if (const auto step = own.rotate_if_due(now, done); !step) return step.error();
  if (const auto step = own.repair_damaged(done); !step) return step.error();
  if (const auto step = own.retain(now, acknowledged, done); !step) return step.error();
  if (const auto step = own.compress_slice(now, done); !step) return step.error();
  return done;
}

// By age, and by size what was too young for it when it was committed.
Result<void> Spool::Parts::rotate_if_due(Time now, Maintained& done) {
  if (live_size == 0 || pending > 0 || suspect) return {};
  if (!live_started || *live_started > now + kClockJump) live_started = now;
  const bool old = options.segment_age.count() > 0 && now - *live_started >= options.segment_age;
  if (!old && !is_full()) return {};
  if (const auto closing = close_live(); !closing) return closing;
  done.rotated = true;
  auto opened = open_live();
  publish();
  return opened;
}

std::size_t Spool::Parts::find_closed(Seq first) const {
  const auto at =
      std::find_if(closed.begin(), closed.end(), [first](const auto& one) { return one->first() == first; });
  return static_cast<std::size_t>(at - closed.begin());
}

Result<void> Spool::Parts::repair_damaged(Maintained& done) {
  for (const auto first : published.take_damage_reports()) damaged.push_back(first);
  while (!damaged.empty()) {
    const auto index = find_closed(damaged.back());
    if (index == closed.size()) {  // the live one is looked at when it is closed; others are gone
      damaged.pop_back();
      continue;
    }
    const auto segment = closed[index];
    const auto intact = is_intact(*segment);
    if (!intact) return intact.error();
    if (!*intact) {
      if (compressor && compressor->source() == segment) std::exchange(compressor, nullptr)->abandon();
      const Seq behind = index == 0 ? segment->first().previous() : closed[index - 1]->last();
      const Seq before = index + 1 < closed.size() ? closed[index + 1]->first() : live ? live->first() : committed_next;
      const auto name = segment_name(segment->first(), segment->compressed());
      auto repaired = repair_segment(files, directory, name, segment->compressed(), behind, before,
                                     "some of its lines do not verify", done.findings);
      if (!repaired) return repaired.error();
      const auto at = closed.erase(closed.begin() + static_cast<std::ptrdiff_t>(index));
      closed.insert(at, repaired->begin(), repaired->end());
      ++counters.damaged_segments;
      publish();
    }
    damaged.pop_back();
  }
  return {};
}

Result<void> Spool::Parts::compress_slice(Time now, Maintained& done) {
  if (!options.compress) return {};
  if (compress_again_at && now < *compress_again_at && *compress_again_at - now <= kCompressAgain) return {};
  compress_again_at.reset();
  if (!compressor) {
    // One rotation later: whoever follows with tail -F is still in the newest closed segment.
    const auto end = closed.empty() ? closed.end() : closed.end() - 1;
    const auto plain = std::find_if(closed.begin(), end, [](const auto& one) { return !one->compressed(); });
    if (plain == end) return {};
    const auto target = directory + "/" + segment_name((*plain)->first(), true) + std::string(kTemporary);
    auto begun = Compressor::begin(files, *plain, target, options.compression_level);
    if (!begun) {
      compress_again_at = now + kCompressAgain;
      return begun.error();
    }
    compressor = *std::move(begun);
  }
  done.more = true;
  const auto complete = compressor->step();
  if (complete && !*complete) return {};

  const auto finished = std::exchange(compressor, nullptr);
  const auto first = finished->source()->first();
  if (!complete) {
    finished->abandon();
    if (complete.error().code == Errc::corrupt) {
      damaged.push_back(first);
      return {};
    }
    compress_again_at = now + kCompressAgain;
    return complete.error();
  }
  const auto name = segment_name(first, true);
  auto named = files.rename(finished->target(), directory + "/" + name);
  if (named) named = files.sync_directory(directory);
  if (!named) {
    compress_again_at = now + kCompressAgain;
    return named;
  }
  const auto source = finished->source();
  closed[find_closed(first)] = make_segment(directory, first, source->last(), true, finished->written());
  ++counters.compressed_segments;
  done.compressed.push_back(name);
  publish();
  return files.remove(source->path());
}

/// The `received` of the segment's last line lies before `limit`.
Result<bool> Spool::Parts::is_older(std::size_t index, Time limit) {
  const auto& segment = *closed[index];
  const auto file = segment.file();
  if (!file) return file.error();
  const auto line = read_last_line(**file, segment.compressed(), segment.size());
  if (!line) return line.error();
  const auto received = *line ? received_of(**line) : std::nullopt;
  return received && *received < limit;
}

bool Spool::Parts::clock_is_steady(Time now, Maintained& done) {
  const bool jumped = last_tick && (now - *last_tick > kClockJump || *last_tick - now > kClockJump);
  last_tick = now;
  if (jumped) {
    hold_removal_until = now + kClockJump;
    done.clock_stepped = true;
  }
  if (hold_removal_until && now >= *hold_removal_until) hold_removal_until.reset();
  return !hold_removal_until;
}

Result<void> Spool::Parts::retain(Time now, std::optional<Seq> acknowledged, Maintained& done) {
  const auto& rule = options.retention;
  const bool by_age = clock_is_steady(now, done) && rule.age.count() > 0;
  auto total = published.snapshot()->total_bytes();
  Result<void> result{};
  while (!closed.empty()) {
    const auto oldest = closed.front();
    const bool over_size = rule.bytes > 0 && total > rule.bytes;
    if (!over_size) {
      if (!by_age) break;
      const auto older = is_older(0, now - rule.age);
      if (!older) result = older.error();
      if (!older || !*older) break;
    }
    const bool unacknowledged = acknowledged && oldest->last() > *acknowledged;
    if (unacknowledged && total <= rule.protected_bytes) break;
    if (done.removed.size() == kRemovalsPerCall) {
      done.more = true;
      break;
    }
    if (compressor && compressor->source() == oldest) std::exchange(compressor, nullptr)->abandon();
    result = files.remove(oldest->path());
    if (!result && result.error().code != Errc::not_found) break;
    result = {};
    total -= std::min(total, oldest->size());
    done.removed.push_back(segment_name(oldest->first(), oldest->compressed()));
    closed.erase(closed.begin());
    ++counters.removed_segments;
  }
  if (!done.removed.empty()) {
    publish();
    if (result) result = files.sync_directory(directory);
  }
  return result;
}

}  // namespace newswire::spool
