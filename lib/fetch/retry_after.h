#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "fetch/http_message.h"

namespace newswire::fetch {

/// A very long time, for numbers of seconds that do not fit anything: 100 years.
inline constexpr std::chrono::seconds kForever =
    std::chrono::duration_cast<std::chrono::seconds>(std::chrono::years{100});

/// An HTTP-date in any form of RFC 9110, section 5.6.7 (IMF-fixdate, RFC 850, asctime). Errc::invalid otherwise. Pure.
Result<std::chrono::sys_seconds> parse_http_date(std::string_view value);

/// How long a server asks us to stay away (RFC 9110, section 10.2.3). `value`: delta-seconds or an HTTP-date, taken
/// relative to `now`; the past gives zero. Errc::invalid for anything else, negative numbers included (E1: ignored).
/// Not capped: the schedule decides how much it believes (E2). Pure; any thread.
Result<std::chrono::seconds> parse_retry_after(std::string_view value, std::chrono::sys_seconds now);

/// When the quota is used up, how long until it is renewed; nothing while requests remain or nothing readable is said.
/// Reads, in this order: `RateLimit` ("limit=100, remaining=0, reset=30" and the structured `"default";r=0;t=30`),
/// `RateLimit-Reset`, `X-RateLimit-Reset`, `X-Rate-Limit-Reset` with their `-Remaining`. A reset over a year is read as
/// a time since 1970 (GitHub, Reddit differ). A missing remaining count counts as 0: callers ask on a 429 or 403. Pure.
std::optional<std::chrono::seconds> rate_limit_reset(std::span<const Header> headers, std::chrono::sys_seconds now);

}  // namespace newswire::fetch
