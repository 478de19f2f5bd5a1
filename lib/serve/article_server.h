#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/seq.h"
#include "serve/listen.h"

namespace newswire::spool {
class Published;
}

namespace newswire::serve {

namespace asio = boost::asio;

/// The positions of named consumers, kept by whoever owns the state (ingest's writer). Loop thread only.
struct AckStore {
  /// The consumer's acknowledged `seq`; Seq{0}: known, nothing acknowledged; nothing: never seen.
  std::function<std::optional<Seq>(std::string_view consumer)> load;
  /// Stores it durably, then returns. Only ever called with growing numbers for one name, one call at a time.
  std::function<asio::awaitable<Result<void>>(std::string consumer, Seq seq)> store;
};

struct ArticleServerLimits {
  /// Connections at a time; one more is told `too_many_connections` and closed.
  std::size_t max_connections = 4096;
  /// A named consumer that takes nothing for so long, while there is something to take, is disconnected: it can resume.
  /// An unnamed one is left alone (it costs nothing) until retention removes what it stands on.
  std::chrono::milliseconds stall_timeout = std::chrono::minutes(10);
  /// How often stalls, heartbeats and retention are looked at.
  std::chrono::milliseconds sweep_interval = std::chrono::seconds(1);
  /// Bytes one subscriber gets before the next one has its turn.
  std::size_t turn_bytes = 1024 * 1024;
  /// Only peers with one of these group ids, primary or supplementary, root, or our own user; empty: whoever the file's
  /// mode lets in.
  std::vector<unsigned> allowed_groups;
};

/// What one connection does at the moment, for `newswirectl status` and metrics.
struct SubscriberInfo {
  std::uint64_t id = 0;   ///< number of the connection since start
  std::string consumer;   ///< empty: unnamed
  Seq next_seq = {};      ///< the first one not yet sent
  std::uint64_t lag = 0;  ///< committed lines it has not been sent
  int pid = 0;            ///< peer credentials
  unsigned uid = 0;
  bool filtered = false;
  bool stalled = false;  ///< the peer takes nothing although there is something to take
  std::chrono::seconds age{0};
};

/// Counted since start.
struct ArticleServerCounters {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;  ///< over the limit, or group not allowed
  std::uint64_t bytes_sent = 0;
  std::uint64_t bad_requests = 0;
  std::uint64_t acks = 0;
  std::uint64_t taken_over = 0;
  std::uint64_t gone = 0;  ///< subscribers that fell off retention
  std::uint64_t stalled_closed = 0;
  std::uint64_t health_dropped = 0;
  std::uint64_t accept_failures = 0;  ///< no descriptor or memory was left for a connection that waits
};

/// The article socket (DESIGN.md section 8, docs/protocol.md): every subscriber is a position in the spool, served with
/// sendfile up to the last committed byte; there is no queue in memory, and a slow subscriber costs nothing.
/// Loop thread only. The spool, the ack store's callbacks and the executor's context outlive it; stop() is awaited
/// before it is destroyed. start() ignores SIGPIPE for the process (sendfile has no MSG_NOSIGNAL).
class ArticleServer {
 public:
  /// `sockets`: at least one that listens (listen_unix, or adopted).
  ArticleServer(asio::any_io_executor executor, std::vector<ListenSocket> sockets, const spool::Published& spool,
                AckStore acks, ArticleServerLimits limits = {});
  ~ArticleServer();

  /// Begins to accept. A client that connects before a commit is announced gets that commit's articles.
  void start();

  /// After each commit, on the loop: everybody who is up to date is served at once.
  void notify_committed();

  /// After retention removed segments, on the loop: who stood on them is told `gone` or `gap`.
  void notify_retained();

  /// One `{"op":"feed",…}` object, without its newline, for subscribers that asked for health.
  void publish_feed_event(std::string json_line);

  /// Stops accepting, lets lines that are under way finish, says `bye` to those who spoke, closes; what is not done
  /// within `limit` is closed as it is.
  asio::awaitable<void> stop(std::chrono::milliseconds limit);

  std::size_t connections() const noexcept;
  std::vector<SubscriberInfo> subscribers() const;
  ArticleServerCounters counters() const noexcept;

  /// Applies to new connections; a reload changes limits without touching who is connected.
  void set_limits(ArticleServerLimits limits);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace newswire::serve
