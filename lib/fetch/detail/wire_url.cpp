#include "fetch/detail/wire_url.h"

#include <idn2.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/url.h"

namespace newswire::fetch::detail {
namespace {

constexpr std::size_t kLongestUrl = 16u << 10;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

void append_escaped(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == ' ' || byte >= 0x80) {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
}

Result<std::string> ascii_host(std::string_view host) {
  if (is_ascii(host)) return std::string(host);
  char* ascii = nullptr;
  const std::string copy(host);
  const int rc = idn2_to_ascii_8z(copy.c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (rc != IDN2_OK)
    return Error{Errc::invalid, std::string("the host name cannot be written in ASCII: ") + idn2_strerror(rc)};
  std::string out = ascii;
  idn2_free(ascii);
  return out;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<WireUrl> wire_url(std::string_view url) {
  const auto fail = [url](Errc code, std::string what) {
    return Error{code, std::move(what), redact_url(url.substr(0, 512))};
  };
  if (url.size() > kLongestUrl) return fail(Errc::invalid, "the URL is longer than 16 KiB");
  if (std::any_of(url.begin(), url.end(), is_control)) return fail(Errc::invalid, "the URL has control characters");
  const auto parts = split_url(url);
  if (parts.scheme.empty()) return fail(Errc::invalid, "not an absolute URL");
  const bool https = iequals(parts.scheme, "https");
  if (!https && !iequals(parts.scheme, "http")) {
    return fail(Errc::refused, "only http and https are fetched, not " + lower(parts.scheme) + ":");
  }
  if (!parts.has_authority || parts.host.empty()) return fail(Errc::invalid, "the URL has no host");
  if (parts.host.find_first_of(" \"<>\\^`{|}") != std::string_view::npos)
    return fail(Errc::invalid, "the host is no name");
  if (parts.port.find_first_not_of("0123456789") != std::string_view::npos || parts.port.size() > 5) {
    return fail(Errc::invalid, "the port is no number");
  }
  auto host = ascii_host(parts.host);
  if (!host) return fail(host.error().code, host.error().what);
  WireUrl wire;
  wire.https = https;
  wire.host = host_of(url);
  wire.origin = origin_of(url);
  const auto colon = parts.userinfo.find(':');
  wire.user = percent_decode(parts.userinfo.substr(0, colon));
  if (colon != std::string_view::npos) wire.password = percent_decode(parts.userinfo.substr(colon + 1));
  const auto build = [&parts](std::string_view name, const auto& append) {
    std::string out(parts.scheme);
    out += "://";
    out += name;
    if (!parts.port.empty()) {
      out += ':';
      out += parts.port;
    }
    append(out, parts.path);
    if (parts.has_query) {
      out += '?';
      append(out, parts.query);
    }
    return out;
  };
  wire.url = build(parts.host, [](std::string& out, std::string_view text) { out += text; });
  wire.sent = build(*host, append_escaped);
  return wire;
}

Result<void> check_header(const Header& field) {
  static constexpr std::array<std::string_view, 8> kOurs = {
      "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect"};
  const auto shown = field.name.substr(0, 64);
  if (!is_token(field.name))
    return Error{Errc::invalid, "a header name may only have letters, digits and !#$%&'*+-.^_`|~"};
  if (field.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return Error{Errc::invalid, "the value of header " + shown + " has a line break"};
  }
  if (std::any_of(kOurs.begin(), kOurs.end(), [&field](std::string_view name) { return iequals(name, field.name); })) {
    return Error{Errc::invalid, "header " + shown + " is written by newswire itself"};
  }
  return {};
}

}  // namespace newswire::fetch::detail
