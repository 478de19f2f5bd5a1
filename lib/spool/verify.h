#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/seq.h"

namespace newswire::spool {

/// What one file of a spool holds.
struct CheckedFile {
  std::string name;
  Seq first;
  Seq last;
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;            ///< on disk
  std::vector<std::string> problems;  ///< one sentence each, at most 20; empty: sound
  std::vector<std::string> notes;     ///< worth knowing, no fault (an unfinished line while a daemon writes)
};

struct VerifyReport {
  std::vector<CheckedFile> files;      ///< in order of `seq`
  std::vector<std::string> problems;   ///< between files: missing lines, overlaps
  std::vector<std::string> set_aside;  ///< names in the set-aside folder
  bool running = false;                ///< a daemon holds the lock
  bool ok() const;
};

/// Bytes on disk looked at, never less than before, and all there were at the beginning. On the caller's thread.
using VerifyProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Reads every line of every segment in `directory`, compressed or not, running daemon or not, and changes nothing:
/// sums, numbers without gap or repeat, UTF-8, well-formed heads and ends, zstd checksums. Errc::not_found, Errc::io.
/// `on_progress`, if any, is called after each block.
Result<VerifyReport> verify(const std::string& directory, const VerifyProgress& on_progress = {});

}  // namespace newswire::spool
