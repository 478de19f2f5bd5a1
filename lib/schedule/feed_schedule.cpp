#include "schedule/feed_schedule.h"

#include <bit>
#include <cmath>
#include <concepts>
#include <limits>

namespace newswire::schedule {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kSize = 1 + 80;

template <std::unsigned_integral N>
void put(std::string& out, N number) {
  for (std::size_t i = 0; i < sizeof(N); ++i) out.push_back(static_cast<char>(number >> (8 * i) & 0xFF));
}

template <std::unsigned_integral N>
N take(std::string_view bytes, std::size_t& at) {
  N number = 0;
  for (std::size_t i = 0; i < sizeof(N); ++i) {
    number =
        static_cast<N>(number | static_cast<N>(static_cast<N>(static_cast<unsigned char>(bytes[at++])) << (8 * i)));
  }
  return number;
}

// A decayed sum of events or days: finite, not negative, within what 14 days' half-life can hold.
float take_sum(std::string_view bytes, std::size_t& at, float most) {
  const auto value = std::bit_cast<float>(take<std::uint32_t>(bytes, at));
  if (!std::isfinite(value) || value < 0) return 0;
  return value < most ? value : most;
}

}  // namespace

std::string encode(const FeedSchedule& s) {
  std::string out;
  out.reserve(kSize);
  out.push_back(kVersion);
  put(out, std::bit_cast<std::uint32_t>(s.count));
  put(out, std::bit_cast<std::uint32_t>(s.exposure_days));
  for (const auto hour : s.hours) put(out, hour);
  for (const Stamp stamp :
       {s.last_poll, s.last_good, s.due, s.failing_since, s.last_item, s.overflow_until, s.hold_until}) {
    put(out, stamp);
  }
  put(out, s.skip);
  for (const auto number : {s.ttl_minutes, s.period_minutes, s.failures, s.window, s.cost}) put(out, number);
  put(out, s.polls);
  put(out, s.streak);
  put(out, s.flags);
  put(out, s.failure);
  put(out, s.reason);
  return out;
}

Result<FeedSchedule> decode(std::string_view bytes) {
  if (bytes.empty()) return Error{Errc::corrupt, "empty schedule"};
  if (bytes[0] != kVersion) {
    return Error{Errc::unsupported,
                 "schedule of unknown version " + std::to_string(static_cast<unsigned char>(bytes[0]))};
  }
  if (bytes.size() != kSize) return Error{Errc::corrupt, "schedule of " + std::to_string(bytes.size()) + " bytes"};
  std::size_t at = 1;
  FeedSchedule s;
  s.count = take_sum(bytes, at, 1e9F);
  s.exposure_days = take_sum(bytes, at, 100);
  for (auto& hour : s.hours) hour = take<std::uint8_t>(bytes, at);
  for (Stamp* stamp :
       {&s.last_poll, &s.last_good, &s.due, &s.failing_since, &s.last_item, &s.overflow_until, &s.hold_until}) {
    *stamp = take<Stamp>(bytes, at);
  }
  s.skip = take<std::uint32_t>(bytes, at) & 0x7FFFFFFF;
  for (auto* number : {&s.ttl_minutes, &s.period_minutes, &s.failures, &s.window, &s.cost}) {
    *number = take<std::uint16_t>(bytes, at);
  }
  if (s.cost < FeedSchedule::kCostUnit) s.cost = FeedSchedule::kCostUnit;
  s.polls = take<std::uint8_t>(bytes, at);
  s.streak = take<std::uint8_t>(bytes, at);
  s.flags = take<std::uint16_t>(bytes, at);
  s.failure = take<std::uint8_t>(bytes, at);
  s.reason = take<std::uint8_t>(bytes, at);
  return s;
}

}  // namespace newswire::schedule
