#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace newswire::spool {

/// An open file to read from; the descriptor lives as long as the object, also when the file was renamed or removed.
/// Immutable, any thread; readers share one by shared_ptr and give their own offsets (pread, sendfile).
class ReadFile {
 public:
  /// Errc::not_found, Errc::io.
  static Result<std::shared_ptr<const ReadFile>> open(const std::string& path);
  explicit ReadFile(int descriptor) : descriptor_(descriptor) {}
  ~ReadFile();
  ReadFile(const ReadFile&) = delete;
  ReadFile& operator=(const ReadFile&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  /// Of this moment; the live segment grows.
  Result<std::uint64_t> size() const;
  /// Reads up to `size` bytes at `offset`; fewer only at the end of the file, 0 past it.
  Result<std::size_t> read_at(std::uint64_t offset, char* into, std::size_t size) const;
  /// Appends up to `size` bytes at `offset` to `out`.
  Result<std::size_t> read_at(std::uint64_t offset, std::size_t size, std::string& out) const;

 private:
  int descriptor_;
};

}  // namespace newswire::spool
