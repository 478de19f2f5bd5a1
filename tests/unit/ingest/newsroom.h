#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http_server/http_server.h"
#include "ingest/pipeline.h"

namespace newswire::ingest::test {

using namespace std::chrono_literals;
using newswire::test::Answer;
using newswire::test::HttpServer;
using Request = newswire::test::Seen;

/// One poll, as PollReport tells it, kept.
struct Polled {
  std::string feed;
  std::string outcome;
  std::string error;
  bool failed = false;
  std::vector<article::Article> articles;
  schedule::Decision next;

  std::vector<std::string> titles() const;
};

/// The daemon's pipeline in this process: real writer, spool, state and HTTP client, a scripted server on loopback, and
/// a wall clock that only the test moves. Polls happen when poll() asks, or when pass() makes them due.
class Newsroom {
 public:
  /// `feeds`: YAML of the feeds list, `more`: further top-level YAML. Call start() when the server's script is written.
  explicit Newsroom(std::string feeds = {}, std::string more = {});
  ~Newsroom();

  /// "  - {id: one, url: <server>/feed, <more>}\n"
  std::string feed(std::string_view target = "/feed", std::string_view id = "one", std::string_view more = {}) const;
  void configure(std::string feeds, std::string more = {});
  void one_at_a_time() { per_host_ = 1; }  ///< requests to a host; else 8
  /// Networks and hosts of fetch.allow_hosts, as YAML.
  void allow_hosts(std::string list) { allow_hosts_ = std::move(list); }

  void start();
  void stop();
  void restart() { stop(), start(); }

  Time now() const { return now_; }
  /// Moves the clock; what is due then is polled before it returns. Gives how many polls there were.
  std::size_t pass(std::chrono::milliseconds time);
  /// Moves the clock to the feed's next poll, lets it happen, and gives it.
  Polled next_poll(std::string_view id = "one");
  /// A poll by hand (the clock is moved by 61 s before it, since one a minute is allowed).
  Polled poll(const std::string& id = "one", PollOptions options = {});
  /// What `newswirectl poll` answers.
  Result<std::string> ask_poll(const std::string& id, PollOptions options = {}, OnPollProgress on_progress = {});

  const std::vector<Polled>& polls() const { return polls_; }
  /// Health events as they went to subscribers.
  const std::vector<std::string>& events() const { return events_; }
  bool told(std::string_view state) const;
  Result<void> resume(const std::string& id);
  std::string list();  ///< `newswirectl feeds --why`
  Pipeline& pipeline() { return *pipeline_; }
  Writer& writer() { return *writer_; }
  asio::io_context& loop() { return *loop_; }
  /// Runs the loop until `done`, which is asked after each of its turns; throws after a minute.
  void wait_until(const std::function<bool()>& done) { drive(done); }

  HttpServer server;

 private:
  void drive(const std::function<bool()>& done);
  bool is_quiet() const;

  std::filesystem::path folder_;
  std::string feeds_;
  std::string more_;
  int per_host_ = 8;
  std::string allow_hosts_ = "[]";
  Time now_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 8h};
  std::unique_ptr<asio::io_context> loop_;
  std::unique_ptr<asio::thread_pool> workers_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Pipeline> pipeline_;
  std::vector<Polled> polls_;
  std::vector<std::string> events_;
};

/// An RSS 2.0 document with one item an id, dated a minute apart, ending before `newest`; `channel`: further elements.
std::string rss(const std::vector<std::string>& ids, std::string_view channel = {});

}  // namespace newswire::ingest::test
