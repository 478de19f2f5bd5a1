#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/seq.h"
#include "spool/read_file.h"

namespace newswire::spool {

inline constexpr std::string_view kLiveName = "articles.ndjson";
inline constexpr std::string_view kLockName = ".lock";
inline constexpr std::string_view kAsideFolder = "set-aside";

/// What a file name in the spool's folder says.
struct SegmentName {
  Seq first;
  bool compressed = false;
};

/// "articles-00000000000000001042.ndjson", with ".zst" when compressed.
std::string segment_name(Seq first, bool compressed);
/// Nothing for the live segment and for every name that is not exactly a closed segment's.
std::optional<SegmentName> parse_segment_name(std::string_view name);

/// A run of consecutive lines in one file. Immutable but for the cached descriptor; any thread. A segment stays
/// readable for those who hold its file, whatever happens to its name.
class Segment {
 public:
  /// `last` of the live segment means nothing: see Snapshot::next. `size` is the file's, compressed or not.
  Segment(std::string path, Seq first, Seq last, bool compressed, std::uint64_t size)
      : path_(std::move(path)), first_(first), last_(last), compressed_(compressed), size_(size) {}

  const std::string& path() const noexcept { return path_; }
  Seq first() const noexcept { return first_; }
  Seq last() const noexcept { return last_; }
  bool compressed() const noexcept { return compressed_; }
  std::uint64_t size() const noexcept { return size_; }

  /// The open file, shared by all who read it at the same time. Errc::not_found once it was compressed or removed:
  /// take a new snapshot.
  Result<std::shared_ptr<const ReadFile>> file() const;
  /// Holds the file open for the life of this segment (the live one, which loses its name by rotation).
  void pin(std::shared_ptr<const ReadFile> file);

 private:
  std::string path_;
  Seq first_;
  Seq last_;
  bool compressed_;
  std::uint64_t size_;
  std::shared_ptr<const ReadFile> pinned_;
  mutable std::mutex mutex_;
  mutable std::weak_ptr<const ReadFile> shared_;
};

}  // namespace newswire::spool
