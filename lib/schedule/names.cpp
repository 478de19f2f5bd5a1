#include "schedule/policy.h"
#include "schedule/poll_result.h"

namespace newswire::schedule {

std::string_view to_string(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::fresh: return "fresh";
    case Outcome::unchanged: return "unchanged";
    case Outcome::not_modified: return "not_modified";
    case Outcome::empty: return "empty";
    case Outcome::failed: return "failed";
    case Outcome::rate_limited: return "rate_limited";
    case Outcome::gone: return "gone";
    case Outcome::archive: return "archive";
  }
  return "unknown";
}

std::string_view to_string(Failure failure) noexcept {
  switch (failure) {
    case Failure::none: return "none";
    case Failure::dns: return "dns";
    case Failure::connect: return "connect";
    case Failure::tls: return "tls";
    case Failure::timeout: return "timeout";
    case Failure::truncated: return "truncated";
    case Failure::server_error: return "server_error";
    case Failure::not_found: return "not_found";
    case Failure::client_error: return "client_error";
    case Failure::unauthorized: return "unauthorized";
    case Failure::forbidden: return "forbidden";
    case Failure::blocked: return "blocked";
    case Failure::unexpected_304: return "unexpected_304";
    case Failure::too_early: return "too_early";
    case Failure::redirect: return "redirect";
    case Failure::html_page: return "html_page";
    case Failure::not_a_feed: return "not_a_feed";
    case Failure::too_large: return "too_large";
    case Failure::refused: return "refused";
    case Failure::empty: return "empty";
    case Failure::rate_limited: return "rate_limited";
    case Failure::other: return "other";
  }
  return "unknown";
}

std::string_view to_string(Reason reason) noexcept {
  switch (reason) {
    case Reason::first: return "first";
    case Reason::adaptive: return "adaptive";
    case Reason::minimum: return "minimum";
    case Reason::maximum: return "maximum";
    case Reason::max_age: return "max_age";
    case Reason::expires: return "expires";
    case Reason::ttl: return "ttl";
    case Reason::update_period: return "update_period";
    case Reason::skip_hours: return "skip_hours";
    case Reason::skip_days: return "skip_days";
    case Reason::retry_after: return "retry_after";
    case Reason::backoff: return "backoff";
    case Reason::overflow_guard: return "overflow_guard";
    case Reason::no_validators: return "no_validators";
    case Reason::expired: return "expired";
    case Reason::push: return "push";
    case Reason::host_pause: return "host_pause";
    case Reason::host_down: return "host_down";
    case Reason::spread: return "spread";
    case Reason::manual: return "manual";
    case Reason::paused: return "paused";
    case Reason::gone: return "gone";
    case Reason::archive: return "archive";
    case Reason::offline: return "offline";
    case Reason::rate_limit: return "rate_limit";
  }
  return "unknown";
}

}  // namespace newswire::schedule
