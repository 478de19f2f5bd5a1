#include "ingest/writer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "article/line.h"
#include "base/log_value.h"
#include "ingest/rebuild.h"
#include "spool/line.h"
#include "spool/line_reader.h"

namespace newswire::ingest {
namespace {

constexpr auto kTick = std::chrono::seconds{1};
constexpr auto kTidy = std::chrono::hours{1};
// Rounds begin at least so far apart: under load each serves many polls, and the two threads do not wake one another
// for every single one (a wake-up costs more than reading a row). Whoever comes when nothing goes on waits for nothing.
constexpr auto kRound = std::chrono::microseconds{500};

spool::Options spool_options(const config::SpoolConfig& config, std::optional<Seq> high_water) {
  spool::Options options;
  options.segment_size = config.segment_size.count;
  options.segment_age = config.segment_age;
  options.compress = config.compress;
  options.retention.age = std::chrono::duration_cast<std::chrono::hours>(config.retain.age);
  options.retention.bytes = config.retain.size.count;
  options.retention.protected_bytes = config.protect_unacked.count;
  options.max_tail = std::min<std::size_t>(config.max_line.count - spool::kMaxHead - 1, spool::kMaxTail);
  options.high_water = high_water;
  return options;
}

template <class Row>
void append_rows(std::vector<Row>& to, const std::vector<Row>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// Of each key the last row stays.
template <class Row>
void keep_latest(std::vector<Row>& rows, std::string Row::*key) {
  std::unordered_set<std::string_view> known;
  std::vector<Row> latest;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (known.insert((*row).*key).second) latest.push_back(*row);
  }
  std::reverse(latest.begin(), latest.end());
  rows = std::move(latest);
}

// What waits while the disk is slow or failing is bounded by what there is to remember.
void thin_out(state::Batch& rows) {
  keep_latest(rows.hot, &state::FeedHot::id);
  keep_latest(rows.http, &state::FeedHttp::id);
  keep_latest(rows.seen, &state::FeedSeen::id);
  keep_latest(rows.models, &state::SiteModel::site);
  keep_latest(rows.hosts, &state::Host::host);
  keep_latest(rows.consumers, &state::Consumer::name);
}

template <class Row>
void drop_rows(std::vector<Row>& rows, std::string Row::*key, const std::vector<std::string>& gone) {
  if (rows.empty() || gone.empty()) return;
  const std::unordered_set<std::string_view> names(gone.begin(), gone.end());
  std::erase_if(rows, [&](const Row& row) { return names.contains(row.*key); });
}

// What `from` forgets came after the rows of `into`, and a batch begins with what it forgets.
void merge(state::Batch& into, const state::Batch& from) {
  drop_rows(into.hot, &state::FeedHot::id, from.forget_feeds);
  drop_rows(into.http, &state::FeedHttp::id, from.forget_feeds);
  drop_rows(into.seen, &state::FeedSeen::id, from.forget_feeds);
  drop_rows(into.consumers, &state::Consumer::name, from.forget_consumers);
  drop_rows(into.models, &state::SiteModel::site, from.forget_models);
  append_rows(into.forget_feeds, from.forget_feeds);
  append_rows(into.forget_consumers, from.forget_consumers);
  append_rows(into.forget_models, from.forget_models);
  append_rows(into.hot, from.hot);
  append_rows(into.http, from.http);
  append_rows(into.seen, from.seen);
  append_rows(into.consumers, from.consumers);
  append_rows(into.models, from.models);
  append_rows(into.hosts, from.hosts);
}

}  // namespace

Result<std::unique_ptr<Writer>> Writer::open(const config::Config& config, std::function<Time()> now) {
  std::error_code failed;
  std::filesystem::create_directories(config.state.dir, failed);
  const auto state_path = (config.state.dir / "state.db").string();
  state::Options state_options;
  state_options.now = now();
  auto store = state::Store::open(state_path, state_options);
  if (!store) return store.error();
  auto spool = spool::Spool::open(config.spool.dir.string(), spool_options(config.spool, (*store)->high_water()));
  if (!spool) return spool.error();
  std::unique_ptr<Writer> writer(new Writer(*std::move(spool), *std::move(store), config, std::move(now)));
  writer->state_path_ = state_path;
  writer->found_.spool = writer->spool_->findings();
  writer->found_.state = writer->store_->opened();
  for (const auto& finding : writer->found_.spool) ++writer->stats_.findings[static_cast<std::size_t>(finding.kind)];
  writer->state_rebuilt_ = writer->stats_.state_rebuilt = writer->found_.state.set_aside.empty() ? 0 : 1;
  const auto known = writer->store_->high_water().value_or(Seq{0});
  const auto snapshot = writer->published().snapshot();
  if (snapshot->last() > known) {
    auto lines = reapply(writer->published(), known.next(), *writer->store_);
    if (!lines) return lines.error();
    writer->found_.reapplied = *lines;
  }
  auto consumers = writer->store_->consumers();
  if (!consumers) return consumers.error();
  for (auto& consumer : *consumers) writer->acknowledged_[consumer.name] = consumer.acknowledged;
  writer->tidy_state();
  writer->check_space();
  writer->look_at_oldest();
  writer->stats_.last_received = writer->last_received_;
  return writer;
}

Writer::Writer(std::unique_ptr<spool::Spool> spool, std::unique_ptr<state::Store> store, const config::Config& config,
               std::function<Time()> now)
    : spool_(std::move(spool)),
      store_(std::move(store)),
      spool_dir_(config.spool.dir.string()),
      line_limit_(spool_options(config.spool, {}).max_tail),
      min_free_(config.spool.min_free.count),
      learned_sites_(config.clean.learned_sites),
      now_(std::move(now)),
      last_received_(spool_->last_received().value_or(Time{})) {}

Writer::~Writer() { stop(); }

void Writer::start() {
  thread_ = std::thread([this] { run(); });
}

void Writer::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::push(std::function<void()> question) {
  {
    const std::lock_guard lock(mutex_);
    questions_.push_back(std::move(question));
  }
  wake_.notify_one();
}

void Writer::push(Pending pending) {
  {
    const std::lock_guard lock(mutex_);
    commits_.push_back(std::move(pending));
    stats_.queued = commits_.size();
  }
  wake_.notify_one();
}

void Writer::store_soon(const state::Batch& rows) {
  bool many = false;
  {
    const std::lock_guard lock(mutex_);
    merge(later_, rows);
    many = later_.hot.size() == kManyRows;
    if (later_.hot.size() > thin_out_at_) {
      thin_out(later_);
      thin_out_at_ = std::max(kManyRows, 2 * later_.hot.size());
    }
  }
  if (many) wake_.notify_one();
}

asio::awaitable<Result<Committed>> Writer::commit(std::shared_ptr<const Work> work) {
  const auto loop = co_await asio::this_coro::executor;
  auto start = [this, loop, work = std::move(work)](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    Pending pending;
    pending.work = work;
    pending.done = [this, loop, shared, guard = asio::make_work_guard(loop)](Result<Committed> result) {
      auto stored = std::make_shared<Result<Committed>>(std::move(result));
      answers_.push_back({loop, [shared, stored, guard] { std::move (*shared)(std::move(*stored)); }});
    };
    push(std::move(pending));
  };
  auto asked = asio::async_initiate<const asio::use_awaitable_t<>&, void(Result<Committed>)>(std::move(start),
                                                                                             asio::use_awaitable);
  co_return co_await std::move(asked);
}

// One message to the loop for all who were served together.
void Writer::answer() {
  while (!answers_.empty()) {
    const auto loop = answers_.front().loop;
    const auto others = std::stable_partition(answers_.begin(), answers_.end(),
                                              [&loop](const Answer& one) { return one.loop == loop; });
    std::vector<Answer> served(std::make_move_iterator(answers_.begin()), std::make_move_iterator(others));
    answers_.erase(answers_.begin(), others);
    asio::post(loop, [served = std::move(served)] {
      for (const auto& one : served) one.resume();
    });
  }
}

void Writer::run() {
  auto next_tick = std::chrono::steady_clock::now() + kTick;
  auto next_round = std::chrono::steady_clock::now();
  while (true) {
    std::this_thread::sleep_until(next_round);
    std::deque<std::function<void()>> questions;
    std::vector<Pending> group;
    state::Batch later;
    bool stopping = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, next_tick, [this] {
        return stopping_ || !questions_.empty() || !commits_.empty() || later_.hot.size() >= kManyRows;
      });
      questions.swap(questions_);
      group.swap(commits_);
      later = std::exchange(later_, {});
      thin_out_at_ = kManyRows;
      stats_.queued = 0;
      stopping = stopping_;
    }
    next_round = std::chrono::steady_clock::now() + kRound;
    if (!later.empty()) {
      if (unapplied_.empty()) {
        unapplied_ = std::move(later);
      } else {
        merge(unapplied_, later);
      }
      if (group.empty() || !questions.empty()) std::ignore = apply_rows(false);  // else the commit takes them along
    }
    for (auto& question : questions) question();
    answer();  // before the commit, which takes its time
    if (!group.empty()) commit_group(group);
    answer();
    if (std::chrono::steady_clock::now() >= next_tick) {
      tick();
      next_tick = std::chrono::steady_clock::now() + kTick;
    }
    if (stopping && questions.empty() && group.empty()) break;
  }
  if (auto synced = store_->sync(); !synced)
    spdlog::warn("state.sync_failed error={}", log_value(to_string(synced.error())));
}

void Writer::commit_group(std::vector<Pending>& group) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<Committed> results;
  const auto appended = append_all(group, results);
  if (!appended) {
    note_failure(appended.error());
    for (auto& pending : group) pending.done(appended.error());
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    stats_.last_error.clear();  // what the state has to say comes now
    no_room_for_ = 0;
  }
  const auto applied = apply_state(group);
  const auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start);
  {
    const std::lock_guard lock(mutex_);
    ++stats_.commits;
    stats_.works += group.size();
    for (const auto& result : results)
      stats_.articles += result.first.value == 0 ? 0 : result.last.value - result.first.value + 1;
    stats_.last_commit_ms = took.count();
    stats_.last_received = last_received_;
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    group[i].done(group[i].work->sync_state && !applied ? Result<Committed>(applied.error()) : results[i]);
  }
}

Result<void> Writer::append_all(std::vector<Pending>& group, std::vector<Committed>& results) {
  std::string tail;
  batch_bytes_ = 0;
  for (const auto& pending : group) {
    Committed committed;
    for (const auto& article : pending.work->articles) {
      last_received_ = std::max(last_received_, now_());
      auto stamped = article;
      stamped.received = last_received_;
      tail.clear();
      article::append_tail(tail, stamped, line_limit_);
      batch_bytes_ += tail.size();
      const auto seq = spool_->append(tail);
      if (!seq && seq.error().code != Errc::too_large && seq.error().code != Errc::invalid) {
        spool_->rollback();
        return seq.error();
      }
      if (!seq) {
        ++committed.too_long;
        spdlog::error("article.refused feed={} uid={} error={}", log_value(article.feed.id), article.uid,
                      log_value(seq.error().what));
        continue;
      }
      if (committed.first.value == 0) committed.first = *seq;
      committed.last = *seq;
    }
    results.push_back(committed);
  }
  return spool_->commit();
}

Result<void> Writer::apply_state(std::vector<Pending>& group) {
  bool sync = false;
  for (const auto& pending : group) {
    merge(unapplied_, pending.work->rows);
    sync = sync || pending.work->sync_state;
  }
  unapplied_.high_water = spool_->next_seq().previous();
  return apply_rows(sync);
}

Result<void> Writer::apply_rows(bool sync) {
  auto applied = store_->apply(unapplied_);
  if (applied && sync) applied = store_->sync();
  if (applied) {
    for (const auto& name : unapplied_.forget_consumers) acknowledged_.erase(name);
    for (const auto& consumer : unapplied_.consumers) acknowledged_[consumer.name] = consumer.acknowledged;
    unapplied_ = {};
    if (state_error_.empty()) return {};
    const std::lock_guard lock(mutex_);
    if (stats_.last_error == state_error_) stats_.last_error.clear();
    state_error_.clear();
    return {};
  }
  // The articles are safe in the spool; the rows are kept and tried again with the next commit or tick.
  state_error_ = to_string(applied.error());
  thin_out(unapplied_);
  {
    const std::lock_guard lock(mutex_);
    ++stats_.state_failures;
    stats_.last_error = state_error_;
  }
  spdlog::error("state.commit_failed error={} hint=\"the articles are in the spool; their state is tried again\"",
                log_value(state_error_));
  if (applied.error().code != Errc::corrupt) return applied;
  store_.reset();
  state::Options options;
  options.now = now_();
  auto fresh = state::Store::open(state_path_, options);
  if (!fresh) {
    spdlog::critical("state.reopen_failed error={} hint=\"restart when it can be opened; the spool is whole\"",
                     log_value(to_string(fresh.error())));
    std::terminate();  // without a store nothing can be promised; the spool is committed, and a restart rebuilds from
                       // it
  }
  store_ = *std::move(fresh);
  if (const auto lines = reapply(published(), Seq{1}, *store_)) {
    spdlog::warn("state.rebuilt lines={} set_aside={}", *lines, log_value(store_->opened().set_aside));
  }
  const std::lock_guard lock(mutex_);
  state_rebuilt_ = ++stats_.state_rebuilt;
  return applied;
}

void Writer::tick() {
  std::optional<Seq> lowest;
  for (const auto& [name, seq] : acknowledged_) lowest = std::min(lowest.value_or(seq), seq);
  for (int rounds = 0; rounds < 4; ++rounds) {
    auto maintained = spool_->maintain(now_(), lowest);
    if (!maintained) {
      spdlog::warn("spool.maintain_failed error={} hint=\"it is tried again every second\"",
                   log_value(to_string(maintained.error())));
      const std::lock_guard lock(mutex_);
      ++stats_.maintain_failures;
      break;
    }
    note_maintained(*maintained);
    if (!maintained->more) break;
  }
  if (!unapplied_.empty()) std::ignore = apply_rows(false);
  if (std::chrono::steady_clock::now() >= next_tidy_) tidy_state();
  check_space();
  look_at_oldest();
  const std::lock_guard lock(mutex_);
  stats_.state_bytes = store_->size_bytes();
}

void Writer::tidy_state() {
  next_tidy_ = std::chrono::steady_clock::now() + kTidy;
  const auto trimmed = store_->trim_models(learned_sites_);
  if (!trimmed) {
    spdlog::warn("state.tidy_failed error={} hint=\"it is tried again in an hour\"",
                 log_value(to_string(trimmed.error())));
  } else if (*trimmed > 0) {
    spdlog::info("state.sites_forgotten count={} hint=\"clean.learned_sites says how many are remembered\"", *trimmed);
  }
}

void Writer::note_maintained(const spool::Maintained& maintained) {
  for (const auto& finding : maintained.findings) {
    spdlog::warn("spool.{} file={} what={}", spool::to_string(finding.kind), log_value(finding.file),
                 log_value(finding.what));
  }
  for (const auto& name : maintained.removed) spdlog::info("spool.segment_removed file={}", name);
  for (const auto& name : maintained.compressed) spdlog::debug("spool.segment_compressed file={}", name);
  if (maintained.clock_stepped) {
    spdlog::warn(
        "spool.clock_stepped hint=\"the wall clock jumped by an hour or more: nothing is removed by age for an hour; "
        "look at the time service if it happens again\"");
  }
  const std::lock_guard lock(mutex_);
  for (const auto& finding : maintained.findings) ++stats_.findings[static_cast<std::size_t>(finding.kind)];
  stats_.clock_steps += maintained.clock_stepped ? 1U : 0U;
}

void Writer::check_space() {
  std::error_code failed;
  const auto space = std::filesystem::space(spool_dir_, failed);
  const std::lock_guard lock(mutex_);
  if (failed) return;
  stats_.free_bytes = space.available;
  const bool is_short = space.available < std::max(min_free_, no_room_for_);
  if (is_short != stats_.short_of_space) {
    if (is_short) {
      spdlog::error(
          "spool.space_short free_bytes={} min_free_bytes={} hint=\"polling pauses until there is room: free some, or "
          "lower spool.retain\"",
          space.available, std::max(min_free_, no_room_for_));
    } else {
      spdlog::info("spool.space_back free_bytes={}", space.available);
    }
  }
  stats_.short_of_space = is_short;
  short_of_space_ = is_short;
}

void Writer::look_at_oldest() {
  const auto snapshot = published().snapshot();
  const auto first = snapshot->first();
  if (first == oldest_seq_ || first == snapshot->next) return;
  auto cursor = spool::Cursor::at(published(), first);
  if (!cursor) return;
  spool::LineReader reader(*std::move(cursor));
  const auto line = reader.next();
  if (!line || !*line) return;  // damage is found and told by those who read on
  const auto received = spool::received_of((*line)->text);
  oldest_seq_ = first;
  const std::lock_guard lock(mutex_);
  stats_.oldest_received = received.value_or(Time{});
}

void Writer::note_failure(const Error& error) {
  const std::lock_guard lock(mutex_);
  ++stats_.failures;
  const auto text = to_string(error);
  if (stats_.last_error != text) {
    spdlog::error("spool.commit_failed code={} error={} hint=\"the articles are kept and tried again\"",
                  to_string(error.code), log_value(text));
  }
  stats_.last_error = text;
  if (error.code == Errc::no_space) {
    stats_.short_of_space = true;
    short_of_space_ = true;
    no_room_for_ = batch_bytes_;
  }
}

void Writer::set_options(const config::Config& config) {
  auto options = spool_options(config.spool, {});
  push([this, options = std::move(options), min_free = config.spool.min_free.count,
        learned_sites = config.clean.learned_sites] {
    line_limit_ = options.max_tail;
    learned_sites_ = learned_sites;
    min_free_ = min_free;
    spool_->set_options(options);
  });
}

WriterStats Writer::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

}  // namespace newswire::ingest
