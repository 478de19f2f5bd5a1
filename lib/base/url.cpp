#include "base/url.h"

#include <algorithm>
#include <array>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/text.h"

namespace newswire {
namespace {

bool is_scheme(std::string_view text) noexcept {
  return !text.empty() && is_alpha(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; });
}

bool is_web(std::string_view scheme) noexcept { return iequals(scheme, "http") || iequals(scheme, "https"); }

// RFC 3986, section 5.2.4, on a path that is written segment by segment.
std::string without_dots(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  while (!path.empty()) {
    if (path.starts_with("../")) {
      path.remove_prefix(3);
    } else if (path.starts_with("./")) {
      path.remove_prefix(2);
    } else if (path.starts_with("/./")) {
      path.remove_prefix(2);
    } else if (path == "/.") {
      path = "/";
    } else if (path.starts_with("/../") || path == "/..") {
      const auto slash = out.rfind('/');
      out.erase(slash == std::string::npos ? 0 : slash);
      path = path == "/.." ? std::string_view("/") : path.substr(3);
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      const auto next = path.find('/', 1);
      out += path.substr(0, next);
      path = next == std::string_view::npos ? std::string_view{} : path.substr(next);
    }
  }
  return out;
}

// What a browser does to a URL attribute before reading it: no white space around, no line breaks or tabs inside.
std::string tidy(std::string_view text) {
  std::string out;
  text = trim(text);
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == '\t') continue;
    if (c == ' ') {
      out += "%20";
    } else {
      out += c;
    }
  }
  return out;
}

bool is_tidy(std::string_view text) noexcept {
  std::size_t at = 0;
#ifdef __SSE2__
  for (; text.size() - at >= 16; at += 16) {
    const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto is = [block](char c) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(c)); };
    const auto any =
        _mm_or_si128(_mm_or_si128(_mm_or_si128(is(' '), is('\n')), _mm_or_si128(is('\r'), is('\t'))), is('\\'));
    if (_mm_movemask_epi8(any) != 0) return false;
  }
#endif
  return std::none_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                      [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\\'; });
}

bool looks_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 16> kWords = {
      "token", "key", "auth",       "pass", "pwd",  "secret", "sig",     "session",
      "sid",   "jwt", "credential", "code", "hash", "api",    "private", "ticket"};
  const auto low = lower(name);
  return std::any_of(kWords.begin(), kWords.end(),
                     [&low](std::string_view word) { return low.find(word) != std::string::npos; });
}

}  // namespace

UrlParts split_url(std::string_view url) noexcept {
  UrlParts parts;
  if (const auto hash = url.find('#'); hash != std::string_view::npos) {
    parts.has_fragment = true;
    parts.fragment = url.substr(hash + 1);
    url = url.substr(0, hash);
  }
  if (const auto mark = url.find('?'); mark != std::string_view::npos) {
    parts.has_query = true;
    parts.query = url.substr(mark + 1);
    url = url.substr(0, mark);
  }
  const auto colon = url.find(':');
  if (colon != std::string_view::npos && is_scheme(url.substr(0, colon))) {
    parts.scheme = url.substr(0, colon);
    url.remove_prefix(colon + 1);
  }
  if (url.starts_with("//")) {
    parts.has_authority = true;
    url.remove_prefix(2);
    const auto slash = url.find('/');
    parts.authority = url.substr(0, slash);
    url = slash == std::string_view::npos ? std::string_view{} : url.substr(slash);
    auto host = parts.authority;
    if (const auto at = host.rfind('@'); at != std::string_view::npos) {
      parts.userinfo = host.substr(0, at);
      host.remove_prefix(at + 1);
    }
    const auto bracket = host.rfind(']');
    const auto port = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (port != std::string_view::npos) {
      parts.port = host.substr(port + 1);
      host = host.substr(0, port);
    }
    parts.host = host;
  }
  parts.path = url;
  return parts;
}

std::string resolve_url(std::string_view base, std::string_view reference) {
  // What most references are: absolute, with nothing in them to be tidied.
  if (const auto text = trim(reference);
      (text.starts_with("http://") || text.starts_with("https://")) && text.size() > 8 && is_tidy(text)) {
    return std::string(text);
  }
  auto text = tidy(reference);
  auto ref = split_url(text);
  const auto base_tidy = tidy(base);
  const auto from = split_url(base_tidy);
  if (is_web(ref.scheme.empty() ? from.scheme : ref.scheme) && text.find('\\') != std::string::npos) {
    std::replace(text.begin(),
                 text.begin() + static_cast<std::ptrdiff_t>(std::min(text.find_first_of("?#"), text.size())), '\\',
                 '/');
    ref = split_url(text);
  }
  if (!ref.scheme.empty()) {
    // "http:page.html" is relative to a base of the same scheme (RFC 3986, 5.2.2, the non-strict form browsers use).
    const bool relative =
        !ref.has_authority && is_web(ref.scheme) && iequals(ref.scheme, from.scheme) && from.has_authority;
    if (!relative) return text;
    ref.scheme = {};
  }
  if (from.scheme.empty() || (!from.has_authority && !from.path.starts_with('/'))) return text;
  std::string out(from.scheme);
  out += ':';
  std::string path;
  std::string_view query = ref.query;
  bool has_query = ref.has_query;
  std::string_view authority = from.authority;
  bool has_authority = from.has_authority;
  if (ref.has_authority) {
    authority = ref.authority;
    has_authority = true;
    path = without_dots(ref.path);
  } else if (ref.path.empty()) {
    path = from.path;
    if (!has_query) {
      query = from.query;
      has_query = from.has_query;
    }
  } else if (ref.path.starts_with('/')) {
    path = without_dots(ref.path);
  } else {
    const auto slash = from.path.rfind('/');
    std::string merged = from.has_authority && from.path.empty()
                             ? "/"
                             : std::string(from.path.substr(0, slash == std::string_view::npos ? 0 : slash + 1));
    merged += ref.path;
    path = without_dots(merged);
  }
  if (has_authority) {
    out += "//";
    out += authority;
  }
  out += path;
  if (has_query) {
    out += '?';
    out += query;
  }
  if (ref.has_fragment) {
    out += '#';
    out += ref.fragment;
  }
  return out;
}

bool is_http_url(std::string_view url) noexcept {
  const auto parts = split_url(url);
  return is_web(parts.scheme) && parts.has_authority && !parts.host.empty();
}

std::string origin_of(std::string_view url) {
  const auto parts = split_url(url);
  if (parts.scheme.empty() || parts.host.empty()) return {};
  auto out = lower(parts.scheme);
  const bool standard =
      parts.port.empty() || (out == "http" && parts.port == "80") || (out == "https" && parts.port == "443");
  out += "://";
  out += lower(parts.host);
  if (!standard) {
    out += ':';
    out += parts.port;
  }
  return out;
}

std::string host_of(std::string_view url) {
  auto host = split_url(url).host;
  if (host.starts_with('[')) host.remove_prefix(1);
  if (host.ends_with(']')) host.remove_suffix(1);
  return lower(host);
}

std::string percent_decode(std::string_view text) {
  const auto hex = [](char c) -> int {
    c = to_lower(c);
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string redact_url(std::string_view url) {
  const auto parts = split_url(url);
  std::string out;
  if (!parts.scheme.empty()) {
    out += parts.scheme;
    out += ':';
  }
  if (parts.has_authority) {
    out += "//";
    out += parts.host;
    if (!parts.port.empty()) {
      out += ':';
      out += parts.port;
    }
  }
  out += parts.path;
  if (parts.has_query) {
    char separator = '?';
    for (const auto pair : split(parts.query, '&')) {
      out += separator;
      separator = '&';
      const auto equals = pair.find('=');
      const auto name = pair.substr(0, equals);
      if (equals != std::string_view::npos && looks_secret(name)) {
        out += name;
        out += "=…";
      } else {
        out += pair;
      }
    }
  }
  return out;
}

std::string canonical_link(std::string_view url) {
  const auto parts = split_url(trim(url));
  auto host = lower(parts.host);
  if (host.starts_with("www.")) host.erase(0, 4);
  if (host.empty()) return std::string(trim(url));
  std::string out = std::move(host);
  if (!parts.port.empty() && parts.port != "80" && parts.port != "443") {
    out += ':';
    out += parts.port;
  }
  auto path = parts.path;
  while (path.ends_with('/')) path.remove_suffix(1);
  out += path;
  if (parts.has_query && !parts.query.empty()) {
    out += '?';
    out += parts.query;
  }
  if (!parts.fragment.empty()) {
    out += '#';
    out += parts.fragment;
  }
  return out;
}

}  // namespace newswire
