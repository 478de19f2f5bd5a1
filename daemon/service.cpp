#include "service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <iostream>
#include <map>
#include <new>
#include <thread>

#include "base/async.h"
#include "base/json_text.h"
#include "base/log_value.h"
#include "base/version.h"
#include "console.h"
#include "control_ops.h"
#include "groups.h"
#include "health.h"
#include "ingest/pipeline.h"
#include "ingest/writer.h"
#include "log_setup.h"
#include "metrics.h"
#include "notify.h"
#include "serve/article_server.h"
#include "serve/control_server.h"
#include "serve/http_server.h"
#include "serve/listen.h"
#include "serve/output.h"

namespace newswire::daemon {
namespace {

Time wall_clock() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

void complain(std::string_view what, const Error& error) {
  std::cerr << "newswired: " << what << ": " << to_string(error) << " [" << to_string(error.code) << "]\n";
}

int exit_status(Errc code) { return code == Errc::busy ? Exit::temporary : Exit::cannot_create; }

/// Everything that runs, in the order in which it is built; destroyed the other way round. Loop thread only.
class Service {
 public:
  Service(const ServiceOptions& options, config::Config config)
      : options_(options),
        config_(std::make_shared<const config::Config>(std::move(config))),
        loop_(1),
        workers_(config_->workers == 0 ? std::max(1U, std::thread::hardware_concurrency()) : config_->workers),
        signals_(loop_, SIGTERM, SIGINT),
        hangup_(loop_, SIGHUP),
        heartbeat_(loop_),
        loop_watch_(loop_),
        systemd_(loop_.get_executor()) {}

  int run() {
    if (const auto status = open(); status != Exit::ok) return status;
    asio::co_spawn(loop_, main(), [this](std::exception_ptr escaped) { end(escaped); });
    loop_.run();
    writer_->stop();
    workers_.join();
    return status_;
  }

 private:
  /// Keeps other reloads waiting until the end of its scope.
  class Reloading {
   public:
    explicit Reloading(Service& service) : service_(service) {
      service_.reloading_ = true;
      service_.reloaded_.expires_at(std::chrono::steady_clock::time_point::max());
    }
    ~Reloading() {
      service_.reloading_ = false;
      service_.reloaded_.cancel();
    }
    Reloading(const Reloading&) = delete;
    Reloading& operator=(const Reloading&) = delete;

   private:
    Service& service_;
  };

  int open();
  bool listen();
  void build_servers();
  void build_outputs();
  int listen_http();
  serve::HttpOptions http_options() const;
  serve::HttpHooks http_hooks();
  Health health() const;

  asio::awaitable<void> main();
  asio::awaitable<void> reload_on_hangup();
  asio::awaitable<void> beat();
  asio::awaitable<void> watch_loop();
  asio::awaitable<Result<std::string>> reload(config::OnFeedsRead on_feeds);
  asio::awaitable<Result<std::string>> reload_now(config::OnFeedsRead on_feeds);
  asio::awaitable<void> shut_down();
  void end(std::exception_ptr escaped);

  serve::AckStore ack_store();
  asio::awaitable<Result<void>> store_ack(std::string consumer, Seq seq);
  serve::ArticleServerLimits limits() const;

  const ServiceOptions& options_;
  std::shared_ptr<const config::Config> config_;
  asio::io_context loop_;
  asio::thread_pool workers_;
  asio::signal_set signals_;
  asio::signal_set hangup_;
  asio::steady_timer heartbeat_;
  std::unique_ptr<ingest::Writer> writer_;
  std::unique_ptr<ingest::Pipeline> pipeline_;
  std::map<std::string, Seq, std::less<>> acknowledged_;
  std::vector<unsigned> allowed_groups_;  ///< sockets.allow_groups as numbers
  std::vector<serve::ListenSocket> article_sockets_;
  std::vector<serve::ListenSocket> control_sockets_;
  std::unique_ptr<serve::ArticleServer> articles_;
  std::vector<std::unique_ptr<serve::Output>> outputs_;
  std::unique_ptr<ControlContext> control_context_;
  std::unique_ptr<serve::ControlServer> control_;
  std::unique_ptr<serve::HttpServer> http_;
  asio::steady_timer loop_watch_;
  SystemdNotifier systemd_;
  LoopLag loop_lag_;
  Time started_ = wall_clock();
  bool started_polling_ = false;
  bool stopping_ = false;
  bool reloading_ = false;
  asio::steady_timer reloaded_{loop_};  ///< cancelled by the end of a reload
  int status_ = Exit::ok;
};

int Service::open() {
  auto rules = ingest::RuleSets::load(*config_);
  if (!rules) {
    complain("cannot use the cleaning rules", rules.error());
    return Exit::bad_config;
  }
  auto groups = group_ids(config_->sockets.allow_groups);
  if (!groups) {
    complain("cannot use sockets.allow_groups", groups.error());
    return Exit::bad_config;
  }
  allowed_groups_ = *std::move(groups);
  if (!options_.once && !listen()) return status_;
  auto writer = ingest::Writer::open(*config_, wall_clock);
  if (!writer) {
    complain("cannot open spool and state", writer.error());
    return exit_status(writer.error().code);
  }
  writer_ = *std::move(writer);
  const auto& found = writer_->found();
  for (const auto& finding : found.spool) {
    spdlog::warn("spool.{} file={} bytes={} set_aside={} what={}", spool::to_string(finding.kind),
                 log_value(finding.file), finding.bytes, log_value(finding.set_aside), log_value(finding.what));
  }
  if (!found.state.set_aside.empty()) {
    spdlog::warn("state.set_aside file={} why={} hint=\"rebuilt from the spool; feeds are fetched whole once\"",
                 log_value(found.state.set_aside), log_value(found.state.why));
  }
  if (found.reapplied > 0) spdlog::info("state.reapplied lines={}", found.reapplied);
  if (auto consumers = writer_->store_before_start().consumers()) {
    for (const auto& consumer : *consumers) acknowledged_[consumer.name] = consumer.acknowledged;
  }
  ingest::PipelineHooks hooks;
  hooks.now = wall_clock;
  hooks.feed_event = [this](std::string line) {
    for (const auto& output : outputs_) output->publish_feed_event(line);
    if (articles_) articles_->publish_feed_event(std::move(line));
  };
  if (options_.print) hooks.polled = print_poll;
  pipeline_ =
      std::make_unique<ingest::Pipeline>(loop_, workers_, *writer_, config_, *std::move(rules), std::move(hooks));
  if (auto restored = pipeline_->restore(); !restored) {
    complain("cannot read the state", restored.error());
    return Exit::cannot_create;
  }
  if (!options_.once) {
    build_servers();
    if (const auto status = listen_http(); status != Exit::ok) return status;
  }
  writer_->start();
  return Exit::ok;
}

serve::HttpOptions Service::http_options() const {
  serve::HttpOptions options;
  options.listen = config_->http.listen;
  options.allow_remote = config_->http.allow_remote;
  options.hosts = config_->http.hosts;
  options.articles = config_->http.articles;
  options.max_connections = config_->http.max_connections;
  return options;
}

Health Service::health() const {
  return {started_polling_, stopping_, writer_->stats(), loop_lag_.longest(std::chrono::steady_clock::now())};
}

serve::HttpHooks Service::http_hooks() {
  serve::HttpHooks hooks;
  hooks.metrics = [this]() -> asio::awaitable<std::string> {
    co_return metrics_text({*pipeline_, *writer_, *articles_, outputs_, acknowledged_, http_->connections(),
                            loop_lag_.longest(std::chrono::steady_clock::now()), started_, wall_clock()});
  };
  hooks.unhealthy = [this] { return what_is_wrong(health()); };
  hooks.not_ready = [this] { return why_not_ready(health()); };
  hooks.read = [this](serve::ReadRequest request) { return answer_reading(*control_context_, std::move(request)); };
  return hooks;
}

int Service::listen_http() {
  if (config_->http.listen.empty()) return Exit::ok;
  auto http = serve::HttpServer::listen(loop_.get_executor(), http_options(), http_hooks(), writer_->published());
  if (!http) {
    complain("cannot open the HTTP listener", http.error());
    return exit_status(http.error().code);
  }
  http_ = *std::move(http);
  return Exit::ok;
}

bool Service::listen() {
  auto adopted = serve::adopt_systemd_sockets();
  if (!adopted) {
    complain("cannot use the sockets that systemd passed", adopted.error());
    status_ = Exit::cannot_create;
    return false;
  }
  for (auto& socket : *adopted) {
    const bool is_control =
        socket.name.find("control") != std::string::npos || socket.socket.path().find("control") != std::string::npos;
    (is_control ? control_sockets_ : article_sockets_).push_back(std::move(socket.socket));
  }
  std::error_code ignored;  // a folder that cannot be made is named by listen_unix
  std::filesystem::create_directories(config_->sockets.dir, ignored);
  const auto bind = [this](std::vector<serve::ListenSocket>& sockets, const char* name, unsigned mode,
                           const std::string& group) {
    if (!sockets.empty()) return true;
    serve::ListenOptions options;
    options.path = (config_->sockets.dir / name).string();
    options.mode = mode;
    options.group = group;
    auto socket = serve::listen_unix(options);
    if (!socket) {
      complain("cannot listen", socket.error());
      status_ = exit_status(socket.error().code);
      return false;
    }
    sockets.push_back(*std::move(socket));
    return true;
  };
  return bind(article_sockets_, "articles.sock", 0660, config_->sockets.group) &&
         bind(control_sockets_, "control.sock", 0600, {});
}

serve::ArticleServerLimits Service::limits() const {
  serve::ArticleServerLimits limits;
  limits.max_connections = config_->sockets.max_connections;
  limits.stall_timeout = config_->sockets.stall_timeout;
  limits.allowed_groups = allowed_groups_;
  return limits;
}

serve::AckStore Service::ack_store() {
  serve::AckStore acks;
  acks.load = [this](std::string_view consumer) -> std::optional<Seq> {
    const auto found = acknowledged_.find(consumer);
    if (found == acknowledged_.end()) return std::nullopt;
    return found->second;
  };
  acks.store = [this](std::string consumer, Seq seq) { return store_ack(std::move(consumer), seq); };
  return acks;
}

asio::awaitable<Result<void>> Service::store_ack(std::string consumer, Seq seq) {
  auto work = std::make_shared<ingest::Work>();
  work->rows.consumers.push_back({consumer, seq, wall_clock()});
  work->sync_state = true;
  auto committed = co_await writer_->commit(std::move(work));
  if (!committed) co_return committed.error();
  acknowledged_[consumer] = seq;
  co_return Result<void>{};
}

void Service::build_servers() {
  const auto executor = loop_.get_executor();
  articles_ = std::make_unique<serve::ArticleServer>(executor, std::move(article_sockets_), writer_->published(),
                                                     ack_store(), limits());
  build_outputs();
  control_context_ = std::make_unique<ControlContext>(ControlContext{
      *pipeline_, *writer_, *articles_, outputs_,
      [this](config::OnFeedsRead on_feeds) { return reload(std::move(on_feeds)); }, [this] { return config_; },
      [this](std::string_view consumer) {
        if (const auto found = acknowledged_.find(consumer); found != acknowledged_.end()) acknowledged_.erase(found);
      },
      workers_, started_, wall_clock});
  auto handler = [this](std::string op, boost::json::object args, serve::ControlReply& reply) {
    return answer_control(*control_context_, std::move(op), std::move(args), reply);
  };
  control_ = std::make_unique<serve::ControlServer>(executor, std::move(control_sockets_), std::move(handler));
  writer_->published().on_change([this] {
    asio::post(loop_, [this] {
      if (stopping_) return;
      articles_->notify_committed();
      articles_->notify_retained();
      for (const auto& output : outputs_) output->notify_committed();
      if (http_) http_->notify_committed();
    });
  });
}

void Service::build_outputs() {
  for (const auto& from : config_->outputs) {
    serve::OutputOptions options;
    options.consumer = "output:" + from.consumer;
    options.path = from.connect.substr(from.connect.find(':') + 1);
    options.from.kind =
        from.from == config::OutputConfig::From::earliest ? serve::From::Kind::earliest : serve::From::Kind::latest;
    options.feeds = from.feeds;
    options.tags = from.tags;
    options.health = from.health;
    outputs_.push_back(
        std::make_unique<serve::Output>(loop_.get_executor(), std::move(options), writer_->published(), ack_store()));
  }
}

asio::awaitable<void> Service::main() {
  if (options_.once) {
    asio::co_spawn(
        loop_,
        [](Service& self) -> asio::awaitable<void> {
          const auto [failed, number] = co_await self.signals_.async_wait(asio::as_tuple(asio::use_awaitable));
          if (!failed) co_await self.pipeline_->stop(self.config_->shutdown_timeout);
        }(*this),
        [](std::exception_ptr) {});
    const auto failed = co_await pipeline_->run_once();
    if (failed > 0) {
      spdlog::warn("once.failed feeds={}", failed);
      status_ = Exit::some_failed;
    }
    signals_.cancel();
    co_await pipeline_->stop(config_->shutdown_timeout);
    co_return;
  }
  articles_->start();
  control_->start();
  for (const auto& output : outputs_) output->start();
  if (http_) http_->start();
  asio::co_spawn(loop_, watch_loop(), [this](std::exception_ptr escaped) {
    if (escaped) end(escaped);
  });
  asio::co_spawn(loop_, reload_on_hangup(), [this](std::exception_ptr escaped) {
    if (escaped) end(escaped);
  });
  asio::co_spawn(loop_, beat(), [this](std::exception_ptr escaped) {
    if (escaped) end(escaped);
  });
  asio::co_spawn(loop_, pipeline_->run(), [this](std::exception_ptr escaped) {
    if (escaped) end(escaped);
  });
  started_polling_ = true;
  if (http_) spdlog::info("http.listening address={} port={}", log_value(config_->http.listen), http_->port());
  spdlog::info("daemon.started version={} feeds={} spool={} sockets={}", kVersion, config_->feeds.size(),
               log_value(config_->spool.dir.string()), log_value(config_->sockets.dir.string()));
  systemd_.tell("READY=1");
  const auto [failed, number] = co_await signals_.async_wait(asio::as_tuple(asio::use_awaitable));
  spdlog::info("daemon.stopping signal={}", number);
  co_await shut_down();
}

asio::awaitable<void> Service::shut_down() {
  stopping_ = true;
  systemd_.tell("STOPPING=1");
  hangup_.cancel();
  reloaded_.cancel();
  heartbeat_.cancel();
  loop_watch_.cancel();
  constexpr auto kGoodbye = std::chrono::seconds{2};
  co_await pipeline_->stop(config_->shutdown_timeout);
  co_await control_->stop(kGoodbye);
  articles_->notify_committed();  // what the last polls brought goes out before the goodbye
  co_await articles_->stop(kGoodbye);
  if (http_) {
    http_->notify_committed();
    co_await http_->stop(kGoodbye);
  }
  for (const auto& output : outputs_) co_await output->stop(kGoodbye);
  writer_->published().on_change({});
  systemd_.stop();
  const auto& stats = pipeline_->stats();
  spdlog::info("daemon.stopped polls={} articles={}", stats.polls, stats.articles_new + stats.articles_updated);
}

asio::awaitable<void> Service::reload_on_hangup() {
  while (!stopping_) {
    const auto [failed, number] = co_await hangup_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (failed || stopping_) co_return;
    const auto reloaded = co_await reload({});
    if (!reloaded)
      spdlog::error("config.reload_failed error={} hint=\"the running configuration stays\"",
                    log_value(to_string(reloaded.error())));
  }
}

// One at a time. Whoever comes meanwhile has changed files that may have been read already, and is served after it.
asio::awaitable<Result<std::string>> Service::reload(config::OnFeedsRead on_feeds) {
  while (reloading_) {
    co_await reloaded_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (stopping_) co_return Error{Errc::busy, "the daemon is stopping"};
  }
  const Reloading turn(*this);
  co_return co_await reload_now(std::move(on_feeds));
}

asio::awaitable<Result<std::string>> Service::reload_now(config::OnFeedsRead on_feeds) {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  systemd_.tell("RELOADING=1\nMONOTONIC_USEC=" +
                std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(since_boot).count()));
  struct Read {
    config::Loaded loaded;
    Result<ingest::RuleSets> rules = ingest::RuleSets{};
    Result<std::vector<unsigned>> groups = std::vector<unsigned>{};
  };
  auto work = [path = options_.config_path, on_feeds = std::move(on_feeds)] {
    Read read;
    read.loaded = config::load(path, on_feeds);
    if (!read.loaded.ok()) return read;
    read.rules = ingest::RuleSets::load(read.loaded.config);
    read.groups = group_ids(read.loaded.config.sockets.allow_groups);
    return read;
  };
  auto read = co_await offload(workers_, std::move(work));
  systemd_.tell("READY=1");
  if (!read.loaded.ok()) {
    std::string all;
    for (const auto& error : read.loaded.errors) all += (all.empty() ? "" : "\n") + to_string(error);
    co_return Error{Errc::invalid, all};
  }
  if (!read.rules) co_return read.rules.error();
  if (!read.groups) co_return read.groups.error();
  allowed_groups_ = *std::move(read.groups);
  for (const auto& warning : read.loaded.warnings) spdlog::warn("config.warned what={}", log_value(warning));
  const auto level_before = config_->log.level;
  config_ = std::make_shared<const config::Config>(std::move(read.loaded.config));
  const auto difference = pipeline_->apply(config_, *std::move(read.rules));
  if (config_->log.level != level_before) set_log_level(config_->log.level);  // else `newswirectl log-level` holds
  articles_->set_limits(limits());
  if (http_) http_->set_options(http_options());
  if (difference.outputs) {
    constexpr auto kGoodbye = std::chrono::seconds{2};
    for (const auto& output : outputs_) co_await output->stop(kGoodbye);
    outputs_.clear();
    build_outputs();
    for (const auto& output : outputs_) output->start();
  }
  for (const auto& key : difference.restart) spdlog::warn("config.needs_restart key={}", key);
  spdlog::info("config.reloaded feeds={} added={} removed={} changed={}", config_->feeds.size(),
               difference.added.size(), difference.removed.size(), difference.changed.size());
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("feeds").value(std::uint64_t{config_->feeds.size()});
  json.key("added").value(std::uint64_t{difference.added.size()});
  json.key("removed").value(std::uint64_t{difference.removed.size()});
  json.key("changed").value(std::uint64_t{difference.changed.size()});
  json.key("needs_restart").begin_array();
  for (const auto& key : difference.restart) json.value(key);
  json.end_array();
  json.end_object();
  co_return line;
}

// The status line that systemctl shows, and the watchdog.
asio::awaitable<void> Service::beat() {
  const auto pace = watchdog_pace();
  const auto every =
      pace.count() > 0 ? std::min(pace, std::chrono::milliseconds{5000}) : std::chrono::milliseconds{5000};
  while (!stopping_) {
    const auto wrong = what_is_wrong(health());
    systemd_.beat("WATCHDOG=1\nSTATUS=" + (wrong ? *wrong + "; " : std::string{}) +
                  status_line(*pipeline_, articles_->connections()));
    heartbeat_.expires_after(every);
    co_await heartbeat_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

// Measures how late the loop gets to its timers: what blocks it is a bug, or a machine too small.
asio::awaitable<void> Service::watch_loop() {
  constexpr auto kPace = std::chrono::milliseconds{500};
  while (!stopping_) {
    const auto due = std::chrono::steady_clock::now() + kPace;
    loop_watch_.expires_at(due);
    co_await loop_watch_.async_wait(asio::as_tuple(asio::use_awaitable));
    const auto now = std::chrono::steady_clock::now();
    if (!stopping_) loop_lag_.add(now, now - due);
  }
}

void Service::end(std::exception_ptr escaped) {
  if (!escaped) return;
  try {
    std::rethrow_exception(escaped);
  } catch (const std::bad_alloc&) {
    spdlog::critical(
        "daemon.out_of_memory hint=\"raise MemoryMax= of the service, or lower fetch.body_memory, fetch.concurrency or "
        "workers\"");
  } catch (const std::exception& bug) {
    spdlog::critical("daemon.failed error={} hint=\"this is a bug of newswire: please report it\"",
                     log_value(bug.what()));
  }
  status_ = Exit::internal;
  std::raise(SIGTERM);  // stops in order, if it still can; the spool is committed in any case
}

}  // namespace

int run_service(const ServiceOptions& options, config::Config config) {
  return Service(options, std::move(config)).run();
}

}  // namespace newswire::daemon
