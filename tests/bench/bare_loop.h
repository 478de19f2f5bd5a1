#pragma once

// What benchmarks of fetching share: an nginx of our own on the loopback, a stopwatch for wall and CPU time, and the
// yardstick: a bare loop on libcurl's multi interface that sends the same requests and does nothing else.
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace newswire::bench {

using Steady = std::chrono::steady_clock;

inline int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = static_cast<sockaddr*>(static_cast<void*>(&address));
  if (fd < 0 || ::bind(fd, any, size) != 0 || ::getsockname(fd, any, &size) != 0) throw std::runtime_error("no port");
  ::close(fd);
  return ntohs(address.sin_port);
}

// An nginx with its files in a folder of its own; /feed.xml is 20 KB until serve() gives it another body.
class Nginx {
 public:
  Nginx() : port_(free_port()) {
    std::string name = (std::filesystem::temp_directory_path() / "newswire-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    std::filesystem::create_directory(folder_ / "www");
    std::filesystem::permissions(folder_, std::filesystem::perms::all);
    std::ofstream(folder_ / "www/feed.xml") << "<rss>" << std::string(20'000, 'x') << "</rss>";
    std::ofstream(folder_ / "nginx.conf")
        << "daemon off;\nmaster_process off;\nerror_log /dev/null;\npid " << (folder_ / "pid").string()
        << ";\nevents { worker_connections 4096; }\nhttp {\n  access_log off;\n  keepalive_requests 1000000;\n"
        << temporary() << "  server {\n    listen 127.0.0.1:" << port_ << " backlog=4096;\n    root "
        << (folder_ / "www").string() << ";\n  }\n}\n";
    child_ = ::fork();
    if (child_ == 0) {
      ::execlp("nginx", "nginx", "-c", (folder_ / "nginx.conf").c_str(), "-p", folder_.c_str(),
               static_cast<char*>(nullptr));
      std::_Exit(127);
    }
    wait_until_up();
  }
  ~Nginx() {
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;
  /// A new ETag, too: nginx makes it of size and time.
  void serve(const std::string& body) const {
    std::ofstream(folder_ / "www/new.xml") << body;
    std::filesystem::rename(folder_ / "www/new.xml", folder_ / "www/feed.xml");
  }
  /// From now on each feed has a file of its own, body(feed); all must be of one length, so that their ETags are equal.
  void serve_each(int feeds, const std::function<std::string(int)>& body) {
    own_files_ = true;
    ++version_;
    const auto time =
        std::filesystem::file_time_type::clock::now() - std::chrono::hours{1} + std::chrono::seconds{version_};
    for (int i = 0; i < feeds; ++i) {
      const auto name = (folder_ / "www" / std::to_string(i)).string();
      std::ofstream(name + ".new") << body(i);
      std::filesystem::last_write_time(name + ".new", time);
      std::filesystem::rename(name + ".new", name + ".xml");
    }
  }
  std::string url(int feed) const {
    const auto root = "http://127.0.0.1:" + std::to_string(port_) + "/";
    return root + (own_files_ ? std::to_string(feed) + ".xml" : "feed.xml?" + std::to_string(feed));
  }

 private:
  std::string temporary() const {
    std::string text;
    for (const auto* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      text += std::string("  ") + kind + "_temp_path " + (folder_ / kind).string() + ";\n";
    }
    return text;
  }
  void wait_until_up() const {
    for (int i = 0; i < 500; ++i) {
      if (::waitpid(child_, nullptr, WNOHANG) != 0) throw std::runtime_error("nginx did not start");
      CURL* easy = curl_easy_init();
      curl_easy_setopt(easy, CURLOPT_URL, url(0).c_str());
      curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
      curl_easy_setopt(easy, CURLOPT_PROXY, "");
      const auto code = curl_easy_perform(easy);
      curl_easy_cleanup(easy);
      if (code == CURLE_OK) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("nginx does not answer");
  }

  int port_;
  bool own_files_ = false;
  int version_ = 0;
  std::filesystem::path folder_;
  pid_t child_ = -1;
};

struct Score {
  double per_second = 0;
  double cpu_us = 0;   // of our own process, a request
  double loop_us = 0;  // of it, the calling thread's
};

class Stopwatch {
 public:
  Score score(int requests) const {
    const std::chrono::duration<double> wall = Steady::now() - start_;
    return {requests / wall.count(), (cpu(RUSAGE_SELF) - cpu_) / requests, (cpu(RUSAGE_THREAD) - loop_) / requests};
  }

 private:
  static double cpu(int whose) {
    rusage usage{};
    ::getrusage(whose == RUSAGE_SELF ? RUSAGE_SELF : RUSAGE_THREAD, &usage);
    const auto us = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
    };
    return us(usage.ru_utime) + us(usage.ru_stime);
  }
  Steady::time_point start_ = Steady::now();
  double cpu_ = cpu(RUSAGE_SELF);
  double loop_ = cpu(RUSAGE_THREAD);
};

struct Known {
  std::string etag;
  std::string last_modified;
};

inline std::size_t swallow(char*, std::size_t size, std::size_t count, void* body) {
  *static_cast<std::size_t*>(body) += size * count;
  return size * count;
}

inline std::size_t note_header(char* data, std::size_t size, std::size_t count, void* known) {
  const std::string line(data, size * count);
  auto& into = *static_cast<Known*>(known);
  if (line.starts_with("ETag: ")) into.etag = line.substr(6, line.find('\r') - 6);
  if (line.starts_with("Last-Modified: ")) into.last_modified = line.substr(15, line.find('\r') - 15);
  return size * count;
}

// The yardstick: as many easy handles as requests at a time, each used again and again.
inline Score bare_here(const Nginx& nginx, const Known& known, int requests, int concurrency, bool conditional,
                       bool reuse) {
  CURLM* multi = curl_multi_init();
  curl_slist* lines = nullptr;
  if (conditional) {
    lines = curl_slist_append(lines, ("If-None-Match: " + known.etag).c_str());
    lines = curl_slist_append(lines, ("If-Modified-Since: " + known.last_modified).c_str());
  }
  std::size_t bytes = 0;
  int started = 0;
  int finished = 0;
  int good = 0;
  const Stopwatch watch;
  const auto start = [&](CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_URL, nginx.url(started++).c_str());
    curl_multi_add_handle(multi, easy);
  };
  for (int i = 0; i < concurrency && started < requests; ++i) {
    CURL* easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "newswire-bench");
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60'000L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, reuse ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &swallow);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &bytes);
    start(easy);
  }
  int running = 0;
  while (finished < requests) {
    curl_multi_perform(multi, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      CURL* easy = message->easy_handle;
      long status = 0;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      if (status == (conditional ? 304 : 200)) ++good;
      curl_multi_remove_handle(multi, easy);
      ++finished;
      if (started < requests) {
        start(easy);
      } else {
        curl_easy_cleanup(easy);
      }
    }
    if (finished < requests) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  const auto score = watch.score(requests);
  curl_multi_cleanup(multi);
  curl_slist_free_all(lines);
  if (good != requests) throw std::runtime_error("the bare loop got wrong answers");
  return score;
}

// The same in a thread of its own with a name of its own, so that a profiler can tell it apart.
inline Score bare(const Nginx& nginx, const Known& known, int requests, int concurrency, bool conditional, bool reuse) {
  auto running = std::async(std::launch::async, [&] {
    ::prctl(PR_SET_NAME, "bare");
    return bare_here(nginx, known, requests, concurrency, conditional, reuse);
  });
  return running.get();
}

// The validators that nginx gives for the feed.
inline Known ask(const Nginx& nginx) {
  Known known;
  std::size_t bytes = 0;
  CURL* easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, nginx.url(0).c_str());
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &note_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &known);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &swallow);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &bytes);
  const auto code = curl_easy_perform(easy);
  curl_easy_cleanup(easy);
  if (code != CURLE_OK || known.etag.empty()) throw std::runtime_error("nginx gives no validators");
  return known;
}

}  // namespace newswire::bench
