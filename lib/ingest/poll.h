#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "config/config.h"
#include "feed/feed.h"
#include "fetch/outcome.h"
#include "ingest/assemble.h"
#include "ingest/http_memory.h"
#include "ingest/pipeline.h"
#include "ingest/recent_feeds.h"
#include "schedule/poll_result.h"
#include "state/rows.h"

namespace newswire::ingest {

/// One poll of one feed, from its stored memory to its next due time. Lives in the frame of Pipeline's coroutine.
class Poll {
 public:
  Poll(Pipeline& pipeline, schedule::FeedHandle handle, PollOptions by_hand);

  asio::awaitable<void> run();

 private:
  asio::awaitable<bool> load_memory();
  asio::awaitable<Result<FeedMemory>> read_memory();
  asio::awaitable<std::string> read_seen();
  asio::awaitable<Result<fetch::Response>> ask_server();
  asio::awaitable<void> take_in(fetch::Response response);
  asio::awaitable<bool> read_document(std::string body, std::string content_type);
  asio::awaitable<void> catch_up();
  asio::awaitable<void> backfill();
  asio::awaitable<void> inspect_again();
  asio::awaitable<void> digest_document(bool delta);
  asio::awaitable<void> consider_move(const fetch::Response& response, bool same_feed);
  asio::awaitable<bool> is_at(std::string url);
  asio::awaitable<Result<feed::Feed>> get_page(std::string url, bool& shows_known);
  asio::awaitable<void> fetch_full_text();
  asio::awaitable<bool> commit_articles();
  void settle();

  void take_seen(Result<article::Seen> seen);
  void tell_unreadable(const Error& error) const;
  void fail(schedule::Failure failure, Errc code, std::string message);
  void classify_failure(const fetch::Outcome& outcome);
  void note_hints(const fetch::Response& response);
  void judge_304(const fetch::Validators& updated);
  void heed(const fetch::Response& answer);
  void tell_progress(const PollProgress& progress) { pipeline_.tell_progress(handle_, progress); }
  void tell_changes(const schedule::Reported& reported);
  void tell(std::string_view state, std::string_view key = {}, std::string_view value = {});

  Pipeline& pipeline_;
  schedule::FeedHandle handle_;
  bool forced_;                                   ///< unconditional
  bool backfill_;                                 ///< reads older pages
  std::shared_ptr<const config::Config> config_;  ///< of the start of the poll; a reload does not change it
  const config::FeedConfig* feed_;

  state::FeedHot hot_;
  state::FeedHttp http_;
  std::uint64_t store_ = 0;  ///< that the rows are of
  HttpMemory memory_;
  bool http_changed_ = false;
  std::string url_;
  fetch::Validators validators_;
  /// For the request; kept until the schedule knows of a pause, so that nobody slips through before it (H3).
  std::optional<fetch::Permit> permit_;
  bool conditional_ = false;  ///< the request carried the validators

  schedule::PollResult result_;
  std::string error_;
  std::string code_ = "ok";  ///< of the hot row: ok, or what went wrong
  std::string final_url_;
  std::uint64_t wire_bytes_ = 0;

  feed::Feed document_;
  bool has_document_ = false;
  std::size_t entries_ = 0;  ///< of document_ and the older pages; those of document_ are gone when they are digested
  Inspected inspected_;
  std::size_t backlog_from_ = std::string::npos;  ///< the entries of document_ from here on came from a backfill
  article::Seen seen_;
  Digest digest_;
  std::string site_;
  std::optional<SiteLock::Held> held_;  ///< from reading the site's model until it is committed
  std::string model_;
  bool model_changed_ = false;
  bool first_ = false;
  Committed committed_;
  std::shared_ptr<Work> work_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace newswire::ingest
