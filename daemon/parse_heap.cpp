#include "parse_heap.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <new>

namespace newswire::daemon {
namespace {

constexpr std::uintptr_t kHugePage = std::uintptr_t{2} << 20U;  // of x86-64 and arm64; elsewhere only a worse border

std::uintptr_t up_to_border(std::uintptr_t address) noexcept { return (address + kHugePage - 1) & ~(kHugePage - 1); }

}  // namespace

ParseHeap::ParseHeap() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 4 << 20);
}

void ParseHeap::reserve(std::size_t bytes) {
  if (bytes <= reserved_) return;
  // Taken once and given back, the stretch stays at the heap's end.
  std::unique_ptr<char[]> stretch(new (std::nothrow) char[bytes]);
  if (!stretch) return;
  reserved_ = bytes;
  const auto start = reinterpret_cast<std::uintptr_t>(stretch.get());
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
  stretch.reset();
  if (start + bytes > end || end - start > bytes + (std::size_t{64} << 20U)) return;  // not where glibc's heap is
  const auto first = up_to_border(start);
  if (first >= end) return;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): an address range of the heap. No huge pages: all goes on with small
  // ones.
  (void)madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
  constexpr std::size_t kHeaders = 64;
  if (!filler_ && first - start > 2 * kHeaders) filler_.reset(new (std::nothrow) char[first - start - kHeaders]);
}

}  // namespace newswire::daemon
