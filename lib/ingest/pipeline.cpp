#include "ingest/pipeline.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <unordered_map>

#include "base/log_value.h"
#include "base/url.h"
#include "ingest/poll.h"
#include "ingest/settings.h"

namespace newswire::ingest {
namespace {

// How long the loop sleeps at most: space, clock jumps and a reload are looked at that often.
constexpr auto kLongestSleep = std::chrono::seconds{1};

}  // namespace

Pipeline::Pipeline(asio::io_context& loop, asio::thread_pool& workers, Writer& writer,
                   std::shared_ptr<const config::Config> config, RuleSets rules, PipelineHooks hooks)
    : loop_(loop),
      workers_(workers),
      writer_(writer),
      config_(std::move(config)),
      rules_(std::move(rules)),
      hooks_(std::move(hooks)),
      scheduler_(schedule_settings(*config_)),
      client_(loop.get_executor(), client_options(*config_)),
      hosts_(loop.get_executor(), host_limits(*config_)),
      polls_(loop.get_executor()),
      wake_(loop) {}

Pipeline::~Pipeline() = default;

schedule::HostKey Pipeline::host_of_feed(const config::FeedConfig& feed, const std::string& url) {
  const auto host = host_of(url);
  return schedule::host_key(host.empty() ? url : host, feed.settings->proxy);
}

bool Pipeline::may_ask(const std::string& url, const std::string& proxy) const {
  return !scheduler_.is_host_held(schedule::host_key(host_of(url), proxy), hooks_.now());
}

void Pipeline::pause_host(const fetch::Response& answer, const std::string& proxy) {
  constexpr auto kUnasked = std::chrono::hours{1};
  const auto asked = answer.retry_after ? answer.retry_after : answer.rate_limit_reset;
  const auto wait = std::min<std::chrono::seconds>(asked.value_or(kUnasked), config_->schedule.max_retry_after);
  scheduler_.pause_host(schedule::host_key(host_of(answer.final_url), proxy), hooks_.now() + wait);
}

// Polls that wait for their host's turn, or for the disk, send nothing: they do not count, within reason. A commit
// takes as long as a hundred requests to a near server, and the more polls it has in its group, the less it costs each.
std::size_t Pipeline::room() const {
  constexpr std::size_t kWaitingToo = 3;
  const std::size_t most = config_->fetch.concurrency;
  const auto waiting = std::min({hosts_.waiting() + storing_, polls_.size(), most * kWaitingToo});
  const auto busy = polls_.size() - waiting;
  return busy < most ? most - busy : 0;
}

Result<void> Pipeline::restore() {
  const auto now = hooks_.now();
  auto& store = writer_.store_before_start();
  const auto count = config_->feeds.size();
  scheduler_.reserve(count);
  handles_.assign(count, schedule::FeedHandle{0});
  index_ids();
  std::vector<bool> known(count, false);
  std::vector<std::string> forgotten;
  const auto read = store.each_hot([&](state::FeedHot&& row) {
    const auto at =
        std::lower_bound(by_id_.begin(), by_id_.end(), row.id,
                         [this](std::uint32_t feed, const std::string& id) { return config_->feeds[feed].id < id; });
    if (at == by_id_.end() || config_->feeds[*at].id != row.id) {
      if (row.last_poll != Time{} && row.last_poll + config_->state.remember < now)
        forgotten.push_back(std::move(row.id));
      return true;
    }
    const auto& feed = config_->feeds[*at];
    auto schedule = schedule::decode(row.schedule);
    if (!schedule) return true;  // polled as a new feed; its seen entries are still known
    known[*at] = true;
    place(scheduler_.restore(*schedule, host_of_feed(feed, feed.url), schedule_options(*feed.settings), now), *at);
    return true;
  });
  if (!read) return read.error();
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!known[i])
      place(scheduler_.add(host_of_feed(config_->feeds[i], config_->feeds[i].url),
                           schedule_options(*config_->feeds[i].settings), now),
            i);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    if (config_->feeds[i].settings->paused) scheduler_.pause(handles_[i]);
  }
  auto hosts = store.hosts();
  if (!hosts) return hosts.error();
  for (const auto& host : *hosts) {
    const auto records = schedule::decode_hosts(host.blob);
    if (!records) continue;  // pauses are lost, not feeds
    for (const auto& record : *records) scheduler_.restore_host(record);
  }
  if (!forgotten.empty()) {
    state::Batch batch;
    batch.forget_feeds = std::move(forgotten);
    if (auto done = store.apply(batch); !done) return done.error();
  }
  return {};
}

void Pipeline::place(schedule::FeedHandle handle, std::uint32_t feed) {
  const auto at = schedule::index(handle);
  if (at >= slots_.size()) slots_.resize(at + 1);
  slots_[at] = {feed, {}};
  handles_[feed] = handle;
}

void Pipeline::index_ids() {
  by_id_.resize(config_->feeds.size());
  for (std::uint32_t i = 0; i < by_id_.size(); ++i) by_id_[i] = i;
  std::sort(by_id_.begin(), by_id_.end(),
            [this](std::uint32_t a, std::uint32_t b) { return config_->feeds[a].id < config_->feeds[b].id; });
}

asio::awaitable<void> Pipeline::run() {
  while (!stopping_) {
    const auto now = hooks_.now();
    if (const auto most = writer_.short_of_space() ? 0 : room(); most > 0) {
      for (const auto handle : scheduler_.take_due(now, most)) start_poll(handle);
    }
    const auto due = scheduler_.next_due();
    auto sleep = std::chrono::duration_cast<std::chrono::milliseconds>(kLongestSleep);
    if (due != Time::max() && due - now < sleep) sleep = std::max(std::chrono::milliseconds{20}, due - now);
    wake_.expires_after(sleep);
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

asio::awaitable<std::size_t> Pipeline::run_once() {
  once_ = true;
  const auto failed_before = stats_.failed;
  const auto start = hooks_.now();
  std::size_t skipped = 0;
  std::vector<std::uint32_t> waiting;
  for (std::uint32_t i = 0; i < handles_.size(); ++i) {
    if (config_->feeds[i].settings->paused) continue;
    if (scheduler_.poll_soon(handles_[i], start) > start) {
      ++skipped;
    } else {
      waiting.push_back(i);
    }
  }
  const auto wanted = stats_.polls + waiting.size();
  if (skipped > 0)
    spdlog::info("once.skipped feeds={} hint=\"polled within the last minute, gone, or their host asked to wait\"",
                 skipped);
  while (!stopping_ && stats_.polls < wanted) {
    if (const auto most = room(); most > 0) {
      for (const auto handle : scheduler_.take_due(start, most)) start_poll(handle);
    }
    if (polls_.size() == 0 && scheduler_.next_due() > start) break;
    wake_.expires_after(std::chrono::milliseconds{20});
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_await polls_.wait();
  co_return stats_.failed - failed_before;
}

void Pipeline::start_poll(schedule::FeedHandle handle) {
  const auto feed = slots_[schedule::index(handle)].feed;
  if (feed == kNoFeed) {
    scheduler_.cancel(handle, hooks_.now());
    return;
  }
  const auto& url = config_->feeds[feed].url;
  if (const auto wait = !once_ && is_http_url(url) ? hosts_.turn(url) : std::chrono::milliseconds{0};
      wait.count() > 0) {
    const auto now = hooks_.now();
    scheduler_.postpone(handle, now + wait, now);
    return;
  }
  polls_.spawn("poll", guarded_poll(handle));
}

asio::awaitable<void> Pipeline::guarded_poll(schedule::FeedHandle handle) {
  auto& slot = slots_[schedule::index(handle)];
  const auto by_hand = std::exchange(slot.by_hand, {});
  Poll poll(*this, handle, by_hand);
  co_await poll.run();
  wake_.cancel();
}

asio::awaitable<void> Pipeline::stop(std::chrono::milliseconds limit) {
  stopping_ = true;
  wake_.cancel();
  const bool finished = co_await polls_.wait_for(limit);
  if (!finished) spdlog::info("polls.cancelled count={}", polls_.size());
  cancelled_ = true;
  hosts_.stop();
  co_await client_.stop();
  co_await polls_.wait();
}

config::Difference Pipeline::apply(std::shared_ptr<const config::Config> config, RuleSets rules) {
  const auto now = hooks_.now();
  const auto difference = config::diff(*config_, *config);
  const auto before = std::exchange(config_, std::move(config));
  rules_ = std::move(rules);
  std::unordered_map<std::string_view, schedule::FeedHandle> kept;
  kept.reserve(handles_.size());
  for (std::size_t i = 0; i < handles_.size(); ++i) kept.emplace(before->feeds[i].id, handles_[i]);
  for (const auto gone : difference.removed) {
    const auto handle = handles_[gone];
    slots_[schedule::index(handle)].feed = kNoFeed;
    scheduler_.remove(handle);
    kept.erase(before->feeds[gone].id);
  }
  handles_.assign(config_->feeds.size(), schedule::FeedHandle{0});
  for (std::uint32_t i = 0; i < config_->feeds.size(); ++i) {
    const auto& feed = config_->feeds[i];
    if (const auto found = kept.find(feed.id); found != kept.end()) {
      const auto by_hand = slots_[schedule::index(found->second)].by_hand;
      place(found->second, i);
      slots_[schedule::index(found->second)].by_hand = by_hand;
    } else {
      place(scheduler_.add(host_of_feed(feed, feed.url), schedule_options(*feed.settings), now), i);
      if (feed.settings->paused) scheduler_.pause(handles_[i]);
    }
  }
  for (const auto& change : difference.changed) {
    const auto& feed = config_->feeds[change.after];
    const auto handle = handles_[change.after];
    if (change.url) scheduler_.set_host(handle, host_of_feed(feed, feed.url));
    scheduler_.set_options(handle, schedule_options(*feed.settings), now);
    const bool was_paused = before->feeds[change.before].settings->paused;
    if (feed.settings->paused && !was_paused) scheduler_.pause(handle);
    if (!feed.settings->paused && was_paused) scheduler_.resume(handle, now);
    if (change.url) scheduler_.poll_soon(handle, now);
  }
  index_ids();
  scheduler_.set_settings(schedule_settings(*config_));
  client_.set_options(client_options(*config_));
  hosts_.set_limits(host_limits(*config_));
  writer_.set_options(*config_);
  wake_.cancel();
  return difference;
}

}  // namespace newswire::ingest
