#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/seq.h"
#include "serve/listen.h"

namespace newswire::serve {

struct ArticleClientOptions {
  std::string path;      ///< of articles.sock
  std::string from;      ///< as in the protocol: latest, earliest, acked, a number, an RFC 3339 time; "": default
  std::string consumer;  ///< empty: unnamed, nothing is acknowledged
  std::vector<std::string> feeds;
  std::vector<std::string> tags;
  bool continue_on_gap = false;
  bool health = false;
  /// The server says something at least so often; after three times that, the connection counts as dead.
  std::chrono::seconds heartbeat{30};
  std::chrono::milliseconds backoff_min{200};  ///< before it connects again
  std::chrono::milliseconds backoff_max = std::chrono::seconds(10);
  /// Asked whenever something could take long (a signal ends waiting); true ends next() with Errc::cancelled.
  std::function<bool()> stop = [] { return false; };
  /// Told once when a connection is lost, and once when there is one again.
  std::function<void(std::string_view message)> tell = [](std::string_view) {};
};

/// Follows the article socket over restarts of the daemon, without losing or repeating a line: for command lines.
/// Blocking, one thread.
class ArticleClient {
 public:
  explicit ArticleClient(ArticleClientOptions options) : options_(std::move(options)) {}

  /// Connects and subscribes; after it the position is fixed. Errors as connect_unix(), and those of next().
  Result<void> start();

  struct Line {
    Seq seq;                ///< Seq{0}: a line of the protocol (health, gap)
    std::string_view text;  ///< without newline; valid until the next call
  };
  /// The next article, or the next health or gap line. Connects again by itself. Errc::gone: the position is no longer
  /// kept; busy: another client has taken the consumer's name; invalid: the server refuses the request; cancelled:
  /// stop.
  Result<Line> next();

  /// Everything up to `seq` is done: a new connection begins behind it, and a consumer acknowledges it.
  /// Acknowledgements are sent at once if `now`, else together, at most a second later.
  void done(Seq seq, bool now);

  /// Sends what is still to be acknowledged and waits until it is durable. Errc::timeout, Errc::io: it may be given
  /// again.
  Result<void> finish(std::chrono::milliseconds limit);

 private:
  using Clock = std::chrono::steady_clock;

  Result<void> connect_once();
  std::string request() const;
  Result<void> reconnect(const std::string& why);
  /// A line of the connection; nothing when it broke. Errc::cancelled, Errc::timeout.
  Result<std::optional<std::string_view>> read_line(Clock::time_point deadline);
  /// Handles what is not for the caller. False: it is.
  Result<bool> control(std::string_view line);
  bool send_ack();
  void pause(std::chrono::milliseconds time);

  ArticleClientOptions options_;
  Fd fd_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::optional<Seq> next_;  // where a new connection begins
  Seq given_ = {};           // the last article that next() gave
  Seq done_ = {};
  Seq sent_ = {};  // acknowledgement sent on this connection
  Seq confirmed_ = {};
  Clock::time_point sent_at_{};
};

}  // namespace newswire::serve
