#include <cmath>
#include <cstdio>

#include "schedule/detail/scheduler_impl.h"
#include "schedule/learn.h"

namespace newswire::schedule {
namespace {

std::string number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string span(double seconds) {
  if (seconds < 120) return number("%.0f s", seconds);
  if (seconds < 7200) return number("%.0f min", seconds / 60);
  if (seconds < 172800) return number("%.1f h", seconds / 3600);
  return number("%.1f days", seconds / 86400);
}

std::string_view rule(Reason reason) {
  switch (reason) {
    case Reason::first: return "never polled yet";
    case Reason::adaptive: return "adaptive rate";
    case Reason::minimum: return "configured minimum interval";
    case Reason::maximum: return "maximum interval";
    case Reason::max_age: return "server: Cache-Control: max-age";
    case Reason::expires: return "server: Expires";
    case Reason::ttl: return "feed: <ttl>";
    case Reason::update_period: return "feed: sy:updatePeriod";
    case Reason::skip_hours: return "feed: <skipHours>";
    case Reason::skip_days: return "feed: <skipDays>";
    case Reason::retry_after: return "server: Retry-After";
    case Reason::rate_limit: return "server: RateLimit or X-RateLimit-Reset";
    case Reason::backoff: return "back-off after failures";
    case Reason::overflow_guard: return "overflow guard: entries must not leave the document unseen";
    case Reason::no_validators: return "server without validators: at most hourly";
    case Reason::expired: return "feed: expired";
    case Reason::push: return "a hub delivers; polled as a safety net";
    case Reason::host_pause: return "host asked for a pause";
    case Reason::host_down: return "host is down; one feed probes it";
    case Reason::spread: return "overdue; taken up in turn";
    case Reason::manual: return "asked for";
    case Reason::paused: return "paused by the user";
    case Reason::gone: return "410 Gone; resume to try again";
    case Reason::archive: return "archive document; never polled";
    case Reason::offline: return "our own network is down; one feed a minute probes it";
  }
  return "unknown";
}

std::string why(const Decision& next, const FeedSchedule& state, const Explanation& e) {
  std::string out(rule(next.reason));
  switch (next.reason) {
    case Reason::adaptive:
    case Reason::maximum:
    case Reason::overflow_guard: out += " (" + number("%.3g", e.items_per_day) + " items/day)"; break;
    case Reason::backoff: {
      const auto kind = static_cast<Failure>(state.failure);
      out += " (" + std::string(to_string(kind)) + " x " +
             std::to_string(kind == Failure::rate_limited ? state.streak : state.failures) + ")";
      break;
    }
    default: break;
  }
  return out;
}

}  // namespace

Explanation Scheduler::explain(FeedHandle feed, Time now) const {
  const auto& m = *impl_;
  const auto i = index(feed);
  const auto& s = m.slots[i];
  const auto& own = m.options_of(i);
  const auto decided = next(feed);
  Explanation e;
  e.due = decided.due;
  e.reason = decided.reason;
  e.items_per_day = rate(s.state) * 86400;
  for (const auto hour : hourly_rates(s.state)) e.items_per_hour.push_back(hour * 3600.0);
  e.price = m.price.theta();
  e.cost = static_cast<double>(s.state.cost) / FeedSchedule::kCostUnit;
  e.weight = own.priority * own.priority / 25.0;
  plan(s.state, own, m.settings.rules, m.price.theta(), &e.bounds);
  if (const auto* host = m.hosts.find(s.host); host != nullptr) {
    if (host->paused_until > passed(now)) e.bounds.push_back({Reason::host_pause, host->paused_until, false});
    if (host->is_down()) e.bounds.push_back({Reason::host_down, host->probe_at, false});
  }
  e.why = why(decided, s.state, e);

  auto& out = e.text;
  const auto line = [&](const std::string& text) { (out += text) += '\n'; };
  if (s.where() == Place::in_flight)
    line("being polled now");
  else if (decided.due == Time::max())
    line("not polled: " + e.why);
  else {
    const auto wait = std::chrono::duration<double>(decided.due - now).count();
    line("next poll " + to_rfc3339(decided.due) + (wait > 0 ? ", in " + span(wait) : ", now") + ": " + e.why);
  }
  if (s.state.last_poll != kUnset) line("last poll " + to_rfc3339(to_time(s.state.last_poll)));
  line("rate      " + number("%.3g", e.items_per_day) + " items/day, known from " +
       number("%.1f", s.state.exposure_days) + " days (half-life 14 days)");
  std::string hours = "by hour  ";
  for (const auto items : e.items_per_hour) hours += ' ' + number("%.2g", items);
  line(hours + " (items/hour, 0 to 23 UTC)");
  line("price     " + number("%.4g", e.price) + " item-seconds a poll; cost " + number("%.2f", e.cost) + ", weight " +
       number("%.2f", e.weight));
  for (const auto& bound : e.bounds) {
    const auto distance = static_cast<double>(bound.at) - static_cast<double>(s.state.last_poll);
    line(std::string(bound.reason == decided.reason ? "  * " : "    ") + (bound.upper ? "at most  " : "at least ") +
         span(distance) + " after the last poll: " + std::string(rule(bound.reason)));
  }
  return e;
}

}  // namespace newswire::schedule
