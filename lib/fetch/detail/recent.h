#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

namespace newswire::fetch::detail {

/// Remembers for `window` when a key was seen last, of at most 2 × `most` keys: two generations, the older one dropped
/// whole, so every call is O(1) and nothing has to be swept. When full it forgets early, which only costs a little
/// speed. One thread.
class Recent {
 public:
  using Clock = std::chrono::steady_clock;
  Recent(Clock::duration window, std::size_t most) : window_(window), most_(most) {}

  void touch(const std::string& key, Clock::time_point now) {
    if (young_.size() >= most_ || now - started_ > window_) {
      old_ = std::exchange(young_, {});
      started_ = now;
    }
    young_[key] = now;
  }
  bool seen(const std::string& key, Clock::time_point now) const {
    return is_recent(young_, key, now) || is_recent(old_, key, now);
  }

 private:
  using Generation = std::unordered_map<std::string, Clock::time_point>;
  bool is_recent(const Generation& generation, const std::string& key, Clock::time_point now) const {
    const auto at = generation.find(key);
    return at != generation.end() && now - at->second <= window_;
  }

  Clock::duration window_;
  std::size_t most_;
  Clock::time_point started_{};
  Generation young_;
  Generation old_;
};

}  // namespace newswire::fetch::detail
