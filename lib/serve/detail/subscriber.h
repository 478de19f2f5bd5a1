#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "serve/article_server.h"
#include "serve/detail/ack_book.h"
#include "serve/detail/line_sender.h"
#include "serve/detail/peer.h"
#include "serve/protocol.h"
#include "spool/published.h"

namespace newswire::serve {

class Subscriber;

/// What a connection needs of the server it belongs to. Loop thread only.
class SubscriberHost {
 public:
  virtual ~SubscriberHost() = default;
  virtual const spool::Published& spool() const = 0;
  virtual AckBook& acks() = 0;
  virtual const ArticleServerLimits& limits() const = 0;
  virtual ArticleServerCounters& counters() = 0;
  /// `subscriber` is from now on the connection of `consumer`; whoever was is told, and ends.
  virtual void take_over(const std::string& consumer, Subscriber& subscriber) = 0;
  /// The connection is closed; it is not to be called again.
  virtual void closed(Subscriber& subscriber) = 0;
};

/// One connection of the article socket. Two things run: a coroutine that reads requests, and pump(), which sends as
/// much as the socket takes and is called again when it takes more or the spool has more. Loop thread only; owned by
/// shared_ptr, since its handlers may outlive its place in the server.
class Subscriber : public std::enable_shared_from_this<Subscriber> {
 public:
  using Socket = asio::local::stream_protocol::socket;

  Subscriber(std::shared_ptr<SubscriberHost> host, Socket socket, std::uint64_t id, spool::Cursor from);

  /// Serves the client until close(); awaited (or spawned) exactly once by the server.
  static asio::awaitable<void> read_requests(std::shared_ptr<Subscriber> self);
  /// Sends what there is. Does nothing while the socket is known to be full.
  void pump();

  /// Another connection has taken its name: says so at the next border between lines, and ends.
  void end_taken_over();
  /// Ends at the next border between lines, with a bye for a client that spoke.
  void end_with_bye();
  void close();

  void health(std::string_view line);
  /// Looks at heartbeat, stall and retention.
  void sweep(std::chrono::steady_clock::time_point now, bool retention_moved);

  SubscriberInfo info();
  std::uint64_t id() const noexcept { return id_; }
  const std::string& consumer() const noexcept { return consumer_; }
  bool idle() const noexcept { return !waiting_ && !turn_posted_; }

 private:
  using Clock = std::chrono::steady_clock;

  asio::awaitable<bool> read_some();
  bool receive();
  asio::awaitable<void> handle(std::string line);
  asio::awaitable<void> subscribe(Subscribe request);
  void acknowledge(Seq seq);
  static asio::awaitable<void> store_acks(std::shared_ptr<Subscriber> self);
  struct Start {
    spool::Cursor cursor;
    Seq first;
    std::optional<Seq> gap_from;  // what was wanted, but is no longer kept
  };
  Result<Start> place(const Subscribe& request) const;
  void cannot_start(const Error& error, const Subscribe& request);
  void refuse(const Refusal& refusal);
  void fell_off();
  void wait_writable();
  /// Sends what is said, then closes.
  void end();

  std::shared_ptr<SubscriberHost> host_;
  Socket socket_;
  std::uint64_t id_;
  Peer peer_;
  LineSender sender_;
  std::string input_;           // an unfinished request
  std::string consumer_;        // empty: unnamed
  std::string taken_consumer_;  // the name it had
  asio::steady_timer drained_;  // cancelled when what was said is sent
  Clock::time_point connected_ = Clock::now();
  Clock::time_point last_sent_ = connected_;  // something was sent
  Clock::time_point blocked_since_;           // while waiting_: nothing could be sent since
  std::chrono::seconds heartbeat_{0};
  Seq acked_;      // accepted from this connection
  Seq ack_floor_;  // known to be sent, so that most acks cost no look at the spool
  std::uint64_t health_lost_ = 0;
  bool spoke_ = false;
  bool subscribed_ = false;
  bool confirm_ = false;
  bool health_ = false;
  bool continue_on_gap_ = false;
  bool discarding_ = false;  // the rest of a request that was too long
  bool storing_ = false;     // store_acks() runs
  bool stuck_ = false;       // the last send() ended blocked
  bool waiting_ = false;     // for the socket to take more
  bool turn_posted_ = false;
  bool ending_ = false;
  bool peer_gone_ = false;  // nothing can be sent; requests it left behind are still read
  bool closed_ = false;
};

}  // namespace newswire::serve
