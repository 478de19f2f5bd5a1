#pragma once

#include <cstddef>
#include <memory>

namespace newswire::daemon {

/// The heap of a process that parses one document after another and ends. Memory is never given back in between, and
/// comes from huge pages where the system offers them on request: taking memory page by page (4 KiB, a fault each, up
/// to 18 µs on a virtual machine) cost more than parsing. Process-wide: one of these, in a command's single thread.
/// Without effect under another allocator than glibc's.
class ParseHeap {
 public:
  ParseHeap();

  /// Makes sure that about this many bytes can be allocated without small page faults. Costs address space, not memory.
  void reserve(std::size_t bytes);

 private:
  std::unique_ptr<char[]> filler_;  ///< up to the first border of a huge page, never touched
  std::size_t reserved_ = 0;
};

}  // namespace newswire::daemon
