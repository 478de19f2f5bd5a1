// What the control socket asks of the pipeline: answers as JSON lines.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>

#include "base/json_text.h"
#include "base/text.h"
#include "base/url.h"
#include "ingest/pipeline.h"

namespace newswire::ingest {
namespace {

std::string stamp(Time time) { return to_rfc3339(std::chrono::floor<std::chrono::seconds>(time)); }

// One word: paused, new, stale, archive, or how the last poll went.
std::string health_of(const schedule::FeedSchedule& state, const std::optional<state::FeedHot>& row) {
  using Flag = schedule::FeedSchedule;
  if (state.is(Flag::paused)) return "paused";
  if (!row || row->last_poll == Time{}) return "new";
  if (row->status != "ok") return state.is(Flag::dead) ? "dead" : row->status;
  if (state.is(Flag::archive)) return "archive";
  return state.is(Flag::stale) ? "stale" : "ok";
}

struct Row {
  std::optional<state::FeedHot> hot;
  std::optional<state::FeedHttp> http;
};

}  // namespace

Result<std::uint32_t> Pipeline::find(std::string_view id_or_url) const {
  const auto at =
      std::lower_bound(by_id_.begin(), by_id_.end(), id_or_url,
                       [this](std::uint32_t feed, std::string_view id) { return config_->feeds[feed].id < id; });
  if (at != by_id_.end() && config_->feeds[*at].id == id_or_url) return *at;
  for (std::uint32_t i = 0; i < config_->feeds.size(); ++i) {
    if (config_->feeds[i].url == id_or_url) return i;
  }
  std::vector<std::string_view> ids;
  constexpr std::size_t kCompared = 10'000;  // enough for a hint, whatever the number of feeds
  for (std::size_t i = 0; i < config_->feeds.size() && i < kCompared; ++i) ids.emplace_back(config_->feeds[i].id);
  std::string what = "no feed has the id or URL \"" + std::string(id_or_url) + "\"";
  if (const auto near = nearest(id_or_url, ids)) what += "; did you mean \"" + std::string(*near) + "\"?";
  return Error{Errc::not_found, what + " (newswirectl feeds lists them)"};
}

std::string_view to_string(PollProgress::Step step) noexcept {
  switch (step) {
    case PollProgress::Step::older_pages: return "older_pages";
    case PollProgress::Step::cleaning: return "cleaning";
    case PollProgress::Step::full_text: return "full_text";
  }
  return "";
}

asio::awaitable<Result<std::string>> Pipeline::poll_now(std::string feed, PollOptions options,
                                                        OnPollProgress on_progress) {
  const auto found = find(feed);
  if (!found) co_return found.error();
  const auto handle = handles_[*found];
  const auto now = hooks_.now();
  const auto id = config_->feeds[*found].id;
  const auto when = scheduler_.poll_soon(handle, now);
  if (when > now && !scheduler_.is_in_flight(handle)) {
    const auto decision = scheduler_.next(handle);
    co_return Error{Errc::refused,
                    "not polled before " + stamp(when) + " (" + std::string(schedule::to_string(decision.reason)) +
                        "): it was polled within the last minute, or its server asked to wait",
                    id};
  }
  slots_[schedule::index(handle)].by_hand = options;
  auto watch = std::make_shared<Watch>(Watch{asio::steady_timer(loop_, asio::steady_timer::time_point::max()), {}, {}});
  watches_[schedule::index(handle)].push_back(watch);
  wake_.cancel();
  while (!watch->answer || !watch->progress.empty()) {
    if (watch->progress.empty()) {
      const auto [woken] = co_await watch->changed.async_wait(asio::as_tuple(asio::use_awaitable));
      if (woken && !watch->answer && watch->progress.empty()) break;  // the wait itself was cancelled
      continue;
    }
    const auto progress = watch->progress.front();
    watch->progress.erase(watch->progress.begin());
    if (!on_progress) continue;
    const auto told = co_await on_progress(progress);
    if (!told) on_progress = {};  // the poll goes on all the same
  }
  if (!watch->answer) co_return Error{Errc::cancelled, "nobody waits for the poll any more", id};
  co_return *std::move(watch->answer);
}

void Pipeline::tell_progress(schedule::FeedHandle handle, const PollProgress& progress) {
  const auto found = watches_.find(schedule::index(handle));
  if (found == watches_.end()) return;
  for (const auto& watch : found->second) {
    const auto same = std::find_if(watch->progress.begin(), watch->progress.end(),
                                   [&progress](const PollProgress& known) { return known.step == progress.step; });
    if (same != watch->progress.end()) {
      *same = progress;
    } else {
      watch->progress.push_back(progress);
    }
    watch->changed.cancel();
  }
}

std::vector<std::shared_ptr<Pipeline::Watch>> Pipeline::take_watches(schedule::FeedHandle handle) {
  const auto found = watches_.find(schedule::index(handle));
  if (found == watches_.end()) return {};
  auto waiting = std::move(found->second);
  watches_.erase(found);
  return waiting;
}

// The row that a restart reads, when something else than a poll changed the schedule.
asio::awaitable<Result<void>> Pipeline::store_schedule(std::uint32_t feed) {
  const auto id = config_->feeds[feed].id;
  const auto bytes = schedule::encode(scheduler_.state(handles_[feed]));
  std::function<Result<bool>(state::Store&)> change = [id, bytes](state::Store& store) -> Result<bool> {
    auto known = store.hot(id);
    if (!known) return known.error();
    state::Batch batch;
    batch.hot.push_back(known->value_or(state::FeedHot{}));
    batch.hot.back().id = id;
    batch.hot.back().schedule = bytes;
    if (auto done = store.apply(batch); !done) return done.error();
    return true;
  };
  auto stored = co_await writer_.ask<bool>(std::move(change));
  if (!stored) co_return stored.error();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Pipeline::pause(std::string feed) {
  const auto found = find(feed);
  if (!found) co_return found.error();
  scheduler_.pause(handles_[*found]);
  co_return co_await store_schedule(*found);
}

asio::awaitable<Result<void>> Pipeline::resume(std::string feed) {
  const auto found = find(feed);
  if (!found) co_return found.error();
  scheduler_.resume(handles_[*found], hooks_.now());
  wake_.cancel();
  co_return co_await store_schedule(*found);
}

FeedCounts Pipeline::feed_counts() const {
  FeedCounts counts;
  for (const auto handle : handles_) {
    const auto& feed = scheduler_.state(handle);
    using Schedule = schedule::FeedSchedule;
    ++(feed.is(Schedule::paused)            ? counts.paused
       : feed.is(Schedule::gone)            ? counts.gone
       : feed.failures > 0                  ? counts.failing
       : feed.last_poll == schedule::kUnset ? counts.fresh
       : feed.is(Schedule::stale)           ? counts.stale
                                            : counts.ok);
  }
  return counts;
}

bool Pipeline::selected(std::uint32_t feed, const FeedQuery& query) const {
  const auto& configured = config_->feeds[feed];
  const auto& state = scheduler_.state(handles_[feed]);
  if (query.troubled && state.failures == 0 && !state.is(schedule::FeedSchedule::gone) &&
      !state.is(schedule::FeedSchedule::paused))
    return false;
  const auto has = [&query](std::string_view text) { return ifind(text, query.match) != std::string_view::npos; };
  const auto& labels = config::labels_of(configured);
  return query.match.empty() || has(configured.id) || has(configured.url) || has(labels.title) ||
         std::any_of(labels.tags.begin(), labels.tags.end(), has);
}

asio::awaitable<Result<std::string>> Pipeline::list(FeedQuery query) {
  constexpr std::size_t kAtOnce = 256;  // rows read by one question to the writer, which commits in between
  std::string lines;
  const auto config = config_;  // a reload may come between two reads
  std::size_t given = 0;
  const auto limit = query.limit == 0 ? config->feeds.size() : query.limit;
  for (std::uint32_t next_feed = 0; next_feed < config->feeds.size() && given < limit;) {
    std::vector<std::uint32_t> feeds;
    for (; next_feed < config->feeds.size() && feeds.size() < std::min(kAtOnce, limit - given); ++next_feed) {
      if (selected(next_feed, query)) feeds.push_back(next_feed);
    }
    std::function<Result<std::vector<Row>>(state::Store&)> question =
        [feeds, config](state::Store& store) -> Result<std::vector<Row>> {
      std::vector<Row> rows;
      rows.reserve(feeds.size());
      for (const auto feed : feeds) {
        auto hot = store.hot(config->feeds[feed].id);
        if (!hot) return hot.error();
        auto http = store.http(config->feeds[feed].id);
        if (!http) return http.error();
        rows.push_back({*std::move(hot), *std::move(http)});
      }
      return rows;
    };
    auto rows = co_await writer_.ask<std::vector<Row>>(std::move(question));
    if (!rows) co_return rows.error();
    if (config != config_) co_return Error{Errc::busy, "the configuration was reloaded meanwhile; ask again"};
    for (std::size_t i = 0; i < feeds.size(); ++i) {
      if (!lines.empty()) lines += '\n';
      append_feed(lines, feeds[i], (*rows)[i].hot, (*rows)[i].http, query.why);
    }
    given += feeds.size();
  }
  co_return lines;
}

void Pipeline::append_feed(std::string& lines, std::uint32_t feed, const std::optional<state::FeedHot>& hot,
                           const std::optional<state::FeedHttp>& http, bool why) const {
  const auto& configured = config_->feeds[feed];
  const auto& labels = config::labels_of(configured);
  const auto handle = handles_[feed];
  const auto next = scheduler_.next(handle);
  JsonWriter json(lines);
  json.begin_object();
  json.key("id").value(configured.id);
  json.key("url").value(redact_url(configured.url));
  if (http && http->configured_url == configured.url && http->url != configured.url)
    json.key("moved_to").value(redact_url(http->url));
  json.member_unless_empty("title", !labels.title.empty() || !http ? labels.title : http->title);
  if (!labels.tags.empty()) {
    json.key("tags").begin_array();
    for (const auto& tag : labels.tags) json.value(tag);
    json.end_array();
  }
  const bool polled = hot && hot->last_poll != Time{};
  json.key("status").value(health_of(scheduler_.state(handle), hot));
  if (polled) {
    json.key("polls").value(hot->polls);
    json.key("articles").value(hot->articles);
    json.key("failures").value(std::uint64_t{hot->failures});
    json.key("last_poll").value(stamp(hot->last_poll));
    if (hot->last_success != Time{}) json.key("last_success").value(stamp(hot->last_success));
    if (hot->last_new != Time{}) json.key("last_new").value(stamp(hot->last_new));
  }
  if (http) json.member_unless_empty("error", http->error);
  if (next.due != Time::max()) json.key("next").value(stamp(next.due));
  json.key("reason").value(schedule::to_string(next.reason));
  if (why) {
    const auto explanation = scheduler_.explain(handle, hooks_.now());
    json.key("why").value(explanation.why);
    json.key("per_day").value(explanation.items_per_day);
    json.key("per_hour").begin_array();
    for (const auto rate : explanation.items_per_hour) json.value(rate);
    json.end_array();
  }
  json.end_object();
}

Result<schedule::Decision> Pipeline::next_of(std::string_view feed) const {
  const auto found = find(feed);
  if (!found) return found.error();
  return scheduler_.next(handles_[*found]);
}

Result<std::string> Pipeline::explain(std::string_view feed) const {
  const auto found = find(feed);
  if (!found) return found.error();
  const auto explanation = scheduler_.explain(handles_[*found], hooks_.now());
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("feed").value(config_->feeds[*found].id);
  if (explanation.due != Time::max()) json.key("next").value(stamp(explanation.due));
  json.key("reason").value(schedule::to_string(explanation.reason));
  json.key("why").value(explanation.why);
  json.key("items_per_day").value(explanation.items_per_day);
  json.key("items_per_hour").begin_array();
  for (const auto rate : explanation.items_per_hour) json.value(rate);
  json.end_array();
  json.key("text").value(explanation.text);
  json.end_object();
  return line;
}

std::string Pipeline::status_json() const {
  const auto schedule = scheduler_.stats();
  const auto writer = writer_.stats();
  const auto client = client_.stats();
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("feeds").value(std::uint64_t{schedule.feeds});
  const auto counts = feed_counts();
  json.key("feeds_failing").value(std::uint64_t{counts.failing});
  json.key("feeds_stale").value(std::uint64_t{counts.stale});
  json.key("feeds_gone").value(std::uint64_t{counts.gone});
  json.key("feeds_paused").value(std::uint64_t{counts.paused});
  json.key("in_flight").value(std::uint64_t{polls_.size()});
  json.key("catching_up").value(std::uint64_t{schedule.catching_up});
  json.key("hosts_paused").value(std::uint64_t{schedule.hosts_paused});
  json.key("hosts_down").value(std::uint64_t{schedule.hosts_down});
  json.key("offline").value(schedule.offline);
  json.key("polls").value(stats_.polls);
  json.key("failed").value(stats_.failed);
  json.key("not_modified").value(stats_.not_modified);
  json.key("unchanged").value(stats_.unchanged);
  json.key("fresh").value(stats_.fresh);
  json.key("articles_new").value(stats_.articles_new);
  json.key("articles_updated").value(stats_.articles_updated);
  json.key("duplicates").value(stats_.duplicates);
  json.key("articles_removed").value(stats_.articles_removed);
  json.key("stripped").value(stats_.stripped);
  json.key("wire_bytes").value(stats_.wire_bytes);
  json.key("requests").value(client.requests);
  json.key("commits").value(writer.commits);
  json.key("state_bytes").value(writer.state_bytes);
  json.key("free_bytes").value(writer.free_bytes);
  json.key("short_of_space").value(writer.short_of_space);
  json.member_unless_empty("last_error", writer.last_error);
  json.end_object();
  return line;
}

}  // namespace newswire::ingest
