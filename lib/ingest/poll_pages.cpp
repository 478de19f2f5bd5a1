// Requests of a poll beyond its first: older pages when entries may have been missed (N5), and the look at a feed's new
// address before it is believed (A3, A5).
#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/async.h"
#include "base/log_value.h"
#include "base/text.h"
#include "base/url.h"
#include "feed/parse.h"
#include "fetch/outcome.h"
#include "fetch/permanent_move.h"
#include "ingest/poll.h"
#include "ingest/request.h"

namespace newswire::ingest {
namespace {

constexpr std::size_t kMostEntries = 5000;  // of all pages together
constexpr int kBackfillPages = 100;         // of one poll, with the host's spacing between them

bool is_downgrade(std::string_view from, std::string_view to) {
  return istarts_with(from, "https:") && !istarts_with(to, "https:");
}

// What a worker gives for a further document.
struct Page {
  Result<feed::Feed> document = feed::Feed{};
  bool shows_known = false;
};

}  // namespace

// A document of the feed's publisher at another address: unconditional, under the host's limits, credentials only where
// they belong.
asio::awaitable<Result<feed::Feed>> Poll::get_page(std::string url, bool& shows_known) {
  fetch::Request request;
  if (has_secrets(*feed_->settings) && origin_of(url) == origin_of(feed_->url)) {
    auto work = [config = config_, feed = feed_, url] { return make_request(*config, *feed, url); };
    auto made = co_await offload(pipeline_.workers_, std::move(work));
    if (!made) co_return made.error();
    request = *std::move(made);
  } else {
    request = make_public_request(*config_, *feed_, url);
  }
  request.a_im = false;
  auto permit = co_await pipeline_.hosts_.acquire(url);
  if (!permit) co_return permit.error();
  if (!pipeline_.may_ask(url, feed_->settings->proxy)) {
    co_return Error{Errc::busy, "the host asked not to be asked now, or is down", redact_url(url)};
  }
  auto answer = co_await pipeline_.client_.get(std::move(request));
  const auto outcome = fetch::classify(answer);
  if (outcome.pauses_host) heed(*answer);
  if (!answer) co_return answer.error();
  wire_bytes_ += answer->wire_bytes;
  if (outcome.kind != fetch::OutcomeKind::content) co_return Error{outcome.code, outcome.message, redact_url(url)};
  auto work = [body = std::move(answer->body), type = answer->content_type, base = answer->final_url, &seen = seen_] {
    Page page;
    page.document = feed::parse(body, {type, base});
    if (page.document) page.shows_known = inspect(*page.document, seen).shows_known;
    return page;
  };
  auto page = co_await offload(pipeline_.workers_, std::move(work));
  shows_known = page.shows_known;
  co_return std::move(page.document);
}

// N5: a known feed that shows nothing known has moved on too far; its older pages are read until they meet what we
// have.
asio::awaitable<void> Poll::catch_up() {
  const bool known_feed = !first_ && seen_.size() > 0 && !result_.delta && !document_.archive;
  if (!known_feed || inspected_.entries.size() < 2 || inspected_.shows_known) co_return;
  std::vector<std::string> visited{url_, final_url_};
  auto next = document_.next_url;
  std::size_t added = 0;
  for (std::uint32_t i = 0; i < config_->schedule.catch_up_pages && !pipeline_.stopping_; ++i) {
    if (!is_http_url(next) || is_downgrade(url_, next)) break;
    if (std::find(visited.begin(), visited.end(), next) != visited.end()) break;
    visited.push_back(next);
    bool met = false;
    auto page = co_await get_page(next, met);
    if (!page) {
      spdlog::debug("page.failed url={} error={}", log_value(redact_url(next)), log_value(page.error().what));
      break;
    }
    added += page->entries.size();
    document_.entries.insert(document_.entries.end(), std::make_move_iterator(page->entries.begin()),
                             std::make_move_iterator(page->entries.end()));
    next = page->next_url;
    if (met || document_.entries.size() >= kMostEntries) break;
  }
  if (added == 0) co_return;
  co_await inspect_again();
  spdlog::info("feed.caught_up feed={} pages={} entries={}", log_value(feed_->id), visited.size() - 2, added);
}

asio::awaitable<void> Poll::inspect_again() {
  auto work = [&document = document_, &seen = seen_] { return inspect(document, seen); };
  inspected_ = co_await offload(pipeline_.workers_, std::move(work));
}

// N6: all older pages, whatever is known of them. Archives that an earlier backfill has read are not asked for again,
// since they never change; what it did not come to is where this one goes on.
asio::awaitable<void> Poll::backfill() {
  backlog_from_ = document_.entries.size();
  std::vector<std::string> visited{url_, final_url_};
  auto next = document_.next_url;
  std::string newest_archive;
  int pages = 0;
  while (pages < kBackfillPages && document_.entries.size() < kMostEntries && !pipeline_.stopping_) {
    if (!memory_.archive_read.empty() && next == memory_.archive_read) next = memory_.archive_next;
    if (!is_http_url(next) || is_downgrade(url_, next) ||
        std::find(visited.begin(), visited.end(), next) != visited.end()) {
      next.clear();
      break;
    }
    visited.push_back(next);
    bool met = false;
    auto page = co_await get_page(next, met);
    if (!page) {
      spdlog::debug("page.failed url={} error={}", log_value(redact_url(next)), log_value(page.error().what));
      break;  // tried again by the next backfill
    }
    ++pages;
    if (page->archive && newest_archive.empty()) newest_archive = next;
    document_.entries.insert(document_.entries.end(), std::make_move_iterator(page->entries.begin()),
                             std::make_move_iterator(page->entries.end()));
    next = page->next_url;
    tell_progress({PollProgress::Step::older_pages, static_cast<std::size_t>(pages), 0, document_.entries.size()});
  }
  if (!newest_archive.empty()) memory_.archive_read = newest_archive;
  if (!memory_.archive_read.empty()) memory_.archive_next = next == memory_.archive_read ? std::string{} : next;
  const auto added = document_.entries.size() - backlog_from_;
  if (added > 0) co_await inspect_again();
  spdlog::info("feed.backfilled feed={} pages={} entries={}", log_value(feed_->id), pages, added);
}

// A3, A5: one step towards believing a permanent redirect or the document's word.
asio::awaitable<void> Poll::consider_move(const fetch::Response& response, bool same_feed) {
  const fetch::MoveCandidate known{http_.redirect_url, http_.redirect_count, http_.redirect_since};
  auto target = fetch::permanent_target(response.hops);
  bool from_feed = false;
  if (!target) {
    // A document that did not come again says what it said before.
    auto said = !has_document_ && memory_.move_from_feed ? known.target : document_.new_feed_url;
    const bool elsewhere = is_http_url(said) && said != url_ && said != final_url_ && said != feed_->url;
    if (elsewhere && !is_downgrade(url_, said)) target = std::move(said), from_feed = true;
  }
  const auto step = fetch::consider_move(known, {target, same_feed}, result_.finished);
  if (!(step.candidate == known) || memory_.move_from_feed != from_feed) {
    http_.redirect_url = step.candidate.target;
    http_.redirect_count = step.candidate.polls;
    http_.redirect_since = step.candidate.since;
    memory_.move_from_feed = from_feed && !step.candidate.target.empty();
    http_changed_ = true;
  }
  if (!step.moved) co_return;
  if (from_feed) {
    const bool there = co_await is_at(*step.moved);
    if (!there) co_return;
  }
  spdlog::info("feed.moved feed={} from={} to={} hint=\"put the new URL into the configuration\"", log_value(feed_->id),
               log_value(redact_url(http_.url)), log_value(redact_url(*step.moved)));
  tell("moved", "to", redact_url(*step.moved));
  http_.url = *step.moved;
  http_changed_ = true;
  pipeline_.scheduler_.set_host(handle_, pipeline_.host_of_feed(*feed_, http_.url));
}

// Whether the feed is really found where its document says that it moved. One request in the life of a move.
asio::awaitable<bool> Poll::is_at(std::string url) {
  const auto bytes = co_await read_seen();
  take_seen(article::Seen::decode(bytes));
  bool shows_known = false;
  auto page = co_await get_page(url, shows_known);
  if (!page) {
    spdlog::debug("page.failed url={} error={}", log_value(redact_url(url)), log_value(page.error().what));
    co_return false;
  }
  co_return shows_known || (!page->title.empty() && page->title == http_.title);
}

// After an unconditional look at a feed that had long answered 304: new entries under the validators that we had mean
// that the server's 304 cannot be trusted (rssguard#1314, FreshRSS#1020). New validators with new content make it good.
void Poll::judge_304(const fetch::Validators& updated) {
  const bool had_any = !validators_.etag.empty() || !validators_.last_modified.empty();
  const bool same = updated == validators_;
  if (memory_.distrusts_304) {
    memory_.distrusts_304 = same;
    return;
  }
  if (conditional_ || forced_ || !feed_->settings->conditional || !had_any || !same) return;
  if (result_.outcome != schedule::Outcome::fresh) return;
  memory_.distrusts_304 = true;
  spdlog::warn(
      "feed.wrong_304 feed={} url={} hint=\"its server answers 304 although there is something new; it is "
      "asked without validators from now on\"",
      log_value(feed_->id), log_value(redact_url(url_)));
}

// H3 for a request that is no poll: its host is left alone.
void Poll::heed(const fetch::Response& answer) { pipeline_.pause_host(answer, feed_->settings->proxy); }

}  // namespace newswire::ingest
