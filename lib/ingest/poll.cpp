#include "ingest/poll.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <utility>

#include "base/async.h"
#include "base/hash.h"
#include "base/json_text.h"
#include "base/log_value.h"
#include "base/text.h"
#include "base/url.h"
#include "feed/parse.h"
#include "fetch/permanent_move.h"
#include "fetch/validators.h"
#include "ingest/request.h"
#include "ingest/settings.h"

namespace newswire::ingest {
namespace {

using schedule::Failure;
using schedule::Outcome;

// What a worker gives for the bytes of a document.
struct Read {
  Result<feed::Feed> document = feed::Feed{};
  Inspected inspected;
};

// What a worker gives for the entries that changed.
struct Digested {
  Digest digest;
  std::string model;
};

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

Poll::Poll(Pipeline& pipeline, schedule::FeedHandle handle, bool forced)
    : pipeline_(pipeline),
      handle_(handle),
      forced_(forced),
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
      consider_move(*answer, true);
      break;
    }
    case Kind::empty: result_.outcome = Outcome::empty; break;
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
  co_await settle();
}

asio::awaitable<bool> Poll::load_memory() {
  struct Memory {
    std::optional<state::FeedHot> hot;
    std::optional<state::FeedHttp> http;
  };
  std::function<Result<Memory>(state::Store&)> question = [id = feed_->id](state::Store& store) -> Result<Memory> {
    auto hot = store.hot(id);
    if (!hot) return hot.error();
    auto http = store.http(id);
    if (!http) return http.error();
    return Memory{*std::move(hot), *std::move(http)};
  };
  auto memory = co_await pipeline_.writer_.ask<Memory>(std::move(question));
  if (!memory) {
    spdlog::error("state.read_failed feed={} error={}", log_value(feed_->id), log_value(to_string(memory.error())));
    co_return false;
  }
  if (memory->hot) hot_ = *std::move(memory->hot);
  hot_.id = feed_->id;
  // A row of another configured URL says nothing about this one (POLLING.md R9).
  if (memory->http && memory->http->configured_url == feed_->url) http_ = *std::move(memory->http);
  http_.id = feed_->id;
  http_.configured_url = feed_->url;
  if (http_.url.empty()) http_.url = feed_->url;
  url_ = http_.url;
  validators_ = {http_.extra.empty() ? url_ : http_.extra, http_.etag, http_.last_modified};
  co_return true;
}

asio::awaitable<Result<fetch::Response>> Poll::ask_server() {
  fetch::HostWait wait;
  std::optional<fetch::Permit> permit;
  if (is_http_url(url_)) {
    const StageTimer timer(pipeline_.stats_.stage(Stage::wait));
    auto given = co_await pipeline_.hosts_.acquire(url_, &wait);
    if (!given) co_return given.error();
    permit.emplace(*std::move(given));
  }
  const StageTimer timer(pipeline_.stats_.stage(Stage::fetch));
  result_.started = pipeline_.hooks_.now();
  auto made = Result<fetch::Request>(fetch::Request{});
  if (has_secrets(*feed_->settings)) {
    auto work = [config = config_, feed = feed_, url = url_] { return make_request(*config, *feed, url); };
    made = co_await offload(pipeline_.workers_, std::move(work));
  } else {
    made = make_request(*config_, *feed_, url_);
  }
  if (!made) co_return Error{Errc::refused, made.error().what, made.error().where};
  auto request = *std::move(made);
  const bool conditional = feed_->settings->conditional && !forced_;
  if (conditional) request.validators = validators_;
  if (request.allow_file) {
    auto work = [request = std::move(request), now = result_.started] { return fetch::read_file_url(request, now); };
    co_return co_await offload(pipeline_.workers_, std::move(work));
  }
  co_return co_await pipeline_.client_.get(std::move(request));
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
  result_.has_validators = response.status == 304 || !response.etag.empty() || !response.last_modified.empty();
  if (response.status == 200 || response.status == 226) result_.body_bytes = response.body.size();
}

asio::awaitable<void> Poll::take_in(fetch::Response response) {
  const auto updated = fetch::updated_validators(validators_, response);
  const auto hash = to_hex(hash64(response.body));
  if (!result_.delta && hash == http_.body_hash && !forced_) {  // R10: as good as "not modified", but R5 applies
    result_.outcome = Outcome::unchanged;
    http_changed_ = http_changed_ || !(updated == validators_);
    validators_ = updated;
    consider_move(response, true);
    co_return;
  }
  const bool cut = response.cut;
  auto body = std::move(response.body);
  auto content_type = with_charset(response.content_type, feed_->settings->encoding);
  const bool readable = co_await read_document(std::move(body), std::move(content_type));
  if (!readable) {
    validators_ = {};  // a body that cannot be used must come again (R8)
    http_changed_ = true;
    co_return;
  }
  if (cut)
    document_.repairs.emplace_back("cut at max_body: " + std::to_string(feed_->settings->max_body.count) + " bytes");
  const bool same_feed = document_.title == http_.title || http_.title.empty();
  co_await digest_document(result_.delta);
  if (result_.outcome == Outcome::failed) {
    validators_ = {};
    http_changed_ = true;
    co_return;
  }
  const bool known_item = digest_.new_entries < inspected_.entries.size();
  consider_move(response, same_feed || known_item);
  http_changed_ = true;
  validators_ = updated;
  if (!result_.delta) http_.body_hash = hash;
  http_.title = document_.title;
}

asio::awaitable<bool> Poll::read_document(std::string body, std::string content_type) {
  std::function<Result<std::optional<std::string>>(state::Store&)> question = [id = feed_->id](state::Store& store) {
    return store.seen(id);
  };
  auto blob = co_await pipeline_.writer_.ask<std::optional<std::string>>(std::move(question));
  auto seen = article::Seen::decode(blob && *blob ? **blob : std::string{});
  if (!blob || !seen) {
    const auto& why = blob ? seen.error() : blob.error();
    spdlog::error("state.seen_unreadable feed={} error={} hint=\"its entries count as new once\"", log_value(feed_->id),
                  log_value(why.what));
  }
  if (seen) seen_ = *std::move(seen);
  first_ = seen_.size() == 0 && hot_.last_success == Time{};

  auto work = [body = std::move(body), content_type = std::move(content_type), base = final_url_, seen = seen_] {
    Read read;
    read.document = feed::parse(body, {content_type, base});
    if (read.document) read.inspected = inspect(*read.document, seen);
    return read;
  };
  const StageTimer timer(pipeline_.stats_.stage(Stage::parse));
  auto read = co_await offload(pipeline_.workers_, std::move(work));
  if (!read.document) {
    fail(failure_of(read.document.error().code), read.document.error().code, read.document.error().what);
    co_return false;
  }
  document_ = *std::move(read.document);
  inspected_ = std::move(read.inspected);
  result_.items_in_document = document_.entries.size();
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
  auto stored = co_await pipeline_.writer_.ask<std::optional<std::string>>(std::move(question));
  const auto& labels = config::labels_of(*feed_);
  DigestOptions options;
  options.ref = {feed_->id, redact_url(url_), labels.title, labels.tags};
  options.clean = clean_options(*feed_->settings, pipeline_.rules_);
  options.initial = feed_->settings->initial;
  options.html = feed_->settings->clean.html;
  options.updates = feed_->settings->updates;
  options.removals = feed_->settings->removals;
  options.first = first_;
  options.delta = delta;
  options.remember = std::chrono::duration_cast<std::chrono::hours>(config_->state.remember);
  options.now = result_.finished;
  auto work = [&document = document_, &inspected = inspected_, seen = std::move(seen_),
               bytes = stored && *stored ? **stored : std::string{}, options = std::move(options)]() mutable {
    auto model = clean::SiteModel::decode(bytes);
    auto site = model ? *std::move(model) : clean::SiteModel{};
    Digested digested;
    digested.digest = digest(document, inspected, std::move(seen), site, options);
    digested.model = site.encode();
    return digested;
  };
  std::optional<StageTimer> timer(std::in_place, pipeline_.stats_.stage(Stage::clean));
  auto digested = co_await offload(pipeline_.workers_, std::move(work));
  timer.reset();
  digest_ = std::move(digested.digest);
  model_changed_ = !stored || !*stored || **stored != digested.model;
  model_ = std::move(digested.model);
  if (digest_.new_entries > 0) result_.outcome = Outcome::fresh;
  result_.new_items = first_ ? dates_of(document_) : digest_.new_dates;

  work_ = std::make_shared<Work>();
  work_->articles = std::move(digest_.articles);
  work_->rows.seen.push_back({feed_->id, digest_.seen.encode()});
  if (model_changed_) work_->rows.models.push_back({site_, model_, result_.finished});
  co_await fetch_full_text();
}

asio::awaitable<void> Poll::fetch_full_text() {
  const auto mode = feed_->settings->full_text;
  const auto wants = [mode](const article::Article& article) { return wants_page(article, mode); };
  if (std::none_of(work_->articles.begin(), work_->articles.end(), wants)) co_return;
  auto request = make_request(*config_, *feed_, url_);  // without its secrets: only limits and proxy are taken over
  if (!request) co_return;
  PageContext context{pipeline_.client_, pipeline_.hosts_,     pipeline_.workers_,
                      pipeline_.robots_, pipeline_.hooks_.now, [this] { return pipeline_.stopping_; }};
  auto cleaning = clean_options(*feed_->settings, pipeline_.rules_);
  auto pages = fetch_pages(std::move(context), work_->articles, mode, config_->fetch.robots, *std::move(request),
                           std::move(cleaning));
  const StageTimer timer(pipeline_.stats_.stage(Stage::pages));
  const auto taken = co_await std::move(pages);
  pipeline_.stats_.pages += taken;
  spdlog::debug("feed.pages_taken feed={} count={}", log_value(feed_->id), taken);
}

asio::awaitable<bool> Poll::commit_articles() {
  if (http_.error != error_) http_changed_ = true;
  http_.error = error_;
  if (validators_.url.empty()) validators_.url = final_url_.empty() ? url_ : final_url_;
  http_.etag = validators_.etag;
  http_.last_modified = validators_.last_modified;
  http_.extra = validators_.url == http_.url ? std::string{} : validators_.url;
  if (http_changed_) {
    if (!work_) work_ = std::make_shared<Work>();
    work_->rows.http.push_back(http_);
  }
  if (!work_) co_return true;
  const StageTimer timer(pipeline_.stats_.stage(Stage::commit));
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

asio::awaitable<void> Poll::settle() {
  const auto reported = pipeline_.scheduler_.report(handle_, result_);
  const bool ok = code_ == "ok";
  hot_.last_poll = result_.finished;
  if (ok) hot_.last_success = result_.finished;
  const auto articles = work_ ? work_->articles.size() - committed_.too_long : 0;
  if (articles > 0) hot_.last_new = result_.finished;
  ++hot_.polls;
  hot_.articles += articles;
  hot_.failures = ok ? 0 : hot_.failures + 1;
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
      ++(article.event == article::Event::new_ ? stats.articles_new : stats.articles_updated);
      stats.stripped += article.stripped.size();
      for (const auto& removal : article.stripped) stats.count_category(removal.category);
    }
  }
  const auto outcome = ok ? schedule::to_string(result_.outcome) : std::string_view(code_);
  ++stats.by_outcome[std::string(outcome)];
  stats.stage(Stage::poll).add(std::chrono::steady_clock::now() - started_);
  stats.held_back += digest_.held_back;
  stats.duplicates += inspected_.entries.size() - digest_.new_entries - digest_.updated_entries;
  if (pipeline_.hooks_.polled) {
    PollReport report{*feed_, outcome, error_, !ok, {}, committed_.first, wire_bytes_, {}, reported.next};
    if (work_) report.articles = work_->articles;
    report.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started_);
    pipeline_.hooks_.polled(report);
  }
  pipeline_.answer_watches(handle_, outcome, error_, articles);
  auto work = std::make_shared<Work>();
  work->rows.hot.push_back(hot_);
  if (reported.host_changed) {
    work->rows.hosts.push_back({"*", result_.finished, schedule::encode_hosts(pipeline_.scheduler_.hosts())});
  }
  (void)co_await pipeline_.writer_.commit(
      std::move(work));  // a failure is logged there; the row is written by the next poll
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
    result_.http.retry_after = outcome.retry_after;
    code_ = "rate_limited";
    error_ = outcome.message;
    http_changed_ = true;
    return;
  }
  fail(failure_of(outcome), outcome.code, outcome.message);
}

void Poll::consider_move(const fetch::Response& response, bool same_feed) {
  const fetch::MoveCandidate known{http_.redirect_url, http_.redirect_count, http_.redirect_since};
  const auto step = fetch::consider_move(known, {fetch::permanent_target(response.hops), same_feed}, result_.finished);
  if (!(step.candidate == known)) {
    http_.redirect_url = step.candidate.target;
    http_.redirect_count = step.candidate.polls;
    http_.redirect_since = step.candidate.since;
    http_changed_ = true;
  }
  if (!step.moved) return;
  spdlog::info("feed.moved feed={} from={} to={} hint=\"put the new URL into the configuration\"", log_value(feed_->id),
               log_value(redact_url(http_.url)), log_value(redact_url(*step.moved)));
  http_.url = *step.moved;
  http_changed_ = true;
  pipeline_.scheduler_.set_host(handle_, schedule::host_key(host_of(http_.url), feed_->settings->proxy));
  tell("moved", "to", redact_url(http_.url));
}

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
