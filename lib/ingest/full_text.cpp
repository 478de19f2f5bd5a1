#include "ingest/full_text.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

#include "base/async.h"
#include "base/log_value.h"
#include "base/text.h"
#include "base/url.h"
#include "fetch/outcome.h"

namespace newswire::ingest {
namespace {

constexpr auto kRobotsLife = std::chrono::hours{24};
constexpr std::size_t kMaxOrigins = 10'000;
constexpr std::size_t kMaxPage = std::size_t{8} << 20;
constexpr std::string_view kProduct = "newswire";

// Words of at least four letters, in lower case.
std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (word.size() >= 4) words.insert(word);
    word.clear();
  };
  for (const char c : text) {
    if (is_alnum(c) || static_cast<unsigned char>(c) >= 0x80) {
      word += to_lower(c);
    } else {
      finish();
    }
  }
  finish();
  return words;
}

// The part of the summary's words that the page has too.
double overlap(std::string_view summary, std::string_view page) {
  const auto wanted = words_of(summary);
  if (wanted.empty()) return 1;
  const auto there = words_of(page);
  const auto found =
      std::count_if(wanted.begin(), wanted.end(), [&](const std::string& word) { return there.contains(word); });
  return static_cast<double>(found) / static_cast<double>(wanted.size());
}

std::string path_of(const std::string& url) {
  const auto parts = split_url(url);
  std::string path = parts.path.empty() ? "/" : std::string(parts.path);
  if (parts.has_query) path += "?" + std::string(parts.query);
  return path;
}

fetch::Request page_request(const fetch::Request& like, const std::string& url) {
  fetch::Request request;
  request.url = url;
  request.a_im = false;
  request.accept = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1";
  request.allow_private = like.allow_private;
  request.allowed_places = like.allowed_places;
  request.verify_tls = like.verify_tls;
  request.http_version = like.http_version;
  request.proxy = like.proxy;
  request.ca_file = like.ca_file;
  request.timeouts = like.timeouts;
  request.max_body = kMaxPage;
  request.max_header_bytes = like.max_header_bytes;
  request.max_redirects = like.max_redirects;
  return request;
}

asio::awaitable<Result<fetch::Response>> get_politely(PageContext& context, fetch::Request request) {
  auto permit = co_await context.hosts.acquire(request.url);
  if (!permit) co_return permit.error();
  if (!context.may_ask(request.url)) {
    co_return Error{Errc::busy, "the host asked not to be asked now, or is down", redact_url(request.url)};
  }
  auto answer = co_await context.client.get(std::move(request));
  if (answer && fetch::classify(answer).pauses_host) context.asked_to_wait(*answer);
  co_return answer;
}

asio::awaitable<bool> is_allowed(PageContext& context, const fetch::Request& like, const std::string& url) {
  const auto origin = origin_of(url);
  auto robots = context.robots.find(origin, context.now());
  if (!robots) {
    auto request = page_request(like, fetch::robots_url(url));
    request.accept = "text/plain,*/*;q=0.1";
    const auto answer = co_await get_politely(context, std::move(request));
    if (!answer || answer->status >= 500) {
      context.robots.store(origin, fetch::Robots::unreachable(), context.now());
    } else if (answer->status == 200) {
      context.robots.store(origin, fetch::Robots::parse(answer->body, kProduct), context.now());
    } else {
      context.robots.store(origin, fetch::Robots{}, context.now());
    }
    robots = context.robots.find(origin, context.now());
  }
  co_return robots != nullptr && robots->allows(path_of(url));
}

}  // namespace

bool wants_page(const article::Article& article, config::FullText mode) {
  if (mode == config::FullText::never || article.event != article::Event::new_ || !is_http_url(article.url))
    return false;
  return mode == config::FullText::always || article.completeness != "full";
}

bool take_page(article::Article& article, const clean::Extracted& page, config::FullText mode) {
  constexpr double kSameArticle = 0.6;
  constexpr std::size_t kLeast = 250;
  const auto& before = article.content_text;
  const bool longer =
      page.content_text.size() >= kLeast && page.content_text.size() > before.size() + before.size() / 2;
  const bool enough = mode == config::FullText::always ? page.content_text.size() >= before.size() : longer;
  const auto evidence = before.empty() ? article.title : before;
  if (!enough || overlap(evidence, page.content_text + "\n" + page.title) < kSameArticle) return false;
  if (article.summary.empty()) article.summary = before;
  article.content_text = page.content_text;
  if (!article.content_html.empty() || !page.content_html.empty()) article.content_html = page.content_html;
  article.stripped.insert(article.stripped.end(), page.stripped.begin(), page.stripped.end());
  article.related.insert(article.related.end(), page.related.begin(), page.related.end());
  if (article.authors.empty()) article.authors = page.authors;
  if (!article.date_published) article.date_published = page.date_published;
  if (article.image.empty()) article.image = page.image;
  if (!page.language.empty() && (article.language.empty() || article.language_source == "detected")) {
    article.language = page.language;
    article.language_source = "page";
  }
  article.completeness = "full";
  return true;
}

std::shared_ptr<const fetch::Robots> RobotsBook::find(const std::string& origin, Time now) const {
  const auto found = known_.find(origin);
  if (found == known_.end() || found->second.fetched + kRobotsLife < now) return nullptr;
  return found->second.robots;
}

void RobotsBook::store(const std::string& origin, fetch::Robots robots, Time now) {
  if (known_.size() >= kMaxOrigins) {
    std::erase_if(known_, [now](const auto& known) { return known.second.fetched + kRobotsLife < now; });
    if (known_.size() >= kMaxOrigins) known_.clear();
  }
  known_[origin] = {std::make_shared<const fetch::Robots>(std::move(robots)), now};
}

asio::awaitable<std::size_t> fetch_pages(PageContext context, std::vector<article::Article>& articles,
                                         config::FullText mode, bool honour_robots, fetch::Request request,
                                         clean::Options cleaning) {
  const auto wanted = std::count_if(articles.begin(), articles.end(),
                                    [mode](const article::Article& article) { return wants_page(article, mode); });
  const auto total = std::min(kMaxPages, static_cast<std::size_t>(wanted));
  std::size_t fetched = 0;
  std::size_t taken = 0;
  for (std::size_t i = articles.size(); i-- > 0 && fetched < kMaxPages;) {  // oldest first in `articles`
    auto& article = articles[i];
    if (!wants_page(article, mode) || context.stopping()) continue;
    context.progress(fetched++, total);
    bool allowed = true;
    if (honour_robots) allowed = co_await is_allowed(context, request, article.url);
    if (!allowed) {
      spdlog::debug("page.disallowed url={}", log_value(redact_url(article.url)));
      continue;
    }
    auto answer = co_await get_politely(context, page_request(request, article.url));
    if (!answer || answer->status != 200) {
      spdlog::debug("page.failed url={} error={}", log_value(redact_url(article.url)),
                    answer ? std::to_string(answer->status) : log_value(answer.error().what));
      continue;
    }
    clean::ExtractOptions options;
    options.url = answer->final_url;
    options.fetched_at = context.now();
    options.title_hint = article.title;
    options.content_type = answer->content_type;
    options.cleaning = cleaning;
    auto work = [body = std::move(answer->body), options = std::move(options)] {
      return clean::extract(body, options);
    };
    const auto page = co_await offload(context.workers, std::move(work));
    if (page && take_page(article, *page, mode)) ++taken;
  }
  co_return taken;
}

}  // namespace newswire::ingest
