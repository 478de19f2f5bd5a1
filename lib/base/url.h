#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace newswire {

/// A URL reference cut into its parts as RFC 3986, appendix B does; views into the text that was split. Nothing is
/// decoded or checked: feeds are full of spaces and letters that no URL may have, and the parts survive them.
struct UrlParts {
  std::string_view scheme;     ///< without ":", as written
  std::string_view authority;  ///< without "//"
  std::string_view userinfo;   ///< of the authority, without "@"
  std::string_view host;       ///< of the authority, brackets of IPv6 kept
  std::string_view port;
  std::string_view path;
  std::string_view query;     ///< without "?"
  std::string_view fragment;  ///< without "#"
  bool has_authority = false;
  bool has_query = false;
  bool has_fragment = false;
};
UrlParts split_url(std::string_view url) noexcept;

/// `reference` made absolute against `base` (RFC 3986, section 5.2), leniently: surrounding white space and line breaks
/// inside are dropped, backslashes in http(s) URLs are slashes, spaces become %20. A reference that cannot be
/// resolved (no base, opaque base) is returned as it is.
std::string resolve_url(std::string_view base, std::string_view reference);

/// Absolute http or https URL with a host?
bool is_http_url(std::string_view url) noexcept;

/// "https://host:port" in lower case, default ports left out; empty if `url` is not absolute with a host.
std::string origin_of(std::string_view url);

/// The host in lower case without brackets; empty if there is none.
std::string host_of(std::string_view url);

/// Percent-decoding; malformed escapes stay as they are.
std::string percent_decode(std::string_view text);

/// `url` fit for a log line or a message: user and password removed, values of parameters that look like secrets
/// (token, key, auth, password, signature, session …) replaced by "…".
std::string redact_url(std::string_view url);

/// Two links that differ only in what publishers change without meaning (scheme http/https, "www.", case of the host,
/// default port, a trailing slash) have the same canonical form. The fragment counts: change logs give each entry one.
/// The result is a key, not a URL to fetch: "example.org/a?b=c". Tracking parameters are removed before, by clean.
std::string canonical_link(std::string_view url);

}  // namespace newswire
