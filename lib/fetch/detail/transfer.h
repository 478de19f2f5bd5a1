#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "fetch/detail/body_room.h"
#include "fetch/detail/header_lines.h"
#include "fetch/detail/slots.h"
#include "fetch/detail/wire_url.h"
#include "fetch/http_message.h"

namespace newswire::fetch::detail {

/// One hop as the chain decided it: what is sent, and the limits on what comes back. The pointers outlive the hop.
struct HopPlan {
  const Request* request = nullptr;
  const WireUrl* target = nullptr;
  std::vector<Header> headers;  ///< conditional and, on the first origin, the configured ones
  const std::string* user_agent = nullptr;
  bool credentials = true;  ///< still on the first origin
  bool http1 = false;
  bool fresh_connection = false;
  bool keep_connection = false;  ///< worth pooling afterwards
  bool decode = true;            ///< false: the server mislabels its compression, take the bytes as they come
  std::chrono::milliseconds total{0};
};

/// One libcurl easy handle with its buffers: configured for a hop, driven by Multi, read out, used again. libcurl's
/// callbacks end here; they do not throw. Loop thread only.
class Transfer final : private BodyRoom::Waiter {
 public:
  Transfer(const asio::any_io_executor& loop, CURLSH* share, std::shared_ptr<BodyRoom> room);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Errc::invalid, io: libcurl refuses an option (a build without what the request asks for).
  Result<void> prepare(HopPlan plan);
  CURL* easy() const noexcept { return easy_; }
  static Transfer& of(CURL* easy);

  void finish(CURLcode code);  ///< told by Multi
  Event& done() noexcept { return done_; }
  /// Called once, when the name is resolved or was not needed to be: the hold on a resolver slot is given back then.
  void hold_resolver(std::optional<Slots::Hold> hold) { resolver_ = std::move(hold); }

  bool resolved() const noexcept { return resolved_; }
  /// This process had no descriptor or memory left for it: nobody was asked.
  bool starved() const noexcept { return starved_ != 0; }
  bool address_refused() const noexcept { return !refused_.empty() && opened_ == 0; }
  bool broke_http2() const;  ///< R18
  bool broke_encoding() const noexcept { return code_ == CURLE_BAD_CONTENT_ENCODING; }
  long status() const noexcept { return status_; }
  std::string_view header(std::string_view name) const noexcept;
  long new_connections() const;
  std::uint64_t wire_bytes() const;

  /// The answer of this hop, its headers read; the body moves out. An error of the transfer as a sentence.
  Result<Response> take(Time now);
  /// Forgets secrets and buffers of the last hop.
  void clear();

 private:
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
  static int on_before_request(void* self, char* remote, char* local, int remote_port, int local_port) noexcept;
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static int on_progress(void* self, curl_off_t to_get, curl_off_t got, curl_off_t to_put, curl_off_t put) noexcept;

  void room_given(std::shared_ptr<BodyRoom::Hold> hold) override;
  void note_protocol();
  bool read_header_line(std::string_view line);
  CURLcode set_text(CURLoption option, const char* text);
  void reserve_body();
  std::size_t body_limit() const noexcept;
  Error failure() const;
  void read_timings(Timings& timings) const;
  std::string fields_text(CURLINFO info) const;

  CURL* easy_;
  std::string default_ca_;  // libcurl's own; setting NULL would mean none at all
  Event done_;
  CURLcode code_ = CURLE_OK;
  CURLcode resumed_ = CURLE_OK;  // what going on after a pause gave
  HopPlan plan_;
  HeaderLines lines_;
  std::vector<std::pair<CURLoption, std::string>> texts_;  // what libcurl keeps of the last hops
  std::optional<Slots::Hold> resolver_;
  std::array<char, CURL_ERROR_SIZE> error_{};

  std::vector<Header> fields_;
  std::string body_;
  std::shared_ptr<BodyRoom> room_;
  std::shared_ptr<BodyRoom::Hold> hold_;  // of room_, once body_ is large
  std::string refused_;                   // why the guard refused an address
  std::size_t header_bytes_ = 0;
  long status_ = 0;
  int starved_ = 0;      // errno: a socket or memory could not be had
  unsigned opened_ = 0;  // sockets the guard let through
  bool resolved_ = false;
  bool negotiated_http2_ = false;
  bool headers_done_ = false;
  bool headers_too_large_ = false;
  bool body_too_large_ = false;
  bool wire_too_large_ = false;
};

}  // namespace newswire::fetch::detail
