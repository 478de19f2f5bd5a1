#include "spool/detail/compressor.h"

#include <utility>

#include "spool/line.h"

namespace newswire::spool {

Compressor::Compressor(FileSystem& files, std::shared_ptr<const Segment> source, std::string target, int level,
                       std::shared_ptr<const ReadFile> file, std::unique_ptr<WritableFile> out)
    : files_(files),
      source_(std::move(source)),
      target_(std::move(target)),
      encoder_(level),
      blocks_(std::move(file), false, source_->size()),
      out_(std::move(out)),
      expected_(source_->first()) {}

Result<std::unique_ptr<Compressor>> Compressor::begin(FileSystem& files, std::shared_ptr<const Segment> source,
                                                      std::string target, int level) {
  auto file = source->file();
  if (!file) return file.error();
  auto out = files.open(target);
  if (!out) return out.error();
  if (const auto done = (*out)->truncate(0); !done) return done.error();
  return std::unique_ptr<Compressor>(
      new Compressor(files, std::move(source), std::move(target), level, *std::move(file), *std::move(out)));
}

Result<bool> Compressor::step() {
  const auto block = blocks_.next();
  if (!block) return block.error();
  if (!block->empty()) {
    if (const auto done = check(*block); !done) return done.error();
    const auto frame = encoder_.encode(*block);
    if (!frame) return frame.error();
    if (const auto done = out_->append(*frame); !done) return done.error();
    written_ += frame->size();
    return false;
  }
  if (expected_ != source_->last().next())
    return Error{Errc::corrupt, "the segment is shorter than it was", source_->path()};
  if (const auto done = out_->sync(); !done) return done.error();
  return true;
}

void Compressor::abandon() {
  out_.reset();
  (void)files_.remove(target_);  // open() removes it, should this fail
}

Result<void> Compressor::check(std::string_view block) {
  while (!block.empty()) {
    bool whole = false;
    const auto line = take_line(block, whole);
    const auto head = whole ? parse_head(line) : std::nullopt;
    if (!head || head->seq != expected_ || !is_sound(line, *head)) {
      return Error{Errc::corrupt, "line " + std::to_string(expected_.value) + " does not verify", source_->path()};
    }
    expected_ = expected_.next();
  }
  return {};
}

}  // namespace newswire::spool
