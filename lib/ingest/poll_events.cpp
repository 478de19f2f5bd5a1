// What a poll tells the world: log lines and health events.
#include <spdlog/spdlog.h>

#include "base/json_text.h"
#include "base/log_value.h"
#include "base/url.h"
#include "ingest/poll.h"

namespace newswire::ingest {

void Poll::tell_changes(const schedule::Reported& reported) {
  if (reported.feed.began_failing && !reported.blamed_on_host) {
    spdlog::warn("feed.failed feed={} code={} error={} url={} next={}", log_value(feed_->id), code_, log_value(error_),
                 log_value(redact_url(url_)), to_rfc3339(std::chrono::floor<std::chrono::seconds>(reported.next.due)));
    tell("failing", "error", error_);
  }
  if (reported.feed.recovered_after.count() > 0) {
    spdlog::info("feed.recovered feed={} outage_seconds={}", log_value(feed_->id),
                 reported.feed.recovered_after.count());
    tell("recovered", "outage_seconds", std::to_string(reported.feed.recovered_after.count()));
  }
  if (reported.feed.went_gone) {
    spdlog::warn(
        "feed.gone feed={} url={} hint=\"the publisher says that it will not come back; remove it, or newswirectl "
        "resume\"",
        log_value(feed_->id), log_value(redact_url(url_)));
    tell("gone");
  }
  if (reported.feed.went_dead) {
    spdlog::warn(
        "feed.dead feed={} url={} hint=\"nothing but 404 for a month: it is asked once a week; remove it, or "
        "look for its new address\"",
        log_value(feed_->id), log_value(redact_url(url_)));
    tell("dead");
  }
  if (result_.outcome == schedule::Outcome::archive) {
    spdlog::warn(
        "feed.is_archive feed={} url={} hint=\"the document says that it is an archive and will not change; it "
        "is not polled again\"",
        log_value(feed_->id), log_value(redact_url(url_)));
    tell("archive");
  }
  if (reported.network_lost)
    spdlog::error(
        "network.lost hint=\"no host can be reached: failures are put down to our own network, one feed "
        "probes it\"");
  if (reported.network_found) spdlog::info("network.found");
  if (reported.feed.went_stale) {
    spdlog::info("feed.stale feed={} hint=\"it answers, but nothing new for many times its usual gap\"",
                 log_value(feed_->id));
    tell("stale");
  }
  if (digest_.overflow) {
    spdlog::warn(
        "feed.overflowed feed={} entries={} hint=\"every entry was new: some may have been missed; lower "
        "interval.max\"",
        log_value(feed_->id), result_.items_in_document);
    tell("overflow");
  }
  if (reported.feed.skips_everything)
    spdlog::warn("feed.skips_everything feed={} hint=\"it lists all hours or days as skipped; ignored\"",
                 log_value(feed_->id));
  if (reported.host_went_down) spdlog::warn("host.down host={} code={}", log_value(host_of(url_)), code_);
  if (reported.host_came_back) spdlog::info("host.up host={}", log_value(host_of(url_)));
  if (reported.host_paused_until != Time{}) {
    spdlog::info("host.paused host={} until={}", log_value(host_of(url_)),
                 to_rfc3339(std::chrono::floor<std::chrono::seconds>(reported.host_paused_until)));
  }
}

void Poll::tell(std::string_view state, std::string_view key, std::string_view value) {
  pipeline_.stats_.count_health(state);
  if (!pipeline_.hooks_.feed_event) return;
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("op").value("feed");
  json.key("state").value(state);
  json.key("feed").value(feed_->id);
  json.key("url").value(redact_url(url_));
  json.key("at").value(to_rfc3339(result_.finished, true));
  if (!key.empty()) json.key(key).value(value);
  if (state == "failing") json.key("code").value(code_);
  json.end_object();
  pipeline_.hooks_.feed_event(std::move(line));
}

}  // namespace newswire::ingest
