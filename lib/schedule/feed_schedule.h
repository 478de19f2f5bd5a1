#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "schedule/stamp.h"

namespace newswire::schedule {

/// All that the schedule remembers of one feed: 80 bytes, held a million times in memory and once a feed in the store
/// (encode, decode). A plain value without behaviour: `learn.h` keeps the rate, `policy.h` the rest. A zeroed one is a
/// feed that was never polled.
struct FeedSchedule {
  /// New items seen and days watched, both decayed with a half-life of 14 days (POLLING.md section 4, policy 1).
  float count = 0;
  float exposure_days = 0;
  /// How the items fall on the 24 hours of the day (UTC), relative to the fullest hour (255); all zero: unknown.
  std::array<std::uint8_t, 24> hours{};

  Stamp last_poll = kUnset;       ///< end of the last response of any kind (W12)
  Stamp last_good = kUnset;       ///< end of the last response that showed the feed as it is (200, 226, 304)
  Stamp due = kUnset;             ///< next poll
  Stamp failing_since = kUnset;   ///< first failure of the present series, or kUnset
  Stamp last_item = kUnset;       ///< when the last new item was published, as far as we know
  Stamp overflow_until = kUnset;  ///< the overflow guard is halved until then (N5)
  Stamp hold_until = kUnset;      ///< Retry-After, max-age or Expires; the flags say which

  std::uint32_t skip = 0;            ///< bits 0-23: skipHours, bits 24-30: skipDays from Sunday, GMT (W6)
  std::uint16_t ttl_minutes = 0;     ///< RSS ttl (W5)
  std::uint16_t period_minutes = 0;  ///< sy:updatePeriod / updateFrequency, rounded up (W7)
  std::uint16_t failures = 0;        ///< failures in a row (A13 resets)
  std::uint16_t window = 0;          ///< items in the last whole document (N5), 0: unknown
  std::uint16_t cost = kCostUnit;    ///< price of a poll in 1/kCostUnit of a conditional one (W14)
  std::uint8_t polls = 0;            ///< polls made, modulo 256: makes jitter differ from poll to poll (W11)
  std::uint8_t streak = 0;           ///< 429s or empty answers in a row (A10, A1)
  std::uint16_t flags = 0;           ///< Flag, or-ed
  std::uint8_t failure = 0;          ///< Failure of the present series
  std::uint8_t reason = 0;           ///< Reason of `due`

  static constexpr std::uint16_t kCostUnit = 64;

  enum Flag : std::uint16_t {
    paused = 1,               ///< by the user
    gone = 2,                 ///< 410 (A6)
    archive = 4,              ///< fh:archive: never polled (W13)
    expired = 8,              ///< JSON Feed "expired": polled at the maximum (W13)
    push = 16,                ///< a verified hub delivers (W10)
    no_validators = 32,       ///< the last 200 had neither ETag nor Last-Modified (W14)
    stale = 64,               ///< answers, but nothing new for many times its usual gap
    dead = 128,               ///< 404 for 30 days: weekly (A7)
    hold_max_age = 256,       ///< hold_until comes from Cache-Control: max-age (W2)
    hold_expires = 512,       ///< … from Expires (W2)
    hold_retry_after = 1024,  ///< … from Retry-After (E1), or with hold_rate_limit
    answers_same = 2048,      ///< 200 with the body we had: as good as "not modified" (R10)
    mixed_failures = 4096,    ///< the present series has more than one kind (A7: not dead)
    hold_rate_limit = 8192,   ///< … a rate-limit field, beside hold_retry_after (A10)
  };
  bool is(Flag flag) const noexcept { return (flags & flag) != 0; }
  void set(Flag flag, bool on) noexcept {
    flags = static_cast<std::uint16_t>(on ? flags | flag : flags & ~static_cast<unsigned>(flag));
  }

  friend bool operator==(const FeedSchedule&, const FeedSchedule&) = default;
};
static_assert(sizeof(FeedSchedule) == 80);

/// The bytes for the store: a version, then the fields in little-endian order; the same on every machine.
std::string encode(const FeedSchedule& schedule);

/// Errc::corrupt if the bytes are no schedule, Errc::unsupported for a version that this program does not know.
/// Whatever it returns is safe to use: numbers that cannot be (a negative rate, NaN) come back as unknown.
Result<FeedSchedule> decode(std::string_view bytes);

}  // namespace newswire::schedule
