#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/seq.h"
#include "ingest/pipeline.h"
#include "ingest/writer.h"
#include "serve/article_server.h"
#include "serve/output.h"

namespace newswire::daemon {

/// What /metrics is made of.
struct MetricsSources {
  const ingest::Pipeline& pipeline;
  ingest::Writer& writer;
  const serve::ArticleServer& articles;
  const std::vector<std::unique_ptr<serve::Output>>& outputs;
  const std::map<std::string, Seq, std::less<>>& acknowledged;  ///< stored positions of consumers, connected or not
  std::size_t http_connections = 0;
  std::chrono::duration<double> loop_lag{0};  ///< the longest lateness of a timer lately
  Time started;
  Time now;
};

/// Prometheus text exposition 0.0.4 (docs/metrics.md lists the families). Labels come from bounded sets; never a feed,
/// host or URL. O(feeds) for the gauge of feeds by state. Loop thread.
std::string metrics_text(const MetricsSources& sources);

}  // namespace newswire::daemon
