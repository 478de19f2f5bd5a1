#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/fwd.hpp>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/pipeline.h"
#include "ingest/writer.h"
#include "serve/article_server.h"
#include "serve/control_server.h"
#include "serve/http_request.h"
#include "serve/output.h"

namespace newswire::daemon {

/// What the operations of the control socket work on. Loop thread only; outlives the control server.
struct ControlContext {
  ingest::Pipeline& pipeline;
  ingest::Writer& writer;
  serve::ArticleServer& articles;
  std::vector<std::unique_ptr<serve::Output>>& outputs;
  /// Gives a summary, a JSON object; `on_feeds` is called on a worker.
  std::function<boost::asio::awaitable<Result<std::string>>(config::OnFeedsRead on_feeds)> reload;
  std::function<std::shared_ptr<const config::Config>()> config;  ///< the running one
  std::function<void(std::string_view consumer)> forget_consumer;
  boost::asio::thread_pool& workers;
  Time started;
  std::function<Time()> now;
  bool changing = false;  ///< a change of the feeds is under way
};

/// What the status page may read: status, feeds, consumers, throughput. Errc::unsupported for anything else.
boost::asio::awaitable<Result<std::string>> answer_reading(ControlContext& context, serve::ReadRequest request);

/// One operation (docs/protocol.md, "Control socket"). Errc::unsupported for an unknown one, with the nearest;
/// Errc::invalid for wrong arguments.
boost::asio::awaitable<Result<std::string>> answer_control(ControlContext& context, std::string op,
                                                           boost::json::object args, serve::ControlReply& reply);

}  // namespace newswire::daemon
