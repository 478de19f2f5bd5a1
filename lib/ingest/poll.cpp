#include "ingest/poll.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <new>
#include <utility>

#include "base/async.h"
#include "base/hash.h"
#include "base/json_text.h"
#include "base/log_value.h"
#include "base/text.h"
#include "base/url.h"
#include "feed/fingerprint.h"
#include "feed/parse.h"
#include "fetch/validators.h"
#include "ingest/request.h"
#include "ingest/settings.h"

namespace newswire::ingest {
namespace {

using schedule::Failure;
using schedule::Outcome;

// What a worker gives for the bytes of a document. What the loop does not need is freed on the worker, which has the
// time.
struct Read {
  Result<feed::Feed> document = feed::Feed{};
  Inspected inspected;
  std::size_t entries = 0;
  Result<article::Seen> seen = article::Seen{};
};

// What a worker gives for the entries that changed.
struct Digested {
  Digest digest;
  std::string seen;
  std::string model;
  std::vector<Time> dates;  // of a first document
};

// A poll as the plots show it.
MinuteCounts minute_counts(bool ok, Outcome outcome, std::size_t articles, std::uint64_t bytes) {
  MinuteCounts counts;
  counts.articles = static_cast<std::uint32_t>(articles);
  counts.bytes = bytes;
  ++(!ok                                ? counts.failed
     : outcome == Outcome::fresh        ? counts.fresh
     : outcome == Outcome::not_modified ? counts.not_modified
                                        : counts.unchanged);
  return counts;
}

// Times a stage until the end of its scope.
class StageTimer {
 public:
  explicit StageTimer(Durations& durations) : durations_(durations) {}
  ~StageTimer() { durations_.add(std::chrono::steady_clock::now() - start_); }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  Durations& durations_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Counts a wait until the end of its scope.
class Counted {
 public:
  explicit Counted(std::size_t& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::size_t& count_;
};

// How far apart `last_whole` is written: a row more or less a poll matters, a day more or less in it does not.
constexpr auto kWholeNoted = std::chrono::hours{36};

Failure failure_of(const fetch::Outcome& outcome) {
  using Kind = fetch::OutcomeKind;
  switch (outcome.kind) {
    case Kind::unexpected_304: return Failure::unexpected_304;
    case Kind::missing: return Failure::not_found;
    case Kind::client_error: return Failure::client_error;
    case Kind::unauthorized: return Failure::unauthorized;
    case Kind::forbidden: return Failure::forbidden;
    case Kind::blocked: return Failure::blocked;
    case Kind::server_error: return Failure::server_error;
    case Kind::retry_later: return Failure::too_early;
    case Kind::redirect_error: return Failure::redirect;
    case Kind::refused: return Failure::refused;
    case Kind::too_large: return Failure::too_large;
    case Kind::network: break;
    default: return Failure::other;
  }
  switch (outcome.code) {
    case Errc::dns: return Failure::dns;
    case Errc::connect: return Failure::connect;
    case Errc::tls: return Failure::tls;
    case Errc::timeout: return Failure::timeout;
    default: return Failure::truncated;
  }
}

Failure failure_of(Errc code) {
  switch (code) {
    case Errc::html_page: return Failure::html_page;
    case Errc::too_large: return Failure::too_large;
    default: return Failure::not_a_feed;
  }
}

schedule::BodyHints body_hints(const feed::Hints& hints) {
  schedule::BodyHints body;
  body.ttl = hints.ttl;
  body.update_interval = hints.update_interval;
  for (const auto hour : hints.skip_hours) body.skip_hours |= 1U << (hour % 24U);
  for (const auto day : hints.skip_days)
    body.skip_days = static_cast<std::uint8_t>(body.skip_days | (1U << (day % 7U)));
  body.expired = hints.expired;
  return body;
}

std::string with_charset(const std::string& content_type, const std::string& encoding) {
  if (encoding.empty()) return content_type;
  const auto type = content_type.substr(0, content_type.find(';'));
  return (type.empty() ? "application/xml" : type) + "; charset=" + encoding;
}

}  // namespace

Poll::Poll(Pipeline& pipeline, schedule::FeedHandle handle, PollOptions by_hand)
    : pipeline_(pipeline),
      handle_(handle),
      forced_(by_hand.force || by_hand.backfill),
      backfill_(by_hand.backfill),
      config_(pipeline.config_),
      feed_(&config_->feeds[pipeline.slots_[schedule::index(handle)].feed]) {}

asio::awaitable<void> Poll::run() {
  const bool remembered = co_await load_memory();
  if (!remembered) {
    pipeline_.scheduler_.cancel(handle_, pipeline_.hooks_.now());
    co_return;
  }
  auto answer = co_await ask_server();
  result_.finished = pipeline_.hooks_.now();
  const auto outcome = fetch::classify(answer);
  if (!outcome.pauses_host) permit_.reset();
  if (outcome.kind == fetch::OutcomeKind::cancelled) {
    pipeline_.scheduler_.cancel(handle_, result_.finished);
    co_return;
  }
  if (answer) {
    wire_bytes_ = answer->wire_bytes;
    final_url_ = answer->final_url;
    note_hints(*answer);
  }
  using Kind = fetch::OutcomeKind;
  switch (outcome.kind) {
    case Kind::content:
    case Kind::delta:
      result_.delta = outcome.kind == Kind::delta;
      co_await take_in(*std::move(answer));
      break;
    case Kind::not_modified: {
      result_.outcome = Outcome::not_modified;
      const auto updated = fetch::updated_validators(validators_, *answer);
      http_changed_ = http_changed_ || !(updated == validators_);
      validators_ = updated;
      co_await consider_move(*answer, true);
      break;
    }
    case Kind::empty:
      result_.outcome = Outcome::empty;
      if (schedule::empty_answer_fails(pipeline_.scheduler_.state(handle_))) {
        code_ = to_string(Errc::empty);
        error_ = redact_url(final_url_) + ": the server answers " + std::to_string(answer->status) +
                 " without a document, again and again";
      }
      break;
    case Kind::gone:
      result_.outcome = Outcome::gone;
      code_ = "gone";
      error_ = outcome.message;
      break;
    default: classify_failure(outcome);
  }
  const bool committed = co_await commit_articles();
  if (!committed) {
    pipeline_.scheduler_.cancel(handle_, pipeline_.hooks_.now());
    co_return;
  }
  settle();
}

asio::awaitable<bool> Poll::load_memory() {
  auto memory = pipeline_.recent_.take(schedule::index(handle_), feed_->id, pipeline_.writer_.state_rebuilt());
  if (!memory) {
    auto read = co_await read_memory();
    if (!read) {
      spdlog::error("state.read_failed feed={} error={}", log_value(feed_->id), log_value(to_string(read.error())));
      co_return false;
    }
    memory = *std::move(read);
  }
  store_ = memory->store;
  hot_ = std::move(memory->hot);
  hot_.id = feed_->id;
  // A row of another configured URL says nothing about this one (POLLING.md R9).
  if (memory->http.configured_url == feed_->url) http_ = std::move(memory->http);
  http_.id = feed_->id;
  http_.configured_url = feed_->url;
  if (http_.url.empty()) http_.url = feed_->url;
  url_ = http_.url;
  memory_ = decode_http_memory(http_.extra);
  validators_ = {memory_.validators_url.empty() ? url_ : memory_.validators_url, http_.etag, http_.last_modified};
  if (url_ != feed_->url) pipeline_.scheduler_.set_host(handle_, pipeline_.host_of_feed(*feed_, url_));
  co_return true;
}

asio::awaitable<Result<FeedMemory>> Poll::read_memory() {
  std::function<Result<FeedMemory>(state::Store&)> question =
      [id = feed_->id](state::Store& store) -> Result<FeedMemory> {
    auto hot = store.hot(id);
    if (!hot) return hot.error();
    auto http = store.http(id);
    if (!http) return http.error();
    return FeedMemory{std::move(*hot).value_or(state::FeedHot{}), std::move(*http).value_or(state::FeedHttp{})};
  };
  const auto rebuilt = pipeline_.writer_.state_rebuilt();
  const Counted waiting(pipeline_.storing_);
  auto read = co_await pipeline_.writer_.ask<FeedMemory>(std::move(question));
  if (read) read->store = rebuilt;
  co_return read;
}

asio::awaitable<Result<fetch::Response>> Poll::ask_server() {
  if (is_http_url(url_)) {
    const StageTimer timer(pipeline_.stats_.stage(Stage::wait));
    auto given = co_await pipeline_.hosts_.acquire(url_);
    if (!given) co_return given.error();
    permit_.emplace(*std::move(given));
  }
  const StageTimer timer(pipeline_.stats_.stage(Stage::fetch));
  result_.started = pipeline_.hooks_.now();
  if (pipeline_.scheduler_.is_held_back(handle_, result_.started)) {
    co_return Error{Errc::busy, "the host was paused or went down while the request waited for its turn", url_};
  }
  auto made = Result<fetch::Request>(fetch::Request{});
  if (has_secrets(*feed_->settings)) {
    auto work = [config = config_, feed = feed_, url = url_] { return make_request(*config, *feed, url); };
    made = co_await offload(pipeline_.workers_, std::move(work));
  } else {
    made = make_request(*config_, *feed_, url_);
  }
  if (!made) co_return Error{Errc::refused, made.error().what, made.error().where};
  auto request = *std::move(made);
  conditional_ =
      feed_->settings->conditional && !forced_ && !memory_.distrusts_304 &&
      !schedule::doubts_not_modified(pipeline_.scheduler_.state(handle_), memory_.last_whole, result_.started);
  if (conditional_) request.validators = validators_;
  if (request.allow_file) {
    auto work = [request = std::move(request), now = result_.started] { return fetch::read_file_url(request, now); };
    co_return co_await offload(pipeline_.workers_, std::move(work));
  }
  auto answer = co_await pipeline_.client_.get(std::move(request));
  if (!answer && answer.error().code == Errc::busy) {
    spdlog::error("fetch.starved feed={} error={} hint=\"the feed is not at fault and is asked again soon\"",
                  log_value(feed_->id), log_value(to_string(answer.error())));
  }
  co_return answer;
}

void Poll::note_hints(const fetch::Response& response) {
  result_.http.max_age = response.cache.max_age;
  result_.http.age = response.cache.age;
  if (response.cache.expires_after) {
    result_.http.date = result_.finished;
    result_.http.expires = result_.finished + *response.cache.expires_after;
  }
  result_.http.no_cache = response.cache.no_cache;
  result_.http.retry_after = response.retry_after;
  result_.http.rate_limit_reset = response.rate_limit_reset;
  const bool sends_validators = feed_->settings->conditional && !memory_.distrusts_304;
  const bool given = response.status == 304 || !response.etag.empty() || !response.last_modified.empty();
  result_.has_validators = sends_validators && given;
  if (response.status == 200 || response.status == 226) result_.body_bytes = response.body.size();
}

asio::awaitable<void> Poll::take_in(fetch::Response response) {
  const auto updated = fetch::updated_validators(validators_, response);
  const auto hash = to_hex(feed::fingerprint(response.body));
  if (!result_.delta && memory_.last_whole + kWholeNoted <= result_.finished) {
    memory_.last_whole = std::chrono::floor<std::chrono::days>(result_.finished);
    http_changed_ = true;
  }
  if (!result_.delta && hash == http_.body_hash && !forced_) {  // R10: as good as "not modified", but R5 applies
    result_.outcome = Outcome::unchanged;
    response.body = {};
    response.room.reset();  // what comes now may need room of its own
    http_changed_ = http_changed_ || !(updated == validators_);
    validators_ = updated;
    co_await consider_move(response, true);
    co_return;
  }
  const bool cut = response.cut;
  auto body = std::move(response.body);
  auto content_type = with_charset(response.content_type, feed_->settings->encoding);
  const bool readable = co_await read_document(std::move(body), std::move(content_type));
  response.room.reset();  // what comes now may need room of its own
  if (!readable) {
    if (const auto target = fetch::refresh_target(response); !target.empty())  // its header: the body is gone
      error_ += "; the server sends browsers on to " + redact_url(target) + ", which is not followed";
    validators_ = {};  // a body that cannot be used must come again (R8)
    http_changed_ = true;
    co_return;
  }
  if (cut)
    document_.repairs.emplace_back("cut at max_body: " + std::to_string(feed_->settings->max_body.count) + " bytes");
  const bool same_title = document_.title == http_.title || http_.title.empty();
  if (backfill_) {
    co_await backfill();
  } else {
    co_await catch_up();
  }
  co_await digest_document(result_.delta);
  if (result_.outcome == Outcome::failed) {
    validators_ = {};
    http_changed_ = true;
    co_return;
  }
  const bool known_item = digest_.new_entries < inspected_.entries.size();
  co_await consider_move(response, same_title || known_item);
  judge_304(updated);
  http_changed_ = true;
  validators_ = updated;
  if (!result_.delta) http_.body_hash = hash;
  http_.title = document_.title;
}

asio::awaitable<std::string> Poll::read_seen() {
  std::function<Result<std::optional<std::string>>(state::Store&)> question = [id = feed_->id](state::Store& store) {
    return store.seen(id);
  };
  std::optional<Counted> waiting(std::in_place, pipeline_.storing_);
  auto blob = co_await pipeline_.writer_.ask<std::optional<std::string>>(std::move(question));
  waiting.reset();
  if (!blob) tell_unreadable(blob.error());
  co_return blob ? std::move(*blob).value_or(std::string{}) : std::string{};
}

void Poll::take_seen(Result<article::Seen> seen) {
  if (seen) {
    seen_ = *std::move(seen);
  } else {
    tell_unreadable(seen.error());
  }
}

void Poll::tell_unreadable(const Error& error) const {
  spdlog::error("state.seen_unreadable feed={} error={} hint=\"its entries count as new once\"", log_value(feed_->id),
                log_value(error.what));
}

asio::awaitable<bool> Poll::read_document(std::string body, std::string content_type) {
  auto bytes = co_await read_seen();
  auto work = [body = std::move(body), content_type = std::move(content_type), base = final_url_,
               bytes = std::move(bytes), keep = backfill_] {
    Read read;
    try {
      read.seen = article::Seen::decode(bytes);
      read.document = feed::parse(body, {content_type, base});
      if (!read.document) return read;
      read.inspected = inspect(*read.document, read.seen ? *read.seen : article::Seen{});
      read.entries = read.document->entries.size();
      if (!read.inspected.any_changed && !keep) read.document->entries = {};
    } catch (const std::bad_alloc&) {
      read.document =
          Error{Errc::too_large, "no memory is left to read a document of " + std::to_string(body.size()) +
                                     " bytes; raise MemoryMax= of the service, or lower the feed's max_body"};
    }
    return read;
  };
  const StageTimer timer(pipeline_.stats_.stage(Stage::parse));
  auto read = co_await offload(pipeline_.workers_, std::move(work));
  take_seen(std::move(read.seen));
  first_ = seen_.size() == 0 && hot_.last_success == Time{};
  if (!read.document) {
    fail(failure_of(read.document.error().code), read.document.error().code, read.document.error().what);
    co_return false;
  }
  document_ = *std::move(read.document);
  has_document_ = true;
  inspected_ = std::move(read.inspected);
  result_.items_in_document = read.entries;
  result_.body = body_hints(document_.hints);
  co_return true;
}

asio::awaitable<void> Poll::digest_document(bool delta) {
  if (document_.archive) {
    result_.outcome = Outcome::archive;
    co_return;
  }
  result_.outcome = Outcome::unchanged;
  if (!inspected_.any_changed) co_return;
  site_ = site_of(document_, url_);
  held_.emplace(co_await pipeline_.sites_.acquire(site_));
  std::function<Result<std::optional<std::string>>(state::Store&)> question = [site = site_](state::Store& store) {
    return store.model(site);
  };
  std::optional<Counted> waiting(std::in_place, pipeline_.storing_);
  auto stored = co_await pipeline_.writer_.ask<std::optional<std::string>>(std::move(question));
  waiting.reset();
  const auto& labels = config::labels_of(*feed_);
  DigestOptions options;
  options.ref = {feed_->id, redact_url(url_), labels.title, labels.tags};
  options.clean = clean_options(*feed_->settings, pipeline_.rules_.of(*feed_->settings));
  options.initial = feed_->settings->initial;
  options.html = feed_->settings->clean.html;
  options.updates = feed_->settings->updates;
  options.removals = feed_->settings->removals;
  options.first = first_;
  options.delta = delta;
  options.backlog_from = backlog_from_;
  options.remember = std::chrono::duration_cast<std::chrono::hours>(config_->state.remember);
  options.now = result_.finished;
  entries_ = document_.entries.size();
  tell_progress({PollProgress::Step::cleaning, 0, 0, entries_});
  auto work = [&document = document_, &inspected = inspected_, seen = std::move(seen_),
               bytes = stored && *stored ? **stored : std::string{}, options = std::move(options)]() mutable {
    auto model = clean::SiteModel::decode(bytes);
    auto site = model ? *std::move(model) : clean::SiteModel{};
    Digested digested;
    digested.digest = digest(document, inspected, std::move(seen), site, options);
    digested.seen = digested.digest.seen.encode();
    digested.digest.seen = {};
    digested.model = site.encode();
    if (options.first) digested.dates = dates_of(document);
    document.entries = {};
    return digested;
  };
  std::optional<StageTimer> timer(std::in_place, pipeline_.stats_.stage(Stage::clean));
  auto digested = co_await offload(pipeline_.workers_, std::move(work));
  timer.reset();
  digest_ = std::move(digested.digest);
  model_changed_ = !stored || !*stored || **stored != digested.model;
  model_ = std::move(digested.model);
  if (digest_.new_entries > 0) result_.outcome = Outcome::fresh;
  result_.new_items = first_ ? std::move(digested.dates) : digest_.new_dates;

  work_ = std::make_shared<Work>();
  work_->articles = std::move(digest_.articles);
  work_->rows.seen.push_back({feed_->id, std::move(digested.seen)});
  if (model_changed_) work_->rows.models.push_back({site_, model_, result_.finished});
  co_await fetch_full_text();
}

asio::awaitable<void> Poll::fetch_full_text() {
  const auto mode = feed_->settings->full_text;
  const auto wants = [mode](const article::Article& article) { return wants_page(article, mode); };
  if (std::none_of(work_->articles.begin(), work_->articles.end(), wants)) co_return;
  auto request = make_public_request(*config_, *feed_, url_);
  PageContext context{pipeline_.client_,
                      pipeline_.hosts_,
                      pipeline_.workers_,
                      pipeline_.robots_,
                      pipeline_.hooks_.now,
                      [this] { return pipeline_.stopping_; },
                      [this](const std::string& url) { return pipeline_.may_ask(url, feed_->settings->proxy); },
                      [this](const fetch::Response& answer) { heed(answer); },
                      [this](std::size_t done, std::size_t total) {
                        tell_progress({PollProgress::Step::full_text, done, total, entries_});
                      }};
  auto cleaning = clean_options(*feed_->settings, pipeline_.rules_.of(*feed_->settings));
  auto pages = fetch_pages(std::move(context), work_->articles, mode, config_->fetch.robots, std::move(request),
                           std::move(cleaning));
  const StageTimer timer(pipeline_.stats_.stage(Stage::pages));
  const auto taken = co_await std::move(pages);
  pipeline_.stats_.pages += taken;
  spdlog::debug("feed.pages_taken feed={} count={}", log_value(feed_->id), taken);
}

asio::awaitable<bool> Poll::commit_articles() {
  if (http_.error != error_) http_changed_ = true;
  http_.error = error_;
  if (validators_.url.empty()) validators_.url = url_;
  http_.etag = validators_.etag;
  http_.last_modified = validators_.last_modified;
  memory_.validators_url = validators_.url == http_.url ? std::string{} : validators_.url;
  http_.extra = encode(memory_);
  if (!work_) co_return true;  // what else has changed is stored by settle()
  if (std::exchange(http_changed_, false)) work_->rows.http.push_back(http_);
  const StageTimer timer(pipeline_.stats_.stage(Stage::commit));
  const Counted waiting(pipeline_.storing_);
  while (true) {
    auto committed = co_await pipeline_.writer_.commit(work_);
    if (committed) {
      committed_ = *committed;
      held_.reset();
      co_return true;
    }
    // The disk is full or failing: the same articles wait and are tried again; polling pauses meanwhile.
    if (pipeline_.cancelled_) co_return false;
    asio::steady_timer pause(co_await asio::this_coro::executor, std::chrono::seconds{1});
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    if (pipeline_.cancelled_) co_return false;
  }
}

void Poll::settle() {
  const auto reported = pipeline_.scheduler_.report(handle_, result_);
  permit_.reset();
  const bool ok = code_ == "ok";
  hot_.last_poll = result_.finished;
  if (ok) hot_.last_success = result_.finished;
  const auto articles = work_ ? work_->articles.size() - committed_.too_long : 0;
  if (articles > 0) hot_.last_new = result_.finished;
  ++hot_.polls;
  hot_.articles += articles;
  hot_.failures = pipeline_.scheduler_.state(handle_).failures;  // neither 429s nor the host's faults (A10, H4)
  hot_.status = code_;
  hot_.due = reported.next.due;
  hot_.schedule = schedule::encode(pipeline_.scheduler_.state(handle_));
  tell_changes(reported);

  auto& stats = pipeline_.stats_;
  ++stats.polls;
  stats.wire_bytes += wire_bytes_;
  if (!ok) ++stats.failed;
  if (result_.outcome == Outcome::not_modified) ++stats.not_modified;
  if (result_.outcome == Outcome::unchanged) ++stats.unchanged;
  if (result_.outcome == Outcome::fresh) ++stats.fresh;
  if (work_) {
    for (const auto& article : work_->articles) {
      switch (article.event) {
        case article::Event::new_: ++stats.articles_new; break;
        case article::Event::updated: ++stats.articles_updated; break;
        case article::Event::removed: ++stats.articles_removed; break;
      }
      stats.stripped += article.stripped.size();
      for (const auto& removal : article.stripped) stats.count_category(removal.category);
    }
  }
  pipeline_.throughput_.add(result_.finished, minute_counts(ok, result_.outcome, articles, wire_bytes_));
  const auto outcome = ok ? schedule::to_string(result_.outcome) : std::string_view(code_);
  ++stats.by_outcome[std::string(outcome)];
  stats.stage(Stage::poll).add(std::chrono::steady_clock::now() - started_);
  stats.held_back += digest_.held_back;
  stats.duplicates += inspected_.entries.size() - digest_.new_entries - digest_.updated_entries;
  const auto watches = pipeline_.take_watches(handle_);
  const auto slot = schedule::index(handle_);
  state::Batch rows;
  rows.hot.push_back(hot_);
  if (http_changed_) rows.http.push_back(http_);
  if (reported.host_changed)
    rows.hosts.push_back({"*", result_.finished, schedule::encode_hosts(pipeline_.scheduler_.hosts())});
  pipeline_.recent_.put(slot, {std::move(hot_), std::move(http_), store_});
  // Whoever waits for the end of a poll may ask for the feed's rows next: the writer sees to it that they are there.
  pipeline_.writer_.store_soon(rows);
  if (pipeline_.hooks_.polled) {
    PollReport report{*feed_, outcome, error_, !ok, {}, committed_.first, wire_bytes_, {}, reported.next};
    if (work_) report.articles = work_->articles;
    report.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started_);
    pipeline_.hooks_.polled(report);
  }
  if (watches.empty()) return;
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("feed").value(feed_->id);
  json.key("outcome").value(outcome);
  json.member_unless_empty("error", error_);
  json.key("articles").value(std::uint64_t{articles});
  if (reported.next.due != Time::max())
    json.key("next").value(to_rfc3339(std::chrono::floor<std::chrono::seconds>(reported.next.due)));
  json.end_object();
  for (const auto& watch : watches) {
    watch->answer = line;
    watch->changed.cancel();
  }
}

void Poll::fail(schedule::Failure failure, Errc code, std::string message) {
  result_.outcome = Outcome::failed;
  result_.failure = failure;
  code_ = to_string(code);
  error_ = std::move(message);
  http_changed_ = true;
}

void Poll::classify_failure(const fetch::Outcome& outcome) {
  if (outcome.kind == fetch::OutcomeKind::rate_limited) {
    result_.outcome = Outcome::rate_limited;
    code_ = "rate_limited";
    error_ = outcome.message;
    http_changed_ = true;
    return;
  }
  fail(failure_of(outcome), outcome.code, outcome.message);
}

}  // namespace newswire::ingest
