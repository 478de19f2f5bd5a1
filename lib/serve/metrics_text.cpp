#include "serve/metrics_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <string>

#include "base/text.h"

namespace newswire::serve {

namespace {

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> buffer;
  const auto [end, ec] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end};
}

void escape(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quotes)
      out += "\\\"";
    else
      out += c;
  }
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  out_ += "# HELP " + name_ + ' ';
  escape(out_, help, false);
  out_ += "\n# TYPE " + name_ + ' ';
  out_ += type;
  out_ += '\n';
}

void MetricsText::write(std::string_view suffix, Labels labels, std::string_view le, const std::string& value) {
  out_ += name_;
  out_ += suffix;
  char separator = '{';
  const auto label = [&](std::string_view name, std::string_view text) {
    out_ += std::exchange(separator, ',');
    out_ += name;
    out_ += "=\"";
    escape(out_, text, true);
    out_ += '"';
  };
  for (const auto& [name, text] : labels) label(name, text);
  if (!le.empty()) label("le", le);
  if (separator == ',') out_ += '}';
  out_ += ' ' + value + '\n';
}

void MetricsText::sample(double value, Labels labels) { write({}, labels, {}, number(value)); }
void MetricsText::sample(std::uint64_t value, Labels labels) { write({}, labels, {}, std::to_string(value)); }

void MetricsText::histogram(const std::vector<double>& upper, const std::vector<std::uint64_t>& counts, double sum,
                            Labels labels) {
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    cumulative += counts[i];
    write("_bucket", labels, i < upper.size() ? number(upper[i]) : "+Inf", std::to_string(cumulative));
  }
  write("_sum", labels, {}, number(sum));
  write("_count", labels, {}, std::to_string(cumulative));
}

void MetricsText::counter(std::string_view name, std::string_view help, std::uint64_t value) {
  family(name, "counter", help);
  sample(value);
}

void MetricsText::gauge(std::string_view name, std::string_view help, double value) {
  family(name, "gauge", help);
  sample(value);
}

void append_serve_metrics(MetricsText& metrics, const ArticleServer& server,
                          const std::vector<std::unique_ptr<Output>>& outputs) {
  const auto counters = server.counters();
  const auto subscribers = server.subscribers();
  std::uint64_t stalled = 0;
  for (const auto& subscriber : subscribers) stalled += subscriber.stalled ? 1U : 0U;
  metrics.gauge("newswire_subscribers", "Connections to the article socket.", static_cast<double>(subscribers.size()));
  metrics.gauge("newswire_subscribers_stalled", "Connections that take nothing although there is something to take.",
                static_cast<double>(stalled));
  metrics.counter("newswire_subscriber_connections_total", "Connections accepted since start.", counters.accepted);
  metrics.counter("newswire_subscriber_refused_total", "Connections refused: limit or group.", counters.refused);
  metrics.counter("newswire_subscriber_sent_bytes_total", "Bytes sent to subscribers.", counters.bytes_sent);
  metrics.counter("newswire_subscriber_bad_requests_total", "Requests answered with an error.", counters.bad_requests);
  metrics.counter("newswire_subscriber_acks_total", "Acknowledgements accepted.", counters.acks);
  metrics.counter("newswire_subscriber_taken_over_total", "Consumers taken over by another connection.",
                  counters.taken_over);
  metrics.counter("newswire_subscriber_gone_total", "Subscribers that retention overtook.", counters.gone);
  metrics.counter("newswire_subscriber_stalled_closed_total", "Named consumers disconnected since they took nothing.",
                  counters.stalled_closed);
  metrics.counter("newswire_subscriber_health_dropped_total", "Health lines dropped for readers that do not read.",
                  counters.health_dropped);
  metrics.counter("newswire_subscriber_accept_failures_total",
                  "Tries to accept a connection that failed for want of a descriptor or memory.",
                  counters.accept_failures);
  // Consumers are named by the administrator and few; feeds and URLs are never labels.
  metrics.family("newswire_consumer_lag_lines", "gauge", "Committed lines that a named consumer has not been sent.");
  std::map<std::string, std::uint64_t, std::less<>> lags;  // one sample a name, also while it is being taken over
  for (const auto& subscriber : subscribers) {
    if (!subscriber.consumer.empty()) lags[subscriber.consumer] = subscriber.lag;
  }
  for (const auto& output : outputs) lags[output->info().consumer] = output->info().lag;
  for (const auto& [consumer, lag] : lags) metrics.sample(lag, {{"consumer", consumer}});
  metrics.family("newswire_output_connected", "gauge", "1 while an output is connected to its collector.");
  for (const auto& output : outputs) {
    const auto info = output->info();
    metrics.sample(std::uint64_t{info.connected ? 1U : 0U}, {{"consumer", info.consumer}});
  }
}

}  // namespace newswire::serve
