#include "fetch/detail/transfer.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

#include "base/text.h"
#include "base/url.h"
#include "fetch/address_guard.h"
#include "fetch/allowed_places.h"
#include "fetch/cache_headers.h"
#include "fetch/detail/gunzip.h"
#include "fetch/retry_after.h"

namespace newswire::fetch::detail {
namespace {

// What is kept of an answer that is no document: enough to show a person and to find the marks of a bot wall.
constexpr std::size_t kErrorBody = 64u << 10;
// A redirect's body is read and dropped, so that its connection can be used again; past this it is not worth it.
constexpr std::size_t kRedirectBody = 256u << 10;
// Compressed bytes that decompress to nothing are no document either: what may come over the wire beyond max_body.
constexpr curl_off_t kWireSlack = 1 << 20;
constexpr long kStallBytesPerSecond = 16;
constexpr std::size_t kUsualFields = 16;  // of an answer's headers

constexpr std::string_view kAccept =
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, "
    "text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1";

std::optional<AddressBytes> bytes_of(const curl_sockaddr& address) {
  AddressBytes bytes{};
  if (address.family == AF_INET && address.addrlen >= sizeof(sockaddr_in)) {
    sockaddr_in four{};
    std::memcpy(&four, &address.addr, sizeof four);
    bytes[10] = bytes[11] = 0xff;
    std::memcpy(bytes.data() + 12, &four.sin_addr, 4);
    return bytes;
  }
  if (address.family == AF_INET6 && address.addrlen >= sizeof(sockaddr_in6)) {
    sockaddr_in6 six{};
    // curl_sockaddr is declared with a small sockaddr, but holds addrlen bytes (Curl_sockaddr_ex).
    const auto* start = static_cast<const char*>(static_cast<const void*>(&address));
    std::memcpy(&six, start + offsetof(curl_sockaddr, addr), sizeof six);
    std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
    return bytes;
  }
  return std::nullopt;
}

bool is_tls(CURLcode code) {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT: return true;
    default: return false;
  }
}

const char* version_name(long version) {
  switch (version) {
    case CURL_HTTP_VERSION_1_0: return "1.0";
    case CURL_HTTP_VERSION_1_1: return "1.1";
    case CURL_HTTP_VERSION_2_0: return "2";
    case CURL_HTTP_VERSION_3: return "3";
    default: return "";
  }
}

const char* certificate_type(std::string_view file) {
  return file.ends_with(".p12") || file.ends_with(".pfx") ? "P12" : "PEM";
}

// We ran out of something of our own.
bool is_want(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS; }

// libcurl resolves names in threads that need a descriptor too, and says only that the name was not found.
int descriptor_wanted() {
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return is_want(errno) ? errno : 0;
  ::close(fd);
  return 0;
}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

}  // namespace

Transfer::Transfer(const asio::any_io_executor& loop, CURLSH* share, std::shared_ptr<BodyRoom> room)
    : easy_(curl_easy_init()), done_(loop), room_(std::move(room)) {
  if (easy_ == nullptr) throw std::bad_alloc();
  const char* ca = nullptr;
  if (curl_easy_getinfo(easy_, CURLINFO_CAINFO, &ca) == CURLE_OK && ca != nullptr) default_ca_ = ca;
  // What is the same for every hop; prepare() sets the rest, each time all of it. These are options that every libcurl
  // since 7.88 knows with valid arguments, so their return codes say nothing.
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_SHARE, share);
  set(CURLOPT_ERRORBUFFER, error_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a dropped transfer does not wait for its resolver thread
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_LOW_SPEED_LIMIT, kStallBytesPerSecond);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_PREREQDATA, this);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open_socket);
  set(CURLOPT_PREREQFUNCTION, &Transfer::on_before_request);
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
}

Transfer::~Transfer() {
  room_->forget(*this);
  curl_easy_cleanup(easy_);
}

Transfer& Transfer::of(CURL* easy) {
  char* self = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
  return *static_cast<Transfer*>(static_cast<void*>(self));
}

Result<void> Transfer::prepare(HopPlan plan) {
  clear();
  plan_ = std::move(plan);
  const Request& request = *plan_.request;
  CURLcode failed = CURLE_OK;
  const auto note = [&failed](CURLcode code) {
    if (code != CURLE_OK && failed == CURLE_OK) failed = code;
  };
  const auto set = [this, note](CURLoption option, auto value) { note(curl_easy_setopt(easy_, option, value)); };
  const auto set_kept = [this, note](CURLoption option, const char* text) { note(set_text(option, text)); };
  // A configured header takes the place of ours; for the others libcurl sees to it.
  const bool own_accept = std::any_of(plan_.headers.begin(), plan_.headers.end(),
                                      [](const Header& field) { return iequals(field.name, "accept"); });
  if (!own_accept) lines_.add("Accept", request.accept.empty() ? kAccept : std::string_view(request.accept));
  for (const auto& field : plan_.headers) lines_.add(field.name, field.value);
  const auto& auth = request.auth;
  const auto scheme = plan_.credentials ? auth.scheme : Auth::Scheme::none;
  if (scheme == Auth::Scheme::bearer) lines_.add("Authorization", "Bearer " + auth.password);
  const bool named = scheme == Auth::Scheme::basic || scheme == Auth::Scheme::digest;
  const bool in_url = plan_.credentials && scheme == Auth::Scheme::none && !plan_.target->user.empty();
  const std::string& user = in_url ? plan_.target->user : auth.user;
  const std::string& password = in_url ? plan_.target->password : auth.password;

  set(CURLOPT_URL, plan_.target->sent.c_str());
  set(CURLOPT_HTTPHEADER, lines_.list());
  set_kept(CURLOPT_USERAGENT, plan_.user_agent->c_str());
  set(CURLOPT_COOKIE, plan_.credentials ? or_null(request.cookies) : nullptr);
  set(CURLOPT_HTTPAUTH, static_cast<long>(scheme == Auth::Scheme::digest ? CURLAUTH_DIGEST : CURLAUTH_BASIC));
  set(CURLOPT_USERNAME, named || in_url ? user.c_str() : nullptr);
  set(CURLOPT_PASSWORD, named || in_url ? password.c_str() : nullptr);
  set_kept(CURLOPT_ACCEPT_ENCODING, plan_.decode && request.compressed ? "" : "identity");
  set(CURLOPT_HTTP_CONTENT_DECODING, plan_.decode ? 1L : 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(plan_.http1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_FRESH_CONNECT, plan_.fresh_connection ? 1L : 0L);
  set(CURLOPT_FORBID_REUSE, plan_.keep_connection ? 0L : 1L);
  set_kept(CURLOPT_PROXY, request.proxy.c_str());  // "" turns the environment's off
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(plan_.total.count(), 1)));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.timeouts.connect.count()));
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.timeouts.stall.count()));
  set(CURLOPT_SSL_VERIFYPEER, request.verify_tls ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, request.verify_tls ? 2L : 0L);
  set_kept(CURLOPT_CAINFO, request.ca_file.empty() ? or_null(default_ca_) : request.ca_file.c_str());
  const auto& certificate = request.certificate;
  const bool identified = plan_.credentials && !certificate.certificate.empty();
  set(CURLOPT_SSLCERT, identified ? certificate.certificate.c_str() : nullptr);
  set(CURLOPT_SSLCERTTYPE, identified ? certificate_type(certificate.certificate) : nullptr);
  set(CURLOPT_SSLKEY, identified ? or_null(certificate.key) : nullptr);
  set(CURLOPT_KEYPASSWD, identified ? or_null(certificate.password) : nullptr);
  if (failed != CURLE_OK) {
    return Error{Errc::invalid, std::string("libcurl refuses the request: ") + curl_easy_strerror(failed),
                 redact_url(plan_.target->url)};
  }
  return {};
}

// libcurl copies a text each time it is given, and these are nearly always what it has.
CURLcode Transfer::set_text(CURLoption option, const char* text) {
  const auto known =
      std::find_if(texts_.begin(), texts_.end(), [option](const auto& one) { return one.first == option; });
  if (known != texts_.end() && text != nullptr && known->second == text) return CURLE_OK;
  if (known != texts_.end()) texts_.erase(known);
  const CURLcode code = curl_easy_setopt(easy_, option, text);
  if (code == CURLE_OK && text != nullptr) texts_.emplace_back(option, text);
  return code;
}

void Transfer::clear() {
  lines_.clear();
  done_.reset();
  code_ = resumed_ = CURLE_OK;
  resolver_.reset();
  error_[0] = '\0';
  fields_.clear();
  body_ = {};
  room_->forget(*this);
  hold_.reset();
  refused_.clear();
  header_bytes_ = 0;
  status_ = 0;
  starved_ = 0;
  opened_ = 0;
  resolved_ = negotiated_http2_ = headers_done_ = headers_too_large_ = body_too_large_ = wire_too_large_ = false;
}

void Transfer::finish(CURLcode code) {
  // What on_body refused while the transfer was resumed is gone, and libcurl told nobody but us.
  code_ = code == CURLE_OK ? resumed_ : code;
  room_->forget(*this);
  if (code == CURLE_COULDNT_RESOLVE_HOST && starved_ == 0) starved_ = descriptor_wanted();
  resolver_.reset();
  done_.set();
}

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.resolver_.reset();
  transfer.resolved_ = true;
  const Request& request = *transfer.plan_.request;
  // A proxy was named by the configuration, not by a feed; behind it the name is not ours to resolve.
  if (request.proxy.empty() && !request.allow_private) {
    const auto bytes = bytes_of(*address);
    auto reason = bytes ? refused_address(*bytes) : std::optional<std::string>("not an IP address");
    const bool listed = bytes && is_place_allowed(request.allowed_places, transfer.plan_.target->host, *bytes);
    if (reason && !listed) {
      transfer.refused_ = *std::move(reason);
      return CURL_SOCKET_BAD;
    }
  }
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) {
    if (is_want(errno) && transfer.opened_ == 0) transfer.starved_ = errno;
    return CURL_SOCKET_BAD;
  }
  transfer.starved_ = 0;  // one address is enough
  ++transfer.opened_;
  return fd;
}

// Asked for pooled connections too: one that a feed with allow_private opened is not for the others.
int Transfer::on_before_request(void* self, char* remote, char*, int, int) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.resolver_.reset();
  transfer.note_protocol();
  const Request& request = *transfer.plan_.request;
  if (!request.proxy.empty() || request.allow_private || remote == nullptr) return CURL_PREREQFUNC_OK;
  const auto address = parse_address(remote);
  auto reason = address ? refused_address(*address) : std::nullopt;
  if (!reason || is_place_allowed(request.allowed_places, transfer.plan_.target->host, *address))
    return CURL_PREREQFUNC_OK;
  transfer.refused_ = *std::move(reason);
  transfer.opened_ = 0;
  return CURL_PREREQFUNC_ABORT;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  try {
    const auto bytes = size * count;
    return static_cast<Transfer*>(self)->read_header_line({data, bytes}) ? bytes : 0;
  } catch (const std::exception&) {
    return 0;  // no memory: the transfer fails
  }
}

bool Transfer::read_header_line(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > plan_.request->max_header_bytes) {
    headers_too_large_ = true;
    return false;
  }
  if (line.starts_with("HTTP/")) {  // also after 1xx, and after the 401 of a digest handshake
    fields_.clear();
    fields_.reserve(kUsualFields);
    headers_done_ = false;
    const auto space = line.find(' ');
    status_ = 0;
    for (auto at = space + 1;
         space != std::string_view::npos && at < line.size() && at < space + 4 && is_digit(line[at]); ++at) {
      status_ = status_ * 10 + (line[at] - '0');
    }
    return true;
  }
  if (headers_done_) return true;  // trailers
  if (line == "\r\n" || line == "\n") {
    headers_done_ = true;
    // Most redirects stay on their server: the connection is worth keeping for the next hop.
    if (status_ >= 300 && status_ < 400 && status_ != 304) curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, 0L);
    reserve_body();
    return true;
  }
  if (is_space(line.front())) {  // obsolete folding (RFC 9112, 5.2)
    if (!fields_.empty()) {
      fields_.back().value += ' ';
      fields_.back().value += trim(line);
    }
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  fields_.push_back({lower(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  return true;
}

// What the server announces, within reason: a body that grows is copied each time it doubles.
void Transfer::reserve_body() {
  if (status_ == 304) return;
  const auto text = header("content-length");
  std::size_t announced = 0;  // stays so when it is no number
  (void)std::from_chars(text.data(), text.data() + text.size(), announced);
  body_.reserve(std::min({announced, body_limit(), BodyRoom::kSmall}));
}

std::size_t Transfer::body_limit() const noexcept {
  const auto most = plan_.request->max_body;
  if (status_ >= 300 && status_ < 400) return std::min(most, kRedirectBody);
  if (status_ < 200 || status_ >= 400) return std::min(most, kErrorBody);
  return most;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  const auto bytes = size * count;
  const auto limit = transfer.body_limit();
  const auto room = limit - std::min(limit, transfer.body_.size());
  try {
    if (transfer.hold_ == nullptr && transfer.body_.size() + std::min(bytes, room) > BodyRoom::kSmall) {
      transfer.hold_ = transfer.room_->take(limit, transfer);
      if (transfer.hold_ == nullptr) return CURL_WRITEFUNC_PAUSE;
    }
    transfer.body_.append(data, std::min(bytes, room));
  } catch (const std::bad_alloc&) {
    transfer.starved_ = ENOMEM;
    return 0;
  }
  if (bytes <= room) return bytes;
  transfer.body_too_large_ = true;
  return 0;
}

void Transfer::room_given(std::shared_ptr<BodyRoom::Hold> hold) {
  hold_ = std::move(hold);
  resumed_ = curl_easy_pause(easy_, CURLPAUSE_CONT);  // calls on_body
}

int Transfer::on_progress(void* self, curl_off_t, curl_off_t got, curl_off_t, curl_off_t) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  if (got <= static_cast<curl_off_t>(transfer.plan_.request->max_body) + kWireSlack) return 0;
  transfer.wire_too_large_ = true;
  return 1;
}

bool Transfer::broke_http2() const {
  if (code_ == CURLE_HTTP2 || code_ == CURLE_HTTP2_STREAM) return !plan_.http1;
  // libcurl 7.88 gives these, too, for frames that nghttp2 cannot read, and for servers that hang up on HTTP/2.
  const bool silent = code_ == CURLE_GOT_NOTHING || code_ == CURLE_RECV_ERROR || code_ == CURLE_SEND_ERROR;
  return negotiated_http2_ && silent && status_ == 0;
}

void Transfer::note_protocol() {
  if (plan_.http1 || !plan_.target->https) return;
  curl_tlssessioninfo* tls = nullptr;
  if (curl_easy_getinfo(easy_, CURLINFO_TLS_SSL_PTR, &tls) != CURLE_OK || tls == nullptr) return;
  if (tls->backend != CURLSSLBACKEND_OPENSSL || tls->internals == nullptr) return;
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(static_cast<const SSL*>(tls->internals), &name, &size);
  negotiated_http2_ = size == 2 && std::memcmp(name, "h2", 2) == 0;
}

std::string_view Transfer::header(std::string_view name) const noexcept {
  const auto at =
      std::find_if(fields_.begin(), fields_.end(), [name](const Header& field) { return field.name == name; });
  return at == fields_.end() ? std::string_view{} : std::string_view(at->value);
}

long Transfer::new_connections() const {
  long count = 0;
  curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &count);
  return count;
}

std::uint64_t Transfer::wire_bytes() const {
  curl_off_t body = 0;
  curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &body);
  return static_cast<std::uint64_t>(std::max<curl_off_t>(body, 0)) + header_bytes_;
}

Error Transfer::failure() const {
  const auto where = redact_url(plan_.target->url);
  const std::string said = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code_);
  if (address_refused())
    return {Errc::refused, plan_.target->host + " has an address that feeds may not use: " + refused_, where};
  if (starved_ != 0) {
    return {Errc::busy,
            std::string("newswired has nothing left to fetch it with: ") + std::strerror(starved_) +
                (starved_ == ENOMEM ? "; raise MemoryMax= or lower fetch.body_memory"
                                    : "; raise LimitNOFILE= or lower fetch.concurrency"),
            where};
  }
  if (headers_too_large_) {
    return {Errc::too_large,
            "the headers are longer than " + std::to_string(plan_.request->max_header_bytes) + " bytes", where};
  }
  if (body_too_large_) {
    return {Errc::too_large, "the document is larger than " + std::to_string(plan_.request->max_body) + " bytes",
            where};
  }
  if (wire_too_large_) return {Errc::too_large, "more compressed data than the document may have", where};
  if (is_tls(code_)) return {Errc::tls, said, where};
  // In TLS 1.3 the server looks at the client's certificate when for the client the handshake is over (RFC
  // 8446, 4.4.2.4).
  if (code_ == CURLE_RECV_ERROR && said.find("alert certificate required") != std::string::npos)
    return {Errc::tls, "the server wants a client certificate (client_certificate): " + said, where};
  switch (code_) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return {Errc::dns, said, where};
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY: return {Errc::connect, said, where};
    case CURLE_OPERATION_TIMEDOUT: return {Errc::timeout, said, where};
    case CURLE_URL_MALFORMAT: return {Errc::invalid, said, where};
    case CURLE_UNSUPPORTED_PROTOCOL: return {Errc::io, "the answer is no HTTP: " + said, where};
    case CURLE_WEIRD_SERVER_REPLY: return {Errc::io, "the answer is no HTTP: " + said, where};
    case CURLE_GOT_NOTHING: return {Errc::io, "the server closed the connection without an answer", where};
    case CURLE_PARTIAL_FILE: return {Errc::io, "the body was cut off: " + said, where};
    // libcurl bounds one header line at 100 KB, and says it with these.
    case CURLE_OUT_OF_MEMORY:
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
      if (!headers_done_) return {Errc::too_large, "a header line is too long", where};
      break;
    default: break;
  }
  return {Errc::io, said, where};
}

std::string Transfer::fields_text(CURLINFO info) const {
  const char* text = nullptr;
  if (curl_easy_getinfo(easy_, info, &text) != CURLE_OK || text == nullptr) return {};
  return text;
}

void Transfer::read_timings(Timings& timings) const {
  const auto since_start = [this](CURLINFO info) {
    curl_off_t microseconds = 0;
    curl_easy_getinfo(easy_, info, &microseconds);
    return std::chrono::microseconds(microseconds);
  };
  const auto resolved = since_start(CURLINFO_NAMELOOKUP_TIME_T);
  const auto connected = since_start(CURLINFO_CONNECT_TIME_T);
  const auto secured = since_start(CURLINFO_APPCONNECT_TIME_T);
  const std::chrono::microseconds zero{0};
  timings.dns = resolved;
  timings.connect = std::max(connected - resolved, zero);
  timings.tls = std::max(secured - connected, zero);
  timings.first_byte = since_start(CURLINFO_STARTTRANSFER_TIME_T);
  timings.total = since_start(CURLINFO_TOTAL_TIME_T);
}

Result<Response> Transfer::take(Time now) {
  const bool success = status_ >= 200 && status_ < 300;
  const bool cut = body_too_large_ && code_ == CURLE_WRITE_ERROR && (plan_.request->cut_oversize || !success);
  if (code_ != CURLE_OK && !cut) return failure();
  Response response;
  response.status = static_cast<int>(status_);
  response.final_url = plan_.target->url;
  response.cut = cut;
  response.body = std::move(body_);
  if (hold_ != nullptr) {
    hold_->shrink(response.body.capacity());
    response.room = std::move(hold_);
  }
  response.etag = header("etag");
  response.last_modified = header("last-modified");
  response.content_type = header("content-type");
  response.cache = read_cache_headers(fields_);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  if (status_ >= 300) {  // on a success these are no request to stay away
    const auto wait = parse_retry_after(header("retry-after"), seconds);
    if (wait && wait->count() > 0) response.retry_after = *wait;
    response.rate_limit_reset = rate_limit_reset(fields_, seconds);
  }
  for (const auto& field : fields_) {
    if (field.name != "im") continue;
    for (const auto item : split(field.value, ',')) {
      const auto name = trim(item.substr(0, item.find(';')));
      if (iequals(name, "feed")) response.im_feed = true;
    }
  }
  if (is_gzip(response.body)) {  // a compressed file that says so nowhere, or a label we could not believe
    auto plain = gunzip(response.body, body_limit());
    if (plain) {
      response.body = std::move(plain->bytes);
      response.cut = response.cut || plain->cut;
      if (plain->cut && !plan_.request->cut_oversize) {
        body_too_large_ = true;
        return failure();
      }
    }
  }
  response.headers = std::move(fields_);
  response.wire_bytes = wire_bytes();
  long version = 0;
  curl_easy_getinfo(easy_, CURLINFO_HTTP_VERSION, &version);
  response.http_version = version_name(version);
  response.remote_address = fields_text(CURLINFO_PRIMARY_IP);
  read_timings(response.timings);
  response.received = now;
  return response;
}

}  // namespace newswire::fetch::detail
