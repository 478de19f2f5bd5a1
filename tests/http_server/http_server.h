#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A scripted HTTP/1.1 server on a loopback port that the kernel chooses, for tests of everybody. It runs on its own
/// thread; every member of HttpServer may be called from any thread.
namespace newswire::test {

/// One answer: status, headers and body, and how badly it is delivered. Built by chaining.
class Answer {
 public:
  Answer(int status = 200, std::string body = {});  // NOLINT(google-explicit-constructor): {200, "body"} reads well

  Answer& header(std::string name, std::string value) &;
  Answer&& header(std::string name, std::string value) &&;
  /// The body in these pieces, `pause` between them; Content-Length as announced is their sum.
  Answer&& pieces(std::vector<std::string> parts, std::chrono::milliseconds pause = {}) &&;
  Answer&& chunked() &&;                      ///< Transfer-Encoding: chunked, a chunk a piece
  Answer&& no_length() &&;                    ///< neither length nor chunks: the body ends with the connection
  Answer&& length(std::size_t announced) &&;  ///< a Content-Length that need not be true
  Answer&& close() &&;                        ///< closes the connection afterwards
  Answer&& delay(std::chrono::milliseconds before) &&;  ///< before the status line
  Answer&& stall_after(std::size_t bytes) &&;           ///< sends that much of headers and body, then nothing more
  Answer&& stall() && { return std::move(*this).stall_after(0); }
  Answer&& reset_after(std::size_t bytes) &&;            ///< then a TCP reset
  Answer&& close_after(std::size_t bytes) &&;            ///< then an orderly close
  Answer&& drip(std::chrono::milliseconds interval) &&;  ///< body byte by byte
  Answer&& endless_header() &&;                          ///< header lines without end
  Answer&& endless_body() &&;                            ///< the body again and again, without end
  Answer&& raw(std::string bytes) &&;                    ///< exactly these bytes instead of an HTTP answer, then close

 private:
  friend class HttpServer;
  friend struct Delivery;
  enum class Ending : std::uint8_t { none, stall, reset, close };
  int status_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::vector<std::string> pieces_;
  std::chrono::milliseconds pause_{0};
  std::chrono::milliseconds delay_{0};
  std::chrono::milliseconds drip_{0};
  std::string raw_;
  std::size_t announced_ = std::string::npos;
  std::size_t ending_after_ = std::string::npos;
  Ending ending_ = Ending::none;
  bool chunked_ = false;
  bool no_length_ = false;
  bool close_ = false;
  bool is_raw_ = false;
  bool endless_header_ = false;
  bool endless_body_ = false;
};

/// One request as it came in.
struct Seen {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, in order
  std::string body;
  unsigned connection = 0;  ///< 1, 2, 3 …: which connection it came on
  std::chrono::steady_clock::time_point at;

  bool has(std::string_view name) const;            ///< name in lower case
  std::string header(std::string_view name) const;  ///< the first of that name, or ""
};

struct ServerOptions {
  bool tls = false;                ///< with a certificate of its own for localhost and 127.0.0.1, see ca_file()
  bool offer_h2 = false;           ///< negotiates "h2" by ALPN and then answers such connections with garbage
  bool wants_certificate = false;  ///< takes only clients that show a certificate: that of ca_file(), which has its key
  bool stall_handshake = false;    ///< accepts the connection and never answers the TLS ClientHello
  std::string address = "127.0.0.1";
};

class HttpServer {
 public:
  using Handler = std::function<Answer(const Seen&)>;

  explicit HttpServer(ServerOptions options = {});
  ~HttpServer();  ///< closes everything, stalled connections too
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Answers to requests for `target` (path and query), one after the other; the last one repeats. Replaces the script
  /// of before. An unknown target is a 404.
  void on(std::string target, std::vector<Answer> script);
  void on(std::string target, Answer answer);
  /// Computes the answer; called on the server's thread. For target "*": whatever has no script of its own.
  void handle(std::string target, Handler handler);
  /// A feed that behaves: 200 with ETag and body, 304 to its ETag.
  void serve_feed(std::string target, std::string body, std::string content_type = "application/rss+xml");

  std::uint16_t port() const noexcept;
  std::string url(std::string_view target = "/") const;          ///< "http://127.0.0.1:PORT/…", or https
  std::string url_by_name(std::string_view target = "/") const;  ///< the same at "localhost": another origin
  std::string ca_file() const;  ///< PEM file of the certificate, removed with the server; empty without TLS

  std::vector<Seen> requests() const;
  std::vector<Seen> requests(std::string_view target) const;
  std::size_t count(std::string_view target) const;
  unsigned connections() const;  ///< accepted so far
  /// Waits until `count` requests have come in; false if they have not by then. The limit is for a loaded machine.
  bool wait_for(std::size_t count, std::chrono::milliseconds limit = std::chrono::seconds(60)) const;
  void forget();  ///< requests so far

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace newswire::test
