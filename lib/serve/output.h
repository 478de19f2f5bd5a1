#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "serve/article_server.h"
#include "serve/protocol.h"

namespace newswire::serve {

/// `outputs: [{connect: "unix:PATH"}]`.
struct OutputOptions {
  std::string consumer;            ///< the name its position is stored under, for example "output:vector"
  std::string path;                ///< of the collector's listening Unix stream socket
  From from;                       ///< where a consumer that was never seen starts; kinds latest and earliest
  std::vector<std::string> feeds;  ///< as in Subscribe
  std::vector<std::string> tags;
  bool health = false;  ///< `{"op":"feed",…}` lines too
  std::chrono::milliseconds backoff_min = std::chrono::milliseconds(250);
  std::chrono::milliseconds backoff_max = std::chrono::seconds(60);
};

/// What an output does at the moment.
struct OutputInfo {
  std::string consumer;
  std::string path;
  bool connected = false;
  Seq acked = {};
  std::uint64_t lag = 0;
  std::uint64_t reconnects = 0;
  std::string last_error;
};

/// A named consumer inside the daemon that connects to a collector which only listens (Vector, Fluent Bit, Telegraf),
/// and writes plain article lines to it. Its position is what the collector has taken out of the kernel's buffer, so
/// that a collector that dies gets again what it may not have read (at least once). Connects again by itself, with
/// exponential backoff. A position that is no longer retained continues at the earliest, with a warning in the log.
/// Loop thread only; stop() is awaited before it is destroyed.
class Output {
 public:
  Output(asio::any_io_executor executor, OutputOptions options, const spool::Published& spool, AckStore acks);
  ~Output();

  void start();
  /// After each commit, on the loop.
  void notify_committed();
  /// As ArticleServer::publish_feed_event; written only if the options ask for health.
  void publish_feed_event(const std::string& json_line);
  /// Finishes the line under way, stores the position, closes; at most `limit`.
  asio::awaitable<void> stop(std::chrono::milliseconds limit);
  OutputInfo info() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace newswire::serve
