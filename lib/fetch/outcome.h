#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "fetch/http_message.h"

namespace newswire::fetch {

/// What an answer means for a feed (POLLING.md A1–A13), before anybody looked into the body.
enum class OutcomeKind : std::uint8_t {
  content,         ///< 200 with a body, or a 226 that must be read as one: parse
  delta,           ///< 226 with IM: feed to a request with A-IM: parse, absent entries mean nothing (R14)
  not_modified,    ///< 304 to a conditional request
  empty,           ///< 204, 205, 200 without a body (A1): no error before the third in a row
  unexpected_304,  ///< 304 to an unconditional request (A2): ask once more, unconditionally, after the minimum interval
  gone,            ///< 410 (A6): stop
  missing,         ///< 404 (A7)
  client_error,    ///< other 4xx (A7)
  unauthorized,    ///< 401, 407 (A8)
  forbidden,       ///< 403 (A8)
  blocked,         ///< bot challenge (A8)
  rate_limited,    ///< 429, 503 with Retry-After, 403 with a used-up rate limit (A10, H3)
  server_error,    ///< 5xx (A9)
  retry_later,     ///< 425 (A11)
  redirect_error,  ///< loop, too many, no Location, 508 (A4, A11)
  network,         ///< dns, connect, tls, timeout, broken connection, truncated body (A9)
  refused,         ///< by us: address guard, scheme, invalid request; only a change of configuration or DNS helps
  too_large,       ///< over a limit
  cancelled,       ///< not an answer; nothing changes
};
std::string_view to_string(OutcomeKind kind) noexcept;

/// Which back-off a failure takes. The schedule does the arithmetic.
enum class Backoff : std::uint8_t {
  none,           ///< success, or nothing happened
  from_interval,  ///< feed's own interval × 2ⁿ, cap 6 h on the first day, then 24 h (A9)
  from_hour,      ///< 1 h × 2ⁿ, cap 24 h, never stops (A7, A8, A10)
  stop,           ///< 410 (A6)
};

/// Failures that several feeds of a host share when the host is down (H4).
enum class HostFailure : std::uint8_t { none, dns, connect, tls, server_error, missing };

struct Outcome {
  OutcomeKind kind = OutcomeKind::cancelled;
  Errc code = Errc::cancelled;  ///< meaningless when !failed
  std::string message;          ///< one sentence for a person, secrets redacted; empty on success
  int status = 0;               ///< 0 without an answer
  bool failed = false;          ///< counts against the feed; a 429 does not (A10)
  Backoff backoff = Backoff::none;
  HostFailure host_failure = HostFailure::none;
  std::optional<std::chrono::seconds> retry_after;  ///< E1, or the rate limit's reset (A10); uncapped
  bool pauses_host = false;                         ///< 429, or 503 with Retry-After: every feed of the host waits (H3)
};

/// Classifies what Client::get gave. Pure.
Outcome classify(const Result<Response>& result);

/// Marks of a bot challenge in an answer (A8): `cf-mitigated: challenge`, or a 403, 429 or 503 in HTML with the marks
/// of known walls (Cloudflare, DataDome, PerimeterX, Akamai, Imperva, Anubis, AWS WAF, Sucuri). Names the wall.
std::optional<std::string_view> bot_challenge(const Response& response);

/// Where a page asks a browser to go by `Refresh` header or <meta http-equiv=refresh> (A4: never followed, only named
/// in the message); looks at the first 8 KB of the body. Absolute, or empty.
std::string refresh_target(const Response& response);

}  // namespace newswire::fetch
