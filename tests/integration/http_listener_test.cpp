// The daemon's HTTP listener as browsers, Prometheus and attackers meet it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "daemon_process.h"
#include "http_exchange.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

namespace bj = boost::json;
using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class HttpListener : public testing::Test {
 protected:
  void start(const std::string& feeds, const std::string& more = {}) {
    daemon.emplace(feeds, "http: {listen: '127.0.0.1:0'" + more + "}");
    daemon->start();
    port = daemon->http_port();
    ASSERT_NE(port, 0) << daemon->process().errors();
  }
  Reply exchange(const std::string& request) const { return send_request(port, request); }
  Reply get(const std::string& target, const std::string& host = "localhost") const {
    return exchange("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }
  std::vector<bj::object> list(const std::string& target) const {
    std::vector<bj::object> rows;
    for (const auto& line : lines_of(get(target).body)) rows.push_back(bj::parse(line).as_object());
    return rows;
  }

  HttpServer server;
  std::optional<Daemon> daemon;
  unsigned short port = 0;
};

TEST_F(HttpListener, MetricsCountWhatHappened) {
  server.serve_feed("/a", rss({{"1", "One",
                                "<p>The first report of the day, in a sentence.</p><p>Follow us on "
                                "Facebook and Twitter</p>"},
                               {"2", "Two"}}));
  start("  - {id: a, url: '" + server.url("/a") + "'}\n  - {id: b, url: '" + server.url("/none") + "'}\n");
  ASSERT_TRUE(daemon->wait_for(2));
  std::map<std::string, double> samples;
  ASSERT_TRUE(eventually([&] {
    samples = read_metrics(get("/metrics").body);
    return samples["newswire_polls_total{outcome=\"http_status\"}"] >= 1 &&
           samples["newswire_polls_total{outcome=\"fresh\"}"] >= 1;
  }));
  EXPECT_EQ(samples.at("newswire_entries_total{kind=\"new\"}"), 2);
  EXPECT_EQ(samples.at("newswire_spool_last_seq"), 2);
  EXPECT_GT(samples.at("newswire_spool_bytes"), 0);
  EXPECT_GT(samples.at("newswire_fetch_bytes_total"), 0);
  EXPECT_EQ(samples.at("newswire_feeds{status=\"ok\"}"), 1);
  EXPECT_EQ(samples.at("newswire_feeds{status=\"failing\"}"), 1);
  EXPECT_EQ(samples.at("newswire_feed_health_events_total{state=\"failing\"}"), 1);
  EXPECT_EQ(samples.at("newswire_feed_health_events_total{state=\"overflow\"}"), 0);
  EXPECT_GE(samples.at("newswire_stage_seconds_count{stage=\"parse\"}"), 1);
  EXPECT_EQ(samples.at("newswire_stage_seconds_count{stage=\"poll\"}"),
            samples.at("newswire_stage_seconds_bucket{stage=\"poll\",le=\"+Inf\"}"));
  double stripped = 0;
  for (const auto& [name, value] : samples) {
    if (name.starts_with("newswire_stripped_total{category=")) stripped += value;
  }
  std::size_t in_articles = 0;
  for (const auto& article : daemon->articles()) in_articles += article.stripped.size();
  EXPECT_EQ(stripped, static_cast<double>(in_articles));
  EXPECT_GT(stripped, 0);
  daemon->stop();
}

TEST_F(HttpListener, MetricsKnowConsumersThatAreAway) {
  server.serve_feed("/a", rss({{"1", "One"}, {"2", "Two"}, {"3", "Three"}}));
  start("  - {id: a, url: '" + server.url("/a") + "'}\n");
  ASSERT_TRUE(daemon->wait_for(3));
  const auto tail = daemon->ctl({"tail", "--consumer", "mail", "--from", "earliest", "--count", "1"});
  ASSERT_EQ(tail.status, 0) << tail.errors;
  std::map<std::string, double> samples;
  ASSERT_TRUE(eventually([&] {
    samples = read_metrics(get("/metrics").body);
    return samples.contains("newswire_consumer_unacknowledged_lines{consumer=\"mail\"}");
  }));
  EXPECT_EQ(samples["newswire_consumer_unacknowledged_lines{consumer=\"mail\"}"], 2);
  EXPECT_EQ(samples["newswire_consumers"], 1);
  daemon->stop();
}

std::string text_of_source(const std::string& name) {
  std::ifstream in(std::string(NEWSWIRE_SOURCE_DIR) + "/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> names_in(const std::string& text, const std::regex& pattern) {
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) names.insert((*at)[1]);
  return names;
}

TEST_F(HttpListener, EveryMetricIsDocumentedAndTheDashboardAsksForNoOther) {
  start("  []\n");
  const auto exposed = names_in(get("/metrics").body, std::regex("# TYPE ((?:newswire|process)_[a-z0-9_]+) "));
  EXPECT_EQ(names_in(text_of_source("docs/metrics.md"), std::regex(R"(\| `((?:newswire|process)_[a-z0-9_]+)` \|)")),
            exposed);
  for (const auto* const file : {"docs/monitoring/alerts.yml", "docs/monitoring/grafana-dashboard.json"}) {
    for (auto name : names_in(text_of_source(file), std::regex("(newswire_[a-z0-9_]+)"))) {
      name = std::regex_replace(name, std::regex("_bucket$"), "");
      EXPECT_TRUE(exposed.contains(name)) << file << " asks for " << name;
    }
  }
  bj::parse(text_of_source("docs/monitoring/grafana-dashboard.json"));
  daemon->stop();
}

TEST_F(HttpListener, HealthMeansThatItWorks) {
  start("  []\n");
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(get("/readyz").body, "ok\n");
  // A spool that may not grow: what the daemon is for does not happen.
  daemon->folder().write("newswire.yaml",
                         "spool: {dir: spool, min_free: 1000000GiB}\nstate: {dir: state}\nsockets: {dir: run}\n"
                         "http: {listen: '127.0.0.1:0'}\n");
  ASSERT_EQ(daemon->ctl({"reload"}).status, 0);
  ASSERT_TRUE(eventually([&] { return get("/healthz").status == 503; }));
  EXPECT_THAT(get("/healthz").body, HasSubstr("no room"));
  EXPECT_EQ(get("/readyz").status, 503);
  daemon->stop();
}

TEST_F(HttpListener, ShowsFeedsWithTheirNextPollAndWhy) {
  server.serve_feed("/a", rss({{"1", "One"}}, "Feed <b>A</b>"));
  start("  - {id: good, url: '" + server.url("/a") + "', tags: [world]}\n  - {id: bad, url: '" + server.url("/none") +
        "?token=hunter2'}\n");
  ASSERT_TRUE(daemon->wait_for(1));
  ASSERT_TRUE(eventually([&] {
    const auto rows = list("/api/feeds?troubled=1");
    return rows.size() == 1 && rows[0].at("id") == "bad";
  }));
  // The article is on the disk a little before the feed's row.
  ASSERT_TRUE(eventually([&] { return list("/api/feeds?match=world").at(0).at("status") == "ok"; }));
  const auto rows = list("/api/feeds?match=world");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("id"), "good");
  EXPECT_EQ(rows[0].at("status"), "ok");
  EXPECT_TRUE(rows[0].contains("next"));
  EXPECT_FALSE(rows[0].at("why").as_string().empty());
  EXPECT_EQ(rows[0].at("per_hour").as_array().size(), 24U);
  EXPECT_EQ(list("/api/feeds?limit=1").size(), 1U);
  EXPECT_EQ(list("/api/status").at(0).at("pipeline").at("feeds"), 2);
  EXPECT_THAT(get("/api/feeds").body, Not(HasSubstr("hunter2")));
  EXPECT_THAT(get("/metrics").body, Not(HasSubstr("hunter2")));
  daemon->stop();
}

TEST_F(HttpListener, CountsWhatPassesInEachMinute) {
  server.serve_feed("/a", rss({{"1", "One"}, {"2", "Two"}}));
  start("  - {id: good, url: '" + server.url("/a") + "'}\n  - {id: bad, url: '" + server.url("/none") + "'}\n");
  ASSERT_TRUE(daemon->wait_for(2));
  bj::object counted;
  const auto sum_of = [&counted](std::string_view name) {
    const auto& minutes = counted.at(name).as_array();
    EXPECT_EQ(minutes.size(), 30U) << name;
    std::int64_t all = 0;
    for (const auto& minute : minutes) all += minute.to_number<std::int64_t>();
    return all;
  };
  ASSERT_TRUE(eventually([&] {
    counted = list("/api/throughput?minutes=30").at(0);
    return sum_of("fresh") == 1 && sum_of("failed") == 1;
  }));
  EXPECT_EQ(sum_of("articles"), 2);
  EXPECT_GT(sum_of("bytes"), 0);
  EXPECT_GE(counted.at("started").as_string(), counted.at("from").as_string()) << "half an hour ago nothing ran";
  daemon->stop();
}

TEST_F(HttpListener, StreamsArticlesWithWhatWasStripped) {
  start("  []\n");
  Connection stream(port);
  stream.send("GET /articles?follow=1&from=earliest HTTP/1.1\r\nHost: localhost\r\n\r\n");
  stream.read("\r\n\r\n");
  server.serve_feed("/a", rss({{"1", "One",
                                "<p>The first report of the day, in a sentence.</p><p>Follow us on "
                                "Facebook and Twitter</p>"}}));
  ASSERT_EQ(daemon->ctl({"add", server.url("/a"), "--id", "a"}).status, 0);
  const auto line = stream.read("\n");
  const auto article = bj::parse(line.substr(0, line.find('\n'))).as_object();
  EXPECT_EQ(article.at("title"), "One");
  EXPECT_FALSE(article.at("_newswire").at("stripped").as_array().empty());
  daemon->stop();
  EXPECT_EQ(stream.read(), "") << "the stream ends with the daemon";
}

TEST_F(HttpListener, KeepsStrangersOut) {
  start("  []\n");
  for (const auto* const host : {"evil.example", "evil.example:80", "localhost.evil.example", ""})
    EXPECT_EQ(get("/api/feeds", host).status, 421) << host;
  const std::string post = "POST /api/feeds HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ";
  EXPECT_EQ(exchange(post + "0\r\n\r\n").status, 405);
  EXPECT_EQ(exchange(post + "2\r\n\r\n{}").status, 400) << "no request has a body here";
  EXPECT_EQ(exchange("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n").status, 400);
  EXPECT_EQ(exchange("\x16\x03\x01 nonsense\r\n\r\n").status, 400);
  EXPECT_EQ(get("/" + std::string(100'000, 'a')).status, 431);
  EXPECT_EQ(get("/%zz").status, 400);
  EXPECT_EQ(get("/../../etc/passwd").status, 404);
  const auto page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.head, HasSubstr("Content-Security-Policy: default-src 'none'"));
  EXPECT_THAT(page.head, HasSubstr("X-Content-Type-Options: nosniff"));
  EXPECT_THAT(page.body, Not(HasSubstr("http://"))) << "nothing from elsewhere";
  EXPECT_THAT(page.body, Not(HasSubstr("https://")));
  EXPECT_EQ(get("/healthz").status, 200) << "and it still serves";
  daemon->stop();
}

TEST_F(HttpListener, SlowClientsDoNotKeepItFromServing) {
  start("  []\n", ", max_connections: 8");
  std::vector<std::unique_ptr<Connection>> slow;
  for (int i = 0; i < 7; ++i) {
    slow.push_back(std::make_unique<Connection>(port));
    ASSERT_TRUE(slow.back()->send("GET /metrics HTTP/1.1\r\nHos"));
  }
  EXPECT_EQ(get("/healthz").status, 200);
  // A client that asks for much and takes nothing.
  Connection deaf(port);
  ASSERT_TRUE(deaf.send("GET /app.js HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  for (const auto& connection : slow) EXPECT_TRUE(connection->send("t: localhost\r\n"));
  EXPECT_TRUE(eventually([&] { return get("/healthz").status == 503; })) << "the eighth is there; one more is told so";
  slow.clear();
  EXPECT_TRUE(eventually([&] { return get("/healthz").status == 200; }));
  const auto start = std::chrono::steady_clock::now();
  daemon->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{30}) << "it does not wait for them";
}

TEST_F(HttpListener, IsNeverOpenToOthersByMistake) {
  TemporaryFolder folder;
  folder.write("newswire.yaml", "http: {listen: '0.0.0.0:9898'}\n");
  const auto checked = run({NEWSWIRED, "--config", folder / "newswire.yaml", "--check"});
  EXPECT_EQ(checked.status, 78);
  EXPECT_THAT(checked.errors, HasSubstr("allow_remote"));
}

TEST_F(HttpListener, ATakenPortIsSaid) {
  start("  []\n");
  Daemon second("  []\n", "http: {listen: '127.0.0.1:" + std::to_string(port) + "'}");
  const auto refused = run({NEWSWIRED, "--config", second.config()});
  EXPECT_EQ(refused.status, 75) << refused.errors;
  EXPECT_THAT(refused.errors, HasSubstr("cannot listen"));
  daemon->stop();
}

}  // namespace
}  // namespace newswire::test
