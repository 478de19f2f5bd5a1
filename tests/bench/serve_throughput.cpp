// How much of a bare loop's throughput the article socket keeps, and what stalled subscribers cost.
//
// The yardstick reads the same segment files and writes them to the same kind of socket, for 1 and for 100 readers; the
// goal is a ratio of at least 0.8 in wall time. Readers are a process of their own, so that only the sender's side is
// compared. Then 1,000 subscribers of whom 900 never read: growth of memory, and delay of the others.
// Usage: bench_serve_throughput [MEGABYTES].
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/packaged_task.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "serve/article_server.h"
#include "serve/control_client.h"
#include "serve/listen.h"
#include "spool/spool.h"

namespace {

using namespace newswire;
namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  return *std::move(result);
}

struct Folder {
  Folder() {
    auto name = (fs::temp_directory_path() / "nwb-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

std::string rest_of_size(std::size_t size) {
  return R"(,"uid":"u","feed":{"id":"sun","tags":["world"]},"received":"2026-11-24T08:13:01.123Z"},"id":"x","content_text":")" +
         std::string(size, 'x') + "\"}";
}

std::unique_ptr<spool::Spool> filled(const fs::path& folder, std::uint64_t bytes) {
  spool::Options options;
  options.compress = false;
  auto articles = must(spool::Spool::open(folder.string(), options));
  for (std::uint64_t written = 0; written < bytes;) {
    for (int i = 0; i < 500; ++i) {
      const auto rest = rest_of_size(3000 + static_cast<std::size_t>(i) * 8);
      written += rest.size();
      if (!articles->append(rest)) throw std::runtime_error("append");
    }
    if (!articles->commit()) throw std::runtime_error("commit");
  }
  return articles;
}

std::vector<fs::path> segments(const fs::path& folder) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".ndjson") all.push_back(entry.path());
  }
  std::sort(all.begin(), all.end());  // "articles-…" before "articles.ndjson"
  return all;
}

/// A child that connects `count` times, says `hello` on each, and reads `bytes` on each.
pid_t fork_readers(const std::string& path, std::size_t count, std::uint64_t bytes, const std::string& hello) {
  const auto child = ::fork();
  if (child != 0) return child;
  const int poller = ::epoll_create1(0);
  std::vector<std::uint64_t> left(count, bytes);
  std::vector<int> fds;
  for (std::size_t i = 0; i < count; ++i) {
    auto fd = serve::connect_unix(path);
    if (!fd) std::_Exit(1);
    fds.push_back(fd->release());
    if (!hello.empty() && ::write(fds.back(), hello.data(), hello.size()) < 0) std::_Exit(1);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    ::epoll_ctl(poller, EPOLL_CTL_ADD, fds.back(), &event);
  }
  std::vector<char> buffer(256 * 1024);
  for (std::size_t open = count; open > 0;) {
    std::array<epoll_event, 64> events{};
    const int ready = ::epoll_wait(poller, events.data(), static_cast<int>(events.size()), 30'000);
    if (ready <= 0) std::_Exit(2);
    for (int i = 0; i < ready; ++i) {
      const auto which = events[static_cast<std::size_t>(i)].data.u64;
      const auto got = ::read(fds[which], buffer.data(), buffer.size());
      if (got <= 0) std::_Exit(3);
      if (static_cast<std::uint64_t>(got) >= left[which]) {
        ::close(fds[which]);
        --open;
      } else {
        left[which] -= static_cast<std::uint64_t>(got);
      }
    }
  }
  std::_Exit(0);
}

void reap(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("the readers failed");
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Cost {
  double wall = 0;
  double cpu = 0;
};

Cost bare_loop(const Folder& folder, const std::vector<fs::path>& files, std::size_t count, std::uint64_t bytes) {
  const auto path = (folder.path / "bare.sock").string();
  auto socket = must(serve::listen_unix({.path = path, .mode = 0600, .group = {}}));
  const auto start = Steady::now();
  const auto cpu = cpu_seconds();
  const auto child = fork_readers(path, count, bytes, "");
  struct Writer {
    int fd = -1;
    serve::Fd file;
    std::size_t next_file = 0;
    std::vector<char> chunk;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::vector<Writer> writers(count);
  const int poller = ::epoll_create1(0);
  for (std::size_t i = 0; i < count; ++i) {
    pollfd waiting{.fd = socket.native(), .events = POLLIN, .revents = 0};
    ::poll(&waiting, 1, 30'000);
    auto& writer = writers[i];
    writer.fd = ::accept4(socket.native(), nullptr, nullptr, SOCK_NONBLOCK);
    writer.chunk.resize(64 * 1024);
    epoll_event event{.events = EPOLLOUT, .data = {.u64 = i}};
    ::epoll_ctl(poller, EPOLL_CTL_ADD, writer.fd, &event);
  }
  for (std::size_t open = count; open > 0;) {
    std::array<epoll_event, 64> events{};
    const int ready = ::epoll_wait(poller, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      auto& writer = writers[events[static_cast<std::size_t>(i)].data.u64];
      for (;;) {
        if (writer.begin == writer.end) {
          const auto got = writer.file ? ::read(writer.file.get(), writer.chunk.data(), writer.chunk.size()) : 0;
          writer.begin = 0;
          writer.end = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
          if (writer.end == 0) {
            if (writer.next_file == files.size()) {
              ::close(writer.fd);
              --open;
              break;
            }
            writer.file = serve::Fd(::open(files[writer.next_file++].c_str(), O_RDONLY | O_CLOEXEC));
            continue;
          }
        }
        const auto sent =
            ::send(writer.fd, writer.chunk.data() + writer.begin, writer.end - writer.begin, MSG_NOSIGNAL);
        if (sent < 0) break;
        writer.begin += static_cast<std::size_t>(sent);
      }
    }
  }
  reap(child);
  ::close(poller);
  return {std::chrono::duration<double>(Steady::now() - start).count(), cpu_seconds() - cpu};
}

/// Loop thread, spool, server.
class Daemon {
 public:
  Daemon(const Folder& folder, const spool::Published& published) : path((folder.path / "a.sock").string()) {
    serve::AckStore acks;
    acks.load = [](std::string_view) { return std::optional<Seq>(); };
    acks.store = [](std::string, Seq) -> boost::asio::awaitable<Result<void>> { co_return Result<void>{}; };
    std::vector<serve::ListenSocket> sockets;
    sockets.push_back(must(serve::listen_unix({.path = path, .mode = 0600, .group = {}})));
    server =
        std::make_unique<serve::ArticleServer>(loop.get_executor(), std::move(sockets), published, std::move(acks));
    server->start();
    thread = std::thread([this] { loop.run(); });
  }
  ~Daemon() {
    boost::asio::post(loop, [this] { loop.stop(); });
    thread.join();
  }
  template <class Work>
  auto on_loop(Work work) -> std::invoke_result_t<Work&> {
    return boost::asio::post(loop, std::packaged_task<std::invoke_result_t<Work&>()>(std::move(work))).get();
  }

  std::string path;
  boost::asio::io_context loop{1};
  std::unique_ptr<serve::ArticleServer> server;
  std::thread thread;
};

Cost ours(Daemon& daemon, std::size_t count, std::uint64_t bytes) {
  const auto start = Steady::now();
  const auto cpu = cpu_seconds();
  reap(fork_readers(daemon.path, count, bytes, "{\"op\":\"subscribe\",\"from\":\"earliest\"}\n"));
  return {std::chrono::duration<double>(Steady::now() - start).count(), cpu_seconds() - cpu};
}

std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void compare(const Folder& folder, Daemon& daemon, const std::vector<fs::path>& files, std::size_t count,
             std::uint64_t bytes) {
  Cost bare{1e9, 1e9};
  Cost served{1e9, 1e9};
  for (int round = 0; round < 3; ++round) {  // in turn, so that both see the same machine; the best of each
    const auto a = bare_loop(folder, files, count, bytes);
    const auto b = ours(daemon, count, bytes);
    bare = {std::min(bare.wall, a.wall), std::min(bare.cpu, a.cpu)};
    served = {std::min(served.wall, b.wall), std::min(served.cpu, b.cpu)};
  }
  const auto megabytes = static_cast<double>(bytes) * static_cast<double>(count) / 1e6;
  std::printf(
      "%4zu readers: bare loop %6.0f MB/s, article socket %6.0f MB/s, ratio %.2f; CPU of the sender %.2f of it\n",
      count, megabytes / bare.wall, megabytes / served.wall, bare.wall / served.wall, served.cpu / bare.cpu);
}

void stalled(Daemon& daemon, spool::Spool& articles) {
  rlimit files{.rlim_cur = 8192, .rlim_max = 8192};
  ::setrlimit(RLIMIT_NOFILE, &files);
  std::vector<serve::Fd> sleepers;
  for (int i = 0; i < 900; ++i) {
    sleepers.push_back(must(serve::connect_unix(daemon.path)));
    const std::string hello = "{\"op\":\"subscribe\",\"from\":\"earliest\"}\n";
    if (::write(sleepers.back().get(), hello.data(), hello.size()) < 0) throw std::runtime_error("subscribe");
  }
  std::vector<serve::Fd> readers;
  for (int i = 0; i < 100; ++i) readers.push_back(must(serve::connect_unix(daemon.path)));
  while (daemon.on_loop([&daemon] { return daemon.server->connections(); }) < 1000) std::this_thread::yield();
  const auto before = resident_bytes();
  std::vector<double> delays;
  std::vector<char> buffer(256 * 1024);
  for (int round = 0; round < 200; ++round) {
    if (!articles.append(rest_of_size(5000)) || !articles.commit()) throw std::runtime_error("commit");
    const auto start = Steady::now();
    boost::asio::post(daemon.loop, [&daemon] { daemon.server->notify_committed(); });
    for (auto& reader : readers) {
      for (std::size_t got = 0; got == 0 || buffer[got - 1] != '\n';) {
        const auto count = ::read(reader.get(), buffer.data() + got, buffer.size() - got);
        if (count <= 0) throw std::runtime_error("a reader was cut off");
        got += static_cast<std::size_t>(count);
      }
    }
    delays.push_back(std::chrono::duration<double, std::milli>(Steady::now() - start).count());
  }
  std::sort(delays.begin(), delays.end());
  std::printf(
      "1000 subscribers, 900 stalled: an article reaches all 100 readers in %.2f ms (median), %.2f ms (p95); memory "
      "grew by %.1f KiB over 200 articles\n",
      delays[delays.size() / 2], delays[delays.size() * 95 / 100],
      (static_cast<double>(resident_bytes()) - static_cast<double>(before)) / 1024);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t megabytes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200;
  const Folder folder;
  const auto articles = filled(folder.path / "spool", megabytes * 1'000'000);
  const auto bytes = articles->published().snapshot()->total_bytes();
  const auto files = segments(folder.path / "spool");
  Daemon daemon(folder, articles->published());
  compare(folder, daemon, files, 1, bytes);
  compare(folder, daemon, files, 100, bytes);
  stalled(daemon, *articles);
  return 0;
}
