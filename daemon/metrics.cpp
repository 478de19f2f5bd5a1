#include "metrics.h"

#include <algorithm>

#include "base/version.h"
#include "process_figures.h"
#include "serve/metrics_text.h"

namespace newswire::daemon {
namespace {

using serve::MetricsText;

double seconds(Time time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

void append_polls(MetricsText& metrics, const ingest::Pipeline& pipeline) {
  const auto& stats = pipeline.stats();
  metrics.family("newswire_polls_total", "counter", "Polls that ended, by outcome.");
  for (const auto& [outcome, count] : stats.by_outcome) metrics.sample(count, {{"outcome", outcome}});
  metrics.family("newswire_stage_seconds", "histogram",
                 "Time that polls spent in each stage; \"poll\" is all of them together.");
  const std::vector<double> upper(ingest::Durations::kUpper.begin(), ingest::Durations::kUpper.end());
  for (std::size_t i = 0; i < ingest::kStageNames.size(); ++i) {
    const auto& counts = stats.stages[i].counts();
    metrics.histogram(upper, {counts.begin(), counts.end()}, stats.stages[i].sum_seconds(),
                      {{"stage", ingest::kStageNames[i]}});
  }
  metrics.family("newswire_entries_total", "counter",
                 "Entries of documents that were read: new, updated, taken back by the publisher, known already, or "
                 "held back by `initial`.");
  metrics.sample(stats.articles_new, {{"kind", "new"}});
  metrics.sample(stats.articles_updated, {{"kind", "updated"}});
  metrics.sample(stats.articles_removed, {{"kind", "removed"}});
  metrics.sample(stats.duplicates, {{"kind", "known"}});
  metrics.sample(stats.held_back, {{"kind", "held_back"}});
  metrics.family("newswire_stripped_total", "counter", "Parts taken out of articles, by category of the rule.");
  for (const auto& [category, count] : stats.by_category) metrics.sample(count, {{"category", category}});
  metrics.counter("newswire_pages_total", "Articles completed from their web page.", stats.pages);
}

void append_fetch(MetricsText& metrics, const ingest::Pipeline& pipeline) {
  const auto client = pipeline.client_stats();
  metrics.counter("newswire_fetch_bytes_total", "Bytes received, before decompression.", client.wire_bytes);
  metrics.counter("newswire_fetch_requests_total", "HTTP requests sent, redirects included.", client.requests);
  metrics.family("newswire_fetch_connections_total", "counter", "Connections that requests used.");
  metrics.sample(client.new_connections, {{"kind", "new"}});
  metrics.sample(client.reused_connections, {{"kind", "reused"}});
  metrics.counter("newswire_fetch_http2_fallbacks_total", "Hosts put back to HTTP/1.1.", client.http2_fallbacks);
  metrics.counter("newswire_fetch_refused_addresses_total", "Connections that the address guard refused.",
                  client.refused_addresses);
  metrics.counter("newswire_fetch_starved_total", "Requests not sent for want of a descriptor or memory of our own.",
                  client.starved);
  metrics.gauge("newswire_fetch_in_flight", "Transfers under way.", client.in_flight);
  metrics.gauge("newswire_fetch_waiting", "Transfers that wait for a free slot.", client.waiting);
  metrics.gauge("newswire_fetch_paused", "Large documents that wait for room in fetch.body_memory.", client.paused);
  metrics.gauge("newswire_fetch_body_bytes", "What large documents take of fetch.body_memory.",
                static_cast<double>(client.body_bytes));
}

void append_schedule(MetricsText& metrics, const ingest::Pipeline& pipeline) {
  const auto counts = pipeline.feed_counts();
  metrics.family("newswire_feeds", "gauge", "Feeds by what they are now.");
  const auto feeds = [&metrics](std::string_view status, std::size_t count) {
    metrics.sample(std::uint64_t{count}, {{"status", status}});
  };
  feeds("ok", counts.ok);
  feeds("new", counts.fresh);
  feeds("failing", counts.failing);
  feeds("stale", counts.stale);
  feeds("gone", counts.gone);
  feeds("paused", counts.paused);
  metrics.family("newswire_feed_health_events_total", "counter", "What happened to the health of feeds.");
  for (std::size_t i = 0; i < ingest::kHealthStates.size(); ++i)
    metrics.sample(pipeline.stats().by_health[i], {{"state", ingest::kHealthStates[i]}});
  const auto schedule = pipeline.schedule_stats();
  metrics.gauge("newswire_polls_in_flight", "Polls under way.", static_cast<double>(pipeline.in_flight()));
  metrics.family("newswire_polls_waiting", "gauge", "Polls that are due but wait, and what for.");
  metrics.sample(std::uint64_t{schedule.catching_up}, {{"for", "turn"}});
  metrics.sample(std::uint64_t{schedule.waiting_for_host}, {{"for", "host"}});
  metrics.family("newswire_hosts_backing_off", "gauge", "Hosts that asked for a pause, or are down.");
  metrics.sample(std::uint64_t{schedule.hosts_paused}, {{"state", "paused"}});
  metrics.sample(std::uint64_t{schedule.hosts_down}, {{"state", "down"}});
  metrics.gauge("newswire_offline", "1 while our own network seems to be down.", schedule.offline ? 1 : 0);
  metrics.gauge("newswire_polls_planned_per_second", "Polls a second that the schedule plans for.",
                schedule.planned_per_second);
  metrics.gauge("newswire_polls_budget_per_second", "Polls a second that the configuration allows.",
                schedule.budget_per_second);
}

void append_storage(MetricsText& metrics, ingest::Writer& writer, Time now) {
  const auto snapshot = writer.published().snapshot();
  const auto stats = writer.stats();
  metrics.gauge("newswire_spool_first_seq", "Number of the oldest line that is kept.",
                static_cast<double>(snapshot->first().value));
  metrics.gauge("newswire_spool_last_seq", "Number of the last line.", static_cast<double>(snapshot->last().value));
  metrics.gauge("newswire_spool_bytes", "Size of the spool on disk.", static_cast<double>(snapshot->total_bytes()));
  metrics.gauge("newswire_spool_segments", "Files of the spool.",
                static_cast<double>(snapshot->closed->size() + (snapshot->live ? 1U : 0U)));
  const auto age = [now](Time since) { return since == Time{} ? 0 : std::max(0.0, seconds(now) - seconds(since)); };
  metrics.gauge("newswire_spool_oldest_seconds", "Age of the oldest line that is kept; 0 without one.",
                age(stats.oldest_received));
  metrics.gauge("newswire_spool_newest_seconds", "Time since the last article; 0 before the first.",
                age(stats.last_received));
  metrics.gauge("newswire_spool_free_bytes", "Free space of the spool's file system.",
                static_cast<double>(stats.free_bytes));
  metrics.gauge("newswire_spool_short_of_space", "1 while polling pauses for want of space.",
                stats.short_of_space ? 1 : 0);
  metrics.counter("newswire_spool_lines_total", "Lines appended since start.", snapshot->counters.lines);
  metrics.counter("newswire_spool_written_bytes_total", "Bytes appended since start.", snapshot->counters.bytes);
  metrics.counter("newswire_spool_rotations_total", "Segments closed since start.", snapshot->counters.rotations);
  metrics.family("newswire_spool_failures_total", "counter", "Commits that were rolled back.");
  metrics.sample(snapshot->counters.no_space_failures, {{"cause", "no_space"}});
  metrics.sample(snapshot->counters.write_failures, {{"cause", "write"}});
  metrics.sample(snapshot->counters.sync_failures, {{"cause", "sync"}});
  metrics.counter("newswire_commits_total", "Group commits since start.", stats.commits);
  metrics.gauge("newswire_commit_last_seconds", "Duration of the last group commit.", stats.last_commit_ms / 1000);
  metrics.gauge("newswire_writer_queue", "Polls that wait for a commit.", static_cast<double>(stats.queued));
  metrics.family("newswire_spool_findings_total", "counter", "What was wrong in the spool and was dealt with.");
  for (std::size_t kind = 0; kind < stats.findings.size(); ++kind)
    metrics.sample(stats.findings[kind], {{"kind", spool::to_string(static_cast<spool::Finding::Kind>(kind))}});
  metrics.counter("newswire_spool_maintain_failures_total", "Rotations, removals and compressions that failed.",
                  stats.maintain_failures);
  metrics.counter("newswire_clock_steps_total", "Jumps of the wall clock by an hour or more.", stats.clock_steps);
  metrics.counter("newswire_state_failures_total", "Transactions of the state that failed.", stats.state_failures);
  metrics.counter("newswire_state_rebuilt_total", "Times that the state was unusable and was made anew.",
                  stats.state_rebuilt);
  metrics.gauge("newswire_state_bytes", "Size of the state database.", static_cast<double>(stats.state_bytes));
}

// Under the names that Prometheus' own client libraries give them.
void append_process(MetricsText& metrics, Time started) {
  metrics.gauge("process_start_time_seconds", "When the daemon started, Unix time.", seconds(started));
  const auto figures = process_figures();
  if (!figures) return;
  metrics.family("process_cpu_seconds_total", "counter", "CPU time used, user and system.");
  metrics.sample(figures->cpu_seconds, {});
  metrics.gauge("process_resident_memory_bytes", "Memory in use.", static_cast<double>(figures->resident_bytes));
  metrics.gauge("process_virtual_memory_bytes", "Address space in use.", static_cast<double>(figures->virtual_bytes));
  metrics.gauge("process_open_fds", "Open file descriptors.", static_cast<double>(figures->open_fds));
  metrics.gauge("process_max_fds", "Most file descriptors that may be open.", static_cast<double>(figures->max_fds));
}

// Connected or not: what an alert wants to know. Any client may name a consumer, so their number is bounded here.
void append_consumers(MetricsText& metrics, const MetricsSources& sources) {
  constexpr std::size_t kMost = 500;
  const auto last = sources.writer.published().snapshot()->last().value;
  metrics.gauge("newswire_consumers", "Consumers with a stored position.",
                static_cast<double>(sources.acknowledged.size()));
  metrics.family("newswire_consumer_unacknowledged_lines", "gauge",
                 "Lines behind the stored position of a consumer, connected or not.");
  std::size_t told = 0;
  for (const auto& [name, seq] : sources.acknowledged) {
    if (told++ == kMost) break;
    metrics.sample(last > seq.value ? last - seq.value : 0, {{"consumer", name}});
  }
}

}  // namespace

std::string metrics_text(const MetricsSources& sources) {
  MetricsText metrics;
  metrics.family("newswire_build_info", "gauge", "Always 1.");
  metrics.sample(std::uint64_t{1}, {{"version", kVersion}});
  append_process(metrics, sources.started);
  metrics.gauge("newswire_loop_lag_seconds", "How late the event loop was at most, within the last minute.",
                sources.loop_lag.count());
  append_polls(metrics, sources.pipeline);
  append_fetch(metrics, sources.pipeline);
  append_schedule(metrics, sources.pipeline);
  append_storage(metrics, sources.writer, sources.now);
  serve::append_serve_metrics(metrics, sources.articles, sources.outputs);
  append_consumers(metrics, sources);
  metrics.gauge("newswire_http_connections", "Connections to the HTTP listener.",
                static_cast<double>(sources.http_connections));
  return metrics.text();
}

}  // namespace newswire::daemon
