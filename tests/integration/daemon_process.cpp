#include "daemon_process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "article/line.h"
#include "http_exchange.h"

namespace newswire::test {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The other end of sd_notify.
class NotifySocket {
 public:
  explicit NotifySocket(std::string path)
      : path_(std::move(path)), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    ::unlink(path_.c_str());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      ADD_FAILURE() << "no notify socket";
  }
  ~NotifySocket() { ::close(socket_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  bool ready() {
    char buffer[4096];
    for (auto n = ::recv(socket_, buffer, sizeof buffer, 0); n > 0; n = ::recv(socket_, buffer, sizeof buffer, 0)) {
      if (std::string_view(buffer, static_cast<std::size_t>(n)).find("READY=1") != std::string_view::npos) return true;
    }
    return false;
  }

 private:
  std::string path_;
  int socket_;
};

}  // namespace

Daemon::Daemon(std::string feeds, std::string more, std::string spool) { configure(feeds, more, spool); }

void Daemon::configure(const std::string& feeds, const std::string& more, const std::string& spool) {
  folder_.write(
      "newswire.yaml",
      "spool: {dir: spool, min_free: 0" + spool +
          "}\nstate: {dir: state}\nsockets: {dir: run}\nlog: {level: debug, format: plain}\n"
          "fetch: {host_spacing: 0s, per_host: 8}\nschedule: {polls_per_day: 86400, jitter: 0}\nshutdown_timeout: 3s\n"
          "defaults: {interval: {min: 1s, max: 1s}, allow_private: true, full_text: never}\n" +
          more + "\nfeeds:\n" + feeds);
}

void Daemon::start(std::vector<std::string> environment, std::vector<std::string> wrapper) {
  const auto path = folder_ / "notify.sock";
  NotifySocket notify(path);
  environment.push_back("NOTIFY_SOCKET=" + path);
  Process::Options options;
  options.environment = std::move(environment);
  auto command = std::move(wrapper);
  command.insert(command.end(), {NEWSWIRED, "--config", config()});
  process_ = std::make_unique<Process>(std::move(command), std::move(options));
  const bool ready = eventually([&] { return notify.ready() || !process_->running(); });
  ASSERT_TRUE(ready && process_->running()) << process_->errors();
}

int Daemon::stop() {
  process_->signal(SIGTERM);
  const int status = process_->wait();
  EXPECT_EQ(status, 0) << process_->errors();
  return status;
}

void Daemon::kill() {
  process_->signal(SIGKILL);
  process_->wait();
}

unsigned short Daemon::http_port() {
  static const std::regex listening("http\\.listening .*port=([0-9]+)");
  std::smatch found;
  std::string log;
  const bool said = eventually([&] {
    log = process_->errors();
    return std::regex_search(log, found, listening);
  });
  return said ? static_cast<unsigned short>(std::stoi(found[1])) : static_cast<unsigned short>(0);
}

double Daemon::metric(const std::string& name) {
  const auto samples = read_metrics(http_get(http_port(), "/metrics").body);
  const auto found = samples.find(name);
  return found == samples.end() ? 0 : found->second;
}

bool Daemon::wait_for_metric(const std::string& name, double least) {
  return eventually([&] { return metric(name) >= least; });
}

Finished Daemon::ctl(std::vector<std::string> arguments) const {
  std::vector<std::string> command{NEWSWIRECTL, arguments.front(), "--sockets", folder_ / "run"};
  command.insert(command.end(), arguments.begin() + 1, arguments.end());
  return run(std::move(command));
}

std::vector<std::string> Daemon::spool_lines() const {
  std::vector<std::filesystem::path> closed;
  std::error_code missing;  // before the first start there is no spool
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "spool", missing)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with("articles-") && name.ends_with(".ndjson")) closed.push_back(entry.path());
  }
  std::sort(closed.begin(), closed.end());
  std::string text;
  for (const auto& path : closed) text += read_file(path);
  return lines_of(text + read_file(live_segment()));
}

std::vector<article::Article> Daemon::articles() const {
  std::vector<article::Article> articles;
  for (const auto& line : spool_lines()) {
    auto article = article::parse_line(line);
    if (!article) {
      ADD_FAILURE() << to_string(article.error()) << ": " << line;
      continue;
    }
    EXPECT_EQ(article->seq, articles.size() + 1) << "a gap or repeat in seq";
    articles.push_back(*std::move(article));
  }
  return articles;
}

std::vector<std::string> Daemon::titles() const {
  std::vector<std::string> titles;
  for (const auto& article : articles()) titles.push_back(article.title);
  return titles;
}

bool Daemon::wait_for(std::size_t count) const {
  return eventually([&] { return spool_lines().size() >= count; });
}

bool Daemon::wait_for_commit(std::size_t count) const {
  const auto last = "\"last\":" + std::to_string(count) + ",";
  return wait_for(count) && eventually([&] {
           return ctl({"status", "--json"}).output.find(last) != std::string::npos;
         });
}

std::string rss(const std::vector<Item>& items, const std::string& title) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>" + title +
                    "</title><link>http://site.example/</link><description>d</description>\n";
  for (const auto& item : items) {
    xml += "<item><title>" + item.title + "</title><guid isPermaLink=\"false\">" + item.id +
           "</guid><link>http://site.example/" + item.id + "</link><description><![CDATA[" + item.html +
           "]]></description></item>\n";
  }
  return xml + "</channel></rss>\n";
}

}  // namespace newswire::test
