#include "health.h"

#include <algorithm>

#include "base/count_of.h"

namespace newswire::daemon {
namespace {

constexpr std::chrono::seconds kTooLate{10};  // timers that come so late mean a loop that is blocked or starved

}  // namespace

void LoopLag::add(Clock::time_point now, Clock::duration late) {
  const auto number = now.time_since_epoch() / kSlot;
  auto& slot = slots_[static_cast<std::size_t>(number) % slots_.size()];
  if (slot.number != number) slot = {number, {}};
  slot.most = std::max(slot.most, late);
}

std::chrono::duration<double> LoopLag::longest(Clock::time_point now) const {
  const auto number = now.time_since_epoch() / kSlot;
  Clock::duration most{0};
  for (const auto& slot : slots_) {
    if (number - slot.number < static_cast<Clock::rep>(slots_.size())) most = std::max(most, slot.most);
  }
  return most;
}

std::optional<std::string> what_is_wrong(const Health& health) {
  if (health.writer.short_of_space)
    return "polling pauses: the spool's file system has no room (" + std::to_string(health.writer.free_bytes >> 20U) +
           " MiB free)";
  if (!health.writer.last_error.empty()) return "the last commit failed: " + health.writer.last_error;
  if (health.loop_lag > kTooLate)
    return "the event loop was " + std::to_string(static_cast<long>(health.loop_lag.count())) +
           " s late within the last minute";
  return std::nullopt;
}

std::optional<std::string> why_not_ready(const Health& health) {
  if (health.stopping) return "newswired stops";
  if (!health.started) return "newswired is starting";
  return what_is_wrong(health);
}

std::string status_line(const ingest::Pipeline& pipeline, std::size_t subscribers) {
  const auto counts = pipeline.feed_counts();
  const auto feeds = pipeline.schedule_stats().feeds;
  std::string trouble;
  const auto mention = [&trouble](std::size_t count, const char* what) {
    if (count > 0) trouble += (trouble.empty() ? " (" : ", ") + std::to_string(count) + what;
  };
  mention(counts.failing, " failing");
  mention(counts.gone, " gone");
  mention(counts.paused, " paused");
  if (!trouble.empty()) trouble += ')';
  const auto& stats = pipeline.stats();
  return count_of(feeds, "feed") + trouble + ", " + count_of(pipeline.in_flight(), "poll") + " under way, " +
         count_of(stats.articles_new + stats.articles_updated, "article") + ", " + count_of(subscribers, "subscriber");
}

}  // namespace newswire::daemon
