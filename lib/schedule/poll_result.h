#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace newswire::schedule {

/// How a poll ended, as far as the next one depends on it.
enum class Outcome : std::uint8_t {
  fresh,         ///< a document with at least one new entry (also the first document of a feed)
  unchanged,     ///< a document without a new entry, the same bytes as before included (R10)
  not_modified,  ///< 304
  empty,         ///< 204, 205, or 200 with nothing in it (A1)
  failed,        ///< see Failure
  rate_limited,  ///< 429, with or without Retry-After (A10)
  gone,          ///< 410 (A6)
  archive,       ///< the document says that it is an archive (fh:archive, W13)
};
std::string_view to_string(Outcome outcome) noexcept;

/// Why a poll failed. The kind decides how we back off (A2, A7-A9, A11, A12) and whether a host is down (H4).
enum class Failure : std::uint8_t {
  none,
  dns,  ///< A9, as all up to server_error: the network or the server
  connect,
  tls,
  timeout,
  truncated,
  server_error,    ///< 5xx
  not_found,       ///< A7: 404
  client_error,    ///< A7: 400, 405, 451, other 4xx
  unauthorized,    ///< A8: 401, 407
  forbidden,       ///< A8: 403
  blocked,         ///< A8: a bot challenge
  unexpected_304,  ///< A2: 304 to an unconditional request
  too_early,       ///< A11: 425
  redirect,        ///< A4, A11: a loop, too many, nowhere
  html_page,       ///< A12
  not_a_feed,      ///< readable, but not parsable as a feed
  too_large,       ///< over a limit
  refused,         ///< by our own address guard
  empty,           ///< A1: the third empty answer in a row; set by the schedule itself
  rate_limited,    ///< A10: a series of 429s, which is no failure of the feed; set by the schedule itself
  other,
};
std::string_view to_string(Failure failure) noexcept;

/// What the response's header says about time. A field that the response does not carry stays empty.
struct HttpHints {
  std::optional<std::chrono::seconds> max_age;           ///< Cache-Control: max-age; s-maxage is not for us (W2)
  std::chrono::seconds age{0};                           ///< Age
  std::optional<Time> expires;                           ///< Expires, if it is a date
  std::optional<Time> date;                              ///< Date
  bool no_cache = false;                                 ///< no-cache (W3)
  std::optional<std::chrono::seconds> retry_after;       ///< from now (E1); garbage or past: empty or zero
  std::optional<std::chrono::seconds> rate_limit_reset;  ///< X-RateLimit-Reset, RateLimit: from now (A10)
};

/// What the document says about time; feed::Hints in a form that needs no feed.
struct BodyHints {
  std::chrono::minutes ttl{0};              ///< W5
  std::chrono::seconds update_interval{0};  ///< W7
  std::uint32_t skip_hours = 0;             ///< bits 0-23, GMT (W6)
  std::uint8_t skip_days = 0;               ///< bits 0-6 from Sunday, GMT (W6)
  bool expired = false;                     ///< W13
};

/// What one poll told us. Filled by `ingest`, eaten by Scheduler::report.
struct PollResult {
  Outcome outcome = Outcome::not_modified;
  Failure failure = Failure::none;  ///< for Outcome::failed
  Time started{};
  Time finished{};
  /// One date for each new entry: as the publisher gave it, anything outside of (previous poll, this poll], such as
  /// Time{}, if there is none. For the first document of a feed: the dates of all its entries (seeds the rate).
  std::vector<Time> new_items;
  std::size_t items_in_document = 0;
  std::size_t body_bytes = 0;  ///< as transferred; 0 for a 304
  bool has_validators = true;  ///< the response (or, for a 304, the stored state) has ETag or Last-Modified
  bool delta = false;          ///< 226: the document is not the whole feed (R14)
  bool push_missed = false;    ///< the hub should have delivered one of the new entries, and did not (W10)
  HttpHints http;
  std::optional<BodyHints> body;  ///< of the document just parsed; without one the old hints stay (W8)
};

}  // namespace newswire::schedule
