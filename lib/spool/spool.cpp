#include "spool/spool.h"

#include <fcntl.h>

#include <utility>

#include "spool/detail/parts.h"
#include "spool/line.h"

namespace newswire::spool {
namespace {

/// A batch that grows past this is written (not synced) before its commit, which bounds memory.
constexpr std::size_t kWriteEarly = std::size_t{8} << 20;

Options within_bounds(Options options) {
  options.max_tail = std::min(options.max_tail, kMaxTail);
  options.segment_size = std::max<std::uint64_t>(options.segment_size, 4096);
  return options;
}

}  // namespace

std::string_view to_string(Finding::Kind kind) noexcept {
  switch (kind) {
    case Finding::Kind::torn_tail: return "torn_tail";
    case Finding::Kind::damaged: return "damaged";
    case Finding::Kind::foreign: return "foreign";
    case Finding::Kind::missing: return "missing";
    case Finding::Kind::leftover: return "leftover";
  }
  return "damaged";
}

Spool::Spool(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Spool::~Spool() {
  parts_->published.on_change({});
  if (parts_->compressor) parts_->compressor->abandon();
  (void)parts_->undo();  // what was appended and not committed was never there; else recovery cuts it
}

Result<std::unique_ptr<Spool>> Spool::open(const std::string& directory, Options options, FileSystem& files) {
  auto parts = std::make_unique<Parts>(directory, within_bounds(std::move(options)), files);
  if (const auto made = files.create_directory(directory); !made) return made.error();
  auto lock = files.lock(directory + "/" + std::string(kLockName));
  if (!lock) return lock.error();
  parts->lock = *std::move(lock);

  auto recovered = recover(files, directory, parts->options);
  if (!recovered) return recovered.error();
  parts->closed = std::move(recovered->closed);
  parts->live_size = parts->written = recovered->live_size;
  parts->live_started = recovered->live_started;
  parts->last_received = recovered->last_received;
  parts->findings = std::move(recovered->findings);
  parts->next = parts->committed_next = recovered->next;
  for (const auto& finding : parts->findings) {
    if (finding.kind == Finding::Kind::damaged || finding.kind == Finding::Kind::foreign)
      ++parts->counters.damaged_segments;
  }
  // On a full disk there may be no live segment yet: history is served, and commit() tries again.
  const auto opened = parts->open_live();
  if (!opened && (opened.error().code != Errc::no_space || parts->live_size > 0)) return opened.error();
  if (opened && parts->live_size > 0) {
    auto live = std::make_shared<Segment>(parts->live_path(), recovered->live_first, Seq{}, false, 0);
    auto file = parts->live->file();
    if (!file) return file.error();
    live->pin(*std::move(file));
    parts->live = std::move(live);
  }
  parts->publish();
  return std::unique_ptr<Spool>(new Spool(std::move(parts)));
}

const std::vector<Finding>& Spool::findings() const noexcept { return parts_->findings; }
Seq Spool::next_seq() const noexcept { return parts_->next; }
std::size_t Spool::pending() const noexcept { return parts_->pending; }
std::optional<Time> Spool::last_received() const noexcept { return parts_->last_received; }
Published& Spool::published() noexcept { return parts_->published; }
const Published& Spool::published() const noexcept { return parts_->published; }

void Spool::set_options(Options options) { parts_->options = within_bounds(std::move(options)); }

Result<Seq> Spool::append(std::string_view tail) {
  auto& own = *parts_;
  if (tail.size() > own.options.max_tail) {
    return Error{Errc::too_large, "a line of " + std::to_string(tail.size()) + " bytes is over the limit of " +
                                      std::to_string(own.options.max_tail)};
  }
  if (!is_tail(tail)) return Error{Errc::invalid, "not the tail of an article's line"};
  const Seq seq = own.next;
  append_line(own.buffer, seq, tail);
  own.next = seq.next();
  ++own.pending;
  if (!own.live_started) own.live_started = received_of(tail);
  if (own.buffer.size() >= kWriteEarly && !own.early_error) {
    if (const auto done = own.write_buffer(); !done) own.early_error = done.error();
  }
  if (own.early_error) own.buffer.clear();  // it will be rolled back; memory stays bounded until then
  return seq;
}

Result<void> Spool::commit() { return parts_->commit(); }

void Spool::rollback() { (void)parts_->undo(); }  // a failure to cut makes the file suspect, which commit() deals with

Result<void> Spool::rotate() {
  if (parts_->pending > 0) return Error{Errc::invalid, "rotation with lines that are not committed"};
  if (const auto done = parts_->close_live(); !done) return done;
  const auto opened = parts_->open_live();
  parts_->publish();
  return opened;
}

Result<void> Spool::Parts::commit() {
  if (pending == 0) return {};
  const auto written_well = early_error ? Result<void>(*early_error) : write_buffer();
  if (!written_well) {
    ++(written_well.error().code == Errc::no_space ? counters.no_space_failures : counters.write_failures);
    (void)undo();
    publish();  // the counters; readers see the same lines as before
    return written_well;
  }
  if (const auto synced = live_file->sync(); !synced) {
    ++(synced.error().code == Errc::no_space ? counters.no_space_failures : counters.sync_failures);
    suspect = true;
    (void)undo();
    (void)retire_suspect();  // tried again before the next write, should it fail now
    publish();
    return synced;
  }
  counters.lines += pending;
  counters.bytes += written - live_size;
  ++counters.commits;
  live_size = written;
  committed_next = next;
  pending = 0;
  if (is_full() && close_live()) {
    (void)open_live();  // else the next commit does it
  }
  publish();
  return {};
}

bool Spool::Parts::is_full() const {
  return live_size >= options.segment_size && std::chrono::steady_clock::now() - live_opened >= options.segment_min_age;
}

/// Everything appended into the live file, which exists, may be believed and has a durable name.
Result<void> Spool::Parts::write_buffer() {
  if (suspect) {
    if (const auto done = retire_suspect(); !done) return done;
  }
  if (!live_file) {
    if (const auto done = open_live(); !done) return done;
  }
  if (directory_dirty) {
    if (const auto done = sync_names(); !done) return done;
  }
  const auto done = live_file->append(buffer);
  // After a failure an unknown part was written: any size above the committed one makes undo() cut.
  written += buffer.size();
  buffer.clear();
  return done;
}

/// Forgets what was appended since the last commit and cuts it from the file.
Result<void> Spool::Parts::undo() {
  buffer.clear();
  pending = 0;
  next = committed_next;
  early_error.reset();
  if (live_size == 0) live_started.reset();
  if (written == live_size) return {};
  written = live_size;
  auto cut = live_file->truncate(live_size);
  if (!cut) suspect = true;
  return cut;
}

Result<void> Spool::Parts::open_live() {
  auto file = files.open(live_path());
  if (!file) return file.error();
  auto reading = ReadFile::open(live_path());
  if (!reading) return reading.error();
  directory_dirty = true;
  if (const auto done = sync_names(); !done) return done;
  auto segment = std::make_shared<Segment>(live_path(), committed_next, Seq{}, false, 0);
  segment->pin(*std::move(reading));
  live = std::move(segment);
  live_file = *std::move(file);
  live_opened = std::chrono::steady_clock::now();
  return {};
}

Result<void> Spool::Parts::sync_names() {
  auto done = files.sync_directory(directory);
  if (done) directory_dirty = false;
  return done;
}

/// Renames the live segment, all of which is committed, to its closed name. An empty one stays as it is.
Result<void> Spool::Parts::close_live() {
  if (!live || live_size == 0) return {};
  const auto path = directory + "/" + segment_name(live->first(), false);
  if (const auto done = files.rename(live_path(), path); !done) return done;
  directory_dirty = true;
  auto segment = std::make_shared<Segment>(path, live->first(), committed_next.previous(), false, live_size);
  closed.push_back(std::move(segment));
  live.reset();
  live_file.reset();
  live_size = written = 0;
  live_started.reset();
  ++counters.rotations;
  return {};
}

/// After a failed sync or a failed cut: reopens the file, cuts it to what is committed, makes that durable, reads it
/// back from the device, and ends the segment there. Nothing is written before all this succeeded.
Result<void> Spool::Parts::retire_suspect() {
  live_file.reset();
  auto reopened = files.open(live_path());
  if (!reopened) return reopened.error();
  live_file = *std::move(reopened);
  if (const auto cut = live_file->truncate(live_size); !cut) return cut;
  if (const auto synced = live_file->sync(); !synced) return synced;
  written = live_size;
  if (live_size == 0) {  // nothing committed in it: begin a new file
    if (const auto done = files.remove(live_path()); !done) return done;
    live.reset();
    live_file.reset();
  } else {
    if (const auto done = close_live(); !done) return done;
    check_retired(closed.back());
  }
  suspect = false;
  return open_live();
}

void Spool::Parts::check_retired(const std::shared_ptr<const Segment>& segment) {
  const auto file = segment->file();
  if (!file) return;
  // The page cache would answer with what we wrote; clean pages are dropped, so that the device is asked.
  (void)::posix_fadvise((*file)->descriptor(), 0, 0, POSIX_FADV_DONTNEED);
  const auto scan = scan_plain(*file, segment->size(), segment->first().previous());
  if (!scan || !scan->is_whole()) damaged.push_back(segment->first());
}

void Spool::Parts::publish() {
  auto snapshot = std::make_shared<Snapshot>();
  // The list of closed segments is shared between snapshots until it changes.
  const auto before = published.snapshot();
  const bool same = before->closed->size() == closed.size() && *before->closed == closed;
  snapshot->closed = same ? before->closed : std::make_shared<const Snapshot::Segments>(closed);
  snapshot->live = live;
  snapshot->live_size = live_size;
  snapshot->next = committed_next;
  snapshot->counters = counters;
  published.replace(std::move(snapshot));
}

}  // namespace newswire::spool
