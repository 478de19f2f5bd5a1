#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "spool/detail/blocks.h"
#include "spool/detail/frames.h"
#include "spool/file_system.h"
#include "spool/segment.h"

namespace newswire::spool {

/// Compresses one closed segment in slices, so that commits in between do not wait. Every line is verified on the way.
class Compressor {
 public:
  /// `target`: the temporary file. Errc::io, Errc::no_space, Errc::not_found.
  static Result<std::unique_ptr<Compressor>> begin(FileSystem& files, std::shared_ptr<const Segment> source,
                                                   std::string target, int level);

  /// Compresses about one block; true when the temporary file is complete and durable. Errc::corrupt: the source
  /// does not verify; Errc::no_space, Errc::io. After an error nothing but abandon() is of use.
  Result<bool> step();
  /// Removes the temporary file.
  void abandon();

  const std::shared_ptr<const Segment>& source() const noexcept { return source_; }
  const std::string& target() const noexcept { return target_; }
  std::uint64_t written() const noexcept { return written_; }

 private:
  Compressor(FileSystem& files, std::shared_ptr<const Segment> source, std::string target, int level,
             std::shared_ptr<const ReadFile> file, std::unique_ptr<WritableFile> out);
  Result<void> check(std::string_view block);

  FileSystem& files_;
  std::shared_ptr<const Segment> source_;
  std::string target_;
  FrameEncoder encoder_;
  BlockSource blocks_;
  std::unique_ptr<WritableFile> out_;
  Seq expected_;
  std::uint64_t written_ = 0;
};

}  // namespace newswire::spool
