#include "ingest/request.h"

#include <algorithm>

#include "base/text.h"
#include "base/url.h"
#include "config/secret.h"

namespace newswire::ingest {
namespace {

Result<std::string> value_of(const config::NamedValue& named) {
  if (!named.secret) return named.value;
  return config::read_secret(named.secret);
}

}  // namespace

bool has_secrets(const config::FeedSettings& settings) {
  const auto secret = [](const config::NamedValue& named) { return static_cast<bool>(named.secret); };
  return settings.auth.kind != config::Auth::Kind::none ||
         std::any_of(settings.headers.begin(), settings.headers.end(), secret) ||
         std::any_of(settings.cookies.begin(), settings.cookies.end(), secret);
}

fetch::Request make_public_request(const config::Config& config, const config::FeedConfig& feed,
                                   const std::string& url) {
  const auto& settings = *feed.settings;
  fetch::Request request;
  request.url = url;
  request.a_im = config.fetch.delta;
  request.allow_private = settings.allow_private;
  request.allowed_places = config.fetch.allow_hosts;
  request.allow_file = istarts_with(url, "file:");
  request.verify_tls = settings.verify_tls;
  request.http_version =
      settings.http_version == config::HttpVersion::http1 ? fetch::HttpVersion::http1_1 : fetch::HttpVersion::automatic;
  request.proxy = settings.proxy;
  request.ca_file = config.fetch.ca_file.string();
  request.timeouts.connect = config.fetch.connect_timeout;
  request.timeouts.total = settings.timeout;
  request.timeouts.stall = std::chrono::duration_cast<std::chrono::seconds>(config.fetch.stall_timeout);
  request.max_body = settings.max_body.count;
  request.max_header_bytes = config.fetch.max_header.count;
  request.max_redirects = config.fetch.max_redirects;
  return request;
}

Result<fetch::Request> make_request(const config::Config& config, const config::FeedConfig& feed,
                                    const std::string& url) {
  const auto& settings = *feed.settings;
  auto request = make_public_request(config, feed, url);
  if (url != feed.url && origin_of(url) != origin_of(feed.url)) return request;
  for (const auto& header : settings.headers) {
    auto value = value_of(header);
    if (!value) return value.error();
    request.headers.push_back({header.name, *std::move(value)});
  }
  for (const auto& cookie : settings.cookies) {
    auto value = value_of(cookie);
    if (!value) return value.error();
    if (!request.cookies.empty()) request.cookies += "; ";
    request.cookies += cookie.name + "=" + *value;
  }
  if (settings.auth.kind != config::Auth::Kind::none) {
    auto secret = config::read_secret(settings.auth.secret);
    if (!secret) return secret.error();
    request.auth.scheme =
        settings.auth.kind == config::Auth::Kind::basic ? fetch::Auth::Scheme::basic : fetch::Auth::Scheme::bearer;
    request.auth.user = settings.auth.user;
    request.auth.password = *std::move(secret);
  }
  request.certificate.certificate = settings.client_certificate.certificate.string();
  request.certificate.key = settings.client_certificate.key.string();
  return request;
}

}  // namespace newswire::ingest
