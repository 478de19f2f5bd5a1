#pragma once

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "serve/article_server.h"
#include "serve/listen.h"
#include "spool/spool.h"

namespace newswire::serve {

/// Longest time that anything in these tests may take; only reached when a test fails.
inline constexpr auto kPatience = std::chrono::seconds(60);

/// A folder of its own under the system's, short enough for a socket's path; removed with all it holds.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// The one thread of an event loop; the test's own thread plays the clients and the writer.
class LoopThread {
 public:
  LoopThread();
  ~LoopThread();
  asio::any_io_executor executor() { return context_.get_executor(); }
  /// Runs `work` on the loop and waits for what it gives.
  template <class Work>
  auto run(Work work) -> std::invoke_result_t<Work&> {
    auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Work&>()>>(std::move(work));
    auto done = task->get_future();
    asio::post(executor(), [task] { (*task)(); });
    return done.get();
  }
  /// Runs a coroutine to its end.
  void finish(asio::awaitable<void> work);
  /// Starts a coroutine and returns when it has had its first turn; the future is its end.
  std::future<void> begin(asio::awaitable<void> work);

 private:
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  std::thread thread_{[this] { context_.run(); }};
};

/// A client as a program in any language would be one: blocking, with a deadline on every read.
class Client {
 public:
  explicit Client(const std::string& path);
  explicit Client(Fd fd) : fd_(std::move(fd)) {}

  void send(std::string_view bytes);
  /// The next line without its newline; nothing at the end of the stream. Fails the test when none comes.
  std::optional<std::string> line();
  /// The next lines, joined with '\n'.
  std::string lines(std::size_t count);
  /// Has nothing been sent yet? Only meaningful after something that would have caused it has been seen elsewhere.
  bool silent();
  bool at_end() { return !line().has_value(); }
  void close_input();
  void close() { fd_ = Fd(); }
  int native() const { return fd_.get(); }

 private:
  bool wait_readable(std::chrono::milliseconds limit);

  Fd fd_;
  std::string buffer_;
};

/// Acknowledgements in memory, with failures and delays on demand. Loop thread only.
struct AckMemory {
  std::map<std::string, Seq, std::less<>> positions;
  std::vector<std::pair<std::string, Seq>> calls;
  std::optional<Error> failure;
  bool held = false;  ///< store() waits until release()
  std::unique_ptr<asio::steady_timer> gate;

  AckStore store(asio::any_io_executor executor);
  void release();
};

/// The number of an article's line; 0 for any other line.
std::uint64_t seq_of(const std::string& line);
/// Polls until `condition` holds.
bool eventually(const std::function<bool()>& condition);

/// A real spool, a real server on a real socket.
class ServeTest : public testing::Test {
 protected:
  void TearDown() override;
  /// Opens spool and server; before it, `spool_options` and `limits` may be changed.
  void start();
  void stop(std::chrono::milliseconds limit = kPatience);

  /// Appends and commits one line, announces it.
  Seq publish(std::string_view feed = "sun", std::string_view tag = "world", std::size_t padding = 0);
  Seq append(std::string_view feed, std::string_view tag, std::size_t padding);
  void commit();
  /// Closes the live segment and runs maintenance until there is no more to do.
  void retain();
  Client connect() { return Client(path()); }
  /// Connects and subscribes; has read the answer.
  Client subscribe(const std::string& request);
  std::string path() const { return folder / "a.sock"; }
  std::size_t connections() {
    return loop.run([this] { return server->connections(); });
  }
  ArticleServerCounters counters() {
    return loop.run([this] { return server->counters(); });
  }

  TemporaryFolder folder;
  spool::Options spool_options;
  ArticleServerLimits limits;
  AckMemory acks;
  Time now = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));
  std::unique_ptr<spool::Spool> articles;
  LoopThread loop;
  std::unique_ptr<ArticleServer> server;
};

}  // namespace newswire::serve
