#include "fetch/outcome.h"

#include <algorithm>
#include <array>

#include "base/entities.h"
#include "base/text.h"
#include "base/url.h"

namespace newswire::fetch {
namespace {

constexpr std::size_t kLookedAt = 8u << 10;  // of a body: marks of walls and <meta> stand in the head of the page

struct Wall {
  std::string_view name;
  std::string_view mark;
};

// What the challenge pages of known walls carry in their first bytes (seen in the wild, 2023–2026).
constexpr Wall kMarks[] = {
    {"Cloudflare", "/cdn-cgi/challenge-platform/"},
    {"Cloudflare", "cf-browser-verification"},
    {"Cloudflare", "cf_chl_opt"},
    {"Cloudflare", "<title>just a moment...</title>"},
    {"Cloudflare", "<title>attention required! | cloudflare</title>"},
    {"DataDome", "captcha-delivery.com"},
    {"PerimeterX", "px-captcha"},
    {"PerimeterX", "_pxappid"},
    {"Imperva", "_incapsula_resource"},
    {"Akamai", "errors.edgesuite.net"},
    {"Anubis", "/.within.website/x/cmd/anubis/"},
    {"AWS WAF", "awswafcookiedomainlist"},
    {"AWS WAF", "gokuprops"},
    {"Sucuri", "sucuri website firewall"},
    {"DDoS-Guard", "ddos-guard"},
    {"reCAPTCHA", "g-recaptcha"},
    {"hCaptcha", "hcaptcha.com"},
};

bool looks_like_html(const Response& response) {
  if (istarts_with(response.content_type, "text/html") || istarts_with(response.content_type, "application/xhtml"))
    return true;
  const auto start = trim(std::string_view(response.body).substr(0, 512));
  return istarts_with(start, "<!doctype html") || istarts_with(start, "<html");
}

std::string_view phrase(int status) {
  switch (status) {
    case 400: return "bad request";
    case 401: return "credentials needed";
    case 402: return "payment required";
    case 403: return "forbidden";
    case 404: return "not found";
    case 405: return "method not allowed";
    case 406: return "not acceptable";
    case 407: return "the proxy needs credentials";
    case 408: return "request timeout";
    case 410: return "gone";
    case 421: return "misdirected request";
    case 425: return "too early";
    case 429: return "too many requests";
    case 451: return "unavailable for legal reasons";
    case 500: return "internal server error";
    case 502: return "bad gateway";
    case 503: return "service unavailable";
    case 504: return "gateway timeout";
    case 508: return "loop detected";
    default: return {};
  }
}

std::string status_text(int status) {
  std::string text = "the server answered " + std::to_string(status);
  if (const auto said = phrase(status); !said.empty()) {
    text += " (";
    text += said;
    text += ')';
  }
  return text;
}

std::string seconds_text(std::chrono::seconds wait) { return std::to_string(wait.count()) + " s"; }

Outcome succeeded(OutcomeKind kind, int status) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.status = status;
  return outcome;
}

Outcome failed(OutcomeKind kind, Errc code, int status, Backoff backoff, std::string message) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.code = code;
  outcome.status = status;
  outcome.backoff = backoff;
  outcome.message = std::move(message);
  outcome.failed = true;
  return outcome;
}

Outcome classify_error(const Error& error) {
  const auto with = [&error](OutcomeKind kind, HostFailure host, Backoff backoff) {
    auto outcome = failed(kind, error.code, 0, backoff, to_string(error));
    outcome.host_failure = host;
    return outcome;
  };
  switch (error.code) {
    case Errc::cancelled:
    case Errc::busy: {  // nobody was asked
      Outcome outcome;
      outcome.code = error.code;
      outcome.message = error.what;
      return outcome;
    }
    case Errc::dns: return with(OutcomeKind::network, HostFailure::dns, Backoff::from_interval);
    case Errc::connect: return with(OutcomeKind::network, HostFailure::connect, Backoff::from_interval);
    case Errc::timeout: return with(OutcomeKind::network, HostFailure::connect, Backoff::from_interval);
    case Errc::tls: return with(OutcomeKind::network, HostFailure::tls, Backoff::from_interval);
    case Errc::http_status: return with(OutcomeKind::redirect_error, HostFailure::none, Backoff::from_hour);
    case Errc::too_large: return with(OutcomeKind::too_large, HostFailure::none, Backoff::from_hour);
    case Errc::not_found: return with(OutcomeKind::missing, HostFailure::none, Backoff::from_hour);
    case Errc::refused:
    case Errc::invalid:
    case Errc::unsupported: return with(OutcomeKind::refused, HostFailure::none, Backoff::from_hour);
    default: return with(OutcomeKind::network, HostFailure::none, Backoff::from_interval);
  }
}

Outcome rate_limited(const Response& response) {
  auto outcome = failed(OutcomeKind::rate_limited, Errc::http_status, response.status, Backoff::from_hour,
                        status_text(response.status));
  outcome.failed = false;  // never a broken feed (A10)
  outcome.retry_after = response.retry_after ? response.retry_after : response.rate_limit_reset;
  outcome.pauses_host = true;
  if (outcome.retry_after) outcome.message += ", to be asked again in " + seconds_text(*outcome.retry_after);
  return outcome;
}

std::string with_refresh(std::string message, const Response& response) {
  if (const auto target = refresh_target(response); !target.empty()) {
    message += "; the page sends browsers on to " + redact_url(target) + ", which is not followed";
  }
  return message;
}

Outcome blocked(const Response& response, std::string_view wall) {
  auto outcome = failed(OutcomeKind::blocked, Errc::blocked, response.status, Backoff::from_hour,
                        std::string(wall) + " wants proof of a browser instead of giving the feed (" +
                            std::to_string(response.status) + ")");
  outcome.retry_after = response.retry_after;
  return outcome;
}

Outcome classify_status(const Response& response) {
  const int status = response.status;
  const bool quota_used_up = status == 403 && (response.retry_after || response.rate_limit_reset);
  if (status == 429 || (status == 503 && response.retry_after) || quota_used_up) return rate_limited(response);
  switch (status) {
    case 401:
    case 407:
      return failed(OutcomeKind::unauthorized, Errc::http_status, status, Backoff::from_hour,
                    status_text(status) + (status == 407 ? ": put user and password into the feed's proxy"
                                                         : ": give the feed user and password, or a token"));
    case 403: return failed(OutcomeKind::forbidden, Errc::http_status, status, Backoff::from_hour, status_text(status));
    case 404: {
      auto outcome = failed(OutcomeKind::missing, Errc::http_status, status, Backoff::from_hour, status_text(status));
      outcome.host_failure = HostFailure::missing;
      return outcome;
    }
    case 410: return failed(OutcomeKind::gone, Errc::gone, status, Backoff::stop, status_text(status));
    case 425:
      return failed(OutcomeKind::retry_later, Errc::http_status, status, Backoff::from_interval, status_text(status));
    case 508:
      return failed(OutcomeKind::redirect_error, Errc::http_status, status, Backoff::from_hour, status_text(status));
    default: break;
  }
  if (status >= 500) {
    auto outcome =
        failed(OutcomeKind::server_error, Errc::http_status, status, Backoff::from_interval, status_text(status));
    outcome.host_failure = HostFailure::server_error;
    return outcome;
  }
  return failed(OutcomeKind::client_error, Errc::http_status, status, Backoff::from_hour,
                with_refresh(status_text(status), response));
}

}  // namespace

std::string_view to_string(OutcomeKind kind) noexcept {
  switch (kind) {
    case OutcomeKind::content: return "content";
    case OutcomeKind::delta: return "delta";
    case OutcomeKind::not_modified: return "not_modified";
    case OutcomeKind::empty: return "empty";
    case OutcomeKind::unexpected_304: return "unexpected_304";
    case OutcomeKind::gone: return "gone";
    case OutcomeKind::missing: return "missing";
    case OutcomeKind::client_error: return "client_error";
    case OutcomeKind::unauthorized: return "unauthorized";
    case OutcomeKind::forbidden: return "forbidden";
    case OutcomeKind::blocked: return "blocked";
    case OutcomeKind::rate_limited: return "rate_limited";
    case OutcomeKind::server_error: return "server_error";
    case OutcomeKind::retry_later: return "retry_later";
    case OutcomeKind::redirect_error: return "redirect_error";
    case OutcomeKind::network: return "network";
    case OutcomeKind::refused: return "refused";
    case OutcomeKind::too_large: return "too_large";
    case OutcomeKind::cancelled: return "cancelled";
  }
  return "cancelled";
}

Outcome classify(const Result<Response>& result) {
  if (!result) return classify_error(result.error());
  const auto& response = *result;
  auto outcome = [&response] {
    if (const auto wall = bot_challenge(response)) return blocked(response, *wall);
    switch (response.status) {
      case 200: return succeeded(response.body.empty() ? OutcomeKind::empty : OutcomeKind::content, 200);
      case 226: {
        if (response.body.empty()) return succeeded(OutcomeKind::empty, 226);
        const bool delta = response.sent_a_im && response.im_feed;  // else it is a 200 (R14)
        return succeeded(delta ? OutcomeKind::delta : OutcomeKind::content, 226);
      }
      case 204:
      case 205: return succeeded(OutcomeKind::empty, response.status);
      case 304:
        if (response.sent_validators) return succeeded(OutcomeKind::not_modified, 304);
        return failed(OutcomeKind::unexpected_304, Errc::http_status, 304, Backoff::none,
                      "the server answered 304 (not modified) to a request without validators");
      default: break;
    }
    if (response.status >= 200 && response.status < 300) {  // 203 and the like carry a document all the same
      return succeeded(response.body.empty() ? OutcomeKind::empty : OutcomeKind::content, response.status);
    }
    return classify_status(response);
  }();
  if (!outcome.retry_after && !response.hops.empty()) outcome.retry_after = response.retry_after;  // E1 on a 3xx
  if (!outcome.message.empty() && outcome.failed)
    outcome.message = redact_url(response.final_url) + ": " + outcome.message;
  return outcome;
}

std::optional<std::string_view> bot_challenge(const Response& response) {
  if (const auto* mitigated = response.header("cf-mitigated");
      mitigated != nullptr && iequals(*mitigated, "challenge")) {
    return "Cloudflare";
  }
  if (response.header("x-amzn-waf-action") != nullptr) return "AWS WAF";  // comes with 202 and 405
  if (response.header("x-datadome") != nullptr && response.status == 403) return "DataDome";
  const bool usual = response.status == 401 || response.status == 403 || response.status == 503;
  if (!usual || !looks_like_html(response)) return std::nullopt;
  const auto head = lower(std::string_view(response.body).substr(0, kLookedAt * 4));
  for (const auto& wall : kMarks) {
    if (head.find(wall.mark) != std::string::npos) return wall.name;
  }
  return std::nullopt;
}

std::string refresh_target(const Response& response) {
  const auto target_of = [&response](std::string_view value) -> std::string {  // "0; url='/feed'"
    const auto at = ifind(value, "url");
    if (at == std::string_view::npos) return {};
    auto target = trim(value.substr(at + 3));
    if (!target.starts_with('=')) return {};
    target = trim(target.substr(1));
    if (target.starts_with('"') || target.starts_with('\'')) {
      const char quote = target.front();
      target.remove_prefix(1);
      target = target.substr(0, target.find(quote));
    }
    return target.empty() ? std::string{} : resolve_url(response.final_url, decode_entities(target));
  };
  if (const auto* refresh = response.header("refresh")) return target_of(*refresh);
  const auto head = std::string_view(response.body).substr(0, kLookedAt);
  for (auto at = ifind(head, "<meta"); at != std::string_view::npos; at = ifind(head, "<meta", at + 5)) {
    const auto tag = head.substr(at, head.find('>', at) - at);
    if (ifind(tag, "refresh") == std::string_view::npos) continue;
    const auto content = ifind(tag, "content");
    if (content == std::string_view::npos) continue;
    const auto open = tag.find_first_of("\"'", content);
    if (open == std::string_view::npos) continue;
    const auto close = tag.find(tag[open], open + 1);
    return target_of(tag.substr(open + 1, close == std::string_view::npos ? close : close - open - 1));
  }
  return {};
}

}  // namespace newswire::fetch
