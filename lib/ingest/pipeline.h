#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "article/article.h"
#include "base/result.h"
#include "base/seq.h"
#include "config/config.h"
#include "config/diff.h"
#include "fetch/client.h"
#include "fetch/hosts.h"
#include "ingest/full_text.h"
#include "ingest/recent_feeds.h"
#include "ingest/rule_sets.h"
#include "ingest/site_lock.h"
#include "ingest/stats.h"
#include "ingest/task_group.h"
#include "ingest/throughput.h"
#include "ingest/writer.h"
#include "schedule/scheduler.h"

namespace newswire::ingest {

/// How a poll ended, for whoever watches (the demonstration, `--once`, metrics). Lives for the call.
struct PollReport {
  const config::FeedConfig& feed;
  std::string_view outcome;  ///< fresh, unchanged, not_modified, or the spelling of a failure
  std::string_view error;    ///< one sentence; empty on success
  bool failed = false;
  std::span<const article::Article> articles;  ///< as committed, but without seq: the first has `first`
  Seq first;
  std::uint64_t wire_bytes = 0;
  std::chrono::milliseconds took{0};
  schedule::Decision next;
};

/// What a poll by hand asks for beyond what is due anyway.
struct PollOptions {
  bool force = false;     ///< unconditional (R16)
  bool backfill = false;  ///< unconditional, and reads the feed's older pages; their articles are marked `backlog` (N6)
};

/// How far a poll is that somebody waits for.
struct PollProgress {
  enum class Step : std::uint8_t {
    older_pages,  ///< documents of the feed that a backfill has read; how many there are is not known
    cleaning,     ///< entries on their way through the cleaner, all at once
    full_text,    ///< web pages of entries that carry only a summary
  };
  Step step = Step::older_pages;
  std::size_t done = 0;
  std::size_t total = 0;    ///< 0: not known
  std::size_t entries = 0;  ///< of the document and the older pages so far
};
std::string_view to_string(PollProgress::Step step) noexcept;
/// Told of each step; an Error: nobody wants to know any more.
using OnPollProgress = std::function<asio::awaitable<Result<void>>(PollProgress)>;

/// Which feeds list() gives, in the order of the configuration.
struct FeedQuery {
  std::string match;      ///< part of id, URL or tag, case ignored; empty: all
  bool why = false;       ///< with the rule that decided, and the learned rate: "why", "per_day", "per_hour"
  bool troubled = false;  ///< only those that fail, are gone, or are paused
  std::size_t limit = 0;  ///< at most so many; 0: all
};

/// Feeds by what they are at the moment; each is counted once.
struct FeedCounts {
  std::size_t ok = 0;
  std::size_t fresh = 0;  ///< never polled
  std::size_t failing = 0;
  std::size_t stale = 0;
  std::size_t gone = 0;
  std::size_t paused = 0;
};

struct PipelineHooks {
  std::function<Time()> now;                              ///< wall clock
  std::function<void(std::string json_line)> feed_event;  ///< a feed's health changed: one `{"op":"feed",…}` object
  std::function<void(const PollReport&)> polled;          ///< after each poll
};

/// All feeds on their way through the stages (DESIGN: schedule → fetch → feed → article → clean → spool). Loop thread
/// only, except restore(). The loop's context, workers and writer outlive it; stop() is awaited before it is destroyed.
class Pipeline {
 public:
  Pipeline(asio::io_context& loop, asio::thread_pool& workers, Writer& writer,
           std::shared_ptr<const config::Config> config, RuleSets rules, PipelineHooks hooks);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Before the writer starts: gives every configured feed its stored schedule. Blocking. Errors of the store.
  Result<void> restore();

  /// Polls what is due until stop().
  asio::awaitable<void> run();

  /// The clock was set: looks now for what is due, instead of within a second.
  void look_again() { wake_.cancel(); }

  /// Polls every feed once, however due (but none within a minute of its last poll, R16), and returns when all have
  /// ended. Gives how many failed.
  asio::awaitable<std::size_t> run_once();

  /// No new poll; what is under way may finish within `limit`, then its transfers are cancelled; what is being
  /// committed is always committed.
  asio::awaitable<void> stop(std::chrono::milliseconds limit);

  /// Reload: applies the differences; feeds in flight finish under the old configuration.
  config::Difference apply(std::shared_ptr<const config::Config> config, RuleSets rules);

  // What the control socket asks for; feeds are named by id or URL. Errc::not_found with the nearest id.
  /// A backfill takes as many pages as a poll may have (kBackfillPages); asking again goes on behind them. What comes
  /// faster than `on_progress` takes it is left out, but for the last of each step.
  asio::awaitable<Result<std::string>> poll_now(std::string feed, PollOptions options, OnPollProgress on_progress = {});
  /// Both last beyond a restart. Errors of the store.
  asio::awaitable<Result<void>> pause(std::string feed);
  asio::awaitable<Result<void>> resume(std::string feed);
  /// One JSON object a feed, as lines. Errc::busy: a reload came in between.
  asio::awaitable<Result<std::string>> list(FeedQuery query);
  Result<std::string> explain(std::string_view feed) const;
  /// Index into config()->feeds.
  Result<std::uint32_t> find(std::string_view id_or_url) const;
  /// When the feed is polled next, and why.
  Result<schedule::Decision> next_of(std::string_view feed) const;
  /// Members for `status`, a JSON object.
  std::string status_json() const;

  const PipelineStats& stats() const noexcept { return stats_; }
  const Throughput& throughput() const noexcept { return throughput_; }
  /// O(feeds).
  FeedCounts feed_counts() const;
  std::size_t in_flight() const noexcept { return polls_.size(); }
  schedule::Stats schedule_stats() const { return scheduler_.stats(); }
  fetch::ClientStats client_stats() const { return client_.stats(); }
  const std::shared_ptr<const config::Config>& config() const noexcept { return config_; }

 private:
  friend class Poll;

  /// Somebody who waits for the end of a feed's poll.
  struct Watch {
    asio::steady_timer changed;  ///< cancelled when something below has changed
    std::optional<std::string> answer;
    std::vector<PollProgress> progress;  ///< not told yet; of each step only the latest
  };

  /// Beside the scheduler's handles: which feed of the configuration it is.
  struct Slot {
    std::uint32_t feed = kNoFeed;  ///< index into config_->feeds
    PollOptions by_hand;           ///< what the next poll is to be
  };
  static constexpr std::uint32_t kNoFeed = 0xFFFFFFFF;

  void place(schedule::FeedHandle handle, std::uint32_t feed);
  void index_ids();
  bool selected(std::uint32_t feed, const FeedQuery& query) const;
  asio::awaitable<Result<void>> store_schedule(std::uint32_t feed);
  void append_feed(std::string& lines, std::uint32_t feed, const std::optional<state::FeedHot>& hot,
                   const std::optional<state::FeedHttp>& http, bool why) const;
  void start_poll(schedule::FeedHandle handle);
  asio::awaitable<void> guarded_poll(schedule::FeedHandle handle);
  std::vector<std::shared_ptr<Watch>> take_watches(schedule::FeedHandle handle);
  void tell_progress(schedule::FeedHandle handle, const PollProgress& progress);
  /// A file has no host to be polite to: each is its own.
  static schedule::HostKey host_of_feed(const config::FeedConfig& feed, const std::string& url);
  bool may_ask(const std::string& url, const std::string& proxy) const;
  void pause_host(const fetch::Response& answer, const std::string& proxy);
  std::size_t room() const;  ///< polls that may be started now

  static constexpr std::size_t kRecentFeeds = 32'768;  ///< rows in memory: some 20 MB when all are there

  asio::io_context& loop_;
  asio::thread_pool& workers_;
  Writer& writer_;
  std::shared_ptr<const config::Config> config_;
  RuleSets rules_;
  PipelineHooks hooks_;
  schedule::Scheduler scheduler_;
  fetch::Client client_;
  fetch::Hosts hosts_;
  SiteLock sites_;
  RobotsBook robots_;
  RecentFeeds recent_{kRecentFeeds};
  TaskGroup polls_;
  asio::steady_timer wake_;
  std::vector<Slot> slots_;                    ///< by index(handle)
  std::vector<schedule::FeedHandle> handles_;  ///< by index into config_->feeds
  std::vector<std::uint32_t> by_id_;           ///< indices into config_->feeds, sorted by id
  std::unordered_map<std::uint32_t, std::vector<std::shared_ptr<Watch>>> watches_;  ///< by index(handle)
  PipelineStats stats_;
  Throughput throughput_;
  std::size_t storing_ = 0;  ///< polls that wait for the writer
  bool stopping_ = false;
  bool cancelled_ = false;  ///< the limit of stop() has passed
  bool once_ = false;       ///< run_once(): nobody is given a later turn
};

}  // namespace newswire::ingest
