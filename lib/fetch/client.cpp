#include "fetch/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <new>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "base/url.h"
#include "fetch/address_guard.h"
#include "fetch/allowed_places.h"
#include "fetch/detail/body_room.h"
#include "fetch/detail/multi.h"
#include "fetch/detail/recent.h"
#include "fetch/detail/slots.h"
#include "fetch/detail/transfer.h"
#include "fetch/detail/wire_url.h"
#include "fetch/validators.h"

namespace newswire::fetch {
namespace {

using detail::HopPlan;
using detail::Transfer;
using detail::WireUrl;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kRememberedHosts = 8192;  // of each kind; forgetting one costs a connection or a resolver slot

// Before any libcurl call, once in the process; never undone, as libcurl advises for programs that end by exiting.
void start_libcurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::bad_alloc();
}

Error cancelled(std::string_view url) { return {Errc::cancelled, "the request was cancelled", redact_url(url)}; }

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

Result<void> check(const Request& request) {
  for (const auto& field : request.headers) {
    if (auto good = detail::check_header(field); !good) return good.error();
  }
  for (const std::string* value : {&request.validators.etag, &request.validators.last_modified, &request.cookies,
                                   &request.user_agent, &request.accept, &request.auth.user, &request.auth.password}) {
    if (has_line_break(*value)) {
      return Error{Errc::invalid, "a value that goes into the request's headers has a line break",
                   redact_url(request.url)};
    }
  }
  return {};
}

bool is_redirect(int status) {
  return status == 300 || status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// A name that is an address already needs no resolver; behind a proxy it would not even be looked at by the guard.
std::optional<Error> literal_refused(const WireUrl& target, const Request& request) {
  if (request.allow_private) return std::nullopt;
  const auto address = parse_address(target.host);
  const auto reason = address ? refused_address(*address) : std::nullopt;
  if (!reason || is_place_allowed(request.allowed_places, target.host, *address)) return std::nullopt;
  return Error{Errc::refused, target.host + " is an address that feeds may not use: " + *reason,
               redact_url(target.url)};
}

// One get(): where it stands.
struct Chain {
  Request request;
  WireUrl target;
  std::string first_origin;
  std::string user_agent;  // the client's, as it was when the chain began
  std::vector<Hop> hops;
  Steady::time_point deadline;
  bool credentials = true;
  bool http1 = false;
  bool fresh_connection = false;
  bool decode = true;
  bool retried_421 = false;
  bool sent_validators = false;
  bool sent_a_im = false;
  std::optional<std::chrono::seconds> retry_after;
  std::uint64_t wire_bytes = 0;
};

// Follows a redirect in `chain`, or says why not.
Result<void> follow(Chain& chain, const Response& answer) {
  const auto fail = [&chain](Errc code, std::string what) {
    return Error{code, std::move(what), redact_url(chain.target.url)};
  };
  const auto* location = answer.header("location");
  if (location == nullptr || trim(*location).empty()) {
    return fail(Errc::http_status, "redirect (" + std::to_string(answer.status) + ") without a Location");
  }
  if (chain.hops.size() >= chain.request.max_redirects) {
    return fail(Errc::http_status, "more than " + std::to_string(chain.request.max_redirects) + " redirects");
  }
  auto next = detail::wire_url(resolve_url(chain.target.url, *location));
  if (!next) {
    const bool scheme = next.error().code == Errc::refused;
    return fail(scheme ? Errc::refused : Errc::http_status,
                "redirect to " + redact_url(trim(*location).substr(0, 256)) + ": " + next.error().what);
  }
  const bool been_there =
      next->url == chain.target.url ||
      std::any_of(chain.hops.begin(), chain.hops.end(), [&next](const Hop& hop) { return hop.from == next->url; });
  if (been_there) return fail(Errc::http_status, "redirect loop at " + redact_url(next->url));
  if (next->origin != chain.first_origin) chain.credentials = false;  // for good: coming back does not restore them
  if (answer.retry_after)
    chain.retry_after = std::max(chain.retry_after.value_or(std::chrono::seconds{0}), *answer.retry_after);
  chain.hops.push_back({answer.status, chain.target.url, next->url, answer.status == 301 || answer.status == 308});
  next->user.clear();  // a server may name a place, not credentials to use there
  next->password.clear();
  chain.target = *std::move(next);
  return {};
}

}  // namespace

std::string default_user_agent(std::string_view version, std::string_view contact) {
  std::string agent = "newswire/";
  agent += version;
  if (!contact.empty()) {
    agent += " (+";
    agent += contact;
    agent += ')';
  }
  return agent;
}

class Client::Impl : public std::enable_shared_from_this<Client::Impl> {
 public:
  Impl(asio::any_io_executor loop, ClientOptions options)
      : loop_(std::move(loop)),
        options_(std::move(options)),
        share_(curl_share_init()),
        transfers_(loop_, std::max(options_.max_transfers, 1u)),
        resolvers_(loop_, std::max(options_.max_resolving, 1u)),
        room_(std::make_shared<detail::BodyRoom>(loop_, options_.body_memory)),
        drained_(loop_),
        seen_(options_.keep_connection_within, kRememberedHosts),
        resolved_(options_.dns_cache, kRememberedHosts),
        http1_(options_.remember_fallbacks, kRememberedHosts),
        mislabelled_(options_.remember_fallbacks, kRememberedHosts) {
    if (share_ == nullptr) throw std::bad_alloc();
    curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    auto finished = [](CURL* easy, CURLcode code) { Transfer::of(easy).finish(code); };
    multi_ = std::make_shared<detail::Multi>(loop_, most_connections(), std::move(finished));
  }

  ~Impl() {
    multi_->close();
    idle_.clear();
    curl_share_cleanup(share_);
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // The caller's habit of throwing at a cancelled co_await is set aside while we run: here it is a Result.
  static asio::awaitable<Result<Response>> get(std::shared_ptr<Impl> self, Request request) {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    auto result = co_await self->run(std::move(request));
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return result;
  }

  static asio::awaitable<void> stop(std::shared_ptr<Impl> self) {
    self->stopping_ = true;
    self->transfers_.close();
    self->resolvers_.close();
    for (auto* transfer : self->busy_) transfer->done().interrupt();
    while (self->active_ > 0) {
      self->drained_.reset();
      co_await self->drained_.wait();
      if (!self->drained_.happened()) co_return;  // the caller gave up waiting
    }
    self->idle_.clear();
    self->multi_->close();
  }

  void set_options(ClientOptions options) {
    options_.user_agent = std::move(options.user_agent);
    options_.max_transfers = options.max_transfers;
    options_.max_resolving = options.max_resolving;
    options_.max_idle_connections = options.max_idle_connections;
    options_.body_memory = options.body_memory;
    transfers_.set_count(std::max(options_.max_transfers, 1u));
    resolvers_.set_count(std::max(options_.max_resolving, 1u));
    room_->set_total(options_.body_memory);
    multi_->set_max_connections(most_connections());
  }

  ClientStats stats() const {
    auto stats = stats_;
    stats.in_flight = static_cast<unsigned>(busy_.size());
    stats.waiting = static_cast<unsigned>(transfers_.waiting() + resolvers_.waiting());
    stats.paused = static_cast<unsigned>(room_->waiting());
    stats.body_bytes = room_->taken();
    return stats;
  }

 private:
  // Counts a get() as long as it runs.
  class Active {
   public:
    explicit Active(Impl& impl) : impl_(impl) { ++impl_.active_; }
    ~Active() {
      if (--impl_.active_ == 0) impl_.drained_.set();
    }
    Active(const Active&) = delete;
    Active& operator=(const Active&) = delete;

   private:
    Impl& impl_;
  };

  // A transfer out of the pool, and back.
  class Lease {
   public:
    explicit Lease(Impl& impl) : impl_(impl) {
      if (impl_.idle_.empty()) {
        transfer_ = std::make_unique<Transfer>(impl_.loop_, impl_.share_, impl_.room_);
        curl_easy_setopt(transfer_->easy(), CURLOPT_MAXAGE_CONN,
                         static_cast<long>(impl_.options_.idle_connection.count()));
        curl_easy_setopt(transfer_->easy(), CURLOPT_DNS_CACHE_TIMEOUT,
                         static_cast<long>(impl_.options_.dns_cache.count()));
      } else {
        transfer_ = std::move(impl_.idle_.back());
        impl_.idle_.pop_back();
      }
      impl_.busy_.insert(transfer_.get());
    }
    ~Lease() {
      impl_.busy_.erase(transfer_.get());
      transfer_->clear();
      if (!impl_.stopping_) impl_.idle_.push_back(std::move(transfer_));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Transfer& operator*() const { return *transfer_; }

   private:
    Impl& impl_;
    std::unique_ptr<Transfer> transfer_;
  };

  long most_connections() const {
    return static_cast<long>(options_.max_transfers) + static_cast<long>(options_.max_idle_connections);
  }

  Time now() const {
    return options_.now ? options_.now()
                        : std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }

  asio::awaitable<Result<Response>> run(Request request) {
    if (auto good = check(request); !good) co_return good.error();
    auto target = detail::wire_url(request.url);
    if (!target) co_return target.error();
    const Active active(*this);
    if (stopping_) co_return cancelled(request.url);
    const auto slot = co_await transfers_.acquire();
    if (!slot) co_return cancelled(request.url);
    const Lease lease(*this);

    Chain chain;
    chain.request = std::move(request);
    chain.target = *std::move(target);
    chain.first_origin = chain.target.origin;
    chain.user_agent = options_.user_agent;
    chain.deadline = Steady::now() + chain.request.timeouts.total;
    chain.fresh_connection = chain.request.fresh_connection;
    while (true) {
      auto answer = co_await hop(chain, *lease);
      if (!answer) {
        auto error = answer.error();
        if (!chain.hops.empty() && error.code != Errc::cancelled) {
          error.what += " (redirected from " + redact_url(chain.hops.front().from) + ")";
        }
        co_return error;
      }
      const bool redirect =
          is_redirect(answer->status) && (answer->status != 300 || answer->header("location") != nullptr);
      if (!redirect) co_return finish(chain, *std::move(answer));
      if (auto followed = follow(chain, *answer); !followed) co_return followed.error();
    }
  }

  // One hop with its permitted second tries: HTTP/2 → 1.1 (R18), 421 → new connection (A11), mislabelled compression
  // (R13).
  asio::awaitable<Result<Response>> hop(Chain& chain, Transfer& transfer) {
    chain.http1 = chain.request.http_version == HttpVersion::http1_1 || http1_.seen(chain.target.host, Steady::now());
    chain.decode = !mislabelled_.seen(chain.target.url, Steady::now());
    while (true) {
      if (auto error = literal_refused(chain.target, chain.request)) {
        ++stats_.refused_addresses;
        co_return *std::move(error);
      }
      auto answer = co_await send(chain, transfer);
      chain.fresh_connection = false;
      if (!answer && answer.error().code == Errc::cancelled) co_return answer;
      if (transfer.broke_http2()) {
        http1_.touch(chain.target.host, Steady::now());
        ++stats_.http2_fallbacks;
        chain.http1 = true;
        continue;
      }
      if (transfer.broke_encoding() && chain.decode) {
        mislabelled_.touch(chain.target.url, Steady::now());
        chain.decode = false;
        continue;
      }
      if (answer && answer->status == 421 && !chain.retried_421) {
        chain.retried_421 = chain.fresh_connection = true;
        continue;
      }
      co_return answer;
    }
  }

  asio::awaitable<Result<Response>> send(Chain& chain, Transfer& transfer) {
    std::optional<detail::Slots::Hold> resolver;
    if (needs_resolver(chain)) {
      const auto before = Steady::now();
      resolver = co_await resolvers_.acquire();
      if (!resolver) co_return cancelled(chain.target.url);
      chain.deadline += Steady::now() - before;  // queueing is not the server's fault
    }
    if (stopping_) co_return cancelled(chain.target.url);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(chain.deadline - Steady::now());
    if (left.count() <= 0) {
      co_return Error{Errc::timeout, "no answer within " + std::to_string(chain.request.timeouts.total.count()) + " ms",
                      redact_url(chain.target.url)};
    }
    auto plan = plan_hop(chain, left);
    if (auto prepared = transfer.prepare(std::move(plan)); !prepared) co_return prepared.error();
    transfer.hold_resolver(std::move(resolver));
    if (const auto code = multi_->add(transfer.easy()); code != CURLM_OK) {
      co_return Error{Errc::io, std::string("libcurl: ") + curl_multi_strerror(code), redact_url(chain.target.url)};
    }
    ++stats_.requests;
    co_await transfer.done().wait();
    if (!transfer.done().happened()) {
      multi_->remove(transfer.easy());
      co_return cancelled(chain.target.url);
    }
    account(chain, transfer);
    co_return transfer.take(now());
  }

  HopPlan plan_hop(Chain& chain, std::chrono::milliseconds left) {
    HopPlan plan;
    plan.request = &chain.request;
    plan.target = &chain.target;
    plan.headers = conditional_headers(chain.request.validators, chain.target.url, chain.request.a_im);
    chain.sent_validators = !plan.headers.empty();
    chain.sent_a_im = chain.sent_validators && chain.request.a_im;
    if (chain.credentials)
      plan.headers.insert(plan.headers.end(), chain.request.headers.begin(), chain.request.headers.end());
    plan.user_agent = chain.request.user_agent.empty() ? &chain.user_agent : &chain.request.user_agent;
    plan.credentials = chain.credentials;
    plan.http1 = chain.http1;
    plan.fresh_connection = chain.fresh_connection;
    plan.decode = chain.decode;
    plan.total = left;
    const auto moment = Steady::now();
    plan.keep_connection = seen_.seen(chain.target.origin, moment);
    seen_.touch(chain.target.origin, moment);
    return plan;
  }

  bool needs_resolver(const Chain& chain) const {
    if (!chain.request.proxy.empty()) return false;
    return !parse_address(chain.target.host) && !resolved_.seen(chain.target.host, Steady::now());
  }

  void account(Chain& chain, const Transfer& transfer) {
    const auto opened = transfer.new_connections();
    stats_.new_connections += static_cast<std::uint64_t>(std::max(opened, 0L));
    if (opened == 0 && transfer.status() != 0) ++stats_.reused_connections;
    if (transfer.address_refused()) ++stats_.refused_addresses;
    if (transfer.starved()) ++stats_.starved;
    if (transfer.resolved()) resolved_.touch(chain.target.host, Steady::now());
    const auto bytes = transfer.wire_bytes();
    stats_.wire_bytes += bytes;
    chain.wire_bytes += bytes;
  }

  static Result<Response> finish(Chain& chain, Response answer) {
    answer.hops = std::move(chain.hops);
    answer.wire_bytes = chain.wire_bytes;
    answer.sent_validators = chain.sent_validators;
    answer.sent_a_im = chain.sent_a_im;
    if (chain.retry_after)
      answer.retry_after = std::max(answer.retry_after.value_or(std::chrono::seconds{0}), *chain.retry_after);
    const auto total = Steady::now() - (chain.deadline - chain.request.timeouts.total);
    answer.timings.total = std::chrono::floor<std::chrono::microseconds>(total);
    return answer;
  }

  asio::any_io_executor loop_;
  ClientOptions options_;
  CURLSH* share_;
  std::shared_ptr<detail::Multi> multi_;
  detail::Slots transfers_;
  detail::Slots resolvers_;
  std::shared_ptr<detail::BodyRoom> room_;
  detail::Event drained_;
  detail::Recent seen_;         // origins: worth keeping a connection to
  detail::Recent resolved_;     // hosts: in libcurl's DNS cache
  detail::Recent http1_;        // hosts whose HTTP/2 is broken
  detail::Recent mislabelled_;  // URLs whose Content-Encoding is not what it says
  std::vector<std::unique_ptr<Transfer>> idle_;
  std::unordered_set<Transfer*> busy_;
  std::size_t active_ = 0;
  bool stopping_ = false;
  ClientStats stats_;
};

Client::Client(asio::any_io_executor loop, ClientOptions options) {
  start_libcurl();
  impl_ = std::make_shared<Impl>(std::move(loop), std::move(options));
}

Client::~Client() = default;

asio::awaitable<Result<Response>> Client::get(Request request) { return Impl::get(impl_, std::move(request)); }

asio::awaitable<void> Client::stop() { return Impl::stop(impl_); }

void Client::set_options(ClientOptions options) { impl_->set_options(std::move(options)); }

ClientStats Client::stats() const { return impl_->stats(); }

}  // namespace newswire::fetch
