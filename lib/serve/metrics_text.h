#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/article_server.h"
#include "serve/output.h"

namespace newswire::serve {

/// Writes the Prometheus text exposition format, version 0.0.4. The rooms keep plain counters; this only spells them.
/// All samples of one family are written together, after its declaration.
class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Begins a family; `type`: counter, gauge or histogram.
  void family(std::string_view name, std::string_view type, std::string_view help);
  void sample(double value, Labels labels = {});
  void sample(std::uint64_t value, Labels labels = {});
  /// A whole histogram: `upper` bounds in rising order, `counts` of each (not cumulative) and one more for the rest.
  void histogram(const std::vector<double>& upper, const std::vector<std::uint64_t>& counts, double sum,
                 Labels labels = {});

  /// A family of one sample.
  void counter(std::string_view name, std::string_view help, std::uint64_t value);
  void gauge(std::string_view name, std::string_view help, double value);

  const std::string& text() const noexcept { return out_; }

 private:
  void write(std::string_view suffix, Labels labels, std::string_view le, const std::string& value);

  std::string out_;
  std::string name_;
};

/// What the article socket and the outputs have to tell: newswire_subscribers…, newswire_consumer_lag_lines….
void append_serve_metrics(MetricsText& metrics, const ArticleServer& server,
                          const std::vector<std::unique_ptr<Output>>& outputs);

}  // namespace newswire::serve
