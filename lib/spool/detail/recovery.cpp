#include "spool/detail/recovery.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "spool/detail/salvage.h"
#include "spool/line.h"

namespace newswire::spool {
namespace {

constexpr Seq kEndless{std::numeric_limits<std::uint64_t>::max()};
/// Plain closed segments, the newest first, are read line by line at every open up to this size together (a tenth of a
/// second from the page cache, seconds from a disk); older ones are checked at both ends.
constexpr std::uint64_t kFullCheck = std::uint64_t{256} << 20;

struct Listed {
  bool plain = false;
  bool compressed = false;
  std::uint64_t plain_size = 0;
  std::uint64_t compressed_size = 0;
};

Finding missing(Seq from, Seq to) {
  return Finding{.kind = Finding::Kind::missing,
                 .file = {},
                 .set_aside = {},
                 .bytes = 0,
                 .from = from,
                 .to = to,
                 .what = "lines " + std::to_string(from.value) + " to " + std::to_string(to.value) + " are lost"};
}

class Recovery {
 public:
  Recovery(FileSystem& files, const std::string& directory, const Options& options)
      : files_(files), directory_(directory), options_(options) {}

  Result<Recovered> run() {
    if (const auto done = sort_files(); !done) return done.error();
    if (const auto done = take_closed(); !done) return done.error();
    if (const auto done = take_live(); !done) return done.error();
    if (const auto done = files_.sync_directory(directory_); !done) return done.error();
    return std::move(out_);
  }

 private:
  std::string path(const std::string& name) const { return directory_ + "/" + name; }

  /// Tells our files from others, and removes leftovers.
  Result<void> sort_files() {
    const auto entries = files_.list(directory_);
    if (!entries) return entries.error();
    for (const auto& entry : *entries) {
      if (entry.name == kLiveName) {
        out_.has_live = true;
        live_size_ = entry.size;
      } else if (const auto parsed = parse_segment_name(entry.name)) {
        auto& listed = listed_[parsed->first];
        (parsed->compressed ? listed.compressed : listed.plain) = true;
        (parsed->compressed ? listed.compressed_size : listed.plain_size) = entry.size;
      } else if (entry.name.starts_with("articles") && entry.name.ends_with(kTemporary)) {
        if (const auto done = files_.remove(path(entry.name)); !done) return done;
        out_.findings.push_back({.kind = Finding::Kind::leftover,
                                 .file = entry.name,
                                 .set_aside = {},
                                 .bytes = entry.size,
                                 .from = {},
                                 .to = {},
                                 .what = "left by an interruption, removed"});
      } else if (entry.name.starts_with("articles")) {
        if (const auto done = set_foreign_aside(entry.name, entry.size, "not a name that the spool gives"); !done)
          return done;
      }
    }
    return {};
  }

  Result<void> set_foreign_aside(const std::string& name, std::uint64_t size, std::string why) {
    auto moved = move_aside(files_, directory_, name);
    if (!moved) return moved.error();
    out_.findings.push_back({.kind = Finding::Kind::foreign,
                             .file = name,
                             .set_aside = *std::move(moved),
                             .bytes = size,
                             .from = {},
                             .to = {},
                             .what = std::move(why)});
    return {};
  }

  Result<void> set_aside_unread(const std::string& name, std::uint64_t size, std::string why) {
    auto moved = move_aside(files_, directory_, name);
    if (!moved) return moved.error();
    out_.findings.push_back({.kind = Finding::Kind::damaged,
                             .file = name,
                             .set_aside = *std::move(moved),
                             .bytes = size,
                             .from = {},
                             .to = {},
                             .what = std::move(why)});
    return {};
  }

  /// It opened, but the device does not give its bytes.
  Result<std::optional<std::string>> unreadable(const Error& error) {
    unreadable_ = true;
    return std::optional<std::string>(error.what);
  }

  /// Why the segment cannot be taken as it is, or nothing.
  Result<std::optional<std::string>> fault(Seq first, bool compressed, std::uint64_t size, Seq before, bool fully,
                                           Seq& last) {
    const auto file = ReadFile::open(path(segment_name(first, compressed)));
    if (!file) return file.error();
    const auto ends = check_ends(**file, compressed, size);
    if (!ends) return unreadable(ends.error());
    if (!*ends) return std::optional<std::string>("its first or last line does not verify");
    last = (*ends)->last;
    if ((*ends)->first != first) return std::optional<std::string>("its first line has another number than its name");
    if (last >= before) return std::optional<std::string>("it overlaps the next segment");
    if (fully && !compressed) {
      const auto scan = scan_plain(*file, size, first.previous());
      if (!scan) return unreadable(scan.error());
      if (!scan->is_whole()) return std::optional<std::string>("some of its lines do not verify");
    }
    return std::optional<std::string>{};
  }

  Result<bool> begins_as_named(Seq first, const Listed& listed) const {
    const auto file = ReadFile::open(path(segment_name(first, !listed.plain)));
    if (!file) return file.error();
    const auto line = read_first_line(**file, !listed.plain);
    if (!line || !*line) return false;  // take_one() says why
    const auto head = parse_head(**line);
    return head && head->seq == first && is_sound(**line, *head);
  }

  Result<void> take_closed() {
    std::uint64_t budget = kFullCheck;
    std::map<Seq, bool> fully;
    std::map<Seq, Seq> before;  // where the next segment begins that is what its name says: a stray file bounds nothing
    Seq next = kEndless;
    for (auto at = listed_.rbegin(); at != listed_.rend(); ++at) {
      fully[at->first] = at->second.plain && at->second.plain_size <= budget;
      if (fully[at->first]) budget -= at->second.plain_size;
      before[at->first] = next;
      const auto named_well = begins_as_named(at->first, at->second);
      if (!named_well) return named_well.error();
      if (*named_well) next = at->first;
    }
    for (const auto& [first, listed] : listed_) {
      if (const auto done = take_one(first, listed, before[first], fully[first]); !done) return done;
    }
    Seq behind;
    for (const auto& segment : out_.closed) {
      if (behind != Seq{} && segment->first() != behind.next() && !is_reported(behind.next())) {
        out_.findings.push_back(missing(behind.next(), segment->first().previous()));
      }
      behind = segment->last();
    }
    return {};
  }

  bool is_reported(Seq from) const {
    return std::any_of(out_.findings.begin(), out_.findings.end(),
                       [from](const Finding& finding) { return finding.from == from; });
  }

  Result<void> take_one(Seq first, const Listed& listed, Seq before, bool fully) {
    const Seq behind = out_.closed.empty() ? Seq{} : out_.closed.back()->last();
    Seq last;
    // An interrupted compression leaves both; the plain one is the original, unless it is the broken one.
    if (listed.plain && listed.compressed) {
      const auto plain_fault = fault(first, false, listed.plain_size, before, true, last);
      if (!plain_fault) return plain_fault.error();
      const bool keep_plain = !*plain_fault;
      if (const auto done = files_.remove(path(segment_name(first, keep_plain))); !done) return done;
      Listed one = listed;
      (keep_plain ? one.compressed : one.plain) = false;
      return take_one(first, one, before, fully);
    }
    const bool compressed = listed.compressed;
    const auto size = compressed ? listed.compressed_size : listed.plain_size;
    unreadable_ = false;
    auto why = fault(first, compressed, size, before, fully, last);
    if (!why) return why.error();
    if (unreadable_) return set_aside_unread(segment_name(first, compressed), size, **std::move(why));
    if (!*why && first <= behind) *why = "it repeats lines of the segment before";
    if (!*why) {
      out_.closed.push_back(make_segment(directory_, first, last, compressed, size));
      return {};
    }
    auto repaired = repair_segment(files_, directory_, segment_name(first, compressed), compressed, behind, before,
                                   **std::move(why), out_.findings);
    if (!repaired) return repaired.error();
    out_.closed.insert(out_.closed.end(), repaired->begin(), repaired->end());
    return {};
  }

  Result<void> take_live() {
    const Seq behind = out_.closed.empty() ? Seq{} : out_.closed.back()->last();
    Scan scan{};
    std::shared_ptr<const ReadFile> file;
    if (out_.has_live) {
      auto opened = ReadFile::open(path(std::string(kLiveName)));
      if (!opened) return opened.error();
      file = *std::move(opened);
      auto scanned = scan_plain(file, live_size_, behind);
      if (!scanned) return scanned.error();
      scan = *std::move(scanned);
    }
    auto several = several_lines(file.get(), scan);
    if (!several) return several.error();
    auto plan = plan_live(scan, behind, options_.high_water, *several);
    if (const auto done = carry_out(plan); !done) return done;
    out_.next = plan.next;
    if (out_.live_size == 0) out_.live_first = plan.next;
    return read_times();
  }

  Result<bool> several_lines(const ReadFile* file, const Scan& scan) const {
    const auto sound_end = scan.runs.empty() ? 0 : scan.runs.back().end();
    std::string piece;
    for (auto offset = sound_end; offset < scan.size; offset += piece.size()) {
      piece.clear();
      const auto got = file->read_at(offset, std::size_t{1} << 20, piece);
      if (!got) return got.error();
      if (piece.find('\n') != piece.npos) return true;
      if (*got == 0) break;
    }
    return false;
  }

  Result<void> carry_out(LivePlan& plan) {
    const std::string name(kLiveName);
    std::string aside;
    if (plan.copy_first) {
      auto copied = copy_aside(files_, directory_, name);
      if (!copied) return copied.error();
      aside = *std::move(copied);
    }
    for (auto& finding : plan.findings) {
      finding.set_aside = finding.kind == Finding::Kind::missing ? std::string{} : aside;
      out_.findings.push_back(std::move(finding));
    }
    if (!out_.has_live) return {};
    const Seq behind = out_.closed.empty() ? Seq{} : out_.closed.back()->last();
    if (plan.split) {
      const Seq before = plan.keep.back().last.next();
      auto runs = replace_by_sound_runs(files_, directory_, name, false, true, behind, before);
      if (!runs) return runs.error();
      out_.closed.insert(out_.closed.end(), runs->begin(), runs->end());
      return {};
    }
    auto live = files_.open(path(name));
    if (!live) return live.error();
    if (plan.cut_at < live_size_) {
      if (const auto done = (*live)->truncate(plan.cut_at); !done) return done;
    }
    // After a kill the last lines may be in the page cache only; from here on they count as committed.
    if (const auto done = (*live)->sync(); !done) return done;
    out_.live_size = plan.cut_at;
    if (plan.keep.empty()) return {};
    const auto& run = plan.keep.front();
    out_.live_first = run.first;
    if (!plan.close) return {};
    if (const auto done = files_.rename(path(name), path(segment_name(run.first, false))); !done) return done;
    out_.closed.push_back(make_segment(directory_, run.first, run.last, false, run.size));
    out_.live_size = 0;
    out_.has_live = false;
    return {};
  }

  /// `received` of the live segment's first line and of the spool's last one.
  Result<void> read_times() {
    if (out_.live_size > 0) {
      const auto file = ReadFile::open(path(std::string(kLiveName)));
      if (!file) return file.error();
      const auto first = read_first_line(**file, false);
      if (!first) return first.error();
      if (*first) out_.live_started = received_of(**first);
      const auto last = read_last_line(**file, false, out_.live_size);
      if (!last) return last.error();
      if (*last) out_.last_received = received_of(**last);
    } else if (!out_.closed.empty()) {
      const auto& segment = *out_.closed.back();
      const auto file = segment.file();
      if (!file) return file.error();
      const auto last = read_last_line(**file, segment.compressed(), segment.size());
      if (!last) return last.error();
      if (*last) out_.last_received = received_of(**last);
    }
    return {};
  }

  FileSystem& files_;
  const std::string& directory_;
  const Options& options_;
  std::map<Seq, Listed> listed_;
  std::uint64_t live_size_ = 0;
  bool unreadable_ = false;
  Recovered out_;
};

}  // namespace

LivePlan plan_live(const Scan& scan, Seq behind, std::optional<Seq> high_water, bool several_lines) {
  LivePlan plan;
  plan.keep = scan.runs;
  // Behind the high-water mark a break is an unfinished commit: what follows it was never answered.
  if (high_water) {
    Seq reached = behind;
    std::uint64_t end = 0;
    std::size_t kept = 0;
    for (; kept < scan.runs.size(); ++kept) {
      const auto& run = scan.runs[kept];
      // Numbers that are missing without a byte between them are no unfinished write.
      if (run.offset != end && reached >= *high_water) break;
      reached = run.last;
      end = run.end();
    }
    plan.keep.resize(kept);
  }
  const Seq last = plan.keep.empty() ? behind : plan.keep.back().last;
  plan.next = std::max(last, high_water.value_or(Seq{})).next();
  plan.split = plan.keep.size() > 1 || (plan.keep.size() == 1 && plan.keep.front().offset != 0);
  plan.cut_at = plan.keep.empty() || plan.split ? 0 : plan.keep.front().end();
  const bool lost_committed = high_water && *high_water > last;
  plan.close = lost_committed && !plan.keep.empty();

  const auto sound_end = plan.keep.empty() ? 0 : plan.keep.back().end();
  const auto behind_sound = scan.size - sound_end;
  const bool sound_dropped = plan.keep.size() < scan.runs.size();
  plan.copy_first = plan.split || ((several_lines || sound_dropped || lost_committed) && behind_sound > 0);

  Seq reached = behind;
  for (const auto& run : plan.keep) {
    const bool hole = run.first != reached.next() && reached != Seq{};
    if (hole && run.offset == 0) plan.findings.push_back(missing(reached.next(), run.first.previous()));
    if (run.offset != 0) {
      plan.findings.push_back({.kind = Finding::Kind::damaged,
                               .file = std::string(kLiveName),
                               .set_aside = {},
                               .bytes = 0,
                               .from = hole ? reached.next() : Seq{},
                               .to = hole ? run.first.previous() : Seq{},
                               .what = "lines in the live segment do not verify"});
    }
    reached = run.last;
  }
  if (lost_committed && behind_sound > 0) {
    plan.findings.push_back({.kind = Finding::Kind::damaged,
                             .file = std::string(kLiveName),
                             .set_aside = {},
                             .bytes = behind_sound,
                             .from = last.next(),
                             .to = *high_water,
                             .what = "committed lines at the end of the live segment do not verify"});
  } else if (lost_committed) {
    plan.findings.push_back(missing(last.next(), *high_water));
  } else if (behind_sound > 0) {
    plan.findings.push_back({.kind = Finding::Kind::torn_tail,
                             .file = std::string(kLiveName),
                             .set_aside = {},
                             .bytes = behind_sound,
                             .from = {},
                             .to = {},
                             .what = "an unfinished write was cut"});
  }
  return plan;
}

Result<Recovered> recover(FileSystem& files, const std::string& directory, const Options& options) {
  return Recovery(files, directory, options).run();
}

Result<Snapshot::Segments> repair_segment(FileSystem& files, const std::string& directory, const std::string& name,
                                          bool compressed, Seq behind, Seq before, std::string why,
                                          std::vector<Finding>& findings) {
  auto aside = copy_aside(files, directory, name);
  if (!aside) return aside.error();
  const auto file = ReadFile::open(directory + "/" + name);
  const auto size = file ? (*file)->size() : Result<std::uint64_t>(0);
  auto segments = replace_by_sound_runs(files, directory, name, compressed, false, behind, before);
  if (!segments) return segments;
  Finding finding{.kind = segments->empty() ? Finding::Kind::foreign : Finding::Kind::damaged,
                  .file = name,
                  .set_aside = *std::move(aside),
                  .bytes = size ? *size : 0,
                  .from = {},
                  .to = {},
                  .what = std::move(why)};
  Seq reached = behind;
  bool said = false;
  for (const auto& segment : *segments) {
    if (reached != Seq{} && segment->first() != reached.next()) {
      finding.from = reached.next();
      finding.to = segment->first().previous();
      findings.push_back(finding);
      said = true;
    }
    reached = segment->last();
  }
  if (before != kEndless && reached.next() != before && reached != Seq{}) {
    finding.from = reached.next();
    finding.to = before.previous();
    findings.push_back(finding);
    said = true;
  }
  if (!said) findings.push_back(std::move(finding));
  return segments;
}

}  // namespace newswire::spool
