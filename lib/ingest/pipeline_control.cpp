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
  if (!row) return "new";
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

asio::awaitable<Result<std::string>> Pipeline::poll_now(std::string feed, bool force) {
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
  slots_[schedule::index(handle)].forced = force;
  auto watch = std::make_shared<Watch>(Watch{asio::steady_timer(loop_, asio::steady_timer::time_point::max()), {}});
  watches_[schedule::index(handle)].push_back(watch);
  wake_.cancel();
  co_await watch->done.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return watch->answer;
}

std::vector<std::shared_ptr<Pipeline::Watch>> Pipeline::take_watches(schedule::FeedHandle handle) {
  const auto found = watches_.find(schedule::index(handle));
  if (found == watches_.end()) return {};
  auto waiting = std::move(found->second);
  watches_.erase(found);
  return waiting;
}

Result<void> Pipeline::pause(std::string_view feed) {
  const auto found = find(feed);
  if (!found) return found.error();
  scheduler_.pause(handles_[*found]);
  return {};
}

Result<void> Pipeline::resume(std::string_view feed) {
  const auto found = find(feed);
  if (!found) return found.error();
  scheduler_.resume(handles_[*found], hooks_.now());
  wake_.cancel();
  return {};
}

asio::awaitable<Result<std::string>> Pipeline::list(std::string pattern, bool why) {
  std::string lines;
  const auto config = config_;  // a reload may come between two reads
  for (std::uint32_t i = 0; i < config->feeds.size(); ++i) {
    const auto& feed = config->feeds[i];
    if (!pattern.empty() && ifind(feed.id, pattern) == std::string::npos &&
        ifind(feed.url, pattern) == std::string::npos)
      continue;
    std::function<Result<Row>(state::Store&)> question = [id = feed.id](state::Store& store) -> Result<Row> {
      auto hot = store.hot(id);
      if (!hot) return hot.error();
      auto http = store.http(id);
      if (!http) return http.error();
      return Row{*std::move(hot), *std::move(http)};
    };
    auto row = co_await writer_.ask<Row>(std::move(question));
    if (!row) co_return row.error();
    if (config != config_) co_return Error{Errc::busy, "the configuration was reloaded meanwhile; ask again"};
    const auto handle = handles_[i];
    const auto next = scheduler_.next(handle);
    if (!lines.empty()) lines += '\n';
    JsonWriter json(lines);
    json.begin_object();
    json.key("id").value(feed.id);
    json.key("url").value(redact_url(feed.url));
    if (row->http) {
      if (row->http->configured_url == feed.url && row->http->url != feed.url)
        json.key("moved_to").value(redact_url(row->http->url));
      json.member_unless_empty("title", row->http->title);
    }
    const auto& state = scheduler_.state(handle);
    json.key("status").value(health_of(state, row->hot));
    if (row->hot) {
      json.key("polls").value(row->hot->polls);
      json.key("articles").value(row->hot->articles);
      json.key("failures").value(std::uint64_t{row->hot->failures});
      if (row->hot->last_poll != Time{}) json.key("last_poll").value(stamp(row->hot->last_poll));
      if (row->hot->last_success != Time{}) json.key("last_success").value(stamp(row->hot->last_success));
      if (row->hot->last_new != Time{}) json.key("last_new").value(stamp(row->hot->last_new));
    }
    if (row->http) json.member_unless_empty("error", row->http->error);
    if (next.due != Time::max()) json.key("next").value(stamp(next.due));
    json.key("reason").value(schedule::to_string(next.reason));
    if (why) json.key("why").value(scheduler_.explain(handle, hooks_.now()).why);
    json.end_object();
  }
  co_return lines;
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
  json.key("idle_feeds").value(std::uint64_t{schedule.idle});
  json.key("in_flight").value(std::uint64_t{polls_.size()});
  json.key("catching_up").value(std::uint64_t{schedule.catching_up});
  json.key("hosts_paused").value(std::uint64_t{schedule.hosts_paused});
  json.key("hosts_down").value(std::uint64_t{schedule.hosts_down});
  json.key("feeds_failing").value(std::uint64_t{schedule.failing});
  json.key("feeds_stale").value(std::uint64_t{schedule.stale});
  json.key("feeds_gone").value(std::uint64_t{schedule.gone});
  json.key("offline").value(schedule.offline);
  json.key("polls").value(stats_.polls);
  json.key("failed").value(stats_.failed);
  json.key("not_modified").value(stats_.not_modified);
  json.key("unchanged").value(stats_.unchanged);
  json.key("fresh").value(stats_.fresh);
  json.key("articles_new").value(stats_.articles_new);
  json.key("articles_updated").value(stats_.articles_updated);
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
