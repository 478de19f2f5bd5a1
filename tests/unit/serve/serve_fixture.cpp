#include "serve_fixture.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>

#include "base/json_text.h"
#include "serve/control_client.h"
#include "spool/line.h"

namespace newswire::serve {

TemporaryFolder::TemporaryFolder() {
  auto name = (std::filesystem::temp_directory_path() / "nw-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot create a temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

LoopThread::LoopThread() = default;

LoopThread::~LoopThread() {
  work_.reset();
  if (thread_.joinable()) thread_.join();  // a loop that does not run empty is a leak, and hangs here
}

void LoopThread::finish(asio::awaitable<void> work) {
  asio::co_spawn(context_, std::move(work), asio::use_future).get();
}

std::future<void> LoopThread::begin(asio::awaitable<void> work) {
  auto end = asio::co_spawn(context_, std::move(work), asio::use_future);
  run([] {});
  return end;
}

Client::Client(const std::string& path) {
  auto fd = connect_unix(path);
  if (!fd) throw std::runtime_error(to_string(fd.error()));
  fd_ = *std::move(fd);
}

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool Client::wait_readable(std::chrono::milliseconds limit) {
  pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, static_cast<int>(limit.count())) > 0;
}

std::optional<std::string> Client::line() {
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    if (!wait_readable(kPatience)) {
      ADD_FAILURE() << "no line arrived";
      return std::nullopt;
    }
    char chunk[16 * 1024];
    const auto got = ::recv(fd_.get(), chunk, sizeof(chunk), 0);
    if (got <= 0) {
      EXPECT_EQ(buffer_, "") << "the stream ended inside a line";
      return std::nullopt;
    }
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
}

std::string Client::lines(std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    const auto next = line();
    if (!next) return all + "<end>";
    all += (i == 0 ? "" : "\n") + *next;
  }
  return all;
}

bool Client::silent() { return buffer_.empty() && !wait_readable(std::chrono::milliseconds(0)); }

void Client::close_input() { ::shutdown(fd_.get(), SHUT_WR); }

AckStore AckMemory::store(asio::any_io_executor executor) {
  gate = std::make_unique<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
  AckStore callbacks;
  callbacks.load = [this](std::string_view consumer) -> std::optional<Seq> {
    const auto found = positions.find(consumer);
    return found == positions.end() ? std::nullopt : std::optional(found->second);
  };
  callbacks.store = [this](std::string consumer, Seq seq) -> asio::awaitable<Result<void>> {
    if (held) co_await gate->async_wait(asio::as_tuple(asio::use_awaitable));
    if (failure) co_return *failure;
    calls.emplace_back(consumer, seq);
    positions[consumer] = seq;
    co_return Result<void>{};
  };
  return callbacks;
}

void AckMemory::release() {
  held = false;
  gate->cancel();
}

std::uint64_t seq_of(const std::string& line) {
  const auto head = spool::parse_head(line);
  return head ? head->seq.value : 0;
}

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

void ServeTest::start() {
  spool_options.segment_min_age = {};  // rotation by size alone, however quick the machine is
  auto opened = spool::Spool::open(folder / "spool", spool_options);
  ASSERT_TRUE(opened) << to_string(opened.error());
  articles = *std::move(opened);
  auto socket = listen_unix({.path = path(), .mode = 0600, .group = {}});
  ASSERT_TRUE(socket) << to_string(socket.error());
  std::vector<ListenSocket> sockets;
  sockets.push_back(*std::move(socket));
  loop.run([&] {
    server = std::make_unique<ArticleServer>(loop.executor(), std::move(sockets), articles->published(),
                                             acks.store(loop.executor()), limits);
    server->start();
  });
}

void ServeTest::stop(std::chrono::milliseconds limit) {
  if (!server) return;
  loop.finish(server->stop(limit));
  loop.run([this] { server.reset(); });
}

void ServeTest::TearDown() {
  stop(std::chrono::milliseconds(50));
  loop.run([this] { acks.gate.reset(); });  // a timer goes before its loop
}

Seq ServeTest::append(std::string_view feed, std::string_view tag, std::size_t padding) {
  now += std::chrono::seconds(1);
  std::string rest = R"(,"uid":"u","feed":{"id":)";
  append_json_string(rest, feed);
  rest += R"(,"tags":[)";
  append_json_string(rest, tag);
  rest += R"(]},"received":")" + to_rfc3339(now, true) + R"("},"id":"x","content_text":")" + std::string(padding, 'x') +
          "\"}";
  const auto seq = articles->append(rest);
  EXPECT_TRUE(seq) << to_string(seq.error());
  return *seq;
}

void ServeTest::commit() {
  const auto done = articles->commit();
  ASSERT_TRUE(done) << to_string(done.error());
  loop.run([this] { server->notify_committed(); });
}

Seq ServeTest::publish(std::string_view feed, std::string_view tag, std::size_t padding) {
  const auto seq = append(feed, tag, padding);
  commit();
  return seq;
}

void ServeTest::retain() {
  ASSERT_TRUE(articles->rotate());
  for (bool more = true; more;) {
    const auto done = articles->maintain(now, std::nullopt);
    ASSERT_TRUE(done) << to_string(done.error());
    more = done->more;
  }
  loop.run([this] { server->notify_retained(); });
}

Client ServeTest::subscribe(const std::string& request) {
  auto client = connect();
  client.send(request + "\n");
  for (;;) {
    const auto answer = client.line();
    if (!answer || answer->find("\"op\":\"subscribed\"") != std::string::npos) return client;
    if (answer->find("\"op\":\"error\"") != std::string::npos) {
      ADD_FAILURE() << *answer;
      return client;
    }
  }
}

}  // namespace newswire::serve
