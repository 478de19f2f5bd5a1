#include "feed_ops.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <memory>

#include "base/async.h"
#include "base/json_text.h"
#include "base/log_value.h"
#include "base/url.h"
#include "config/feed_id.h"
#include "config/feed_list.h"
#include "config/print.h"
#include "control_args.h"
#include "managed_feeds.h"
#include "while_telling.h"

namespace newswire::daemon {
namespace {

namespace asio = boost::asio;
namespace bj = boost::json;

constexpr std::size_t kMaxTold = 100;  // of the lines of an import that were left out

// Keeps others out until the end of its scope.
class Turn {
 public:
  explicit Turn(bool& taken) : taken_(taken) { taken_ = true; }
  ~Turn() { taken_ = false; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  bool& taken_;
};

Error other_change() { return Error{Errc::busy, "another change of the feeds is under way; try again"}; }

// Writes the file and loads it; puts the old one back if it does not load. Gives the reload's summary.
asio::awaitable<Result<std::string>> store_and_reload(ControlContext& context, std::string yaml,
                                                      config::OnFeedsRead on_feeds = {}) {
  const auto path = config::managed_feeds(*context.config());
  auto replace = [path, yaml = std::move(yaml)]() -> Result<std::string> {
    auto before = read_managed(path);
    if (!before) return before;
    if (auto written = write_managed(path, yaml); !written) return written.error();
    return before;
  };
  auto before = co_await offload(context.workers, std::move(replace));
  if (!before) co_return before.error();
  auto reloaded = co_await context.reload(std::move(on_feeds));
  if (reloaded) co_return reloaded;
  auto put_back = [path, text = *std::move(before)] { return write_managed(path, text); };
  const auto restored = co_await offload(context.workers, std::move(put_back));
  if (!restored) {
    spdlog::error("feeds.not_restored file={} error={} hint=\"the next start will not like this file\"",
                  log_value(path.string()), log_value(to_string(restored.error())));
  }
  co_return Error{reloaded.error().code, "nothing was changed: " + reloaded.error().what, reloaded.error().where};
}

// Applies `change` to what stands in the file now, on a worker.
template <class Change>
asio::awaitable<Result<std::string>> change_feeds(ControlContext& context, Change change) {
  auto work = [config = context.config(), change = std::move(change)]() mutable -> Result<std::string> {
    ManagedFeeds managed(*config);
    if (auto changed = change(managed, *config); !changed) return changed.error();
    return managed.yaml();
  };
  auto yaml = co_await offload(context.workers, std::move(work));
  if (!yaml) co_return yaml.error();
  co_return co_await store_and_reload(context, *std::move(yaml));
}

std::string summary(const ControlContext& context, std::string_view id, std::string_view url) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("id").value(id);
  json.member_unless_empty("url", redact_url(url));
  json.key("feeds").value(std::uint64_t{context.config()->feeds.size()});
  json.end_object();
  return line;
}

// What an OPML file or a list brings.
struct Imported {
  std::string yaml;
  std::size_t added = 0;
  std::size_t known = 0;
  std::size_t refused = 0;
  std::vector<std::string> told;  ///< JSON lines
};

void tell(Imported& imported, std::string_view where, std::string_view url, std::string_view what) {
  ++imported.refused;
  if (imported.told.size() >= kMaxTold) return;
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("line").value(where);
  json.member_unless_empty("url", redact_url(url));
  json.key("error").value(what);
  json.end_object();
  imported.told.push_back(std::move(line));
}

// `line`: how far it is, for the loop to look at.
Imported read_import(const config::Config& config, const std::string& text, bool is_list,
                     std::atomic<std::uint64_t>& line) {
  Imported imported;
  ManagedFeeds managed(config);
  const auto on_feed = [&](const config::ListedFeed& listed) {
    line = listed.line;
    const auto where = std::to_string(listed.line) + ':' + std::to_string(listed.column);
    if (!is_http_url(listed.url)) return tell(imported, where, listed.url, "no http or https URL");
    NewFeed feed;
    feed.url = listed.url;
    if (const auto id = config::check_feed_id(listed.id); id && !managed.has_id(*id)) feed.id = *id;
    feed.title = listed.title;
    feed.tags.assign(listed.tags.begin(), listed.tags.end());
    ++(managed.add(feed) ? imported.added : imported.known);
  };
  const auto on_error = [&](const Error& error) { tell(imported, error.where, {}, error.what); };
  if (is_list) {
    config::read_url_list(text, on_feed, on_error);
  } else {
    config::read_opml(text, on_feed, on_error);
  }
  imported.yaml = managed.yaml();
  return imported;
}

std::string step(std::string_view name, std::uint64_t done, std::uint64_t total) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("step").value(name);
  json.key("done").value(std::min(done, total));
  json.key("total").value(total);
  json.end_object();
  return line;
}

}  // namespace

asio::awaitable<Result<std::string>> add_feed(ControlContext& context, bj::object args) {
  auto url = text_argument(args, "url");
  if (!url) co_return url.error();
  if (!is_http_url(*url)) {
    co_return Error{
        Errc::invalid,
        "nothing was changed: only http and https can be added; a file stands in the configuration's own files",
        redact_url(*url)};
  }
  if (context.changing) co_return other_change();
  const Turn turn(context.changing);
  NewFeed feed;
  feed.url = *url;
  feed.id = optional_text(args, "id");
  feed.title = optional_text(args, "title");
  if (const auto* const tags = args.if_contains("tags"); tags != nullptr && tags->is_array()) {
    for (const auto& tag : tags->get_array()) {
      if (!tag.is_string()) co_return Error{Errc::invalid, "\"tags\" is a list of texts"};
      feed.tags.emplace_back(tag.get_string());
    }
  }
  if (const auto text = optional_text(args, "interval"); !text.empty()) {
    const auto interval = parse_interval(text);
    if (!interval) co_return interval.error();
    feed.interval = *interval;
  }
  const auto before = context.config()->feeds.size();
  auto change = [feed](ManagedFeeds& managed, const config::Config&) { return managed.add(feed); };
  auto changed = co_await change_feeds(context, std::move(change));
  if (!changed) co_return changed.error();
  const auto& feeds = context.config()->feeds;
  const bool there = feeds.size() > before;  // it is the last of the last file
  const auto id = there ? feeds.back().id : feed.id;
  spdlog::info("feed.added feed={} url={}", log_value(id), log_value(redact_url(feed.url)));
  co_return summary(context, id, feed.url);
}

asio::awaitable<Result<std::string>> remove_feed(ControlContext& context, bj::object args) {
  auto named = text_argument(args, "feed");
  if (!named) co_return named.error();
  if (context.changing) co_return other_change();
  const Turn turn(context.changing);
  const auto found = context.pipeline.find(*named);
  if (!found) co_return found.error();
  const auto id = context.config()->feeds[*found].id;
  auto change = [at = *found](ManagedFeeds& managed, const config::Config& config) {
    return managed.remove(config.feeds[at]);
  };
  auto changed = co_await change_feeds(context, std::move(change));
  if (!changed) co_return changed.error();
  spdlog::info("feed.removed feed={}", log_value(id));
  co_return summary(context, id, {});
}

asio::awaitable<Result<std::string>> set_interval(ControlContext& context, bj::object args) {
  auto named = text_argument(args, "feed");
  if (!named) co_return named.error();
  auto text = text_argument(args, "interval");
  if (!text) co_return text.error();
  const auto interval = parse_interval(*text);
  if (!interval) co_return interval.error();
  if (context.changing) co_return other_change();
  const Turn turn(context.changing);
  const auto found = context.pipeline.find(*named);
  if (!found) co_return found.error();
  const auto id = context.config()->feeds[*found].id;
  auto change = [at = *found, wanted = *interval](ManagedFeeds& managed, const config::Config& config) -> Result<void> {
    managed.set_interval(config.feeds[at], wanted);
    return {};
  };
  auto changed = co_await change_feeds(context, std::move(change));
  if (!changed) co_return changed.error();
  const auto now = context.pipeline.find(id);
  if (!now) co_return now.error();
  const auto& settings = context.config()->feeds[*now].settings->interval;
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("id").value(id);
  json.key("min").value(config::to_string(std::chrono::milliseconds(settings.min)));
  json.key("max").value(config::to_string(std::chrono::milliseconds(settings.max)));
  json.end_object();
  co_return line;
}

asio::awaitable<Result<std::string>> import_feeds(ControlContext& context, bj::object args,
                                                  serve::ControlReply& reply) {
  auto text = text_argument(args, "text");
  if (!text) co_return text.error();
  const auto format = optional_text(args, "format");
  if (!format.empty() && format != "opml" && format != "list")
    co_return Error{Errc::invalid, "\"format\" is opml or list"};
  if (context.changing) co_return other_change();
  const Turn turn(context.changing);
  auto* const listener = flag(args, "progress") ? &reply : nullptr;
  const auto line = std::make_shared<std::atomic<std::uint64_t>>(0);
  const auto lines_in_all = static_cast<std::uint64_t>(std::count(text->begin(), text->end(), '\n')) + 1;
  auto work = [config = context.config(), text = *std::move(text), is_list = format == "list", line] {
    return read_import(*config, text, is_list, *line);
  };
  std::function<std::string()> reading = [line, lines_in_all] { return step("read", *line, lines_in_all); };
  auto running = offload(context.workers, std::move(work));
  auto imported = co_await while_telling(std::move(running), listener, std::move(reading));
  if (imported.added > 0) {
    const auto read = std::make_shared<std::atomic<std::uint64_t>>(0);
    const auto in_all = std::uint64_t{context.config()->feeds.size()} + imported.added;
    config::OnFeedsRead on_feeds = [read](std::size_t feeds) { *read = feeds; };
    std::function<std::string()> applying = [read, in_all] { return step("apply", *read, in_all); };
    auto stored = store_and_reload(context, std::move(imported.yaml), std::move(on_feeds));
    auto reloaded = co_await while_telling(std::move(stored), listener, std::move(applying));
    if (!reloaded) co_return reloaded.error();
  }
  spdlog::info("feeds.imported added={} known={} refused={}", imported.added, imported.known, imported.refused);
  std::string lines;
  for (const auto& told : imported.told) lines += told + '\n';
  JsonWriter json(lines);
  json.begin_object();
  json.key("added").value(std::uint64_t{imported.added});
  json.key("known").value(std::uint64_t{imported.known});
  json.key("refused").value(std::uint64_t{imported.refused});
  json.key("feeds").value(std::uint64_t{context.config()->feeds.size()});
  json.end_object();
  co_return lines;
}

asio::awaitable<Result<std::string>> export_feeds(ControlContext& context) {
  auto work = [config = context.config()] {
    std::string line;
    JsonWriter json(line);
    json.begin_object();
    json.key("opml").value(config::write_opml(config->feeds));
    json.end_object();
    return line;
  };
  co_return co_await offload(context.workers, std::move(work));
}

}  // namespace newswire::daemon
