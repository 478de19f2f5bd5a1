#include "spool/detail/salvage.h"

#include <algorithm>
#include <utility>

#include "spool/line.h"

namespace newswire::spool {
namespace {

/// A file so broken that it falls into more pieces than this keeps only the first ones; the rest stays set aside.
constexpr std::size_t kMaxPieces = 1000;

Result<std::string> free_aside_name(FileSystem& files, const std::string& directory, const std::string& name) {
  const auto folder = directory + "/" + std::string(kAsideFolder);
  if (const auto made = files.create_directory(folder); !made) return made.error();
  const auto entries = files.list(folder);
  if (!entries) return entries.error();
  for (std::size_t number = 1;; ++number) {
    auto candidate = name + "." + std::to_string(number);
    const auto taken = [&candidate](const DirectoryEntry& entry) { return entry.name == candidate; };
    if (std::none_of(entries->begin(), entries->end(), taken)) return std::string(kAsideFolder) + "/" + candidate;
  }
}

/// Writes one run after the other to temporary files.
class RunWriter {
 public:
  RunWriter(FileSystem& files, const std::string& directory, Seq behind)
      : files_(files), directory_(directory), last_(behind) {}

  Result<void> add(Seq seq, std::string_view line) {
    if (seq <= last_) return {};
    if (runs_.empty() || seq != last_.next()) {
      if (const auto done = finish(); !done) return done;
      if (runs_.size() == kMaxPieces) return {};
      const auto path = temporary(seq);
      auto file = files_.open(path);
      if (!file) return file.error();
      file_ = *std::move(file);
      if (const auto cut = file_->truncate(0); !cut) return cut;  // of an earlier, interrupted attempt
      runs_.push_back({seq, seq, 0, 0});
    }
    if (!file_) return {};
    last_ = seq;
    runs_.back().last = seq;
    runs_.back().size += line.size() + 1;
    buffer_.append(line).push_back('\n');
    return buffer_.size() < kFlush ? Result<void>{} : flush();
  }

  Result<void> finish() {
    if (!file_) return {};
    if (const auto done = flush(); !done) return done;
    if (const auto done = file_->sync(); !done) return done;
    file_.reset();
    return {};
  }

  const std::vector<Run>& runs() const { return runs_; }
  std::string temporary(Seq first) const {
    return directory_ + "/" + segment_name(first, false) + std::string(kTemporary);
  }

 private:
  static constexpr std::size_t kFlush = std::size_t{1} << 20;

  Result<void> flush() {
    const auto done = file_->append(buffer_);
    buffer_.clear();
    return done;
  }

  FileSystem& files_;
  const std::string& directory_;
  Seq last_;
  std::vector<Run> runs_;
  std::unique_ptr<WritableFile> file_;
  std::string buffer_;
};

Result<void> write_sound_lines(BlockSource source, Seq before, RunWriter& writer) {
  for (;;) {
    const auto got = source.next();
    if (!got && got.error().code == Errc::corrupt) continue;
    if (!got) return got.error();
    auto block = *got;
    if (block.empty()) return writer.finish();
    while (!block.empty()) {
      bool whole = false;
      const auto line = take_line(block, whole);
      const auto head = whole ? parse_head(line) : std::nullopt;
      if (!head || head->seq >= before || !is_sound(line, *head)) continue;
      if (const auto done = writer.add(head->seq, line); !done) return done;
    }
  }
}

}  // namespace

std::shared_ptr<const Segment> make_segment(const std::string& directory, Seq first, Seq last, bool compressed,
                                            std::uint64_t size) {
  return std::make_shared<const Segment>(directory + "/" + segment_name(first, compressed), first, last, compressed,
                                         size);
}

Result<std::string> move_aside(FileSystem& files, const std::string& directory, const std::string& name) {
  auto target = free_aside_name(files, directory, name);
  if (!target) return target;
  if (const auto done = files.rename(directory + "/" + name, directory + "/" + *target); !done) return done.error();
  if (const auto done = files.sync_directory(directory + "/" + std::string(kAsideFolder)); !done) return done.error();
  if (const auto done = files.sync_directory(directory); !done) return done.error();
  return target;
}

Result<std::string> copy_aside(FileSystem& files, const std::string& directory, const std::string& name) {
  auto target = free_aside_name(files, directory, name);
  if (!target) return target;
  const auto source = ReadFile::open(directory + "/" + name);
  if (!source) return source.error();
  auto copy = files.open(directory + "/" + *target);
  if (!copy) return copy.error();
  std::string piece;
  Result<void> done{};
  for (std::uint64_t offset = 0; done; offset += piece.size()) {
    piece.clear();
    const auto got = (*source)->read_at(offset, std::size_t{1} << 20, piece);
    if (!got) done = got.error();
    if (!got || *got == 0) break;
    done = (*copy)->append(piece);
  }
  if (done) done = (*copy)->sync();
  if (!done) {
    (void)files.remove(directory + "/" + *target);  // a part of a copy is worth nothing
    return done.error();
  }
  if (const auto synced = files.sync_directory(directory + "/" + std::string(kAsideFolder)); !synced)
    return synced.error();
  return target;
}

Result<Snapshot::Segments> replace_by_sound_runs(FileSystem& files, const std::string& directory,
                                                 const std::string& name, bool compressed, bool live, Seq behind,
                                                 Seq before) {
  const auto path = directory + "/" + name;
  const auto file = ReadFile::open(path);
  if (!file) return file.error();
  const auto size = (*file)->size();
  if (!size) return size.error();
  RunWriter writer(files, directory, behind);
  if (const auto done = write_sound_lines(BlockSource(*file, compressed, *size), before, writer); !done)
    return done.error();

  // Of the live segment the first run is closed first: should the machine stop here, what is still to be closed lies
  // above it. Of a closed one the last run comes first, and the original, which ends in front of it, stays until all
  // are there: recovery cuts what two segments both hold from the lower one.
  auto order = writer.runs();
  if (!live) std::reverse(order.begin(), order.end());
  bool original_replaced = false;
  for (const auto& run : order) {
    const auto target = segment_name(run.first, false);
    if (const auto done = files.rename(writer.temporary(run.first), directory + "/" + target); !done)
      return done.error();
    if (const auto done = files.sync_directory(directory); !done) return done.error();
    original_replaced = original_replaced || target == name;
  }
  if (live) {
    auto emptied = files.open(path);
    if (!emptied) return emptied.error();
    if (const auto done = (*emptied)->truncate(0); !done) return done.error();
    if (const auto done = (*emptied)->sync(); !done) return done.error();
  } else if (!original_replaced) {
    if (const auto done = files.remove(path); !done) return done.error();
    if (const auto done = files.sync_directory(directory); !done) return done.error();
  }
  Snapshot::Segments segments;
  for (const auto& run : writer.runs())
    segments.push_back(make_segment(directory, run.first, run.last, false, run.size));
  return segments;
}

}  // namespace newswire::spool
