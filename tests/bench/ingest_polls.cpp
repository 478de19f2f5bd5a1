// How many feeds a second go through the whole pipeline (schedule, fetch, parse, clean, spool with fsync, state)
// against an nginx of our own on the loopback, beside a bare loop on libcurl's multi interface that sends the same
// requests and throws the answers away. Goals: nearly all 304: at least 0.8 of it; 200 with a document that has to be
// parsed but holds nothing new: 0.7; one new article in each of the feeds: 0.4. Usage: bench_ingest_polls [FEEDS
// [CONCURRENCY [304|same|date|parsed|new [ROUNDS]]]]; needs nginx in the PATH.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>

#include "bare_loop.h"
#include "ingest/pipeline.h"

namespace {

using namespace newswire;
using namespace newswire::bench;
namespace asio = boost::asio;

constexpr int kEntries = 15;

// A usual feed of a site of its own: fifteen entries of a paragraph or two, `extra` newer ones on top.
std::string document(int feed, int extra, int build, int version = 0) {
  const auto site = "http://site" + std::to_string(1'000'000 + feed) + ".example/";
  std::string out =
      "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Harbour news</title>"
      "<link>" +
      site + "</link><lastBuildDate>Tue, 24 Nov 2026 08:00:" + std::to_string(10 + build) +
      " GMT</lastBuildDate><generator>Press " + std::to_string(10 + version) + "</generator>";
  for (int i = kEntries + extra; i > 0; --i) {
    const auto n = std::to_string(i);
    out += "<item><title>The ferry of day " + n + " returned</title><guid>" + site + n + "</guid><link>" + site + n +
           "</link><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate><description>&lt;p&gt;The ferry returned to the old "
           "pier on day " +
           n +
           ", and the harbour office wrote in its note that the crossing takes eleven minutes and costs the same as a "
           "tram ticket; nobody had expected it to come back so early in the year.&lt;/p&gt;&lt;p&gt;Number " +
           n + " was the last of the season. &lt;a href=\"" + site +
           "more\"&gt;More about ships&lt;/a&gt; and "
           "about the people who sail them, who mend their nets in winter and tell stories in the tavern at the "
           "corner.&lt;/p&gt;</description></item>";
  }
  return out + "</channel></rss>";
}

// The pipeline as the daemon has it, each pass polling every feed once.
class Ours {
 public:
  Ours(const Nginx& nginx, int feeds, int concurrency, const std::filesystem::path& folder) {
    std::string text =
        "spool: {dir: spool, min_free: 0}\nstate: {dir: state}\nlog: {level: error}\n"
        "fetch: {host_spacing: 0s, per_host: " +
        std::to_string(concurrency) + ", concurrency: " + std::to_string(concurrency) +
        ", idle_connections: " + std::to_string(concurrency) +
        "}\ndefaults: {allow_private: true, full_text: never, initial: none}\nfeeds:\n";
    for (int i = 0; i < feeds; ++i) text += "  - {id: f" + std::to_string(i) + ", url: '" + nginx.url(i) + "'}\n";
    auto loaded = config::parse_yaml(text, folder / "newswire.yaml");
    if (!loaded.ok()) throw std::runtime_error(to_string(loaded.errors.front()));
    const auto config = std::make_shared<const config::Config>(std::move(loaded.config));
    std::filesystem::create_directories(config->spool.dir);
    const auto clock = [this] { return now_; };
    auto writer = ingest::Writer::open(*config, clock);
    if (!writer) throw std::runtime_error(to_string(writer.error()));
    writer_ = *std::move(writer);
    ingest::PipelineHooks hooks;
    hooks.now = clock;
    pipeline_ = std::make_unique<ingest::Pipeline>(loop_, workers_, *writer_, config, ingest::RuleSets{},
                                                   std::move(hooks));
    if (auto restored = pipeline_->restore(); !restored) throw std::runtime_error(to_string(restored.error()));
    writer_->start();
  }
  ~Ours() {
    loop_.restart();
    asio::co_spawn(loop_, pipeline_->stop(std::chrono::seconds{5}), [](std::exception_ptr) {});
    loop_.run();
    pipeline_.reset();
    writer_->stop();
    workers_.join();
  }
  Ours(const Ours&) = delete;
  Ours& operator=(const Ours&) = delete;

  Score pass(int feeds) {
    now_ += std::chrono::minutes{30};
    const Stopwatch watch;
    loop_.restart();
    asio::co_spawn(loop_, pipeline_->run_once(), [](std::exception_ptr error, std::size_t failed) {
      if (error) std::rethrow_exception(error);
      if (failed > 0) throw std::runtime_error("polls failed");
    });
    loop_.run();
    return watch.score(feeds);
  }
  const ingest::PipelineStats& stats() const { return pipeline_->stats(); }
  std::uint64_t commits() const { return writer_->stats().commits; }

 private:
  Time now_ = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{8};
  asio::io_context loop_{1};
  asio::thread_pool workers_{std::max(1U, std::thread::hardware_concurrency())};
  std::unique_ptr<ingest::Writer> writer_;
  std::unique_ptr<ingest::Pipeline> pipeline_;
};

// What the cases share.
class Course {
 public:
  Course(const Nginx& nginx, Ours& ours, int feeds, int concurrency, int rounds)
      : nginx_(nginx), ours_(ours), feeds_(feeds), concurrency_(concurrency), rounds_(rounds) {}

  /// The best of some rounds of each side, in turns; `before` prepares what the server has.
  void measure(const char* what, double goal, bool conditional, const std::function<void(int)>& before) {
    Score best_bare;
    Score best_ours;
    for (int round = 0; round < rounds_; ++round) {
      before(round);
      const auto b = bare(nginx_, ask(nginx_), feeds_, concurrency_, conditional, true);
      const auto o = ours_.pass(feeds_);
      if (b.per_second > best_bare.per_second) best_bare = b;
      if (o.per_second > best_ours.per_second) best_ours = o;
    }
    std::printf("%-34s %9.0f %9.0f %6.2f %6.2f %9.1f %9.1f %9.1f\n", what, best_bare.per_second, best_ours.per_second,
                best_ours.per_second / best_bare.per_second, goal, best_bare.cpu_us, best_ours.cpu_us,
                best_ours.loop_us);
    std::fflush(stdout);
  }

 private:
  const Nginx& nginx_;
  Ours& ours_;
  int feeds_;
  int concurrency_;
  int rounds_;
};

void run(int feeds, int concurrency, const std::string& only, int rounds, const std::filesystem::path& folder) {
  Nginx nginx;
  const auto serve = [&](int extra, int build, int version = 0) {
    nginx.serve_each(feeds, [=](int feed) { return document(feed, extra, build, version); });
  };
  serve(0, 0);
  Ours ours(nginx, feeds, concurrency, folder);
  ours.pass(feeds);  // the first documents: remembered, nothing emitted
  bare(nginx, ask(nginx), feeds, concurrency, false, true);
  Course course(nginx, ours, feeds, concurrency, rounds);
  const auto wanted = [&only](const char* name) { return only.empty() || only == name; };
  std::printf("%-34s %9s %9s %6s %6s %9s %9s %9s\n", "", "bare/s", "ours/s", "ratio", "goal", "bare us", "ours us",
              "loop us");
  if (wanted("304")) course.measure("304", 0.8, true, [](int) {});
  if (wanted("same")) course.measure("200, the same bytes", 0.7, false, [&](int) { serve(0, 0); });
  if (wanted("date")) {
    course.measure("200, only its own date changed", 0.7, false, [&](int round) { serve(0, round + 1); });
  }
  if (wanted("parsed")) {
    course.measure("200, parsed, nothing new", 0.7, false, [&](int round) { serve(0, 0, round + 1); });
  }
  if (!wanted("new")) return;
  const auto articles = ours.stats().articles_new;
  const auto commits = ours.commits();
  course.measure("200, one new article a feed", 0.4, false, [&](int round) { serve(round + 1, round + 4); });
  const auto came = ours.stats().articles_new - articles;
  std::printf("%llu articles in %llu commits\n", static_cast<unsigned long long>(came),
              static_cast<unsigned long long>(ours.commits() - commits));
  if (came != static_cast<std::uint64_t>(feeds) * static_cast<std::uint64_t>(rounds))
    throw std::runtime_error("articles are missing");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int feeds = argc > 1 ? std::atoi(argv[1]) : 10'000;
    const int concurrency = argc > 2 ? std::atoi(argv[2]) : 64;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    std::string name = (std::filesystem::current_path() / "bench-polls-XXXXXX").string();  // a real disk, unlike /tmp
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the spool");
    run(feeds, concurrency, argc > 3 ? argv[3] : "", argc > 4 ? std::atoi(argv[4]) : 3, name);
    std::error_code ignored;
    std::filesystem::remove_all(name, ignored);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bench_ingest_polls: " << error.what() << '\n';
    return 1;
  }
}
