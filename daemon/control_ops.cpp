#include "control_ops.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "base/json_text.h"
#include "base/text.h"
#include "base/version.h"
#include "clean/site_model.h"
#include "config/print.h"
#include "control_args.h"
#include "feed_ops.h"
#include "learned_block.h"

namespace newswire::daemon {
namespace {

namespace asio = boost::asio;
namespace bj = boost::json;

const std::vector<std::string_view> kOps = {"status",          "feeds",  "poll",    "pause",    "resume",    "reload",
                                            "explain",         "config", "learned", "block",    "consumers", "log",
                                            "forget_consumer", "add",    "remove",  "interval", "import",    "export",
                                            "version"};

std::string status(const ControlContext& context) {
  const auto counters = context.articles.counters();
  const auto snapshot = context.writer.published().snapshot();
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("version").value(kVersion);
  json.key("started").value(to_rfc3339(std::chrono::floor<std::chrono::seconds>(context.started)));
  json.key("pipeline").raw(context.pipeline.status_json());
  json.key("spool").begin_object();
  json.key("first").value(snapshot->first().value);
  json.key("last").value(snapshot->last().value);
  json.key("bytes").value(snapshot->total_bytes());
  json.key("segments").value(std::uint64_t{snapshot->closed->size() + (snapshot->live ? 1U : 0U)});
  json.end_object();
  json.key("subscribers").value(std::uint64_t{context.articles.connections()});
  json.key("accepted").value(counters.accepted);
  json.key("refused").value(counters.refused);
  json.key("bytes_sent").value(counters.bytes_sent);
  json.end_object();
  return line;
}

std::string consumers(const ControlContext& context) {
  std::string lines;
  for (const auto& subscriber : context.articles.subscribers()) {
    if (!lines.empty()) lines += '\n';
    JsonWriter json(lines);
    json.begin_object();
    json.key("kind").value("subscriber");
    json.member_unless_empty("consumer", subscriber.consumer);
    json.key("next").value(subscriber.next_seq.value);
    json.key("lag").value(subscriber.lag);
    json.key("pid").value(std::int64_t{subscriber.pid});
    json.key("uid").value(std::uint64_t{subscriber.uid});
    json.key("stalled").value(subscriber.stalled);
    json.end_object();
  }
  for (const auto& output : context.outputs) {
    const auto info = output->info();
    if (!lines.empty()) lines += '\n';
    JsonWriter json(lines);
    json.begin_object();
    json.key("kind").value("output");
    json.key("consumer").value(info.consumer);
    json.key("path").value(info.path);
    json.key("connected").value(info.connected);
    json.key("acked").value(info.acked.value);
    json.key("lag").value(info.lag);
    json.member_unless_empty("error", info.last_error);
    json.end_object();
  }
  return lines;
}

// Positions that are stored, connected or not.
asio::awaitable<Result<std::string>> stored_consumers(const ControlContext& context) {
  auto lines = consumers(context);
  std::function<Result<std::vector<state::Consumer>>(state::Store&)> question = [](state::Store& store) {
    return store.consumers();
  };
  auto stored = co_await context.writer.ask<std::vector<state::Consumer>>(std::move(question));
  if (!stored) co_return stored.error();
  const auto last = context.writer.published().snapshot()->last().value;
  for (const auto& consumer : *stored) {
    if (!lines.empty()) lines += '\n';
    JsonWriter json(lines);
    json.begin_object();
    json.key("kind").value("position");
    json.key("consumer").value(consumer.name);
    json.key("acked").value(consumer.acknowledged.value);
    json.key("lag").value(last - std::min(last, consumer.acknowledged.value));
    json.key("updated").value(to_rfc3339(std::chrono::floor<std::chrono::seconds>(consumer.updated)));
    json.end_object();
  }
  co_return lines;
}

std::string throughput(const ControlContext& context, std::size_t minutes) {
  static_assert(serve::kMaxMinutes == ingest::Throughput::kMinutes);
  const auto now = context.now();
  const auto counts = context.pipeline.throughput().last(now, minutes);
  const auto last = std::chrono::floor<std::chrono::minutes>(now);
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("from").value(to_rfc3339(last - std::chrono::minutes{counts.size() - 1}));
  json.key("started").value(to_rfc3339(std::chrono::floor<std::chrono::seconds>(context.started)));
  const auto series = [&](std::string_view name, auto member) {
    json.key(name).begin_array();
    for (const auto& minute : counts) json.value(std::uint64_t{minute.*member});
    json.end_array();
  };
  series("fresh", &ingest::MinuteCounts::fresh);
  series("unchanged", &ingest::MinuteCounts::unchanged);
  series("not_modified", &ingest::MinuteCounts::not_modified);
  series("failed", &ingest::MinuteCounts::failed);
  series("articles", &ingest::MinuteCounts::articles);
  series("bytes", &ingest::MinuteCounts::bytes);
  json.end_object();
  return line;
}

asio::awaitable<Result<std::string>> learned(const ControlContext& context, std::string site) {
  std::function<Result<std::optional<std::string>>(state::Store&)> question = [site](state::Store& store) {
    return store.model(site);
  };
  auto blob = co_await context.writer.ask<std::optional<std::string>>(std::move(question));
  if (!blob) co_return blob.error();
  if (!*blob)
    co_return Error{Errc::not_found,
                    "nothing was learned about \"" + site + "\" (name the host of its articles, without \"www.\")"};
  auto model = clean::SiteModel::decode(**blob);
  if (!model) co_return model.error();
  std::string lines;
  for (const auto& block : model->blocks()) {
    if (!lines.empty()) lines += '\n';
    JsonWriter json(lines);
    json.begin_object();
    append_block(json, block);
    json.end_object();
  }
  co_return lines;
}

// A person's decision about a learned block.
asio::awaitable<Result<std::string>> decide(const ControlContext& context, std::string site, std::uint64_t id,
                                            clean::Verdict verdict) {
  std::function<Result<std::string>(state::Store&)> change = [site, id,
                                                              verdict](state::Store& store) -> Result<std::string> {
    auto blob = store.model(site);
    if (!blob) return blob.error();
    if (!*blob) return Error{Errc::not_found, "nothing was learned about \"" + site + "\""};
    auto model = clean::SiteModel::decode(**blob);
    if (!model) return model.error();
    if (auto done = model->decide(id, verdict); !done) return done.error();
    state::Batch batch;
    batch.models.push_back(
        {site, model->encode(), std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())});
    if (auto done = store.apply(batch); !done) return done.error();
    return std::string(R"({"decided":true})");
  };
  co_return co_await context.writer.ask<std::string>(std::move(change));
}

Result<std::string> set_log_level(const std::string& level) {
  const auto wanted = spdlog::level::from_str(level);
  if (wanted == spdlog::level::off && level != "off")
    return Error{Errc::invalid, "no such level: \"" + level + "\" (trace, debug, info, warn, error)"};
  spdlog::set_level(wanted);
  spdlog::default_logger()->set_level(wanted);
  return std::string(R"({"level":")" + level + "\"}");
}

std::string poll_step(const ingest::PollProgress& progress) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("step").value(ingest::to_string(progress.step));
  json.key("done").value(std::uint64_t{progress.done});
  if (progress.total > 0) json.key("total").value(std::uint64_t{progress.total});
  json.key("entries").value(std::uint64_t{progress.entries});
  json.end_object();
  return line;
}

Result<std::string> done(const Result<void>& result) {
  if (!result) return result.error();
  return std::string(R"({"ok":true})");
}

}  // namespace

asio::awaitable<Result<std::string>> answer_reading(ControlContext& context, serve::ReadRequest request) {
  if (request.op == "status") co_return status(context);
  if (request.op == "consumers") co_return co_await stored_consumers(context);
  if (request.op == "throughput") co_return throughput(context, request.minutes);
  if (request.op != "feeds") co_return Error{Errc::unsupported, "there is no such list"};
  ingest::FeedQuery query;
  query.match = std::move(request.match);
  query.why = true;
  query.troubled = request.troubled;
  query.limit = request.limit;
  co_return co_await context.pipeline.list(std::move(query));
}

asio::awaitable<Result<std::string>> answer_control(ControlContext& context, std::string op, bj::object args,
                                                    serve::ControlReply& reply) {
  if (op == "version") co_return R"({"version":")" + std::string(kVersion) + "\"}";
  if (op == "status") co_return status(context);
  if (op == "feeds") {
    ingest::FeedQuery query;
    query.match = optional_text(args, "match");
    query.why = flag(args, "why");
    query.troubled = flag(args, "troubled");
    co_return co_await context.pipeline.list(std::move(query));
  }
  if (op == "consumers") co_return co_await stored_consumers(context);
  if (op == "reload") co_return co_await context.reload({});
  if (op == "config") {
    std::string line;
    JsonWriter json(line);
    json.begin_object();
    json.key("yaml").value(config::effective_yaml(*context.config()));
    json.end_object();
    co_return line;
  }
  if (op == "poll" || op == "pause" || op == "resume" || op == "explain") {
    auto feed = text_argument(args, "feed");
    if (!feed) co_return feed.error();
    if (op == "poll") {
      const ingest::PollOptions how{flag(args, "force"), flag(args, "backfill")};
      ingest::OnPollProgress on_progress;
      if (flag(args, "progress"))
        on_progress = [&reply](ingest::PollProgress progress) { return reply.send(poll_step(progress)); };
      co_return co_await context.pipeline.poll_now(*std::move(feed), how, std::move(on_progress));
    }
    if (op == "pause") co_return done(co_await context.pipeline.pause(*feed));
    if (op == "resume") co_return done(co_await context.pipeline.resume(*feed));
    co_return context.pipeline.explain(*feed);
  }
  if (op == "learned" || op == "block") {
    auto site = text_argument(args, "site");
    if (!site) co_return site.error();
    if (op == "learned") co_return co_await learned(context, *std::move(site));
    const auto* const id = args.if_contains("block");
    const auto verdict = optional_text(args, "verdict");
    const bool known = verdict == "keep" || verdict == "strip" || verdict == "learned";
    if (id == nullptr || !(id->is_uint64() || id->is_int64()) || !known) {
      co_return Error{Errc::invalid,
                      R"("block" must be a number from `learned`, and "verdict" keep, strip or learned)"};
    }
    const auto chosen = verdict == "keep"    ? clean::Verdict::keep
                        : verdict == "strip" ? clean::Verdict::strip
                                             : clean::Verdict::learned;
    co_return co_await decide(context, *std::move(site), id->to_number<std::uint64_t>(), chosen);
  }
  if (op == "add") co_return co_await add_feed(context, std::move(args));
  if (op == "remove") co_return co_await remove_feed(context, std::move(args));
  if (op == "interval") co_return co_await set_interval(context, std::move(args));
  if (op == "import") co_return co_await import_feeds(context, std::move(args), reply);
  if (op == "export") co_return co_await export_feeds(context);
  if (op == "log") co_return set_log_level(optional_text(args, "level"));
  if (op == "forget_consumer") {
    auto consumer = text_argument(args, "consumer");
    if (!consumer) co_return consumer.error();
    auto work = std::make_shared<ingest::Work>();
    work->rows.forget_consumers.push_back(*consumer);
    auto committed = co_await context.writer.commit(std::move(work));
    if (!committed) co_return committed.error();
    context.forget_consumer(*consumer);
    co_return std::string(R"({"ok":true})");
  }
  std::string what = "no such operation: \"" + op + "\"";
  if (const auto near = nearest(op, kOps)) what += "; did you mean \"" + std::string(*near) + "\"?";
  co_return Error{Errc::unsupported, what};
}

}  // namespace newswire::daemon
