#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace newswire::fetch {

/// One header field. Of a response: the name in lower case, the value without surrounding white space.
struct Header {
  std::string name;
  std::string value;
};

/// What a server gave to make the next request conditional, and the exact URL that gave it. Opaque: kept and sent byte
/// for byte (POLLING.md R2, R3). Rules over it stand in fetch/validators.h.
struct Validators {
  std::string url;            ///< the URL that answered (the last hop); sent nowhere else (R9)
  std::string etag;           ///< quotes and W/ included; empty: none
  std::string last_modified;  ///< empty: none
  friend bool operator==(const Validators&, const Validators&) = default;
};

enum class HttpVersion : std::uint8_t {
  automatic,  ///< HTTP/2 where TLS negotiates it, one retry over 1.1 when HTTP/2 breaks (R18)
  http1_1,    ///< never HTTP/2
};

/// Credentials for the origin of Request::url, and for no other (R19).
struct Auth {
  enum class Scheme : std::uint8_t { none, basic, digest, bearer };
  Scheme scheme = Scheme::none;
  std::string user;      ///< basic, digest
  std::string password;  ///< basic, digest; for bearer the token
};

/// A client certificate; files in PEM, or a PKCS#12 file with `certificate` alone.
struct ClientCertificate {
  std::string certificate;
  std::string key;
  std::string password;
};

/// Every wait on the network is bounded. `total` covers one whole get(), redirects included, but not the time it queues
/// for a free slot of the client.
struct Timeouts {
  std::chrono::milliseconds connect{15'000};  ///< a hop's name resolution, TCP and TLS handshakes together
  std::chrono::milliseconds total{60'000};
  std::chrono::seconds stall{20};  ///< this long below 16 bytes a second is a stalled transfer
};

/// One poll of one URL. The URL is sent as it stands: nothing is added or normalized except what no HTTP message may
/// carry (spaces and bytes outside ASCII become percent-escapes, international host names punycode, the fragment stays
/// here; user and password of the URL become basic credentials).
struct Request {
  std::string url;
  Validators validators;          ///< sent at the hop whose URL is validators.url, both if both are known (R4)
  bool a_im = true;               ///< with validators, `A-IM: feed` (R14)
  std::vector<Header> headers;    ///< extra; dropped on a redirect to another origin (R19)
  std::string cookies;            ///< a Cookie header's value; dropped likewise; no cookie is ever stored (R11)
  Auth auth;                      ///< dropped likewise
  ClientCertificate certificate;  ///< used for the first origin only
  std::string user_agent;         ///< empty: the client's
  std::string accept;             ///< empty: feed types first, ending in */*;q=0.1 (R13)
  bool allow_private = false;     ///< may connect to addresses that address_guard.h refuses
  std::vector<std::string> allowed_places;  ///< may do so at these (allowed_places.h), at whatever hop
  bool allow_file = false;                  ///< may read a file: URL; a redirect never may
  bool verify_tls = true;                   ///< false only where the configuration says so for this feed
  bool compressed = true;                   ///< offer gzip, br, zstd
  bool fresh_connection = false;            ///< do not take a connection from the pool (421, A11)
  HttpVersion http_version = HttpVersion::automatic;
  std::string proxy;    ///< "http://host:port", "socks5h://…"; empty: direct. The environment is ignored
  std::string ca_file;  ///< PEM; empty: the system's
  Timeouts timeouts;
  std::size_t max_body = 16u << 20;          ///< bytes after decompression
  bool cut_oversize = true;                  ///< over max_body: give what fits with Response::cut, else Errc::too_large
  std::size_t max_header_bytes = 64u << 10;  ///< all header lines of one hop together; more is Errc::too_large
  unsigned max_redirects = 10;
};

/// One redirect that was followed.
struct Hop {
  int status = 0;          ///< 300, 301, 302, 303, 307, 308
  std::string from;        ///< URL that answered
  std::string to;          ///< its Location, absolute
  bool permanent = false;  ///< 301 or 308
};

/// What the headers say about freshness and pauses, parsed (fetch/cache_headers.h, fetch/retry_after.h).
struct CacheHints {
  std::optional<std::chrono::seconds> max_age;        ///< Cache-Control: max-age; s-maxage is ignored (W2)
  std::chrono::seconds age{0};                        ///< Age
  std::optional<std::chrono::seconds> expires_after;  ///< Expires − Date, if both could be read and it is positive
  bool no_cache = false;
  bool no_store = false;  ///< body is not to be kept on disk (W3)
};

struct Timings {
  std::chrono::microseconds dns{0};      ///< until the name was resolved, of the last hop
  std::chrono::microseconds connect{0};  ///< until TCP stood; zero on a reused connection
  std::chrono::microseconds tls{0};
  std::chrono::microseconds first_byte{0};
  std::chrono::microseconds total{0};  ///< of all hops
};

/// The last answer of a chain, whatever its status; fetch/outcome.h says what it means.
struct Response {
  int status = 0;
  std::string final_url;  ///< that gave this answer; Request::url without a redirect
  std::vector<Hop> hops;  ///< in order
  std::vector<Header> headers;
  std::string etag;           ///< verbatim
  std::string last_modified;  ///< verbatim
  std::string content_type;
  CacheHints cache;
  std::optional<std::chrono::seconds>
      retry_after;  ///< Retry-After (E1), of this answer unless it is a success, or of a redirect before it
  std::optional<std::chrono::seconds> rate_limit_reset;  ///< RateLimit and X-RateLimit-Reset (A10), likewise
  bool im_feed = false;                                  ///< IM: feed
  bool sent_validators = false;                          ///< the last hop was asked conditionally
  bool sent_a_im = false;
  bool cut = false;              ///< body is only the first Request::max_body bytes
  std::string body;              ///< content decoding undone
  std::shared_ptr<void> room;    ///< what a large body takes of ClientOptions::body_memory, until this goes
  std::uint64_t wire_bytes = 0;  ///< headers and bodies as received, all hops
  std::string http_version;      ///< "1.1", "2"
  std::string remote_address;    ///< of the last hop; the proxy's if there is one
  Timings timings;
  Time received{};  ///< wall clock at the end of the last hop

  /// The first field of that lower-case name, or nullptr. Valid as long as the response.
  const std::string* header(std::string_view name) const noexcept {
    for (const auto& field : headers) {
      if (field.name == name) return &field.value;
    }
    return nullptr;
  }
};

}  // namespace newswire::fetch
