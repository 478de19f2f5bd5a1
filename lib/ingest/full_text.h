#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "article/article.h"
#include "clean/extract.h"
#include "config/config.h"
#include "fetch/client.h"
#include "fetch/hosts.h"
#include "fetch/robots.h"

namespace newswire::ingest {

namespace asio = boost::asio;

/// Does `full_text` ask for the page of this article? `automatic`: only for a new entry that carries no more than a
/// summary. Pure.
bool wants_page(const article::Article& article, config::FullText mode);

/// Takes the page's article into `article` if it is clearly better: more text, and the summary's words are in it (so it
/// is the same article, not a consent wall). True if taken. Pure.
bool take_page(article::Article& article, const clean::Extracted& page, config::FullText mode);

/// What robots.txt files said, by origin; bounded, forgets after a day (RFC 9309, 2.4). Loop thread only.
class RobotsBook {
 public:
  /// Nothing if it has to be fetched.
  std::shared_ptr<const fetch::Robots> find(const std::string& origin, Time now) const;
  void store(const std::string& origin, fetch::Robots robots, Time now);

 private:
  struct Known {
    std::shared_ptr<const fetch::Robots> robots;
    Time fetched;
  };
  std::unordered_map<std::string, Known> known_;
};

/// What fetching pages needs.
struct PageContext {
  fetch::Client& client;
  fetch::Hosts& hosts;
  asio::thread_pool& workers;
  RobotsBook& robots;
  std::function<Time()> now;
  std::function<bool()> stopping;
  std::function<bool(const std::string& url)> may_ask;        ///< false: its host is paused or down (H3, H4)
  std::function<void(const fetch::Response&)> asked_to_wait;  ///< an answer that pauses its host (H3)
  std::function<void(std::size_t done, std::size_t total)> progress;
};

/// Fetches the pages of those articles that want one, one after the other, under the limits of their hosts, robots.txt
/// honoured, and takes in what is better. A page that cannot be had leaves the article as it is. At most kMaxPages, the
/// newest first, and `progress` is told before each. `request`: the feed's own, as a model for time limits and proxies;
/// its credentials are not sent. Loop thread only.
inline constexpr std::size_t kMaxPages = 30;
asio::awaitable<std::size_t> fetch_pages(PageContext context, std::vector<article::Article>& articles,
                                         config::FullText mode, bool honour_robots, fetch::Request request,
                                         clean::Options cleaning);

}  // namespace newswire::ingest
