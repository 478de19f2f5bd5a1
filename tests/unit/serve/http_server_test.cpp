#include "serve/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "serve/metrics_text.h"
#include "serve_fixture.h"

namespace newswire::serve {
namespace {

class HttpTest : public ServeTest {
 protected:
  void start_http(HttpOptions options = {}) {
    start();
    options.listen = "127.0.0.1:0";
    HttpHooks hooks;
    hooks.metrics = []() -> asio::awaitable<std::string> { co_return std::string("newswire_x 1\n"); };
    hooks.unhealthy = [this] { return sick; };
    hooks.not_ready = [] { return std::optional<std::string>("still reading the state"); };
    hooks.read = [](ReadRequest asked) -> asio::awaitable<Result<std::string>> {
      co_return "{\"op\":\"" + asked.op + asked.match + "\"}";
    };
    loop.run([&] {
      auto made = HttpServer::listen(loop.executor(), std::move(options), std::move(hooks), articles->published());
      ASSERT_TRUE(made) << to_string(made.error());
      http = *std::move(made);
      http->start();
      port = http->port();
    });
  }
  void TearDown() override {
    if (http) {
      loop.finish(http->stop(std::chrono::milliseconds(100)));
      loop.run([this] { http.reset(); });
    }
    ServeTest::TearDown();
  }
  Client connect_http() {
    Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* any = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    EXPECT_EQ(::connect(fd.get(), any, sizeof(address)), 0);
    return Client(std::move(fd));
  }
  static std::string request(std::string_view target, std::string_view more = {}) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) + "\r\n";
  }
  /// Reads the head; gives its lines.
  static std::string head(Client& client) {
    std::string all;
    for (;;) {
      const auto line = client.line();
      if (!line || *line == "\r") return all;
      all += *line + "\n";
    }
  }
  std::string status_of(std::string_view text) {
    auto client = connect_http();
    client.send(text);
    return head(client).substr(9, 3);
  }

  std::optional<std::string> sick;
  std::unique_ptr<HttpServer> http;
  unsigned short port = 0;
};

TEST_F(HttpTest, AnswersWhatItIsFor) {
  start_http();
  EXPECT_EQ(status_of(request("/metrics")), "200");
  EXPECT_EQ(status_of(request("/healthz")), "200");
  EXPECT_EQ(status_of(request("/readyz")), "503");
  EXPECT_EQ(status_of(request("/api/feeds")), "200");
  EXPECT_EQ(status_of(request("/api/feeds?match=x&limit=9&troubled=1")), "200");
  EXPECT_EQ(status_of(request("/api/feeds?macht=x")), "400");
  EXPECT_EQ(status_of(request("/api/reload")), "404");
  EXPECT_EQ(status_of(request("/../etc/passwd")), "404");
  EXPECT_EQ(status_of("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"), "405");
  EXPECT_EQ(status_of("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"), "421");
  EXPECT_EQ(status_of("GET /metrics HTTP/1.1\r\n\r\n"), "421");
  EXPECT_EQ(status_of("nonsense\r\n\r\n"), "400");
  EXPECT_EQ(status_of(request("/", "X: " + std::string(100'000, 'x') + "\r\n")), "431");
}

TEST_F(HttpTest, HealthSaysWhatIsWrong) {
  start_http();
  loop.run([this] { sick = "the disk is full"; });
  auto client = connect_http();
  client.send(request("/healthz"));
  EXPECT_EQ(head(client).substr(9, 3), "503");
  EXPECT_EQ(client.line(), "the disk is full");
}

TEST_F(HttpTest, ThePageTrustsNobodyElse) {
  start_http();
  auto client = connect_http();
  client.send(request("/"));
  const auto lines = head(client);
  EXPECT_NE(lines.find("Content-Type: text/html"), std::string::npos);
  EXPECT_NE(lines.find("Content-Security-Policy: default-src 'none'"), std::string::npos);
  EXPECT_EQ(lines.find("unsafe"), std::string::npos);
  EXPECT_EQ(client.line(), "<!doctype html>");
  for (const auto* file : {"/app.js", "/plots.js", "/style.css", "/icon.svg"})
    EXPECT_EQ(status_of(request(file)), "200");
}

TEST_F(HttpTest, AConnectionIsUsedAgain) {
  start_http();
  auto client = connect_http();
  for (int i = 0; i < 3; ++i) {
    client.send(request("/api/status"));
    EXPECT_EQ(head(client).substr(9, 3), "200");
    EXPECT_EQ(client.line(), "{\"op\":\"status\"}");
  }
}

TEST_F(HttpTest, ArticlesAreWhatIsThere) {
  start_http();
  publish("sun");
  publish("moon");
  publish("sun", "world", 400'000);
  auto client = connect_http();
  client.send(request("/articles?feed=sun"));
  EXPECT_EQ(head(client).substr(9, 3), "200");
  EXPECT_EQ(seq_of(*client.line()), 1U);
  EXPECT_EQ(seq_of(*client.line()), 3U);
  EXPECT_TRUE(client.at_end());
}

TEST_F(HttpTest, ArticlesThatFollow) {
  start_http();
  publish();
  auto client = connect_http();
  client.send(request("/articles?from=earliest&follow"));
  head(client);
  EXPECT_EQ(seq_of(*client.line()), 1U);
  for (std::uint64_t seq = 2; seq < 20; ++seq) {
    publish();
    loop.run([this] { http->notify_committed(); });
    ASSERT_EQ(seq_of(*client.line()), seq);
  }
  client.close();
  EXPECT_TRUE(eventually([this] { return loop.run([this] { return http->connections(); }) == 0; }));
}

TEST_F(HttpTest, ArticlesAsServerSentEvents) {
  start_http();
  publish();
  publish();
  auto client = connect_http();
  client.send(request("/articles?follow", "Accept: text/event-stream\r\nLast-Event-ID: 1\r\n"));
  EXPECT_NE(head(client).find("text/event-stream"), std::string::npos);
  EXPECT_EQ(client.line(), "id: 2");
  EXPECT_TRUE(client.line()->starts_with("data: {\"_newswire\":{\"seq\":2"));
  EXPECT_EQ(client.line(), "");
}

TEST_F(HttpTest, ArticlesThatAreNoLongerKeptAreGone) {
  spool_options.compress = false;
  spool_options.retention.bytes = 1;
  start_http();
  publish();
  retain();
  publish();
  auto client = connect_http();
  client.send(request("/articles?from=1"));
  EXPECT_EQ(head(client).substr(9, 3), "410");
  EXPECT_NE(client.line()->find("\"earliest\":2"), std::string::npos);
  EXPECT_EQ(status_of(request("/articles?from=9")), "400");
  EXPECT_EQ(status_of(request("/articles?feeds=a")), "400");
}

TEST_F(HttpTest, AReloadChangesWhatIsServed) {
  start_http();
  EXPECT_EQ(status_of("GET /healthz HTTP/1.1\r\nHost: news.example\r\n\r\n"), "421");
  loop.run([this] {
    HttpOptions options;
    options.hosts = {"news.example"};
    options.articles = false;
    http->set_options(options);
  });
  EXPECT_EQ(status_of("GET /healthz HTTP/1.1\r\nHost: news.example\r\n\r\n"), "200");
  EXPECT_EQ(status_of(request("/articles")), "404");
}

TEST_F(HttpTest, OneConnectionTooManyIsToldSo) {
  HttpOptions options;
  options.max_connections = 1;
  start_http(options);
  auto first = connect_http();
  first.send(request("/healthz"));
  head(first);
  EXPECT_EQ(status_of(request("/healthz")), "503");
}

TEST_F(HttpTest, ASlowRequestIsNotWaitedForForEver) {
  HttpOptions options;
  options.idle_timeout = std::chrono::milliseconds(20);
  start_http(options);
  auto client = connect_http();
  client.send("GET / HT");
  EXPECT_TRUE(client.at_end());
}

TEST_F(HttpTest, OnlyLoopbackUnlessAllowed) {
  start();
  loop.run([this] {
    HttpOptions options;
    options.listen = "0.0.0.0:0";
    EXPECT_EQ(HttpServer::listen(loop.executor(), options, {}, articles->published()).error().code, Errc::invalid);
    for (const auto* wrong : {"", "9898", "localhost", "news.example:1", "127.0.0.1:99999", "127.0.0.1:x"}) {
      options.listen = wrong;
      EXPECT_FALSE(HttpServer::listen(loop.executor(), options, {}, articles->published())) << wrong;
    }
  });
}

TEST(Metrics, AreSpelledAsPrometheusReadsThem) {
  MetricsText metrics;
  metrics.counter("newswire_x_total", "A line\nbreak.", 7);
  metrics.family("newswire_y", "gauge", "Y.");
  metrics.sample(0.5, {{"a", "q\"\\\n"}, {"b", "c"}});
  metrics.family("newswire_z_seconds", "histogram", "Z.");
  metrics.histogram({0.1, 1}, {2, 3, 4}, 12.5);
  EXPECT_EQ(metrics.text(),
            "# HELP newswire_x_total A line\\nbreak.\n# TYPE newswire_x_total counter\nnewswire_x_total 7\n"
            "# HELP newswire_y Y.\n# TYPE newswire_y gauge\nnewswire_y{a=\"q\\\"\\\\\\n\",b=\"c\"} 0.5\n"
            "# HELP newswire_z_seconds Z.\n# TYPE newswire_z_seconds histogram\n"
            "newswire_z_seconds_bucket{le=\"0.1\"} 2\nnewswire_z_seconds_bucket{le=\"1\"} 5\n"
            "newswire_z_seconds_bucket{le=\"+Inf\"} 9\nnewswire_z_seconds_sum 12.5\nnewswire_z_seconds_count 9\n");
}

}  // namespace
}  // namespace newswire::serve
