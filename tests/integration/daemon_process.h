#pragma once

#include <memory>
#include <string>
#include <vector>

#include "article/article.h"
#include "process.h"

namespace newswire::test {

/// A newswired of its own in a temporary folder: spool/, state/, run/ and newswire.yaml. Readiness is what it tells
/// systemd (sd_notify), so nothing is guessed.
class Daemon {
 public:
  /// `feeds`: YAML of the feeds list; `more`: further top-level YAML; `spool`: further keys of the spool (", key:
  /// value"). Polls are frequent and without spacing.
  explicit Daemon(std::string feeds, std::string more = {}, std::string spool = {});

  /// Starts and waits until it is ready. `environment`: NAME=value.
  /// `wrapper`: a command that runs the rest of its arguments in its own place (`prlimit …`, `strace -D …`).
  void start(std::vector<std::string> environment = {}, std::vector<std::string> wrapper = {});
  /// SIGTERM; gives the exit status.
  int stop();
  /// kill -9.
  void kill();
  bool running() { return process_ && process_->running(); }
  Process& process() { return *process_; }

  void configure(const std::string& feeds, const std::string& more = {}, const std::string& spool = {});
  const TemporaryFolder& folder() const { return folder_; }
  std::string config() const { return folder_ / "newswire.yaml"; }
  std::string live_segment() const { return folder_ / "spool/articles.ndjson"; }
  std::string articles_socket() const { return folder_ / "run/articles.sock"; }

  /// Of its HTTP listener, as it logged it; 0: none within patience.
  unsigned short http_port();
  /// A sample of /metrics by name and labels, 0 where there is none. Needs `http: {listen: '127.0.0.1:0'}`.
  double metric(const std::string& name);
  /// Waits until the sample is at least `least`.
  bool wait_for_metric(const std::string& name, double least = 1);

  /// `newswirectl` on this daemon.
  Finished ctl(std::vector<std::string> arguments) const;

  /// Every line of the spool, all plain segments in order.
  std::vector<std::string> spool_lines() const;
  std::vector<article::Article> articles() const;
  std::vector<std::string> titles() const;
  /// Waits until the spool holds `count` lines.
  bool wait_for(std::size_t count) const;
  /// Waits until `count` lines are committed. They can be read in the file before, and for a subscriber that comes in
  /// between they are among what comes next.
  bool wait_for_commit(std::size_t count) const;

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Process> process_;
};

/// An RSS 2.0 document with these items, newest first as publishers write them.
struct Item {
  std::string id;
  std::string title;
  std::string html = "<p>Something happened, and this is the report of it in one sentence.</p>";
};
std::string rss(const std::vector<Item>& items, const std::string& title = "Test feed");

}  // namespace newswire::test
