#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "serve/protocol.h"

/// What an HTTP request to the status listener means. Pure; any thread.
namespace newswire::serve {

/// `host[:port]` of a Host header is one of ours: localhost, a loopback address, or one of `allowed` (names or
/// addresses, case ignored). Everything else is refused, or a page of any site could read us after rebinding its name
/// (DNS rebinding). An empty header is nobody's.
bool is_own_host(std::string_view host, const std::vector<std::string>& allowed);

/// `/path?name=value&…`, decoded. Errc::invalid: not a path, a broken escape.
struct HttpTarget {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
};
Result<HttpTarget> parse_target(std::string_view target);

/// `/articles?from=…&follow&feed=…&tag=…&limit=…`.
struct ArticlesQuery {
  From from;
  std::vector<std::string> feeds;
  std::vector<std::string> tags;
  bool follow = false;  ///< goes on with what comes, else ends behind what there is
  std::optional<std::uint64_t> limit;
};
/// Without `from`: latest if it follows, else earliest. `last_event_id`: the header of that name (server-sent events),
/// which says where a browser goes on. Errc::invalid: an unknown parameter, or a bad value.
Result<ArticlesQuery> parse_articles_query(const HttpTarget& target, std::string_view last_event_id);

/// `/api/status`, `/api/consumers`, `/api/feeds?match=…&troubled&limit=…`, `/api/throughput?minutes=…`: what the status
/// page asks for.
struct ReadRequest {
  std::string op;            ///< status, feeds, consumers or throughput
  std::string match;         ///< feeds: part of id, URL, title or tag
  bool troubled = false;     ///< feeds: only failing, gone and paused ones
  std::size_t limit = 0;     ///< feeds: at most so many
  std::size_t minutes = 60;  ///< throughput: of the last so many
};
inline constexpr std::size_t kMaxRows = 2000;        ///< of one answer
inline constexpr std::size_t kMaxMinutes = 24 * 60;  ///< of throughput
/// Nothing for other paths. Errc::invalid: an unknown parameter, or a bad value.
Result<std::optional<ReadRequest>> parse_read_request(const HttpTarget& target);

}  // namespace newswire::serve
