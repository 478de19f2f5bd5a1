#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace newswire::clean::detail {

/// Memory that is given out piece by piece and given back all at once. One thread.
class Arena {
 public:
  void* allocate(std::size_t bytes) {
    bytes = (bytes + kAlign - 1) / kAlign * kAlign;
    if (bytes > left_) grow(bytes);
    void* piece = at_;
    at_ += bytes;
    left_ -= bytes;
    return piece;
  }

  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    auto* copy = static_cast<char*>(allocate(text.size()));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }

 private:
  static constexpr std::size_t kAlign = alignof(std::max_align_t);

  void grow(std::size_t bytes) {
    const auto size = std::max(bytes, next_);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    at_ = chunks_.back().get();
    left_ = size;
    next_ = std::min<std::size_t>(next_ * 2, 1U << 20);
  }

  std::vector<std::unique_ptr<char[]>> chunks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
  std::size_t next_ = 4096;
};

}  // namespace newswire::clean::detail
